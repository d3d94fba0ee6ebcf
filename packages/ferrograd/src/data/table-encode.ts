import { ArgumentError } from "../errors.ts";
import { requireOptions, show } from "../options/index.ts";
import { type ColumnOptions, checkColumnOptions } from "./column-options.ts";
import { Dataset } from "./dataset.ts";
import { type Table, tableOf } from "./table.ts";
import { type LearnedTable, TableProfile } from "./table-profile.ts";

/** Options of `encodeTable`. */
export interface EncodeOptions extends ColumnOptions {
  readonly target: string;
}

/** What `encodeTable` makes of a table. */
export interface EncodedTable extends LearnedTable {
  readonly data: Dataset;
  /** Numbers of the data's rows in the file, where the header is row 1. */
  readonly rows: readonly number[];
  /** How many rows were left out because they have no target. */
  readonly withoutTarget: number;
}

/**
 * A data set from a table, and the schema that makes features of other tables in the same way.
 *
 * Columns of numbers are taken as they are, also with a unit, and commas between thousands; dates become the time since the first,
 * and their place in the week, the year and the day as sine and cosine; yes and no, in any case, become 1 and 0; other columns are
 * texts, one-hot, the categories in the order of the alphabet, of more than 100 the 50 most frequent. In columns of numbers,
 * dates and yes and no, words such as `None`, `nan` and `-` are missing values too. Left out are columns
 * that count the rows, numbers of their own for each row under a name such as `id`, texts that hardly
 * repeat, and columns that are the same in every row; rows without a target too. `columns` says it all.
 *
 * @example
 * const { data, schema, columns } = encodeTable(readCsv(text), { target: "species" });
 * data.classNames; // ["setosa", "versicolor", "virginica"]
 * columns.map(({ name, says }) => `${name}: ${says}`);
 * model.predict(schema.apply(readCsv(others)));
 *
 * @throws DataError for all problems at once, with row and column: missing values, a target or column that is not there,
 * texts among numbers, dates or numbers that can be read in two ways; ArgumentError for unknown options
 */
export function encodeTable(table: Table, options: EncodeOptions): EncodedTable {
  const where = "encodeTable()";
  tableOf(where, table);
  requireOptions(where, options, [
    ...["target", "task", "missing", "ignore"],
    ...["numeric", "text", "date", "decimal"],
  ]);
  if (typeof options.target !== "string") {
    throw new ArgumentError(
      `${where}: target: expected a column's name, got ${show(options.target)}`,
    );
  }
  const learned = new TableProfile(checkColumnOptions(where, options)).add(table).learn();
  const { schema } = learned;
  const { table: kept, without } = schema.withTarget(table);
  const { featureNames, target } = schema;
  const data = new Dataset({
    x: schema.apply(kept),
    y: schema.targets(kept),
    featureNames,
    ...(target.task === "classification" && { classNames: target.classNames }),
  });
  return { ...learned, data, rows: kept.rows, withoutTarget: without };
}
