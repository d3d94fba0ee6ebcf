import { ArgumentError } from "../errors.ts";
import { checkOptions, nonNegativeInteger } from "../options/index.ts";
import type { Callbacks, FitRun, Logs } from "./callback.ts";
import { type Writer, writerOf } from "./writer.ts";

/** Options of `progress`. */
export interface ProgressOptions {
  /** Cells of the bar (default 20, at most 1000); with 0 there is a line for each epoch, and steps are as quick as without it. */
  readonly width?: number;
}

/** Steps for each time that they are said, where nobody knows how many an epoch has. */
const SELDOM = 10;

/** No terminal has more cells. */
const WIDEST = 1000;

/**
 * Writes how far a training has come: a bar for the steps of an epoch, drawn again whenever it is longer by a cell, and what
 * the epoch logs at its end. Keras's ProgbarLogger, to whatever takes text,
 * such as `process.stderr`; the bar begins with a return of the carriage.
 *
 * @example
 * const lines: string[] = [];
 * await model.fit(x, y, { epochs: 2, callbacks: progress((text) => lines.push(text), { width: 0 }) });
 * lines[1] // "epoch 2/2  loss 0.6821\n"
 *
 * @throws ArgumentError for what takes no text, and unknown options
 */
export function progress(writer: Writer, options: ProgressOptions = {}): Callbacks {
  const where = "progress()";
  const write = writerOf(where, writer);
  checkOptions(where, options, ["width"]);
  const width = nonNegativeInteger(where, "width", options.width ?? 20);
  if (width > WIDEST)
    throw new ArgumentError(`${where}: width: expected at most ${WIDEST}, got ${width}`);

  let run: FitRun;
  let epoch = 0;
  /** Steps before those of the epoch, and cells that are drawn. */
  let before = 0;
  let drawn = 0;
  let last = 0;

  const title = () => `epoch ${epoch}/${run.initialEpoch + run.epochs}`;
  const bar = (cells: number) => `[${"=".repeat(cells)}${" ".repeat(width - cells)}]`;

  const callback: Callbacks = {
    onTrainBegin(started: FitRun) {
      run = started;
      last = 0;
    },
    onEpochBegin(begun: number) {
      epoch = begun;
      before = last;
      drawn = 0;
    },
    onEpochEnd(_epoch: number, logs: Logs) {
      const start = width > 0 ? `\r${title()} ${bar(width)}` : title();
      return write(`${start}  ${worded(logs)}\n`);
    },
    state: () => ({ epoch, before, drawn, last }),
    restore(state: unknown) {
      ({ epoch, before, drawn, last } = state as Record<
        "epoch" | "before" | "drawn" | "last",
        number
      >);
    },
  };
  if (width === 0) return callback;
  return {
    ...callback,
    onBatchEnd(step: number, logs: Logs) {
      last = step;
      const { stepsPerEpoch } = run;
      const done = step - before;
      if (stepsPerEpoch === undefined) {
        return done % SELDOM > 0 ? undefined : write(`\r${title()} step ${done}  ${worded(logs)}`);
      }
      const cells = Math.floor((width * done) / stepsPerEpoch);
      if (cells === drawn) return undefined;
      drawn = cells;
      return write(`\r${title()} ${bar(cells)}  ${worded(logs)}`);
    },
  };
}

/** `loss 0.1234  accuracy 0.9500`. */
const worded = (logs: Logs): string =>
  Object.entries(logs)
    .map(([name, value]) => `${name} ${digits(value)}`)
    .join("  ");

/** Four digits behind the point; of what is very small or large four in all. */
const digits = (value: number): string =>
  value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6)
    ? value.toFixed(4)
    : value.toExponential(3);
