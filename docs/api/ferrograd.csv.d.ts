// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/csv

export interface Column {
  readonly name: string;
  readonly values: readonly string[];
}

export interface CsvOptions {
  readonly file?: string;
  readonly delimiter?: string;
  readonly decimal?: "." | ",";
  readonly missingValues?: readonly string[];
}

export type CsvStream = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

export interface EncodeOptions {
  readonly target: string;
  readonly task?: TableTask;
  readonly missing?: "error" | "fill";
  readonly ignore?: readonly string[];
}

export type FeatureColumn =
  | {
      readonly name: string;
      readonly type: "number";
      readonly fill?: number;
    }
  | {
      readonly name: string;
      readonly type: "text";
      readonly categories: readonly string[];
      readonly fill?: string;
    };

export interface Table {
  readonly file: string;
  readonly columns: readonly Column[];
  readonly rows: readonly number[];
}

export declare class TableSchema {
  readonly columns: readonly FeatureColumn[];
  readonly target: TableTarget;
  constructor(columns: readonly FeatureColumn[], target: TableTarget);
  static parse(json: string): TableSchema;
  get featureNames(): readonly string[];
  apply(table: Table): Features;
  targets(table: Table): Labels;
}

export type TableTarget =
  | {
      readonly name: string;
      readonly task: "classification";
      readonly classNames: readonly string[];
    }
  | {
      readonly name: string;
      readonly task: "regression";
    };

export type TableTask = TableTarget["task"];

export declare function encodeTable(
  table: Table,
  options: EncodeOptions,
): {
  data: Dataset;
  schema: TableSchema;
};

export declare function readCsv(text: string, options?: CsvOptions): Table;
export declare function readCsv(stream: CsvStream, options?: CsvOptions): Promise<Table>;
