import { basename } from "node:path";
import { ArgumentError, Dataset, trainTestSplit } from "ferrograd";
import { encodeTable, type TableSchema, type TableTask } from "ferrograd/csv";
import {
  DATASETS,
  type DatasetEntry,
  type DatasetName,
  type ImageSize,
  type Split,
} from "./datasets.ts";
import { readTable } from "./files.ts";

/** Options that say what to learn from. */
export interface SourceOptions {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly csv?: string;
  readonly target?: string;
  readonly task?: TableTask;
  readonly missing?: "error" | "fill";
  readonly ignore?: readonly string[];
}

/** Rows to learn from and rows for the test. */
export interface Source {
  /** The data set's name, or the file's. */
  readonly name: string;
  readonly split: Split;
  /** For rows that are images. */
  readonly image?: ImageSize;
  /** For rows of a CSV file: how columns become features. */
  readonly schema?: TableSchema;
  /** For rows of a CSV file: the numbers that the rows for the test have there, the header's being 1. */
  readonly testRows?: ArrayLike<number>;
}

/** The data that the options name; of a CSV file a fifth of the rows, stratified and fixed, is for the test. */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { dataset, data, csv, target } = options;
  if ((dataset === undefined) === (csv === undefined)) {
    const got = dataset === undefined ? "neither" : "both";
    throw new ArgumentError(`ferrograd: expected --dataset or --csv, got ${got}`);
  }
  checkBelongs(options);
  if (dataset !== undefined) {
    const entry: DatasetEntry = DATASETS[dataset];
    return { name: dataset, split: entry.load(data), ...(entry.image && { image: entry.image }) };
  }
  const table = await readTable("--csv", csv!);
  if (target === undefined) {
    const names = table.columns.map(({ name }) => name).join(", ");
    throw new ArgumentError(
      `ferrograd: --target: expected the column to predict, one of ${names}, got none`,
    );
  }
  const { task, missing, ignore } = options;
  const encoded = encodeTable(table, {
    target,
    ...(task && { task }),
    ...(missing && { missing }),
    ...(ignore && { ignore }),
  });
  const { data: rows, schema } = encoded;
  // The same cut of the row numbers: equal labels are split in the same way.
  const numbers = { data: Float32Array.from(table.rows), shape: [rows.length, 1] };
  const testRows = trainTestSplit(new Dataset({ x: numbers, y: rows.y })).test.x.data;
  return { name: basename(csv!), split: trainTestSplit(rows), schema, testRows };
}

/** Refuses options that say nothing about the source that was named. */
function checkBelongs({ dataset, data, target, task, missing, ignore }: SourceOptions): void {
  const others = dataset === undefined ? { data } : { target, task, missing, ignore };
  const [stray] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (stray === undefined) return;
  const [needed, got] = dataset === undefined ? ["--dataset", "--csv"] : ["--csv", "--dataset"];
  throw new ArgumentError(`ferrograd: --${stray}: expected ${needed} beside it, got ${got}`);
}

/** Are the rows to be told apart by class, rather than given a number? */
export const hasClasses = ({ train }: Split): boolean => train.y.data instanceof Int32Array;
