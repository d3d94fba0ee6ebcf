import { ArgumentError, DataError, type Dataset } from "ferrograd";
import type { ColumnReport, TableSchema } from "ferrograd/csv";
import {
  DATASETS,
  type DatasetEntry,
  type DatasetName,
  type ImageSize,
  type Split,
} from "./datasets.ts";
import { openCsv } from "./table/file.ts";
import { groupEnds } from "./table/held-out.ts";
import { loadCsv, profileCsv } from "./table/load.ts";
import { type ColumnFlags, columnsOf, type ReadingOptions, readingOf } from "./table/options.ts";
import { sortRows } from "./table/sort.ts";
import { type Cut, cutFolds, cutOnce, type SplitAsked } from "./table/split.ts";
import { noTarget } from "./table/target.ts";
import { openReading } from "./terminal/reading.ts";

/** Options that say what to learn from. */
export interface SourceOptions extends ColumnFlags, ReadingOptions {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly csv?: string;
  readonly folds?: number;
  readonly group?: string;
  readonly splitByTime?: string;
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
  /** All rows, those to learn from first. */
  readonly data: Dataset;
  /** Tests of which each row is in one, where they were asked for. */
  readonly folds: readonly Cut[];
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

/** Of fewer a fifth is none. */
const LEAST_ROWS = 3;

async function openTable(csv: string, options: SourceOptions): Promise<Source> {
  const file = openCsv("--csv", csv, readingOf(options), { again: true });
  const watch = openReading(file.size);
  const asked = splitAsked(options);
  if (options.target === undefined) {
    throw noTarget((await profileCsv(file, columnsOf(options), watch)).profile);
  }
  // What rows are grouped by tells them apart and nothing else.
  const ignore = [...(options.ignore ?? []), ...(asked.by === "group" ? [asked.column!] : [])];
  const loaded = await loadCsv(file, columnsOf({ ...options, ignore }), watch, asked);
  const { data, rows, schema, columns, notes, withoutTarget, keys } = loaded;
  if (data.length < LEAST_ROWS) {
    const expected = `expected at least ${LEAST_ROWS} rows that have a target`;
    throw new DataError(`${file.name}: ${expected}, got ${data.length}`);
  }
  const cutting = { data, keys };
  const { folds: count } = options;
  const before = count === undefined ? [] : cutFolds(cutting, asked, count);
  // Two folds need two groups and not five.
  const [fold] = asked.by === "group" ? before : [];
  const { train, test, holding } = fold ?? cutOnce(cutting, asked);
  const order = new Uint32Array(rows.length);
  order.set(train);
  order.set(test, train.length);
  sortRows(data.x.data, rows.length, order);
  sortRows(data.y.data, rows.length, order);
  const folds = before.length === 0 ? [] : movedTo(order, before);
  // Where each row is tested once, the model that is kept learns from all of them.
  const split =
    count === undefined
      ? { train: data.slice(0, train.length), test: data.slice(train.length), holding }
      : {
          train: data,
          test: data,
          ...(asked.by === "group" && { holding: groupEnds(order, keys) }),
        };
  const tested =
    count === undefined
      ? order.subarray(train.length)
      : before.flatMap(({ test: own }) => Array.from(own));
  const testRows = Uint32Array.from(tested, (row) => rows[row]!);
  return {
    name: file.name,
    split,
    table: { schema, columns, notes, withoutTarget, testRows, data, folds },
  };
}

/** Cuts of rows that were put into another order since. */
function movedTo(order: Uint32Array, cuts: readonly Cut[]): Cut[] {
  const places = new Uint32Array(order.length);
  order.forEach((from, to) => {
    places[from] = to;
  });
  const moved = (rows: ArrayLike<number>) => Array.from(rows, (row) => places[row]!);
  return cuts.map((cut) => ({ ...cut, train: moved(cut.train), test: moved(cut.test) }));
}

/** What decides which rows are for the test. */
function splitAsked({ group, splitByTime, folds }: SourceOptions): SplitAsked {
  if (group !== undefined && splitByTime !== undefined) {
    throw new ArgumentError("ferrograd: --group: expected no --split-by-time beside it, got both");
  }
  if (folds !== undefined && splitByTime !== undefined) {
    throw new ArgumentError(
      "ferrograd: --folds: expected no --split-by-time beside it, which tests on the last rows, got both",
    );
  }
  if (folds !== undefined && folds < 2) {
    throw new ArgumentError(`ferrograd: --folds: expected 2 or more, got ${folds}`);
  }
  if (group !== undefined) return { by: "group", column: group };
  return splitByTime === undefined ? { by: "chance" } : { by: "time", column: splitByTime };
}

const OF_DATASET = ["data"] as const;
const OF_CSV = [
  ...["target", "task", "missing", "ignore", "numeric", "text", "date"],
  ...["delimiter", "quote", "decimal", "encoding", "header", "skipLines", "missingMarks"],
  ...["folds", "group", "splitByTime"],
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
