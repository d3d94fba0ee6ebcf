// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/idx

export declare const IDX_FILE_NAMES: {
  readonly [name in keyof IdxFiles]: string;
};

export interface IdxArray {
  readonly data: IdxData;
  readonly shape: readonly number[];
}

export type IdxData =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface IdxDatasetOptions {
  readonly classNames?: readonly string[];
  readonly name?: string;
  readonly files?: readonly [images: string, labels: string];
}

export interface IdxFiles {
  readonly trainImages: Uint8Array;
  readonly trainLabels: Uint8Array;
  readonly testImages: Uint8Array;
  readonly testLabels: Uint8Array;
}

export declare function fashionMnist(files: IdxFiles): Split;

export declare function idxDataset(
  images: Uint8Array,
  labels: Uint8Array,
  options?: IdxDatasetOptions,
): Dataset;

export declare function readIdx(bytes: Uint8Array, file?: string): IdxArray;
