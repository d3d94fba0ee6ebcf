import { Dataset } from "ferrograd";
import type { TableSchema } from "ferrograd/csv";
import { openReading } from "../terminal/reading.ts";
import { openCsv } from "./file.ts";
import { withNamesOf } from "./names.ts";
import { type ReadingOptions, readingOf } from "./options.ts";

/** Rows of a CSV file that a model knows the columns of. */
export interface KnownRows {
  readonly data: Dataset;
  /** Numbers of the rows in the file. */
  readonly numbers: readonly number[];
  /** Rows without a target, which are left out. */
  readonly withoutTarget: number;
  /** What reading found out. */
  readonly notes: readonly string[];
}

/** All rows of a file that have a target. */
export async function openRowsOf(
  csv: string,
  schema: TableSchema,
  options: ReadingOptions,
): Promise<KnownRows> {
  const file = openCsv("--csv", csv, readingOf(options));
  const progress = openReading(file.size)("reading the rows");
  const parts: { x: Float32Array; y: ArrayLike<number> }[] = [];
  const numbers: number[] = [];
  let withoutTarget = 0;
  let marked = 0;
  let notes: readonly string[] = [];
  try {
    for await (const batch of file.batches(progress.at)) {
      const known = withNamesOf(schema, batch);
      const { table, without } = schema.withTarget(known);
      withoutTarget += without;
      notes = known.notes ?? [];
      const { x, remarks } = schema.encode(table);
      marked += new Set(remarks.map(({ row }) => row)).size;
      parts.push({ x: x.data, y: schema.targets(table).data });
      for (const row of table.rows) numbers.push(row);
    }
  } finally {
    progress.end();
  }
  const rows = numbers.length;
  const x = new Float32Array(rows * schema.featureNames.length);
  const isClass = schema.target.task === "classification";
  const y = isClass ? new Int32Array(rows) : new Float32Array(rows);
  let [atX, atY] = [0, 0];
  for (const part of parts) {
    x.set(part.x, atX);
    y.set(part.y, atY);
    atX += part.x.length;
    atY += part.y.length;
  }
  const data = new Dataset({
    x: { data: x, shape: [rows, schema.featureNames.length] },
    y: { data: y, shape: isClass ? [rows] : [rows, 1] },
  });
  const said = `${marked} of ${rows} rows have something that training never saw: predict marks them`;
  return { data, numbers, withoutTarget, notes: marked > 0 ? [...notes, said] : notes };
}
