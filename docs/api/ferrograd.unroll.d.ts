// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/unroll

export interface UnrollOptions {
  readonly after?: number;
}

export declare function unrollPrograms(options?: UnrollOptions): void;
