import { ArgumentError, type Dataset, Dataset as Rows, trainTestSplit } from "ferrograd";
import type { ColumnReport, TableSchema } from "ferrograd/csv";
import {
  DATASETS,
  type DatasetEntry,
  type DatasetName,
  type ImageSize,
  type Split,
} from "./datasets.ts";
import { openCsv } from "./table/file.ts";
import { loadCsv, profileCsv } from "./table/load.ts";
import { type ColumnFlags, columnsOf, type ReadingOptions, readingOf } from "./table/options.ts";
import { sortRows } from "./table/sort.ts";
import { noTarget } from "./table/target.ts";
import { openReading } from "./terminal/reading.ts";

/** Options that say what to learn from. */
export interface SourceOptions extends ColumnFlags, ReadingOptions {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly csv?: string;
}

/** Rows to learn from and rows for the test. */
export interface Source {
  /** The data set's name, or the file's. */
  readonly name: string;
  readonly split: Split;
  /** For rows that are images. */
  readonly image?: ImageSize;
  /** For rows of a CSV file. */
  readonly table?: TableSource;
}

/** What is known of rows that come from a CSV file. */
export interface TableSource {
  /** How columns become features. */
  readonly schema: TableSchema;
  readonly columns: readonly ColumnReport[];
  readonly notes: readonly string[];
  readonly withoutTarget: number;
  /** The numbers that the rows for the test have in the file, the header's being 1. */
  readonly testRows: ArrayLike<number>;
}

/** The data that the options name; of a CSV file a fifth of the rows, stratified and fixed, is for the test. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { dataset, data, csv } = options;
  if ((dataset === undefined) === (csv === undefined)) {
    const got = dataset === undefined ? "neither" : "both";
    throw new ArgumentError(`ferrograd: expected --dataset or --csv, got ${got}`);
  }
  checkBelongs(options);
  if (dataset !== undefined) {
    const entry: DatasetEntry = DATASETS[dataset];
    return { name: dataset, split: entry.load(data), ...(entry.image && { image: entry.image }) };
  }
  return openTable(csv!, options);
}

async function openTable(csv: string, options: SourceOptions): Promise<Source> {
  const file = openCsv("--csv", csv, readingOf(options), { again: true });
  const watch = openReading(file.size);
  if (options.target === undefined) {
    throw noTarget((await profileCsv(file, columnsOf(options), watch)).profile);
  }
  const loaded = await loadCsv(file, columnsOf(options), watch);
  const { data, rows, schema, columns, notes, withoutTarget } = loaded;
  const { split, order } = splitInPlace(data);
  const testRows = Array.from(order.slice(split.train.length), (at) => rows[at]!);
  return {
    name: file.name,
    split,
    table: { schema, columns, notes, withoutTarget, testRows },
  };
}

/** The split of `trainTestSplit`, as views of the same memory, whose rows it sorts; `order` has their places before. */
function splitInPlace(data: Dataset): { split: Split; order: Float32Array | Int32Array } {
  const places = {
    data: Float32Array.from({ length: data.length }, (_, i) => i),
    shape: [data.length, 1],
  };
  const { train, test } = trainTestSplit(new Rows({ x: places, y: data.y }));
  const order = new Float32Array(data.length);
  order.set(train.x.data);
  order.set(test.x.data, train.length);
  sortRows(data.x.data, data.x.shape[0]!, order);
  sortRows(data.y.data, data.x.shape[0]!, order);
  const split = { train: data.slice(0, train.length), test: data.slice(train.length) };
  return { split, order };
}

const OF_DATASET = ["data"] as const;
const OF_CSV = [
  ...["target", "task", "missing", "ignore", "numeric", "text", "date"],
  ...["delimiter", "quote", "decimal", "encoding", "header", "missingMarks"],
] as const;

/** Refuses options that say nothing about the source that was named. */
function checkBelongs(options: SourceOptions): void {
  const isCsv = options.dataset === undefined;
  const others: readonly string[] = isCsv ? OF_DATASET : OF_CSV;
  const given: Readonly<Record<string, unknown>> = { ...options };
  const stray = others.find((name) => given[name] !== undefined);
  if (stray === undefined) return;
  const flag = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const [needed, got] = isCsv ? ["--dataset", "--csv"] : ["--csv", "--dataset"];
  throw new ArgumentError(`ferrograd: --${flag}: expected ${needed} beside it, got ${got}`);
}

/** Are the rows to be told apart by class, rather than given a number? */
export const hasClasses = ({ train }: Split): boolean => train.y.data instanceof Int32Array;
