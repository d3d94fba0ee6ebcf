import { ArgumentError, FormatError } from "../errors.ts";
import { checkOptions, oneOf, show } from "../options/index.ts";
import type { Features, Labels } from "../values/rows.ts";
import type { Encoder, Flaw } from "./columns/kind.ts";
import { type FeatureColumn, isFeatureColumn, kindOf } from "./columns/kinds.ts";
import { isTarget, type TableTarget, targetReader } from "./columns/target.ts";
import { dataError, type TableProblem } from "./problems.ts";
import { type Column, findColumn, findColumns, type Table, tableOf } from "./table.ts";

export type { FeatureColumn } from "./columns/kinds.ts";
export type { TableTarget, TableTask } from "./columns/target.ts";

/** What is strange about a row that a model is asked about. */
export interface RowRemark {
  /** Its place in the table, from 0. */
  readonly row: number;
  readonly column: string;
  /** A text that training never saw, or a number far from all that it saw. */
  readonly kind: "unseen" | "outside";
  readonly text: string;
}

/** Features of rows, and what is strange about some of them. */
export interface EncodedRows {
  readonly x: Features;
  readonly remarks: readonly RowRemark[];
}

/** A column of a schema, for people. */
export interface DescribedColumn {
  readonly name: string;
  /** What it is taken as: `number in kg`. */
  readonly says: string;
  /** Names of its features. */
  readonly features: readonly string[];
  /** What a missing value becomes. */
  readonly fill?: string;
}

/** Problems that are gathered before an error says them. */
const MOST_PROBLEMS = 100;

/**
 * What `encodeTable` learned of a table, for other tables of the same columns: order, categories,
 * fill values, units, first dates, classes. `JSON.stringify` and `TableSchema.parse` carry it through files.
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
        `${where}: columns: expected the columns of a schema, got ${show(columns)}`,
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

  /** Names of the features: `width`, `color=red` for each category of a text, `day weekday sine` of dates. */
  get featureNames(): readonly string[] {
    return this.columns.flatMap((column) => kindOf(column).features(column));
  }

  /**
   * What each column is taken as, and what a missing value of it becomes, for people.
   *
   * @example
   * const { schema } = encodeTable(readCsv("a,k\n1.5 kg,x\n2 kg,y\n3 kg,x\n4 kg,y\n"), { target: "k" });
   * schema.describe() // [{"name":"a","says":"number in kg","features":["a"]}]
   */
  describe(): readonly DescribedColumn[] {
    return this.columns.map((column) => {
      const kind = kindOf(column);
      const fill = kind.filled(column);
      const features = kind.features(column);
      return {
        name: column.name,
        says: kind.says(column),
        features,
        ...(fill !== undefined && { fill }),
      };
    });
  }

  /**
   * The features of a table's rows, (rows, features); columns are found by name, others ignored.
   *
   * @throws DataError for a column that is missing, and for all values at once that are missing without a fill, are not
   * of the column's kind, or are texts that training has not seen, with row and column
   */
  apply(table: Table): Features {
    return this.rowsOf("apply()", table, "error").x;
  }

  /**
   * As `apply`, and what is strange about the rows: texts that training has not seen, which get no feature, and numbers
   * far outside those of training.
   *
   * @param options `unseen: "error"` refuses such texts (default: "remark")
   * @example
   * const { schema } = encodeTable(readCsv("a,k\nx,1\ny,2\nx,1\ny,2\n"), { target: "k" });
   * schema.encode(readCsv("a\nz\n")).remarks.length // 1
   */
  encode(table: Table, options: { readonly unseen?: "remark" | "error" } = {}): EncodedRows {
    checkOptions("encode()", options, ["unseen"]);
    const unseen = options.unseen ?? "remark";
    return this.rowsOf("encode()", table, oneOf("encode()", "unseen", unseen, ["remark", "error"]));
  }

  private rowsOf(where: string, table: Table, unseen: "remark" | "error"): EncodedRows {
    tableOf(where, table);
    const width = this.featureNames.length;
    const data = new Float32Array(table.rows.length * width); // (rows, features)
    const problems: TableProblem[] = [];
    const remarks: RowRemark[] = [];
    let offset = 0;
    const names = this.columns.map(({ name }) => name);
    const all = findColumns(table, names);
    for (const [i, column] of this.columns.entries()) {
      const kind = kindOf(column);
      const found = all[i]!;
      const note = (row: number, flaw: Flaw) => {
        if (flaw.kind === "wrong" || (flaw.kind === "unseen" && unseen === "error")) {
          problems.push(problemOf(table, found, row, flaw));
          if (problems.length === MOST_PROBLEMS) throw dataError(table.file, problems);
        } else remarks.push({ row, column: found.name, kind: flaw.kind, text: found.values[row]! });
      };
      fill(found.values, kind.encoder(column, table.decimal), { data, width, offset }, note);
      offset += kind.features(column).length;
    }
    if (problems.length > 0) throw dataError(table.file, problems);
    return { x: { data, shape: [table.rows.length, width] }, remarks };
  }

  /**
   * The targets of a table's rows: class numbers (int32, (rows)), or numbers (float32, (rows, 1)), less the target's
   * `reference` where it has one.
   *
   * @throws DataError for a target that is missing or not of a known class, with row and column
   */
  targets(table: Table): Labels {
    tableOf("targets()", table);
    const { target } = this;
    const found = findColumn(table, target.name, "target column");
    const read = targetReader(target, table.decimal);
    const problems: TableProblem[] = [];
    const labels = found.values.map((text, row) => {
      const label = read(text);
      if (typeof label === "number" && !Number.isNaN(label)) return label;
      const expected = target.task === "regression" ? "a number" : "a class that training saw";
      const flaw = typeof label === "number" ? { expected, got: "none" } : label;
      if (problems.length < MOST_PROBLEMS) problems.push(problemOf(table, found, row, flaw));
      return 0;
    });
    if (problems.length > 0) throw dataError(table.file, problems);
    return target.task === "regression"
      ? { data: Float32Array.from(labels), shape: [labels.length, 1] }
      : { data: Int32Array.from(labels), shape: [labels.length] };
  }

  /**
   * The table without the rows that have no target, and how many those are.
   *
   * @example
   * const { schema } = encodeTable(readCsv("a,k\n1,x\n2,y\n3,x\n4,y\n"), { target: "k" });
   * schema.withTarget(readCsv("a,k\n1,\n2,x\n")).without // 1
   */
  withTarget(table: Table): { readonly table: Table; readonly without: number } {
    tableOf("withTarget()", table);
    const { values } = findColumn(table, this.target.name, "target column");
    const read = targetReader(this.target, table.decimal);
    const kept = table.rows.map((_, i) => i).filter((i) => !Number.isNaN(read(values[i]!)));
    const without = table.rows.length - kept.length;
    if (without === 0) return { table, without };
    const columns = table.columns.map((column) => ({
      ...column,
      values: kept.map((i) => column.values[i]!),
    }));
    return { table: { ...table, columns, rows: kept.map((i) => table.rows[i]!) }, without };
  }
}

function problemOf(
  table: Table,
  { name }: Column,
  row: number,
  { expected, got, remedies }: Pick<Flaw, "expected" | "got" | "remedies">,
): TableProblem {
  return { row: table.rows[row]!, column: name, expected, got, ...(remedies && { remedies }) };
}

/** Puts the features of a column's values at their places. */
function fill(
  values: readonly string[],
  encode: Encoder,
  { data, width, offset }: { data: Float32Array; width: number; offset: number },
  note: (row: number, flaw: Flaw) => void,
): void {
  for (let row = 0; row < values.length; row++) {
    const flaw = encode(values[row]!, data, row * width + offset);
    if (flaw !== undefined) note(row, flaw);
  }
}
