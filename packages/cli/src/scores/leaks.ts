import type { Dataset, Split } from "../datasets.ts";

/** Columns and rows that are looked at. */
const MOST_COLUMNS = 200;
const MOST_ROWS = 5000;
/** A column that gets so much right alone is one that is known only after the target. */
const TOO_GOOD = 0.99;

/** Features of one column of the table. */
export interface FeatureGroup {
  readonly name: string;
  /** Its features: from the first to before the end. */
  readonly from: number;
  readonly to: number;
}

/** What makes a test too easy, in sentences. */
export function findLeaks(split: Split, groups: readonly FeatureGroup[], target: string): string[] {
  const { train, test } = split;
  const [learnt, asked] = [train.take(MOST_ROWS), test.take(MOST_ROWS)];
  const said: string[] = [];
  const same = countSame(train, test);
  if (same > 0) {
    said.push(
      `${same} of ${test.length} test rows stand among the training rows too: their scores say little`,
    );
  }
  // One column alone is all that there is to learn from.
  if (groups.length < 2) return said;
  for (const group of groups.slice(0, MOST_COLUMNS)) {
    const score = alone(learnt, asked, group);
    if (score < TOO_GOOD) continue;
    const name = group.name;
    said.push(
      `${name} alone tells ${target} to ${score.toFixed(2)}: is it known before ${target} is? --ignore leaves it out`,
    );
  }
  return said;
}

/** Test rows whose features and target a training row has too; a set of all rows would be larger than a narrow table. */
function countSame(train: Dataset, test: Dataset): number {
  const keyOf = keysOf(test);
  const asked = Float64Array.from({ length: test.length }, (_, row) => keyOf(row)).sort();
  const isKnown = new Uint8Array(asked.length);
  const knownOf = keysOf(train);
  for (let row = 0; row < train.length; row++) {
    const key = knownOf(row);
    const first = nearest(asked, key);
    if (asked[first] === key) isKnown[first] = 1;
  }
  return asked.reduce((count, key, i) => {
    if (key === asked[i - 1]) isKnown[i] = isKnown[i - 1]!;
    return count + isKnown[i]!;
  }, 0);
}

/** A number of 53 bits for each row, equal where rows are. */
function keysOf({ x, y, length }: Dataset): (row: number) => number {
  const width = x.data.length / length;
  const bits = new Int32Array(x.data.buffer, x.data.byteOffset, x.data.length);
  const labels = new Int32Array(y.data.buffer, y.data.byteOffset, y.data.length);
  return (row) => {
    let [a, b] = [0, 0x9e3779b9];
    const mix = (value: number) => {
      a = Math.imul(a ^ (a >>> 15), 0x01000193) + value;
      b = Math.imul(b ^ (b >>> 13) ^ value, 0x85ebca6b);
    };
    for (let i = row * width; i < (row + 1) * width; i++) mix(bits[i]!);
    mix(labels[row]!);
    return (a >>> 0) * 0x20_0000 + (b >>> 11);
  };
}

/** How well the nearest training row by one column alone answers: accuracy, or R². */
function alone(train: Dataset, test: Dataset, { from, to }: FeatureGroup): number {
  const values = (data: Dataset) => firstDiffering(data, from, to);
  const [known, asked] = [values(train), values(test)];
  const order = Array.from(known, (_, i) => i).sort((a, b) => known[a]! - known[b]!);
  const sorted = Float64Array.from(order, (i) => known[i]!);
  const answers = answersOf(sorted, order, train);
  const isClass = train.y.data instanceof Int32Array;
  const said = Array.from(asked, (value) => answers[nearest(sorted, value)]!);
  return isClass ? accuracy(said, test.y.data) : explained(said, test.y.data);
}

/** A column as one number: the feature itself, or which of several is set. */
function firstDiffering({ x, length }: Dataset, from: number, to: number): Float64Array {
  const width = x.data.length / length;
  return Float64Array.from({ length }, (_, row) => {
    const own = x.data.subarray(row * width + from, row * width + to);
    return own.length === 1 ? own[0]! : own.reduce((sum, value, i) => sum + value * (i + 1), 0);
  });
}

/** What rows of equal values have in common: their most frequent class, or the mean of their numbers. */
function answersOf(sorted: Float64Array, order: readonly number[], { y }: Dataset): Float64Array {
  const answers = new Float64Array(sorted.length);
  for (let begin = 0; begin < sorted.length; ) {
    let end = begin;
    while (end < sorted.length && sorted[end] === sorted[begin]) end++;
    const labels = order.slice(begin, end).map((row) => y.data[row]!);
    answers.fill(y.data instanceof Int32Array ? mostFrequent(labels) : mean(labels), begin, end);
    begin = end;
  }
  return answers;
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value / values.length, 0);

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** The place of the value next to one. */
function nearest(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  return value - sorted[before]! < sorted[low]! - value ? before : low;
}

/** Mean share of right answers over the classes; 0 where all rows are of one class. */
function accuracy(said: readonly number[], truth: ArrayLike<number>): number {
  const classes = new Map<number, { rows: number; hits: number }>();
  said.forEach((label, row) => {
    const one = classes.get(truth[row]!) ?? { rows: 0, hits: 0 };
    classes.set(truth[row]!, one);
    one.rows++;
    if (label === truth[row]) one.hits++;
  });
  if (classes.size < 2) return 0;
  return mean([...classes.values()].map(({ rows, hits }) => hits / rows));
}

const square = (value: number): number => value * value;

function explained(said: readonly number[], truth: ArrayLike<number>): number {
  const middle = mean(truth);
  let [errors, deviations] = [0, 0];
  said.forEach((value, row) => {
    errors += square(value - truth[row]!);
    deviations += square(truth[row]! - middle);
  });
  return deviations > 0 ? 1 - errors / deviations : 0;
}
