import type { NumberResults } from "../results.ts";
import { type Interval, meanInterval } from "./bootstrap.ts";

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
  /** Squared error of each row. */
  readonly squares: Float64Array;
  /** Squared error of always answering the mean, of each row. */
  readonly deviations: Float64Array;
}

/** How well a model gives numbers, beside always answering the mean. */
export function scoreNumbers({ truth, predicted }: NumberResults): NumberScores {
  const rows = truth.length;
  const errors = Float64Array.from(predicted, (value, row) => value - truth[row]!);
  const squares = errors.map((error) => error * error);
  const mean = Array.from(truth).reduce((sum, value) => sum + value / rows, 0);
  const deviations = Float64Array.from(truth, (value) => square(value - mean));
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / rows;
  const [loss, variance] = [meanOf(squares), meanOf(deviations)];
  const squared = meanInterval(squares);
  return {
    rmse: Math.sqrt(loss),
    interval: squared && [Math.sqrt(squared[0]), Math.sqrt(squared[1])],
    mae: meanOf(errors.map(Math.abs)),
    r2: variance > 0 ? 1 - loss / variance : undefined,
    rmseOfMean: Math.sqrt(variance),
    squares,
    deviations,
  };
}

/** Is the mean of these surely above 0, as far as the rows tell? */
export const isSurelyPositive = (values: ArrayLike<number>): boolean =>
  (meanInterval(values)?.[0] ?? 0) > 0;
