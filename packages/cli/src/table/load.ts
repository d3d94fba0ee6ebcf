import { DataError, Dataset } from "ferrograd";
import type { ColumnOptions } from "ferrograd/csv";
import { type ColumnReport, type Table, TableProfile, type TableSchema } from "ferrograd/csv";
import type { CsvFile } from "./file.ts";

/** Is told how far reading is: bytes of the whole, and what for. */
export type Watch = (step: string) => { at(bytes: number): void; end(): void };

/** What a CSV file is, before its rows are features. */
export interface Profiled {
  readonly profile: TableProfile;
  /** What reading found out. */
  readonly notes: readonly string[];
}

/** Rows of a CSV file as features, with what was found out. */
export interface LoadedTable {
  readonly data: Dataset;
  readonly schema: TableSchema;
  readonly columns: readonly ColumnReport[];
  readonly notes: readonly string[];
  /** Numbers of the rows in the file, where the header is row 1. */
  readonly rows: Float64Array;
  /** Rows that have no target and are left out. */
  readonly withoutTarget: number;
  /** Texts of a column that was asked for, row by row. */
  readonly kept: readonly string[];
}

/** What the columns of a file are. */
export async function profileCsv(
  file: CsvFile,
  options: ColumnOptions,
  watch: Watch,
): Promise<Profiled> {
  const profile = new TableProfile(options);
  const progress = watch("looking at the columns");
  let notes: readonly string[] = [];
  try {
    for await (const table of file.batches(progress.at)) {
      profile.add(table);
      notes = table.notes ?? [];
    }
  } finally {
    progress.end();
  }
  return { profile, notes };
}

/**
 * The rows of a file as a data set. It is read twice, so that texts of all rows are never in memory at once: first its
 * columns are looked at, then each row becomes numbers.
 */
export async function loadCsv(
  file: CsvFile,
  options: ColumnOptions,
  watch: Watch,
  keep?: string,
): Promise<LoadedTable> {
  const { profile, notes } = await profileCsv(file, options, watch);
  const { schema, columns } = profile.learn();
  const width = schema.featureNames.length;
  const isClass = schema.target.task === "classification";
  const x = new Float32Array(profile.rows * width); // (rows, features)
  const y = isClass ? new Int32Array(profile.rows) : new Float32Array(profile.rows);
  const rows = new Float64Array(profile.rows);
  const kept: string[] = [];
  const progress = watch("reading the rows");
  let count = 0;
  let withoutTarget = 0;
  try {
    for await (const batch of file.batches(progress.at)) {
      const { table, without } = schema.withTarget(batch);
      withoutTarget += without;
      x.set(schema.apply(table).data, count * width);
      y.set(schema.targets(table).data, count);
      rows.set(table.rows, count);
      if (keep !== undefined) for (const text of textsOf(table, keep)) kept.push(text);
      count += table.rows.length;
    }
  } finally {
    progress.end();
  }
  const { featureNames, target } = schema;
  const data = new Dataset({
    x: { data: x.subarray(0, count * width), shape: [count, width] },
    y: { data: y.subarray(0, count), shape: isClass ? [count] : [count, 1] },
    featureNames,
    ...(target.task === "classification" && { classNames: target.classNames }),
  });
  return { data, schema, columns, notes, rows: rows.subarray(0, count), withoutTarget, kept };
}

function textsOf({ file, columns }: Table, name: string): readonly string[] {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found.values;
  throw new DataError(`${file}: no column ${JSON.stringify(name)}`);
}
