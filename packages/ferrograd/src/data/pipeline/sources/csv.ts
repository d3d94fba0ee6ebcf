import { ArgumentError } from "../../../errors.ts";
import { checkOptions, show } from "../../../options/index.ts";
import { CSV_OPTIONS, type CsvOptions, readerOf } from "../../csv-options.ts";
import type { CsvReader } from "../../csv-reader.ts";
import { TableSchema } from "../../table-schema.ts";
import { collated } from "../collate.ts";
import { type Items, type Pass, Wait } from "../items.ts";
import { Pipeline } from "../pipeline.ts";
import { isText, Openable, type TextSource, textOf } from "./text.ts";

/** Options of `fromCsv`: those of `readCsv`, and how rows become numbers. */
export interface CsvPipelineOptions extends CsvOptions {
  /** Makes rows of it: elements are [features, target]. */
  readonly schema?: TableSchema;
}

/**
 * A pipeline of the rows below the header of a CSV file, as text or as a stream, which is never whole in memory: objects
 * of texts by the columns' names, "" where a value is missing. With a schema, which `encodeTable` makes from some of
 * the rows, they are [features, target]: a typed array, and the number of a class or an amount. A function opens the file for each pass.
 *
 * @example
 * const table = fromCsv("length,kind\n1.5,a\n2.5,b\n").map(({ length, kind }) => [[Number(length)], kind === "a" ? 0 : 1]);
 * Array.from(table.batch(2), ([x, y]) => [x.shape, y.shape]) // [[[2, 1], [2]]]
 * @example
 * const { schema } = encodeTable(readCsv(text), { target: "species" });
 * const batches = fromCsv(() => createReadStream("iris.csv"), { schema }).shuffle(1, 100).batch(32);
 *
 * @throws ArgumentError for no text; while it is read FormatError and DataError, as `readCsv` and `schema.apply` do
 */
export function fromCsv(
  source: TextSource,
  options: CsvPipelineOptions & { readonly schema: TableSchema },
): Pipeline<[features: Float32Array, target: number]>;
export function fromCsv(
  source: TextSource,
  options?: CsvPipelineOptions,
): Pipeline<Readonly<Record<string, string>>>;
export function fromCsv(source: TextSource, options: CsvPipelineOptions = {}): Pipeline<never> {
  const where = "fromCsv()";
  checkOptions(where, options, [...CSV_OPTIONS, "schema"]);
  const { schema, ...how } = options;
  if (schema !== undefined && !(schema instanceof TableSchema)) {
    throw new ArgumentError(
      `${where}: schema: expected one that encodeTable() made, got ${show(schema)}`,
    );
  }
  readerOf(where, how); // refuses options before anything is read
  const opened = new Openable(where, source, "text, a stream of it or a function", isText);
  const stage = {
    text: where,
    size: undefined,
    *items(pass: Pass, from: number): Items<unknown> {
      const reader = readerOf(where, how);
      let index = 0;
      for (const piece of textOf(how.file ?? where, opened, pass, how.encoding)) {
        if (piece instanceof Wait) {
          yield piece;
          continue;
        }
        reader.push(piece);
        for (const element of taken(reader, schema)) if (index++ >= from) yield element;
      }
      reader.end();
      for (const element of taken(reader, schema)) if (index++ >= from) yield element;
    },
  };
  return new Pipeline<never>(stage, collated);
}

/** The rows that a piece of text brought, as elements. */
function taken(reader: CsvReader, schema: TableSchema | undefined): readonly unknown[] {
  if (reader.waiting === 0) return [];
  const table = reader.take();
  if (schema === undefined) {
    return table.rows.map((_, row) =>
      Object.fromEntries(table.columns.map(({ name, values }) => [name, values[row]!])),
    );
  }
  const [features, targets] = [schema.apply(table), schema.targets(table)];
  const width = features.shape[1]!;
  return Array.from(targets.data, (target, row) => [
    features.data.slice(row * width, (row + 1) * width),
    target,
  ]);
}
