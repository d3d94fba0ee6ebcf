import type { Command } from "commander";
import type { ActivationName, OptimizerName } from "ferrograd";
import { activations, optimizers } from "ferrograd/tables";
import { type ModelName, modelNames } from "../network.ts";
import { count, natural, oneName, rate, share, widths } from "../options.ts";
import { type ScheduleName, scheduleNames } from "../schedule.ts";
import type { SourceOptions } from "../source.ts";

/** What the command line of a training says. */
export interface TrainOptions extends SourceOptions {
  readonly model: ModelName;
  /** Undefined where nothing was said. */
  readonly hidden?: number[];
  readonly activation: ActivationName;
  readonly optimizer?: OptimizerName;
  readonly learningRate?: number;
  readonly schedule?: ScheduleName;
  readonly weightDecay?: number;
  /** Networks whose answers are averaged. */
  readonly networks?: number;
  readonly classWeights?: "balanced";
  readonly folds?: number;
  readonly epochs?: number;
  readonly batchSize: number;
  readonly validationSplit?: number;
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
    .option(
      "--model <kind>",
      "dense, or conv for images: two convolutions with pooling before the hidden layers",
      oneName("--model", modelNames),
      "dense",
    )
    .option(
      "--hidden <units>",
      "units of each hidden layer, such as 128,64, or none for a linear model (default: 128; for few rows of --csv beside a linear model)",
      widths("--hidden"),
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
      `${listed(optimizerNames)} (default: adam; for few rows adamW)`,
      oneName("--optimizer", optimizerNames),
    )
    .option(
      "--learning-rate <rate>",
      "default: the optimizer's, 0.001 for adam; for few rows 0.01, which falls to 0",
      rate("--learning-rate"),
    )
    .option(
      "--schedule <name>",
      `how that rate, its highest, changes over all steps: ${listed(scheduleNames)} (default: constantRate; for few rows cosineDecay)`,
      oneName("--schedule", scheduleNames),
    )
    .option(
      "--weight-decay <rate>",
      "pulls weights towards 0 (default: 0; for few rows 0.1 and 1)",
      rate("--weight-decay"),
    )
    .option(
      "--epochs <count>",
      "passes over the training rows (default: 30, or as many as make 1,000 steps)",
      count("--epochs"),
    )
    .option("--batch-size <rows>", "rows of a training step", count("--batch-size"), 32)
    .option(
      "--validation-split <share>",
      "of the training rows, held out to watch the training (default: 0.1; 0.2 for each of 5 networks)",
      share("--validation-split"),
    )
    .option(
      "--early-stopping <epochs>",
      "end after so many epochs without a better val_loss, and keep the best weights",
      count("--early-stopping"),
    )
    .option(
      "--networks <count>",
      "networks from as many seeds, whose answers are averaged (default: 1; 5 of each kind for few rows)",
      count("--networks"),
    )
    .option(
      "--class-weights <how>",
      "balanced: each class counts as much as the others",
      oneName("--class-weights", ["balanced"]),
    )
    .option("--seed <number>", "decides all that is random", natural("--seed"), 0);

/** Adds the options that say what the training leaves behind. */
export const withOutputs = (command: Command): Command =>
  command
    .optionsGroup("Test:")
    .option(
      "--folds <count>",
      "test each row of --csv once, in as many trainings without it",
      count("--folds"),
    )
    .option(
      "--group <column>",
      "rows of one text of the column are in the test together, or not at all",
    )
    .option("--split-by-time <column>", "the last fifth by this column is for the test")
    .optionsGroup("Results:")
    .option("--save <file>", "keep the trained model; Ctrl-C keeps what it has learnt by then")
    .option("--report <file>", "a page with curves, mistakes, weights and settings", "report.html")
    .option("--no-report", "write no such page")
    .option("--json", "one JSON object on standard output, all else on standard error");
