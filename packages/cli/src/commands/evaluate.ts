import { Command } from "commander";
import { ArgumentError } from "ferrograd";
import { DATASETS, type DatasetEntry, type DatasetName, datasetNames } from "../datasets.ts";
import { oneName } from "../options.ts";
import { measure } from "../results.ts";
import { checkDataset, openTrained, requireSchema, type Trained } from "../saved.ts";
import { classesJson, numbersJson } from "../scores/json.ts";
import { type ReadingOptions, withReading } from "../table/options.ts";
import { openRowsOf } from "../table/rows.ts";
import { printNotes } from "../terminal/notes.ts";
import { printResults, type ShownRows } from "../terminal/results.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";

interface EvaluateOptions extends ReadingOptions {
  readonly model: string;
  readonly csv?: string;
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly json?: boolean;
}

/** `ferrograd evaluate`: how well a saved model does on rows whose answers are known. */
export const evaluateCommand = (): Command =>
  withReading(
    new Command("evaluate")
      .description("test a saved model on rows whose answers are known")
      .requiredOption("--model <file>", "a model that train --save kept")
      .option("--csv <file>", "all rows of a file with the model's columns and its target")
      .option(
        "--dataset <name>",
        `the test rows of a data set: ${datasetNames.join(", ")}`,
        oneName("--dataset", datasetNames),
      )
      .option("--data <folder>", "where the files of fashion-mnist or cifar-10 are")
      .option("--json", "one JSON object on standard output, all else on standard error"),
  ).action(run);

async function run(options: EvaluateOptions): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  const trained = openTrained("--model", options.model);
  const rows = await openRows(screen, trained, options);
  const results = measure(trained.model, rows.data, trained.reading);
  printResults(screen, results, rows);
  if (options.json) {
    const score = results.kind === "classes" ? classesJson(results) : numbersJson(results);
    process.stdout.write(
      `${JSON.stringify({ rows: rows.data.length, ...score, loss: results.loss })}\n`,
    );
  }
  trained.model.dispose();
}

async function openRows(
  screen: Screen,
  trained: Trained,
  options: EvaluateOptions,
): Promise<ShownRows> {
  const { model: path, csv, dataset, data } = options;
  if (csv !== undefined && dataset === undefined) {
    const rows = await openRowsOf(csv, requireSchema(trained, path), options);
    printNotes(screen, rows);
    return rows;
  }
  if (dataset === undefined || csv !== undefined) {
    const got = csv === undefined ? "neither" : "both";
    throw new ArgumentError(`ferrograd: expected --dataset or --csv, got ${got}`);
  }
  checkDataset(trained, path, dataset);
  const entry: DatasetEntry = DATASETS[dataset];
  return { data: entry.load(data).test, ...(entry.image && { image: entry.image }) };
}
