import { boolean, checkOptions, text } from "../options/index.ts";
import type { Callbacks, FitRun, Logs } from "./callback.ts";
import { type Writer, writerOf } from "./writer.ts";

/** Options of `csvLogger`. */
export interface CsvLoggerOptions {
  /** Between the numbers of a line (default ","). */
  readonly separator?: string;
  /** Write the names of the columns first (default true); false where lines are added to those of an earlier `fit`. */
  readonly header?: boolean;
}

/**
 * Writes a line for each epoch: its number, and what `fit` logs, as CSV. Keras's CSVLogger, to whatever takes text:
 * in Node `createWriteStream("log.csv")` makes a file. After `resume` the names of the columns are not written again.
 *
 * @example
 * const lines: string[] = [];
 * await model.fit(x, y, { epochs: 2, callbacks: csvLogger((line) => lines.push(line)) });
 * lines[0] // "epoch,loss\n"
 *
 *
 * @throws ArgumentError for what takes no text, and unknown options
 */
export function csvLogger(writer: Writer, options: CsvLoggerOptions = {}): Callbacks {
  const where = "csvLogger()";
  const write = writerOf(where, writer);
  checkOptions(where, options, ["separator", "header"]);
  const separator = text(where, "separator", options.separator ?? ",");
  const header = boolean(where, "header", options.header ?? true);
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(separator)}\n`;
  const quoted = (cell: string) =>
    cell.includes(separator) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

  let columns: readonly string[] = [];
  let begun = false;

  return {
    onTrainBegin({ logged }: FitRun) {
      columns = logged;
      begun = !header;
    },
    onEpochEnd(epoch: number, logs: Logs) {
      const first = begun ? "" : line(["epoch", ...columns]);
      begun = true;
      const values = columns.map((name) => (logs[name] === undefined ? "" : String(logs[name])));
      return write(first + line([String(epoch), ...values]));
    },
    state: () => ({ begun }),
    restore(state: unknown) {
      ({ begun } = state as { begun: boolean });
    },
  };
}
