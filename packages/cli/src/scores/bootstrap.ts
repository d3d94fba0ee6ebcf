import { philox4x32 } from "ferrograd";

/** Least and largest value that a score would plausibly have with other rows of the same kind. */
export type Interval = readonly [number, number];

/** Samples drawn; more rows than this need fewer. */
const SAMPLES = 1000;
const MOST_DRAWS = 10_000_000;
const LEAST_SAMPLES = 100;
const TAIL = 0.025;
const STREAM = 0xb0075;
/** Words that there are of 32 bits. */
const WORDS = 0x1_0000_0000;

/** A number from 0 to below `count` for each row of a sample, as the seed draws it. */
function draw(rows: Int32Array, count: number, sample: number): void {
  for (let at = 0; at < rows.length; at += 4) {
    const words = philox4x32([at >>> 2, sample, 0, 0], [STREAM, 0]);
    for (let i = 0; i < 4 && at + i < rows.length; i++) {
      rows[at + i] = Math.floor((words[i]! / WORDS) * count);
    }
  }
}

/**
 * The middle 95 % of a score over samples of as many rows, drawn with replacement (Efron and Tibshirani 1993, percentile
 * method); the same rows give the same interval.
 */
export function bootstrap(
  count: number,
  score: (rows: Int32Array) => number,
): Interval | undefined {
  if (count < 2) return undefined;
  const samples = Math.max(LEAST_SAMPLES, Math.min(SAMPLES, Math.floor(MOST_DRAWS / count)));
  const rows = new Int32Array(count);
  const scores = Float64Array.from({ length: samples }, (_, sample) => {
    draw(rows, count, sample);
    return score(rows);
  })
    .filter(Number.isFinite)
    .sort();
  if (scores.length === 0) return undefined;
  const at = (share: number) => scores[Math.round(share * (scores.length - 1))]!;
  return [at(TAIL), at(1 - TAIL)];
}

/** The interval of a mean of what rows are worth. */
export const meanInterval = (values: ArrayLike<number>): Interval | undefined =>
  bootstrap(values.length, (rows) => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += values[rows[i]!]!;
    return sum / rows.length;
  });
