import { Command } from "commander";
import Papa from "papaparse";
import { readTable, writeFile } from "../files.ts";
import { classify } from "../results.ts";
import { openTrained, requireSchema, type Trained } from "../saved.ts";

interface PredictOptions {
  readonly model: string;
  readonly csv: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** As many tell any two float32 apart. */
const FLOAT32_DIGITS = 9;

/** One answer; rows are numbered as in the file, where the header is row 1. */
type Answer =
  | { readonly row: number; readonly prediction: string; readonly probability: number }
  | { readonly row: number; readonly prediction: number };

/** `ferrograd predict`: what a saved model says of the rows of a CSV file. */
export const predictCommand = (): Command =>
  new Command("predict")
    .description("give the rows of a CSV file to a saved model; answers are CSV too")
    .requiredOption("--model <file>", "a model that train --csv --save kept")
    .requiredOption("--csv <file>", "rows with the columns that the model was trained on")
    .option("--output <file>", "where the answers go (default: standard output)")
    .option("--json", "answers as a JSON array")
    .action(run);

async function run({ model: path, csv, output, json }: PredictOptions): Promise<void> {
  const trained = openTrained("--model", path);
  const schema = requireSchema(trained, path);
  const table = await readTable("--csv", csv);
  const answers = answer(trained, schema.apply(table), table.rows);
  const text = json ? JSON.stringify(answers) : Papa.unparse(answers, { newline: "\n" });
  if (output === undefined) process.stdout.write(`${text}\n`);
  else writeFile("--output", output, `${text}\n`);
  trained.model.dispose();
}

/** The number with the fewest digits that float32 takes for this one: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 1; digits < FLOAT32_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(FLOAT32_DIGITS));
}

function answer(
  { model }: Trained,
  x: Parameters<typeof classify>[1],
  rows: readonly number[],
): Answer[] {
  const { classNames } = model;
  if (classNames === undefined) {
    const numbers = model.predict(x).data();
    return rows.map((row, i) => ({ row, prediction: shortest(numbers[i]!) }));
  }
  const { labels, probabilities, classes } = classify(model, x);
  return rows.map((row, i) => ({
    row,
    prediction: classNames[labels[i]!]!,
    probability: Number(probabilities[i * classes + labels[i]!]!.toFixed(6)),
  }));
}
