import { Command } from "commander";
import { ArgumentError, type Dataset } from "ferrograd";
import { TableSchema } from "ferrograd/csv";
import { diagnose, type Finding, type Trial } from "ferrograd/diagnostics";
import { DATASETS, type DatasetEntry, type DatasetName, datasetNames } from "../datasets.ts";
import { count, oneName } from "../options.ts";
import { checkDataset, openTrained, requireSchema, type Trained } from "../saved.ts";
import { type ReadingOptions, withReading } from "../table/options.ts";
import { openRowsOf } from "../table/rows.ts";
import { printDiagnosis } from "../terminal/health.ts";
import { printNotes } from "../terminal/notes.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";

interface DiagnoseOptions extends ReadingOptions {
  readonly model: string;
  readonly csv?: string;
  readonly target?: string;
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly rows: number;
  readonly try?: boolean;
  readonly json?: boolean;
}

/** `ferrograd diagnose`: what the activations do to a saved model, and what helps. */
export const diagnoseCommand = (): Command =>
  withReading(
    new Command("diagnose")
      .description(
        "look at the health of a saved model: dead and saturated units, gradients, remedies",
      )
      .requiredOption("--model <file>", "a model that train --save kept")
      .option("--csv <file>", "rows with the model's columns and its target")
      .option("--target <column>", "the column of --csv with the target (default: as in training)")
      .option(
        "--dataset <name>",
        `the training rows of a data set: ${datasetNames.join(", ")}`,
        oneName("--dataset", datasetNames),
      )
      .option("--data <folder>", "where the files of fashion-mnist or cifar-10 are")
      .option("--rows <count>", "rows looked at, drawn by the model's seed", count("--rows"), 256)
      .option(
        "--try",
        "train a remedied copy for 200 steps beside an unchanged one, for each finding",
      )
      .option("--json", "one JSON object on standard output, all else on standard error"),
  )
    .addHelpText("after", EXAMPLES)
    .action(run);

const EXAMPLES = `
Examples:
  ferrograd diagnose --model iris.safetensors --csv iris.csv
  ferrograd diagnose --model digits.safetensors --dataset digits --try`;

async function run(options: DiagnoseOptions): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  const trained = openTrained("--model", options.model);
  const { model, notes } = trained;
  const data = await openRows(screen, trained, options);
  const steps = notes?.steps;
  const diagnosis = diagnose(model as Parameters<typeof diagnose>[0], data, {
    probeRows: options.rows,
    ...(typeof steps === "number" && { step: steps }),
  });
  const trials = new Map<Finding, Trial>();
  if (options.try) for (const one of diagnosis.findings) trials.set(one, one.tryRemedy());
  printDiagnosis(screen, diagnosis, trials);
  if (options.json) {
    const findings = diagnosis.findings.map((finding) => ({
      ...finding,
      ...(trials.has(finding) && { trial: trials.get(finding) }),
    }));
    process.stdout.write(`${JSON.stringify({ ...diagnosis, findings })}\n`);
  }
  model.dispose();
}

async function openRows(
  screen: Screen,
  trained: Trained,
  options: DiagnoseOptions,
): Promise<Dataset> {
  const { model: path, csv, target, dataset, data } = options;
  if (csv !== undefined && dataset === undefined) {
    const known = requireSchema(trained, path);
    const schema =
      target === undefined
        ? known
        : new TableSchema(known.columns, { ...known.target, name: target });
    const rows = await openRowsOf(csv, schema, options);
    printNotes(screen, rows);
    return rows.data;
  }
  if (dataset === undefined || csv !== undefined) {
    const got = csv === undefined ? "neither" : "both";
    throw new ArgumentError(`ferrograd: expected --dataset or --csv, got ${got}`);
  }
  if (target !== undefined) {
    throw new ArgumentError("ferrograd: --target: expected with --csv, got it with --dataset");
  }
  checkDataset(trained, path, dataset);
  const entry: DatasetEntry = DATASETS[dataset];
  return entry.load(data).train;
}
