// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/cifar

export declare const CIFAR10_FILE_NAMES: {
  readonly train: readonly string[];
  readonly test: string;
};

export interface CifarBatch {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export declare function cifar10(files: {
  readonly train: readonly CifarBatch[];
  readonly test: CifarBatch;
}): Split;

export declare function readCifar10(batches: readonly CifarBatch[]): Dataset;
