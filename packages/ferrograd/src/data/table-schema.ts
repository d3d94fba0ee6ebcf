import { ArgumentError, FormatError } from "../errors.ts";
import { hint, show } from "../options/index.ts";
import type { Features, Labels } from "../values/rows.ts";
import { cellError, findColumn, isNumber, type Table, tableOf } from "./table.ts";

/** How a column becomes features: a number as it is, a text as one column for each category. */
export type FeatureColumn =
  | { readonly name: string; readonly type: "number"; readonly fill?: number }
  | {
      readonly name: string;
      readonly type: "text";
      readonly categories: readonly string[];
      readonly fill?: string;
    };

/** What a table's target column holds: names of classes, or numbers. */
export type TableTarget =
  | {
      readonly name: string;
      readonly task: "classification";
      readonly classNames: readonly string[];
    }
  | { readonly name: string; readonly task: "regression" };

/**
 * What `encodeTable` learned of a table, for other tables of the same columns: order, categories,
 * fill values, classes. `JSON.stringify` and `TableSchema.parse` carry it through files.
 *
 * @example
 * const { schema } = encodeTable(readCsv(text), { target: "species" });
 * const kept = JSON.stringify(schema);
 * model.predict(TableSchema.parse(kept).apply(readCsv(others)));
 */
export class TableSchema {
  readonly columns: readonly FeatureColumn[];
  readonly target: TableTarget;

  constructor(columns: readonly FeatureColumn[], target: TableTarget) {
    const where = "TableSchema";
    if (!Array.isArray(columns) || !Array.from(columns).every(isFeatureColumn)) {
      throw new ArgumentError(
        `${where}: columns: expected columns of a schema, got ${show(columns)}`,
      );
    }
    if (!isTarget(target)) {
      throw new ArgumentError(
        `${where}: target: expected the target of a schema, got ${show(target)}`,
      );
    }
    this.columns = columns;
    this.target = target;
  }

  /**
   * The schema that `JSON.stringify` wrote.
   *
   * @throws FormatError for any other text
   */
  static parse(json: string): TableSchema {
    try {
      const { columns, target } = JSON.parse(json) as TableSchema;
      if (Array.isArray(columns) && columns.every(isFeatureColumn) && isTarget(target)) {
        return new TableSchema(columns, target);
      }
    } catch {
      // worded below
    }
    throw new FormatError("TableSchema.parse(): expected the JSON of a schema, got something else");
  }

  /** Names of the features: `width`, and `color=red` for each category of a text. */
  get featureNames(): readonly string[] {
    return this.columns.flatMap((column) =>
      column.type === "number"
        ? [column.name]
        : column.categories.map((category) => `${column.name}=${category}`),
    );
  }

  /**
   * The features of a table's rows, (rows, features); columns are found by name, others ignored.
   *
   * @throws DataError for a column that is missing, a value that is missing without a fill, or a text
   * that the schema has not seen, with row and column
   */
  apply(table: Table): Features {
    tableOf("apply()", table);
    const width = this.featureNames.length;
    const data = new Float32Array(table.rows.length * width); // (rows, features)
    let offset = 0;
    for (const column of this.columns) {
      const { values } = findColumn(table, column.name);
      const at = (row: number) => row * width + offset;
      if (column.type === "number") {
        values.forEach((value, row) => {
          data[at(row)] = numberOf(table, column, value, row);
        });
        offset++;
        continue;
      }
      const { name, categories, fill = "" } = column;
      const find = finder(table, name, "text", categories);
      values.forEach((value, row) => {
        data[at(row) + find(value || fill, row)] = 1;
      });
      offset += categories.length;
    }
    return { data, shape: [table.rows.length, width] };
  }

  /**
   * The targets of a table's rows: class numbers (int32, (rows)), or numbers (float32, (rows, 1)).
   *
   * @throws DataError for a target that is missing or not of a known class, with row and column
   */
  targets(table: Table): Labels {
    tableOf("targets()", table);
    const { target } = this;
    const { values } = findColumn(table, target.name, "target column");
    if (target.task === "regression") {
      const data = values.map((value, row) => numberOf(table, { name: target.name }, value, row));
      return { data: Float32Array.from(data), shape: [data.length, 1] };
    }
    const { name, classNames } = target;
    const data = values.map(finder(table, name, "class", classNames));
    return { data: Int32Array.from(data), shape: [data.length] };
  }
}

function numberOf(
  table: Table,
  { name, fill }: { readonly name: string; readonly fill?: number },
  value: string,
  row: number,
): number {
  if (isNumber(value)) return Number(value);
  if (value === "" && fill !== undefined) return fill;
  throw cellError(table, name, row, "a number", value === "" ? "none" : show(value));
}

/** What finds a text's place among the known ones. */
function finder(
  table: Table,
  name: string,
  kind: string,
  known: readonly string[],
): (value: string, row: number) => number {
  const places = new Map(known.map((text, place) => [text, place]));
  return (value, row) => {
    const place = places.get(value);
    if (place !== undefined) return place;
    const got = value === "" ? "none" : `${show(value)}; ${hint(value, known)}`;
    throw cellError(table, name, row, `a ${kind} that training saw`, got);
  };
}

const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

function isFeatureColumn(value: FeatureColumn): boolean {
  if (typeof value?.name !== "string") return false;
  if (value.type === "number") return value.fill === undefined || Number.isFinite(value.fill);
  return value.type === "text" && isStrings(value.categories);
}

function isTarget(value: TableTarget): boolean {
  if (typeof value?.name !== "string") return false;
  return (
    value.task === "regression" || (value.task === "classification" && isStrings(value.classNames))
  );
}
