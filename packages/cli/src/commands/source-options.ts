import type { Command } from "commander";
import { datasetNames } from "../datasets.ts";
import { oneName } from "../options.ts";
import { withColumns, withReading } from "../table/options.ts";

/** Adds the options that say what to learn from. */
export const withSource = (command: Command): Command =>
  withReading(
    withColumns(
      command
        .optionsGroup("Data:")
        .option(
          "--dataset <name>",
          `one of ${datasetNames.join(", ")}`,
          oneName("--dataset", datasetNames),
        )
        .option("--data <folder>", "where the files of fashion-mnist or cifar-10 are")
        .option(
          "--csv <file>",
          "rows of your own, with the columns' names in the first line; - for standard input",
        ),
    ),
  );
