import { ArgumentError } from "../errors.ts";
import { hint, nonNegativeNumber, oneOf, show } from "../options/index.ts";
import type { FitRun, Logs } from "./callback.ts";

/** Which number a callback watches, and what it takes for an improvement. */
export interface MonitorOptions {
  /** What `fit` logs and this watches (default "val_loss"). */
  readonly monitor?: string;
  /** An improvement is larger than this (default 0). */
  readonly minDelta?: number;
  /** Is less better, or more? Default "auto": less of a loss, more of a metric. */
  readonly mode?: "auto" | "min" | "max";
}

const MODES = ["auto", "min", "max"] as const;

/** The names of its options. */
export const MONITOR = ["monitor", "minDelta", "mode"] as const;

/** A number that is watched, and the best that it was. */
export class Monitor {
  private readonly where: string;
  private readonly name: string;
  private readonly minDelta: number;
  private readonly sign: 1 | -1;

  constructor(where: string, options: MonitorOptions, minDelta = 0) {
    const { monitor = "val_loss", mode = "auto" } = options;
    if (typeof monitor !== "string") {
      throw new ArgumentError(`${where}: monitor: expected a name, got ${show(monitor)}`);
    }
    oneOf(where, "mode", mode, MODES);
    const lessIsBetter = mode === "min" || (mode === "auto" && /(^|_)loss$/.test(monitor));
    this.where = where;
    this.name = monitor;
    this.minDelta = nonNegativeNumber(where, "minDelta", options.minDelta ?? minDelta);
    this.sign = lessIsBetter ? 1 : -1;
  }

  /** Refuses a run that does not log it, before anything runs. */
  check({ logged }: FitRun): void {
    const { name, where } = this;
    if (logged.includes(name)) return;
    const remedy =
      name.startsWith("val_") && logged.includes(name.slice("val_".length))
        ? "give fit validationSplit or validationData"
        : hint(name, logged);
    throw new ArgumentError(
      `${where}: monitor: expected what fit logs, got ${show(name)}; ${remedy}`,
    );
  }

  /** Undefined in epochs without validation. */
  of(logs: Logs): number | undefined {
    return logs[this.name];
  }

  /** Is it better, by more than the least difference? NaN never is, and anything is better than nothing. */
  isBetter(value: number, than: number | undefined): boolean {
    const { sign, minDelta } = this;
    return sign * value < (than === undefined ? Number.POSITIVE_INFINITY : sign * than) - minDelta;
  }
}
