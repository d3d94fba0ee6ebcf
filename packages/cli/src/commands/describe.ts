import { Command } from "commander";
import { openCsv } from "../table/file.ts";
import { profileCsv } from "../table/load.ts";
import { columnsOf, readingOf, withColumns, withReading } from "../table/options.ts";
import { likelyTargetOf, type ReadFlags } from "../table/target.ts";
import { printColumns } from "../terminal/columns.ts";
import { printNotes } from "../terminal/notes.ts";
import { openReading } from "../terminal/reading.ts";
import { openScreen } from "../terminal/screen.ts";
import { counted } from "../terminal/visible.ts";

/** `ferrograd describe`: what the columns of a CSV file would be taken for. */
export const describeCommand = (): Command =>
  withReading(
    withColumns(
      new Command("describe")
        .description("show what the columns of a CSV file would be taken for")
        .argument("<file>", "a CSV file, or - for standard input")
        .option("--json", "one JSON object on standard output"),
    ),
  ).action(run);

async function run(path: string, options: ReadFlags & { readonly json?: boolean }): Promise<void> {
  const screen = openScreen(options.json ? process.stderr : process.stdout);
  const file = openCsv("<file>", path, readingOf(options));
  const { profile, notes } = await profileCsv(file, columnsOf(options), openReading(file.size));
  const { columns, rows } = profile;
  if (options.json) {
    const { likelyTarget, likelyTargets } = profile;
    const found = { rows, columns, notes, likelyTarget, likelyTargets };
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const { print, colors } = screen;
  print(`${colors.bold(file.name)}: ${counted(rows, "row")}, ${counted(columns.length, "column")}`);
  printNotes(screen, { notes, withoutTarget: 0 });
  print();
  printColumns(screen, columns, { details: true });
  if (options.target === undefined) print(`\n${likelyTargetOf(profile, path)}`);
}
