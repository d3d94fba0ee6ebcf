import { resolve } from "node:path";
import { Command } from "commander";
import { ArgumentError } from "ferrograd";
import { groupsOf } from "../explain.ts";
import { checkOutputs, isReplaceable, type NamedFile, writeFile } from "../files.ts";
import { networkName, weightsSha256 } from "../network.ts";
import { reportPage } from "../report/page.ts";
import { saveTrained, trainingNotes } from "../saved.ts";
import { changesRate } from "../schedule.ts";
import { classesJson, numbersJson } from "../scores/json.ts";
import { findLeaks } from "../scores/leaks.ts";
import { verdictsOf } from "../scores/verdict.ts";
import { settingsOf } from "../settings.ts";
import { openSource, type Source } from "../source.ts";
import { printChoice } from "../terminal/choice.ts";
import { printColumns } from "../terminal/columns.ts";
import { printNotes } from "../terminal/notes.ts";
import { formatSeconds, openProgress } from "../terminal/progress.ts";
import { printResults } from "../terminal/results.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";
import { visible } from "../terminal/visible.ts";
import { type Training, test } from "../testing.ts";
import { type Trained, type TrainSettings, train } from "../training.ts";
import { withSource } from "./source-options.ts";
import { type TrainOptions, withNetwork, withOutputs, withTraining } from "./train-options.ts";

/** `ferrograd train`: trains a network on a data set or a CSV file and shows how well it does. */
export const trainCommand = (): Command =>
  withOutputs(
    withTraining(
      withNetwork(
        withSource(
          new Command("train")
            .description("train a network and test it on rows it never saw")
            .argument("[file]", "as --csv"),
        ),
      ),
    ),
  )
    .addHelpText("after", EXAMPLES)
    .action((file: string | undefined, options: TrainOptions) => run(withFile(file, options)));

const EXAMPLES = `
Examples:
  ferrograd train --dataset digits --hidden 64,32 --activation tanh
  ferrograd train --csv iris.csv --target species --save iris.safetensors
  ferrograd train --csv houses.csv --target price --missing fill --ignore id --early-stopping 20`;

/** A file that is named without an option is that of --csv. */
function withFile(file: string | undefined, options: TrainOptions): TrainOptions {
  if (file === undefined) return options;
  if (options.csv === undefined) return { ...options, csv: file };
  throw new ArgumentError(
    `ferrograd: --csv: expected one file, got ${JSON.stringify(options.csv)} and ${JSON.stringify(file)}`,
  );
}

async function run(options: TrainOptions): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  if (options.earlyStopping !== undefined && options.validationSplit === 0) {
    throw new ArgumentError(
      "ferrograd: --early-stopping: expected a --validation-split above 0 to watch, got 0",
    );
  }
  if (options.learningRate === 0 && changesRate(options.schedule ?? "constantRate")) {
    throw new ArgumentError(
      `ferrograd: --schedule: expected a --learning-rate above 0 for ${options.schedule} to change, got 0`,
    );
  }
  checkOutputs(outputsOf(options), options.csv === undefined ? [] : [["--csv", options.csv]]);
  const source = await openSource(options);
  if (options.model === "conv" && source.image === undefined) {
    throw new ArgumentError(
      `ferrograd: --model: expected a data set of images for "conv", got ${JSON.stringify(source.name)}`,
    );
  }
  const settings = settingsOf(options, source);
  announce(screen, settings, source);
  const trained = await train(source, settings, (length) => openProgress(screen, length));
  keep(screen, trained, source, options);
  const training = await test(source, settings, trained);
  report(screen, training, source);
  keepTest(screen, training, source, options);
  if (options.json) process.stdout.write(`${JSON.stringify(toJson(source, options, training))}\n`);
  training.model.dispose();
}

/** The files that a training leaves behind. */
const outputsOf = ({ save, report: page }: TrainOptions): NamedFile[] => [
  ...(save === undefined ? [] : [["--save", save] as const]),
  ...(page === false ? [] : [["--report", page] as const]),
];

/** What is about to be trained on what. */
function announce(screen: Screen, settings: TrainSettings, source: Source): void {
  const { print, colors } = screen;
  const { activation, optimizer, schedule, batchSize, seed, members, ways = [] } = settings;
  const { name, split, table } = source;
  const { train: rows, test } = split;
  const heading = colors.bold(visible(name));
  const folds = table?.folds.length ?? 0;
  print(
    folds > 0
      ? `${heading}: ${rows.length} rows, each tested once in ${folds} trainings without it`
      : `${heading}: ${rows.length} rows to learn from, ${test.length} for the test`,
  );
  if (table) {
    printNotes(screen, table);
    print();
    printColumns(screen, table.columns);
    print();
    for (const leak of leaksOf(source)) print(colors.yellow(visible(leak)));
  }
  const network = networkName(split, settings);
  const several = members > 1 && ways.length === 0 ? `, the mean of ${members} networks` : "";
  print(
    `${colors.bold(network)}: ${activation}, ${optimizer}${schedule ? `, ${schedule}` : ""}, batches of ${batchSize}, seed ${seed}${several}`,
  );
  if (ways.length > 0) {
    const names = ways.map((way) => way.name).join(", ");
    print(
      `rows held out${members > 1 ? `, each from one of ${members} trainings,` : ""} choose: ${names}`,
    );
  }
}

/** What makes the test of a table too easy. */
function leaksOf({ split, table }: Source): string[] {
  if (table === undefined || table.folds.length > 0) return [];
  const { schema } = table;
  return findLeaks(split, groupsOf(schema), schema.target.name);
}

/** What people read after the training; the model is saved before its test, which may take long. */
function keep({ print }: Screen, trained: Trained, source: Source, { save }: TrainOptions): void {
  const { steps, ms, interrupted, epochs, bestEpoch, settings } = trained;
  if (interrupted) print("stopped: what follows is what it had learnt by then");
  else if (epochs.length < settings.epochs) {
    print(`stopped early: no better val_loss for ${settings.earlyStopping} epochs`);
  }
  if (bestEpoch) print(`kept the weights of epoch ${bestEpoch}, the best by val_loss`);
  const pace = steps > 0 ? `, ${(ms / steps).toFixed(3)} ms a step` : "";
  print(`trained in ${formatSeconds(ms / 1000)}: ${steps} steps${pace}`);
  // What is read as it is written, a pipe, gets one model, with the results of its test.
  if (save !== undefined && isReplaceable(save)) {
    saveTrained(save, trained, trainingNotes(source, trained), source.table?.schema);
    print(savedTo(save, trained));
  }
  if (interrupted && save === undefined) print("nothing was saved: --save FILE keeps the model");
}

const savedTo = (path: string, { interrupted }: Trained): string =>
  `saved ${interrupted ? "what it had learnt by then" : "the model"} to ${path}`;

/** What people read after the test. */
function report(screen: Screen, training: Training, source: Source): void {
  const { print } = screen;
  const { split, image, table } = source;
  const { results, tried } = training;
  print();
  if (tried) printChoice(screen, tried);
  printResults(screen, results, {
    data: split.test,
    ...(image && { image }),
    ...(table && { numbers: table.testRows }),
  });
  const said = verdictsOf(source, training);
  if (said.length > 0) print();
  for (const sentence of said) print(screen.colors.yellow(visible(sentence)));
}

/** Writes what the test gave: into the file of the model, and the report. */
function keepTest(
  { print }: Screen,
  training: Training,
  source: Source,
  { save, report: page }: TrainOptions,
): void {
  const notes = trainingNotes(source, training, training.results);
  if (save !== undefined) {
    saveTrained(save, training, notes, source.table?.schema);
    if (!isReplaceable(save)) print(savedTo(save, training));
  }
  if (page === false) return;
  writeFile("--report", page, reportPage(source, training, notes));
  print();
  print(`report: ${resolve(page)}`);
}

/** The scores of the test for programs: `testAccuracy` and the like. */
function scoreJson(results: Training["results"]): Readonly<Record<string, unknown>> {
  const score = results.kind === "classes" ? classesJson(results) : numbersJson(results);
  const named = Object.entries({ ...score, loss: results.loss }).map(([name, value]) => [
    `test${name[0]!.toUpperCase()}${name.slice(1)}`,
    value,
  ]);
  return Object.fromEntries(named);
}

const importanceJson = (effects: NonNullable<Training["effects"]>) =>
  effects.map(({ name, importance }) => ({ name, importance }));

/** The result for programs. */
function toJson({ name, table }: Source, { seed }: TrainOptions, training: Training) {
  const { model, levels, settings, epochs, steps, ms, interrupted, bestEpoch, results } = training;
  const score = scoreJson(results);
  return {
    dataset: name,
    model: levels,
    layers: model.layers,
    seed,
    ...(settings.schedule && { schedule: settings.schedule }),
    epochs,
    ...(table && { columns: table.columns }),
    ...(training.effects && { importance: importanceJson(training.effects) }),
    ...(bestEpoch && { bestEpoch }),
    ...(interrupted && { interrupted }),
    ...(training.tried && { tried: training.tried }),
    ...score,
    msPerStep: ms / Math.max(1, steps),
    msTotal: ms,
    weightsSha256: weightsSha256(model.getWeights()),
  };
}
