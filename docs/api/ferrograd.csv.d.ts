// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/csv

export interface Column {
  readonly name: string;
  readonly values: readonly string[];
  readonly unnamed?: boolean;
}

export interface ColumnOptions {
  readonly target?: string;
  readonly task?: TableTask;
  readonly missing?: "error" | "fill";
  readonly ignore?: readonly string[];
  readonly numeric?: readonly string[];
  readonly text?: readonly string[] | Readonly<Record<string, number>>;
  readonly date?: readonly string[] | Readonly<Record<string, DateFormatName | "any">>;
  readonly decimal?: Decimal;
}

export interface ColumnReport {
  readonly name: string;
  readonly use: ColumnUse;
  readonly says: string;
  readonly why?: string;
  readonly missing: number;
  readonly example: string;
  readonly distinct: number;
  readonly range?: readonly [string, string];
  readonly frequent: readonly (readonly [string, number])[];
  readonly problem?: TableProblem;
}

export type ColumnUse = "feature" | "target" | "left out";

export interface CsvBatchOptions extends CsvOptions {
  readonly rows?: number;
}

export interface CsvOptions {
  readonly file?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly header?: boolean;
  readonly skipLines?: number;
  readonly decimal?: Decimal;
  readonly missingValues?: readonly string[];
  readonly encoding?: string;
}

export type CsvStream = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

export type DateFormatName = keyof typeof DATE_FORMATS;

export interface DescribedColumn {
  readonly name: string;
  readonly says: string;
  readonly features: readonly string[];
  readonly fill?: string;
}

export interface EncodeOptions extends ColumnOptions {
  readonly target: string;
}

export interface EncodedRows {
  readonly x: Features;
  readonly remarks: readonly RowRemark[];
}

export interface EncodedTable extends LearnedTable {
  readonly data: Dataset;
  readonly rows: readonly number[];
  readonly withoutTarget: number;
}

export type FeatureColumn = NumberColumn | TextColumn | YesNoColumn | DateColumn;

export interface FileProblems {
  readonly file: string;
  readonly problems: readonly TableProblem[];
  message(word?: (remedy: TableRemedy) => string): string;
}

export interface LearnedTable {
  readonly schema: TableSchema;
  readonly columns: readonly ColumnReport[];
}

export interface RowRemark {
  readonly row: number;
  readonly column: string;
  readonly kind: "unseen" | "outside";
  readonly text: string;
}

export interface Table {
  readonly file: string;
  readonly columns: readonly Column[];
  readonly rows: readonly number[];
  readonly delimiter?: string;
  readonly decimal?: Decimal;
  readonly skippedLines?: number;
  readonly notes?: readonly string[];
}

export interface TableProblem {
  readonly row?: number;
  readonly column?: string | number;
  readonly expected: string;
  readonly got: string;
  readonly remedies?: readonly TableRemedy[];
}

export declare class TableProfile {
  constructor(options?: ColumnOptions);
  get rows(): number;
  add(table: Table): this;
  get columns(): readonly ColumnReport[];
  get likelyTargets(): readonly string[];
  get likelyTarget(): string | undefined;
  learn(): LearnedTable;
}

export interface TableRemedy {
  readonly option: string;
  readonly value: string | number | readonly string[] | Readonly<Record<string, string>>;
  readonly does: string;
}

export declare class TableSchema {
  readonly columns: readonly FeatureColumn[];
  readonly target: TableTarget;
  constructor(columns: readonly FeatureColumn[], target: TableTarget);
  static parse(json: string): TableSchema;
  get featureNames(): readonly string[];
  describe(): readonly DescribedColumn[];
  apply(table: Table): Features;
  encode(
    table: Table,
    options?: {
      readonly unseen?: "remark" | "error";
    },
  ): EncodedRows;
  targets(table: Table): Labels;
  withTarget(table: Table): {
    readonly table: Table;
    readonly without: number;
  };
}

export type TableTarget = ClassTarget | NumberTarget;

export type TableTask = "classification" | "regression";

export declare function csvBatches(
  stream: CsvStream,
  options?: CsvBatchOptions,
): AsyncGenerator<Table, void>;

export declare function encodeTable(table: Table, options: EncodeOptions): EncodedTable;

export declare function problemsOf(error: unknown): FileProblems | undefined;

export declare function readCsv(text: string, options?: CsvOptions): Table;
export declare function readCsv(stream: CsvStream, options?: CsvOptions): Promise<Table>;

// Not exported, but spoken of above.

interface ClassTarget {
  readonly name: string;
  readonly task: "classification";
  readonly classNames: readonly string[];
  readonly spelling?: SpellingName;
}

declare const DATE_FORMATS: {
  ymd: {
    says: string;
    parse: (text: string) => number | undefined;
  };
  dmy: {
    says: string;
    parse: (text: string) => number | undefined;
  };
  mdy: {
    says: string;
    parse: (text: string) => number | undefined;
  };
  named: {
    says: string;
    parse: (text: string) => number | undefined;
  };
  digits: {
    says: string;
    named: true;
    parse: (text: string) => number | undefined;
  };
  clock: {
    says: string;
    daily: true;
    parse: typeof clockOf;
  };
  minutes: {
    says: string;
    daily: true;
    lasts: true;
    parse: (text: string) => number | undefined;
  };
  seconds: {
    says: string;
    named: true;
    parse: (text: string) => number | undefined;
  };
  serial: {
    says: string;
    named: true;
    parse: (text: string) => number | undefined;
  };
  milliseconds: {
    says: string;
    named: true;
    parse: (text: string) => number | undefined;
  };
};

declare const DATE_PARTS: {
  weekday: (time: number) => readonly [number, number];
  month: (time: number) => readonly [number, number];
  hour: (time: number) => readonly [number, number];
};

interface DateColumn {
  readonly name: string;
  readonly type: "date";
  readonly format: DateFormatName;
  readonly reference: number;
  readonly unit: TimeUnit;
  readonly parts: readonly DatePart[];
  readonly fill?: number;
  readonly span?: number;
}

type DatePart = keyof typeof DATE_PARTS;

type Decimal = "." | ",";

interface NumberColumn {
  readonly name: string;
  readonly type: "number";
  readonly fill?: number;
  readonly unit?: string;
  readonly decimal?: Decimal;
  readonly reference?: number;
  readonly range?: readonly [number, number];
}

interface NumberTarget {
  readonly name: string;
  readonly task: "regression";
  readonly unit?: string;
  readonly decimal?: Decimal;
  readonly reference?: number;
}

declare const SPELLINGS: {
  exact: (text: string) => string;
  number: (text: string) => string;
  anyCase: (text: string) => string;
};

type SpellingName = keyof typeof SPELLINGS;

declare const TIME_UNITS: {
  readonly day: 86400000;
  readonly second: 1000;
  readonly millisecond: 1;
};

interface TextColumn {
  readonly name: string;
  readonly type: "text";
  readonly categories: readonly string[];
  readonly fill?: string;
  readonly other?: true;
}

type TimeUnit = keyof typeof TIME_UNITS;

interface YesNoColumn {
  readonly name: string;
  readonly type: "yesNo";
  readonly words: readonly [string, string];
  readonly fill?: 0 | 1;
}

declare function clockOf(text: string): number | undefined;
