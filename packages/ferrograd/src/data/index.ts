export { type BatchOptions, Dataset, type DatasetInit } from "./dataset.ts";
export { permutation, philox4x32 } from "./philox.ts";
export { type Standardizer, standardizer } from "./preprocessing.ts";
export type { Features, Labels, NestedNumbers, NumberArray, RowsLike } from "./rows.ts";
export { type Split, type SplitOptions, trainTestSplit } from "./split.ts";
