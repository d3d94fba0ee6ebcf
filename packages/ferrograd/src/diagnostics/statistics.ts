/** Values seen as (rows, units), row-major. */
export interface Matrix {
  readonly values: ArrayLike<number>;
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

/** √Σx², accumulated in f64. */
export function norm({ values }: Matrix): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += square(values[i]!);
  return Math.sqrt(squares);
}

/** √(Σ(x − mean)² / n), in two passes in f64. */
export function deviation({ values }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += square(values[i]! - mean);
  return Math.sqrt(squares / values.length);
}

/** How many elements fulfil a condition. */
export function count({ values }: Matrix, holds: (value: number) => boolean): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i]!)) total++;
  return total;
}

/** Of the finite elements; the outermost bins include their ends. */
export function histogram({ values }: Matrix): Histogram {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const counts = new Array<number>(BINS).fill(0);
  if (min > max) return { min: 0, max: 0, counts };
  const scale = max > min ? BINS / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) continue;
    counts[Math.min(BINS - 1, Math.floor((values[i]! - min) * scale))]!++;
  }
  return { min, max, counts };
}

/** Columns in which every element is 0. */
export function zeroColumns({ values, rows, units }: Matrix): number[] {
  const found: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    let row = 0;
    while (row < rows && values[row * units + unit] === 0) row++;
    if (row === rows) found.push(unit);
  }
  return found;
}

/** Mean over the rows of |Σx| / Σ|x|: 1 where every row has one sign, near 0 where signs balance. */
export function oneSigned({ values, rows, units }: Matrix): number {
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let [sum, absolute] = [0, 0];
    for (let unit = 0; unit < units; unit++) {
      const value = values[row * units + unit]!;
      sum += value;
      absolute += Math.abs(value);
    }
    if (absolute > 0) total += Math.abs(sum) / absolute;
  }
  return rows === 0 ? 0 : total / rows;
}

/** Mean over the columns of the share of the commoner sign among elements that are not 0. */
export function equalSigns({ values, rows, units }: Matrix): number {
  let [total, columns] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    let [positive, negative] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const value = values[row * units + unit]!;
      if (value > 0) positive++;
      else if (value < 0) negative++;
    }
    if (positive + negative === 0) continue;
    total += Math.max(positive, negative) / (positive + negative);
    columns++;
  }
  return columns === 0 ? 0 : total / columns;
}
