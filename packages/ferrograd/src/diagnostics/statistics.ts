/** Values seen as (rows, units), row-major. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly units: number;
}

/** Counts in bins of equal width over [min, max]. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

/** Bins of every histogram. */
export const BINS = 32;

export const square = (x: number): number => x * x;

/** What one pass over numbers finds, accumulated in f64. */
export interface Survey {
  /** Σx² */
  readonly squares: number;
  readonly sum: number;
  readonly zeros: number;
  /** NaN and infinities. */
  readonly nonFinite: number;
  /** Of the finite ones; above `max` where there are none. */
  readonly min: number;
  readonly max: number;
}

export function survey(values: Float32Array): Survey {
  let [squares, sum, zeros, nonFinite] = [0, 0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    squares += value * value;
    sum += value;
    if (value === 0) zeros++;
    if (value - value !== 0) nonFinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { squares, sum, zeros, nonFinite, min, max };
}

/** √Σx², accumulated in f64. */
export const norm = ({ values }: Matrix): number => Math.sqrt(survey(values).squares);

/** √(Σ(x − mean)² / n): in f64 the two sums of float32 numbers leave digits enough. */
export function deviation({ squares, sum }: Survey, count: number): number {
  return Math.sqrt(Math.max(0, squares / count - square(sum / count)));
}

/** Of the finite elements of arrays that were surveyed; the outermost bins include their ends. */
export function histogram(parts: readonly { values: Float32Array; survey: Survey }[]): Histogram {
  const min = parts.reduce((least, part) => Math.min(least, part.survey.min), Infinity);
  const max = parts.reduce((most, part) => Math.max(most, part.survey.max), -Infinity);
  const counts = new Uint32Array(BINS);
  if (min > max) return { min: 0, max: 0, counts: [...counts] };
  const scale = max > min ? BINS / (max - min) : 0;
  for (const { values } of parts) fill(counts, values, min, scale);
  return { min, max, counts: [...counts] };
}

function fill(counts: Uint32Array, values: Float32Array, min: number, scale: number): void {
  for (let i = 0; i < values.length; i++) {
    const offset = values[i]! - min;
    if (offset - offset !== 0) continue; // NaN and infinities have no bin
    const bin = Math.floor(offset * scale);
    counts[bin < BINS ? bin : BINS - 1]!++;
  }
}

/** Columns in which every element is 0. */
export function zeroColumns({ values, rows, units }: Matrix): number[] {
  const lives = new Uint8Array(units);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++, at++) if (values[at] !== 0) lives[unit] = 1;
  }
  const found: number[] = [];
  if (rows > 0) for (let unit = 0; unit < units; unit++) if (lives[unit] === 0) found.push(unit);
  return found;
}

/** Mean over the rows of |Σx| / Σ|x|: 1 where every row has one sign, near 0 where signs balance. */
export function oneSigned({ values, rows, units }: Matrix): number {
  let total = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    let [sum, absolute] = [0, 0];
    for (let unit = 0; unit < units; unit++, at++) {
      const value = values[at]!;
      sum += value;
      absolute += Math.abs(value);
    }
    if (absolute > 0) total += Math.abs(sum) / absolute;
  }
  return rows === 0 ? 0 : total / rows;
}

/** Mean over the columns of the share of the commoner sign among elements that are not 0. */
export function equalSigns({ values, rows, units }: Matrix): number {
  const [positive, negative] = [new Uint32Array(units), new Uint32Array(units)];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++, at++) {
      const value = values[at]!;
      if (value > 0) positive[unit]!++;
      else if (value < 0) negative[unit]!++;
    }
  }
  let [total, columns] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    const [p, n] = [positive[unit]!, negative[unit]!];
    if (p + n === 0) continue;
    total += Math.max(p, n) / (p + n);
    columns++;
  }
  return columns === 0 ? 0 : total / columns;
}
