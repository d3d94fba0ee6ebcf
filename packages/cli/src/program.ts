import { Command, CommanderError } from "commander";
import { ArgumentError, FerrogradError, InternalError } from "ferrograd";
import metadata from "ferrograd/package.json" with { type: "json" };
import { describeCommand } from "./commands/describe.ts";
import { diagnoseCommand } from "./commands/diagnose.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { predictCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";

import { messageOf } from "./table/problems.ts";
import { visibleLines } from "./terminal/visible.ts";

/** What the process ends with. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

const EXAMPLES = `
Examples:
  ferrograd train --dataset digits
  ferrograd describe iris.csv
  ferrograd train --csv iris.csv --target species --save iris.safetensors
  ferrograd predict --model iris.safetensors --csv new.csv
  ferrograd diagnose --model iris.safetensors --csv iris.csv
  ferrograd inspect iris.safetensors
  ferrograd help train`;

/** The command `ferrograd`; each file of commands/ adds one. */
function createProgram(): Command {
  const program = new Command("ferrograd")
    .description("Train neural networks from a terminal")
    .version(metadata.version, "-v, --version", "show the version")
    .addHelpText("after", EXAMPLES)
    .enablePositionalOptions();
  const commands = [
    trainCommand(),
    describeCommand(),
    predictCommand(),
    evaluateCommand(),
    diagnoseCommand(),
    inspectCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ outputError: (message, write) => write(oneLine(message)) });
  }
  return program;
}

/** A message of the argument parser as one sentence in the form of ours. */
function oneLine(message: string): string {
  const sentence = message
    .trim()
    .replace(/^error: /, "ferrograd: ")
    .replace(/\. Expected/, ": expected")
    .replace(/\n\(Did (.*)\)$/, "; did $1");
  return `${sentence}\n`;
}

/** Runs one command line and gives its exit code; what is wrong with it is said in one sentence. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: "user" });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED;
    if (!(error instanceof FerrogradError) || error instanceof InternalError) throw error;
    process.stderr.write(`${visibleLines(messageOf(error))}\n`);
    return error instanceof ArgumentError ? MISUSED : FAILED;
  }
}
