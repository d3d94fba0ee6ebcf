export type { BatchOptions } from "../dataset.ts";
export type { Batched, Column } from "./collate.ts";
export {
  type Fold,
  type FoldOptions,
  groupKFold,
  kFold,
  stratifiedKFold,
  type TimeSeriesOptions,
  timeSeriesSplit,
} from "./folds.ts";
export type { PaddedBatchOptions, PerPart } from "./padding.ts";
export { Pipeline, type PipelineState } from "./pipeline.ts";
export { fromArrays, type Row, type RowOf } from "./sources/arrays.ts";
export { type CsvPipelineOptions, fromCsv } from "./sources/csv.ts";
export { type Elements, fromGenerator } from "./sources/generator.ts";
export { fromJsonLines, type JsonLinesOptions } from "./sources/json-lines.ts";
export type { TextPieces, TextSource } from "./sources/text.ts";
export { zip } from "./zip.ts";
