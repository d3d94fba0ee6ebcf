import { Command } from "commander";
import type { ActivationName } from "ferrograd";
import { layerWidths, type OptimizerName, optimizerNames, weightsSha256 } from "../classifier.ts";
import {
  DATASETS,
  type DatasetEntry,
  type DatasetName,
  datasetNames,
  type Split,
} from "../datasets.ts";
import { activationNames } from "../library.ts";
import { count, natural, oneName, rate, widths } from "../options.ts";
import { confusionMatrix, formatConfusion } from "../terminal/confusion.ts";
import { findMistakes, formatPictures, formatRows } from "../terminal/mistakes.ts";
import { formatSeconds, openProgress } from "../terminal/progress.ts";
import { openScreen, type Screen } from "../terminal/screen.ts";
import { type Training, train } from "../training.ts";

interface TrainOptions {
  readonly dataset: DatasetName;
  readonly hidden: number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly json: boolean;
}

const MISTAKES_SHOWN = 8;
const listed = (names: readonly string[]): string => names.join(", ");

/** `ferrograd train`: trains a network on a data set and shows how well it does. */
export const trainCommand = (): Command =>
  new Command("train")
    .description("train a network on a data set and test it on rows it never saw")
    .requiredOption("--dataset <name>", listed(datasetNames), oneName("--dataset", datasetNames))
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
    .option("--seed <number>", "decides all that is random", natural("--seed"), 0)
    .option("--json", "one JSON object on standard output, all else on standard error", false)
    .action(run);

async function run(options: TrainOptions): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  const entry: DatasetEntry = DATASETS[options.dataset];
  const split = entry.load();
  announce(screen, options, split);
  const training = await train(split, options, (length) => openProgress(screen, length));
  const { model } = training;
  report(screen, training, entry);
  if (options.json) process.stdout.write(`${JSON.stringify(toJson(options, training))}\n`);
  model.dispose();
}

function announce({ print, colors }: Screen, options: TrainOptions, { train, test }: Split): void {
  const { dataset, hidden, activation, optimizer, batchSize, seed } = options;
  print(
    `${colors.bold(dataset)}: ${train.length} training rows, a tenth to validate; ${test.length} test rows`,
  );
  const network = layerWidths({ train, test }, hidden).join("-");
  print(
    `${colors.bold(network)}: ${activation}, ${optimizer}, batches of ${batchSize}, seed ${seed}`,
  );
}

/** What people read after the training: accuracy, confusion matrix, worst mistakes. */
function report(screen: Screen, training: Training, { load, image }: DatasetEntry): void {
  const { print, colors } = screen;
  const { test } = load();
  const { predictions, steps, ms, stopped, testAccuracy, testLoss } = training;
  const names = test.classNames ?? Array.from({ length: predictions.classes }, (_, i) => String(i));
  const mistakes = findMistakes(test.y.data, predictions);
  const right = test.length - mistakes.length;

  if (stopped) print("stopped: what follows is what it had learnt by then");
  const pace = steps > 0 ? `, ${(ms / steps).toFixed(3)} ms a step` : "";
  print(`trained in ${formatSeconds(ms / 1000)}: ${steps} steps${pace}`);
  print();
  const accuracy = colors.bold(testAccuracy.toFixed(4));
  print(`test accuracy ${accuracy} (${right} of ${test.length}), loss ${testLoss.toFixed(4)}`);
  print();
  print(
    formatConfusion(confusionMatrix(test.y.data, predictions.labels, names.length), names, screen),
  );
  if (mistakes.length === 0) return;
  const worst = mistakes.slice(0, MISTAKES_SHOWN);
  print();
  print(mistakes.length > worst.length ? `the ${worst.length} worst mistakes` : "all mistakes");
  print();
  print(image ? formatPictures(worst, test, names, image, screen) : formatRows(worst, names));
}

/** The result for programs. */
function toJson({ dataset, seed }: TrainOptions, training: Training) {
  const { model, widths, epochs, steps, ms, testAccuracy, testLoss } = training;
  return {
    dataset,
    model: widths,
    seed,
    epochs: epochs.map(({ loss, accuracy, val_loss, val_accuracy }) => ({
      loss,
      accuracy,
      val_loss,
      val_accuracy,
    })),
    testAccuracy,
    testLoss,
    msPerStep: ms / Math.max(1, steps),
    msTotal: ms,
    weightsSha256: weightsSha256(model.getWeights()),
  };
}
