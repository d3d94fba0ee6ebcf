import { type Command, Option } from "commander";
import type { ActivationName, OptimizerName } from "ferrograd";
import { activations, optimizers } from "ferrograd/tables";
import { count, natural, oneName, rate, share, widths } from "../options.ts";
import type { SourceOptions } from "../source.ts";

/** What the command line of a training says. */
export interface TrainOptions extends SourceOptions {
  readonly hidden: number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate?: number;
  readonly epochs?: number;
  readonly batchSize: number;
  readonly validationSplit: number;
  readonly earlyStopping?: number;
  readonly standardize?: boolean;
  readonly seed: number;
  readonly save?: string;
  /** false for `--no-report`. */
  readonly report: string | false;
  readonly json?: boolean;
}

const activationNames = Object.keys(activations) as ActivationName[];
const optimizerNames = Object.keys(optimizers) as OptimizerName[];

const listed = (names: readonly string[]): string => names.join(", ");

/** Adds the options that say which network learns. */
export const withNetwork = (command: Command): Command =>
  command
    .optionsGroup("Network:")
    .addOption(
      new Option("--hidden <units>", "units of each hidden layer, such as 128,64, or none")
        .argParser(widths("--hidden"))
        .default([128], "128"),
    )
    .option(
      "--activation <name>",
      `of the hidden layers: ${listed(activationNames)}`,
      oneName("--activation", activationNames),
      "relu",
    )
    .option("--standardize", "give each feature mean 0 and deviation 1 (default for --csv)")
    .option("--no-standardize", "take the features as they are (default for --dataset)");

/** Adds the options that say how it learns. */
export const withTraining = (command: Command): Command =>
  command
    .optionsGroup("Training:")
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
    .option(
      "--epochs <count>",
      "passes over the training rows (default: 30, or as many as make 1,000 steps)",
      count("--epochs"),
    )
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
    .option("--seed <number>", "decides all that is random", natural("--seed"), 0);

/** Adds the options that say what the training leaves behind. */
export const withOutputs = (command: Command): Command =>
  command
    .optionsGroup("Results:")
    .option("--save <file>", "keep the trained model; Ctrl-C keeps what it has learnt by then")
    .option("--report <file>", "a page with curves, mistakes, weights and settings", "report.html")
    .option("--no-report", "write no such page")
    .option("--json", "one JSON object on standard output, all else on standard error");
