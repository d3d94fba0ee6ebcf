import { DataError, Dataset } from "ferrograd";
import type { ColumnOptions } from "ferrograd/csv";
import { type ColumnReport, type Table, TableProfile, type TableSchema } from "ferrograd/csv";
import type { CsvFile } from "./file.ts";
import { keysOf } from "./keys.ts";
import { shellWord } from "./problems.ts";
import type { SplitAsked } from "./split.ts";

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
  readonly rows: Uint32Array;
  /** Rows that have no target and are left out. */
  readonly withoutTarget: number;
  /** What each row is split by: the number of its group, or its time. */
  readonly keys: Float64Array;
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

/** A network with an output for each of more would hardly fit into memory, nor its table of classes on a page. */
const MOST_CLASSES = 1000;

/** The same when it has learnt: what it counted by goes. */
async function learnCsv(file: CsvFile, options: ColumnOptions, watch: Watch) {
  const { profile, notes } = await profileCsv(file, options, watch);
  const learned = profile.learn();
  const { target } = learned.schema;
  const count = target.task === "classification" ? target.classNames.length : 0;
  if (count > MOST_CLASSES) {
    throw new DataError(
      `${file.name}: column ${JSON.stringify(target.name)}: expected at most ${MOST_CLASSES} classes, got ${count}: is it a name or an id?`,
    );
  }
  return { ...learned, notes, most: profile.rows };
}

/** A file that other rows come from than at first. */
function checkSame(file: CsvFile, before: number, now: number, isOver: boolean): void {
  if (isOver ? now === before : now <= before) return;
  const got = now > before ? "more" : String(now);
  throw new DataError(
    `${file.name}: expected ${before} rows, as when its columns were looked at, got ${got}: it changed while it was read`,
  );
}

/**
 * The rows of a file as a data set. It is read twice, so that texts of all rows are never in memory at once: first its
 * columns are looked at, then each row becomes numbers.
 */
export async function loadCsv(
  file: CsvFile,
  options: ColumnOptions,
  watch: Watch,
  { by, column }: SplitAsked,
): Promise<LoadedTable> {
  const { schema, columns, notes, most } = await learnCsv(file, options, watch);
  const width = schema.featureNames.length;
  const isClass = schema.target.task === "classification";
  const x = new Float32Array(most * width); // (rows, features)
  const y = isClass ? new Int32Array(most) : new Float32Array(most);
  const rows = new Uint32Array(most);
  const keys = new Float64Array(by === "chance" ? 0 : most);
  const keyed = by === "chance" ? undefined : keysOf(by, schema, column!);
  const progress = watch("reading the rows");
  let count = 0;
  let withoutTarget = 0;
  try {
    for await (const batch of file.batches(progress.at)) {
      const { table, without } = schema.withTarget(batch);
      withoutTarget += without;
      checkSame(file, most, count + table.rows.length + withoutTarget, false);
      x.set(schema.apply(table).data, count * width);
      y.set(schema.targets(table).data, count);
      rows.set(table.rows, count);
      if (keyed) keys.set(keyed(textsOf(table, column!)), count);
      count += table.rows.length;
    }
  } finally {
    progress.end();
  }
  checkSame(file, most, count + withoutTarget, true);
  const { featureNames, target } = schema;
  const risen = by === "chance" ? risingDate(schema, x.subarray(0, count * width)) : undefined;
  const data = new Dataset({
    x: { data: x.subarray(0, count * width), shape: [count, width] },
    y: { data: y.subarray(0, count), shape: isClass ? [count] : [count, 1] },
    featureNames,
    ...(target.task === "classification" && { classNames: target.classNames }),
  });
  const said = risen === undefined ? notes : [...notes, orderNote(risen)];
  return { data, schema, columns, notes: said, rows: rows.subarray(0, count), withoutTarget, keys };
}

/** Formats of dates that have no day. */
const HOURS: ReadonlySet<string> = new Set(["clock", "minutes"]);

/** The first column of days that rise from row to row, if there is one. */
function risingDate({ columns, featureNames }: TableSchema, x: Float32Array): string | undefined {
  const width = featureNames.length;
  const rises = (from: number) => {
    for (let i = from + width; i < x.length; i += width) if (x[i]! < x[i - width]!) return false;
    return x[from]! < x[x.length - width + from]!;
  };
  return columns.find(
    (column) =>
      column.type === "date" &&
      !HOURS.has(column.format) &&
      rises(featureNames.indexOf(column.name)),
  )?.name;
}

const orderNote = (name: string): string =>
  `the rows are in the order of ${name}: --split-by-time ${shellWord(name)} tests on those that come last`;

function textsOf({ file, columns }: Table, name: string): readonly string[] {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found.values;
  throw new DataError(`${file}: no column ${JSON.stringify(name)}`);
}
