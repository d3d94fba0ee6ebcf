export type { NestedNumbers, NumberArray } from "../values/flat.ts";
export { permutation, philox4x32 } from "../values/philox.ts";
export type { Features, Labels, RowsLike } from "../values/rows.ts";
export { type BatchOptions, Dataset, type DatasetInit } from "./dataset.ts";
export {
  type Drawable,
  type FromPixelsOptions,
  fromPixels,
  type ImageDataLike,
  type Pixels,
  type ToImageDataOptions,
  toImageData,
} from "./pixels.ts";
export { type Standardizer, standardizer } from "./preprocessing.ts";
export {
  type Split,
  type SplitOptions,
  type SplitRows,
  trainTestRows,
  trainTestSplit,
} from "./split.ts";
