// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/data

export { BatchOptions } from "ferrograd";

export type Batched<T> = T extends readonly unknown[]
  ? {
      [i in keyof T]: Column<T[i]>;
    }
  : Column<T>;

export type Column<V> = V extends string
  ? string[]
  : V extends Int32Array
    ? Rows<Int32Array>
    : V extends NumberArray | NestedNumbers
      ? Features
      : V extends
            | number
            | {
                readonly shape: readonly number[];
              }
        ? Labels
        : V extends object
          ? {
              [name in keyof V]: Column<V[name]>;
            }
          : never;

export interface CsvPipelineOptions extends CsvOptions {
  readonly schema?: TableSchema;
}

export type Elements<T> = Iterable<T> | AsyncIterable<T>;

export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export interface FoldOptions {
  readonly folds?: number;
  readonly seed?: number;
}

export interface JsonLinesOptions {
  readonly file?: string;
}

export interface PaddedBatchOptions {
  readonly value?: PerPart<number>;
  readonly length?: PerPart<number>;
  readonly side?: "start" | "end";
  readonly dropLast?: boolean;
}

export type PerPart<V> = V | readonly (V | undefined)[] | Readonly<Record<string, V | undefined>>;

export declare class Pipeline<T> implements AsyncIterable<T>, Iterable<T> {
  get size(): number | undefined;
  map<const U>(f: (element: T, index: number) => U | PromiseLike<U>): Pipeline<U>;
  filter<U extends T>(predicate: (element: T, index: number) => element is U): Pipeline<U>;
  filter(predicate: (element: T, index: number) => unknown): Pipeline<T>;
  shuffle(seed: number, bufferSize?: number): Pipeline<T>;
  batch(size: number, options?: BatchOptions): Pipeline<Batched<T>>;
  paddedBatch(size: number, options?: PaddedBatchOptions): Pipeline<Batched<T>>;
  repeat(count?: number): Pipeline<T>;
  take(count: number): Pipeline<T>;
  skip(count: number): Pipeline<T>;
  cache(): Pipeline<T>;
  prefetch(count?: number): Pipeline<T>;
  concatenate(other: Pipeline<T>): Pipeline<T>;
  state(): PipelineState;
  restore(state: unknown): void;
  [Symbol.asyncIterator](): AsyncIterableIterator<T>;
  [Symbol.iterator](): IterableIterator<T>;
}

export interface PipelineState {
  readonly pipeline: string;
  readonly pass: number;
  readonly taken: number;
  readonly cached?: readonly (number | null)[];
}

export type Row = number | Float32Array | Int32Array | Labels;

export type RowOf<R> = R extends readonly number[] | NumberArray
  ? number
  : R extends readonly (readonly number[] | NumberArray)[]
    ? Float32Array
    : Row;

export type TextPieces =
  | string
  | Blob
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>
  | ReadableStream<string | Uint8Array>;

export type TextSource = TextPieces | (() => TextPieces | PromiseLike<TextPieces>);

export interface TimeSeriesOptions {
  readonly folds?: number;
  readonly testSize?: number;
  readonly gap?: number;
  readonly maxTrainSize?: number;
}

export declare function fromArrays(dataset: Dataset): Pipeline<[x: Row, y: Row]>;
export declare function fromArrays<X extends RowsLike>(x: X): Pipeline<[x: RowOf<X>]>;
export declare function fromArrays<X extends RowsLike, Y extends RowsLike>(
  x: X,
  y: Y,
): Pipeline<[x: RowOf<X>, y: RowOf<Y>]>;
export declare function fromArrays<X extends RowsLike, Y extends RowsLike, W extends RowsLike>(
  x: X,
  y: Y,
  sampleWeight: W,
): Pipeline<[x: RowOf<X>, y: RowOf<Y>, sampleWeight: RowOf<W>]>;
export declare function fromArrays<const R extends Readonly<Record<string, RowsLike>>>(
  columns: R,
): Pipeline<{
  [name in keyof R]: RowOf<R[name]>;
}>;

export declare function fromCsv(
  source: TextSource,
  options: CsvPipelineOptions & {
    readonly schema: TableSchema;
  },
): Pipeline<[features: Float32Array, target: number]>;
export declare function fromCsv(
  source: TextSource,
  options?: CsvPipelineOptions,
): Pipeline<Readonly<Record<string, string>>>;

export declare function fromGenerator<T>(
  source: Elements<T> | (() => Elements<T> | PromiseLike<Elements<T>>),
): Pipeline<T>;

export declare function fromJsonLines<T = unknown>(
  source: TextSource,
  options?: JsonLinesOptions,
): Pipeline<T>;

export declare function groupKFold(
  groups: ArrayLike<number> | readonly string[],
  options?: FoldOptions,
): Fold[];

export declare function kFold(rows: number, options?: FoldOptions): Fold[];

export declare function stratifiedKFold(
  labels: ArrayLike<number> | readonly string[],
  options?: FoldOptions,
): Fold[];

export declare function timeSeriesSplit(rows: number, options?: TimeSeriesOptions): Fold[];

export declare function zip<const P extends readonly Pipeline<unknown>[]>(
  ...pipelines: P
): Pipeline<Zipped<P>>;
export declare function zip<const P extends Readonly<Record<string, Pipeline<unknown>>>>(
  pipelines: P,
): Pipeline<Zipped<P>>;

// Not exported, but spoken of above.

type RowData = Float32Array | Int32Array;

interface Rows<A extends RowData> {
  readonly data: A;
  readonly shape: readonly number[];
  readonly collapsed?: number;
}

type Zipped<P> = {
  -readonly [name in keyof P]: P[name] extends Pipeline<infer T> ? T : never;
};
