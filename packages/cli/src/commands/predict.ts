import { Command } from "commander";
import type { RowRemark, Table, TableSchema } from "ferrograd/csv";
import Papa from "papaparse";
import { checkOutputs } from "../files.ts";
import { type Output, openOutput } from "../output.ts";
import { classify } from "../results.ts";
import { openTrained, requireSchema, type Trained } from "../saved.ts";
import { openCsv } from "../table/file.ts";
import { withNamesOf } from "../table/names.ts";
import { type ReadingOptions, readingOf, withReading } from "../table/options.ts";
import { visible, visibleLines } from "../terminal/visible.ts";

interface PredictOptions extends ReadingOptions {
  readonly model: string;
  readonly csv: string;
  readonly output?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** As many tell any two float32 apart. */
const FLOAT32_DIGITS = 9;
/** As many are right in float64. */
const FLOAT64_DIGITS = 15;

/** One answer; rows are numbered as in the file, where the header is row 1. */
interface Answer {
  readonly row: number;
  readonly prediction: string | number;
  readonly probability?: number;
  /** What is strange about the row. */
  readonly remark?: string;
}

/** `ferrograd predict`: what a saved model says of the rows of a CSV file. */
export const predictCommand = (): Command =>
  withReading(
    new Command("predict")
      .description("give the rows of a CSV file to a saved model; answers are CSV too")
      .requiredOption("--model <file>", "a model that train --csv --save kept")
      .requiredOption(
        "--csv <file>",
        "rows with the columns that the model was trained on; - for standard input",
      )
      .option("--output <file>", "where the answers go (default: standard output)")
      .option("--strict", "refuse texts that training never saw (default: go on, and mark the row)")
      .option("--json", "answers as a JSON array"),
  ).action(run);

async function run(options: PredictOptions): Promise<void> {
  const { model: path, csv, json, strict } = options;
  const trained = openTrained("--model", path);
  const schema = requireSchema(trained, path);
  const file = openCsv("--csv", csv, readingOf(options));
  const inputs = [
    ["--csv", csv],
    ["--model", path],
  ] as const;
  if (options.output !== undefined) checkOutputs([["--output", options.output]], inputs);
  const output = openOutput(options.output);
  const write = json ? jsonWriter(output) : csvWriter(output, schema.target.task);
  let rows = 0;
  let marked = 0;
  let notes: Table["notes"] = [];
  try {
    for await (const batch of file.batches()) {
      const table = withNamesOf(schema, batch);
      notes = table.notes;
      if (output.isClosed) break;
      const { x, remarks } = schema.encode(table, { unseen: strict ? "error" : "remark" });
      const answers = answer(trained, schema, x, table, remarks);
      await write.add(answers);
      rows += answers.length;
      marked += answers.filter(({ remark }) => remark !== undefined).length;
    }
    await write.end();
    output.end();
  } catch (error) {
    output.discard();
    throw error;
  } finally {
    trained.model.dispose();
  }
  for (const note of notes ?? []) process.stderr.write(`${visible(note)}\n`);
  if (marked > 0) {
    const what = "something that training never saw: see their remark";
    process.stderr.write(`${marked} of ${rows} rows have ${what}\n`);
  }
}

/** Answers as they come. */
interface Writer {
  add(answers: readonly Answer[]): Promise<void>;
  end(): Promise<void>;
}

function csvWriter(output: Output, task: TableSchema["target"]["task"]): Writer {
  const fields = ["row", "prediction", ...(task === "regression" ? [] : ["probability"]), "remark"];
  const shown = output.isTerminal ? visibleLines : String;
  let head = `${fields.join(",")}\n`;
  return {
    async add(answers) {
      const data = answers.map((answer) =>
        fields.map((field) => answer[field as keyof Answer] ?? ""),
      );
      await output.write(shown(`${head}${Papa.unparse(data, { newline: "\n" })}\n`));
      head = "";
    },
    async end() {},
  };
}

function jsonWriter(output: Output): Writer {
  let before = "[";
  return {
    async add(answers) {
      const text = answers.map((answer) => JSON.stringify(answer)).join(",");
      await output.write(before + text);
      before = ",";
    },
    end: () => output.write(`${before === "[" ? "[" : ""}]\n`),
  };
}

/** The number with the fewest digits that float32 takes for this one: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 1; digits < FLOAT32_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(FLOAT32_DIGITS));
}

const WORDS: Readonly<Record<RowRemark["kind"], (text: string) => string>> = {
  unseen: (text) => `${JSON.stringify(text)} was never seen in training`,
  outside: (text) => `${text} is far outside training`,
};

/** What is strange about each row, in words. */
function remarksOf(remarks: readonly RowRemark[]): ReadonlyMap<number, string> {
  const words = new Map<number, string>();
  for (const { row, column, kind, text } of remarks) {
    const before = words.get(row);
    const said = `${column}: ${WORDS[kind](text)}`;
    words.set(row, before === undefined ? said : `${before}; ${said}`);
  }
  return words;
}

function answer(
  { model, reading }: Trained,
  { target }: TableSchema,
  x: Parameters<typeof classify>[1],
  { rows }: Table,
  remarks: readonly RowRemark[],
): Answer[] {
  const words = remarksOf(remarks);
  const said = (i: number) => {
    const remark = words.get(i);
    return remark === undefined ? {} : { remark };
  };
  if (target.task === "regression") {
    const numbers = model.predict(x).data();
    const { reference } = reading;
    const inUnits = (value: number) =>
      reference === undefined
        ? shortest(value)
        : Number((reference + value).toPrecision(FLOAT64_DIGITS));
    return rows.map((row, i) => ({ row, prediction: inUnits(numbers[i]!), ...said(i) }));
  }
  const classNames = model.classNames ?? target.classNames;
  const { labels, probabilities, classes } = classify(model, x, reading);
  return rows.map((row, i) => ({
    row,
    prediction: classNames[labels[i]!]!,
    probability: Number(probabilities[i * classes + labels[i]!]!.toFixed(6)),
    ...said(i),
  }));
}
