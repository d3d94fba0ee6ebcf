import { philox4x32 } from "ferrograd";
import { meanAndError } from "./mean.ts";

/** Least and largest value that a score would plausibly have with other rows of the same kind. */
export type Interval = readonly [number, number];

const SAMPLES = 1000;
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
  const rows = new Int32Array(count);
  const scores = Float64Array.from({ length: SAMPLES }, (_, sample) => {
    draw(rows, count, sample);
    return score(rows);
  })
    .filter(Number.isFinite)
    .sort();
  if (scores.length === 0) return undefined;
  const at = (share: number) => scores[Math.round(share * (scores.length - 1))]!;
  return [at(TAIL), at(1 - TAIL)];
}

/** The mean of more rows is distributed normally, whatever they are worth. */
const MANY = 10_000;
/** So many standard errors to either side are 95 %. */
const NORMAL = 1.959964;

/** The interval of the mean of what each of some rows is worth. */
export function meanInterval(count: number, worth: (row: number) => number): Interval | undefined {
  if (count > MANY) return normalInterval(count, worth);
  return bootstrap(count, (rows) => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += worth(rows[i]!);
    return sum / rows.length;
  });
}

function normalInterval(count: number, worth: (row: number) => number): Interval {
  const { mean, error } = meanAndError(count, worth);
  let [least, most] = [mean, mean];
  for (let row = 0; row < count; row++) {
    least = Math.min(least, worth(row));
    most = Math.max(most, worth(row));
  }
  return [Math.max(least, mean - NORMAL * error), Math.min(most, mean + NORMAL * error)];
}
