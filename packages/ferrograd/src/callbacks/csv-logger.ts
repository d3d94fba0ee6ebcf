import { boolean, checkOptions, text } from "../options/index.ts";
import type { Callbacks, FitRun, Logs } from "./callback.ts";
import { cuttable, type Writer, writerOf } from "./writer.ts";

/** Options of `csvLogger`. */
export interface CsvLoggerOptions {
  /** Between the numbers of a line (default ","). */
  readonly separator?: string;
  /** Write the names of the columns first (default true); false where lines are added to those of an earlier `fit`. */
  readonly header?: boolean;
}

/**
 * Writes a line for each epoch: its number, and what `fit` logs, as CSV. Keras's CSVLogger, to whatever takes text:
 * in Node `createWriteStream("log.csv")` makes a file. After `resume` the names of the columns are not written again, and
 * lines of epochs that come again are cut off what has `truncate(length)`, in bytes, as the file that `open("log.csv", "a")` of
 * `node:fs/promises` gives; where it has `stat()` too, lines may be added to a file that has others.
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
  const file = cuttable(writer);
  checkOptions(where, options, ["separator", "header"]);
  const separator = text(where, "separator", options.separator ?? ",");
  const header = boolean(where, "header", options.header ?? true);
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(separator)}\n`;
  const quoted = (cell: string) =>
    cell.includes(separator) || /["\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

  let columns: readonly string[] = [];
  let begun = false;
  /** Bytes that are there, with those of a file before. */
  let length = 0;
  /** Is there more, of epochs that come again? */
  let cuts = false;

  const add = (lines: string) => {
    length += new TextEncoder().encode(lines).length;
    return write(lines);
  };
  const cut = (next: () => unknown = () => undefined) => {
    cuts = false;
    return file?.cut(length, next);
  };

  return {
    onTrainBegin({ logged }: FitRun) {
      columns = logged;
      begun = !header;
      cuts = false;
      return file?.measure((size) => {
        length = size;
      });
    },
    onEpochEnd(epoch: number, logs: Logs) {
      const first = begun ? "" : line(["epoch", ...columns]);
      begun = true;
      const values = columns.map((name) => (logs[name] === undefined ? "" : String(logs[name])));
      const lines = first + line([String(epoch), ...values]);
      return cuts ? cut(() => add(lines)) : add(lines);
    },
    onTrainEnd: () => (cuts ? cut() : undefined),
    state: () => ({ begun, length }),
    restore(state: unknown) {
      const saved = state as { begun: boolean; length?: number };
      begun = saved.begun;
      cuts = file !== undefined && saved.length !== undefined;
      length = saved.length ?? length;
    },
  };
}
