import type { NumberResults } from "../results.ts";
import { type Interval, meanInterval } from "./bootstrap.ts";
import { meanOf } from "./mean.ts";
import { once } from "./once.ts";

const square = (value: number): number => value * value;

export interface NumberScores {
  /** Root of the mean squared error. */
  readonly rmse: number;
  readonly interval: Interval | undefined;
  /** Mean absolute error. */
  readonly mae: number;
  /** 1 − squared errors over squared deviations from the mean; undefined of one row, or of equal targets. */
  readonly r2: number | undefined;
  /** What always answering the mean scores: the standard deviation of the targets. */
  readonly rmseOfMean: number;
  /** How much smaller the squared error of a row is than that of always answering the mean. */
  gain(row: number): number;
}

/** How well a model gives numbers, beside always answering the mean; counted once. */
export const scoreNumbers = once(scoresOf);

function scoresOf({ truth, predicted }: NumberResults): NumberScores {
  const rows = truth.length;
  const mean = meanOf(rows, (row) => truth[row]!);
  const error = (row: number) => predicted[row]! - truth[row]!;
  const squared = (row: number) => square(error(row));
  const deviation = (row: number) => square(truth[row]! - mean);
  const [loss, variance] = [meanOf(rows, squared), meanOf(rows, deviation)];
  const interval = meanInterval(rows, squared);
  return {
    rmse: Math.sqrt(loss),
    interval: interval && [Math.sqrt(Math.max(0, interval[0])), Math.sqrt(interval[1])],
    mae: meanOf(rows, (row) => Math.abs(error(row))),
    r2: variance > 0 ? 1 - loss / variance : undefined,
    rmseOfMean: Math.sqrt(variance),
    gain: (row) => deviation(row) - squared(row),
  };
}

/** Is the mean of what rows are worth surely above 0, as far as they tell? */
export const isSurelyPositive = (count: number, worth: (row: number) => number): boolean =>
  (meanInterval(count, worth)?.[0] ?? 0) > 0;
