import { resolve } from "node:path";
import { Command } from "commander";
import { type ActivationName, ArgumentError, type OptimizerName } from "ferrograd";
import { checkWritable, writeFile } from "../files.ts";
import { activationNames } from "../library.ts";
import { layerWidths, optimizerNames, weightsSha256 } from "../network.ts";
import { count, natural, oneName, rate, share, widths } from "../options.ts";
import { reportPage } from "../report/page.ts";
import { saveTrained, trainingNotes } from "../saved.ts";
import { openSource, type Source, type SourceOptions } from "../source.ts";
import { formatSeconds, openProgress } from "../terminal/progress.ts";
import { printResults } from "../terminal/results.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";
import { type Training, type TrainSettings, train } from "../training.ts";
import { withSource } from "./source-options.ts";

interface TrainOptions extends SourceOptions {
  readonly hidden: number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly validationSplit: number;
  readonly earlyStopping?: number;
  readonly standardize?: boolean;
  readonly seed: number;
  readonly save?: string;
  /** false for `--no-report`. */
  readonly report: string | false;
  readonly json: boolean;
}

const listed = (names: readonly string[]): string => names.join(", ");

/** `ferrograd train`: trains a network on a data set or a CSV file and shows how well it does. */
export const trainCommand = (): Command =>
  withSource(new Command("train").description("train a network and test it on rows it never saw"))
    .option("--hidden <units>", "units of each hidden layer", widths("--hidden"), [128])
    .option(
      "--activation <name>",
      `of the hidden layers: ${listed(activationNames)}`,
      oneName("--activation", activationNames),
      "relu",
    )
    .option(
      "--optimizer <name>",
      listed(optimizerNames),
      oneName("--optimizer", optimizerNames),
      "adam",
    )
    .option(
      "--learning-rate <rate>",
      "default: the optimizer's, 0.001 for adam",
      rate("--learning-rate"),
    )
    .option("--epochs <count>", "passes over the training rows", count("--epochs"), 30)
    .option("--batch-size <rows>", "rows of a training step", count("--batch-size"), 32)
    .option(
      "--validation-split <share>",
      "of the training rows, held out to watch the training",
      share("--validation-split"),
      0.1,
    )
    .option(
      "--early-stopping <epochs>",
      "end after so many epochs without a better val_loss, and keep the best weights",
      count("--early-stopping"),
    )
    .option("--standardize", "give each feature mean 0 and deviation 1 (default for --csv)")
    .option("--no-standardize", "take the features as they are (default for --dataset)")
    .option("--seed <number>", "decides all that is random", natural("--seed"), 0)
    .option("--save <file>", "keep the trained model; Ctrl-C keeps what it has learnt by then")
    .option("--report <file>", "a page with curves, mistakes, weights and settings", "report.html")
    .option("--no-report", "write no such page")
    .option("--json", "one JSON object on standard output, all else on standard error", false)
    .action(run);

async function run(options: TrainOptions): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  if (options.earlyStopping !== undefined && options.validationSplit === 0) {
    throw new ArgumentError(
      "ferrograd: --early-stopping: expected a --validation-split above 0 to watch, got 0",
    );
  }
  if (options.save !== undefined) checkWritable("--save", options.save);
  if (options.report !== false) checkWritable("--report", options.report);
  const source = await openSource(options);
  const standardize = options.standardize ?? source.schema !== undefined;
  const settings: TrainSettings = { ...options, standardize };
  announce(screen, settings, source);
  const training = await train(source, settings, (length) => openProgress(screen, length));
  report(screen, training, source, options);
  keep(screen, training, source, settings, options);
  if (options.json) process.stdout.write(`${JSON.stringify(toJson(source, options, training))}\n`);
  training.model.dispose();
}

function announce({ print, colors }: Screen, settings: TrainSettings, { name, split }: Source) {
  const { hidden, activation, optimizer, batchSize, seed } = settings;
  const { train: rows, test } = split;
  print(`${colors.bold(name)}: ${rows.length} rows to learn from, ${test.length} for the test`);
  const network = layerWidths(split, hidden).join("-");
  print(
    `${colors.bold(network)}: ${activation}, ${optimizer}, batches of ${batchSize}, seed ${seed}`,
  );
}

/** What people read after the training. */
function report(
  screen: Screen,
  training: Training,
  { split, image, testRows }: Source,
  options: TrainOptions,
): void {
  const { print } = screen;
  const { steps, ms, interrupted, epochs, bestEpoch, results } = training;
  if (interrupted) print("stopped: what follows is what it had learnt by then");
  else if (epochs.length < options.epochs) {
    print(`stopped early: no better val_loss for ${options.earlyStopping} epochs`);
  }
  if (bestEpoch) print(`kept the weights of epoch ${bestEpoch}, the best by val_loss`);
  const pace = steps > 0 ? `, ${(ms / steps).toFixed(3)} ms a step` : "";
  print(`trained in ${formatSeconds(ms / 1000)}: ${steps} steps${pace}`);
  print();
  printResults(screen, results, {
    data: split.test,
    ...(image && { image }),
    ...(testRows && { numbers: testRows }),
  });
}

/** Writes what the training leaves behind. */
function keep(
  { print }: Screen,
  training: Training,
  source: Source,
  settings: TrainSettings,
  { save, report: page }: TrainOptions,
): void {
  const notes = trainingNotes(source, settings, training);
  print();
  if (save !== undefined) {
    saveTrained(save, training, notes, source.schema);
    const what = training.interrupted ? "what it had learnt by then" : "the model";
    print(`saved ${what} to ${save}`);
  } else if (training.interrupted) print("nothing was saved: --save FILE keeps the model");
  if (page !== false) {
    writeFile("--report", page, reportPage(source, training, notes));
    print(`report: ${resolve(page)}`);
  }
}

/** The result for programs. */
function toJson({ name }: Source, { seed }: TrainOptions, training: Training) {
  const { model, widths: units, epochs, steps, ms, results } = training;
  const score =
    results.kind === "classes"
      ? { testAccuracy: results.accuracy, testLoss: results.loss }
      : { testRmse: results.rmse, testR2: results.r2, testLoss: results.loss };
  return {
    dataset: name,
    model: units,
    seed,
    epochs,
    ...score,
    msPerStep: ms / Math.max(1, steps),
    msTotal: ms,
    weightsSha256: weightsSha256(model.getWeights()),
  };
}
