import type { Command } from "commander";
import { datasetNames } from "../datasets.ts";
import { names, oneName } from "../options.ts";

/** Adds the options that say what to learn from. */
export const withSource = (command: Command): Command =>
  command
    .optionsGroup("Data:")
    .option(
      "--dataset <name>",
      `one of ${datasetNames.join(", ")}`,
      oneName("--dataset", datasetNames),
    )
    .option("--data <folder>", "where the files of fashion-mnist or cifar-10 are")
    .option("--csv <file>", "rows of your own, with the columns' names in the first line")
    .option("--target <column>", "the column of --csv to predict")
    .option(
      "--task <name>",
      "classification or regression (default: by the target's values)",
      oneName("--task", ["classification", "regression"]),
    )
    .option(
      "--missing <what>",
      "missing values of --csv: error (default), or fill with the median or most frequent one",
      oneName("--missing", ["error", "fill"]),
    )
    .option("--ignore <columns>", "columns of --csv that are no features", names);
