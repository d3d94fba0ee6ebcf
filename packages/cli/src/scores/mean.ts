/** The mean of what rows are worth. */
export function meanOf(count: number, worth: (row: number) => number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += worth(row);
  return sum / count;
}

/** The same with its standard error. */
export function meanAndError(count: number, worth: (row: number) => number) {
  const mean = meanOf(count, worth);
  const squared = (row: number) => (worth(row) - mean) * (worth(row) - mean);
  return { mean, error: Math.sqrt(meanOf(count, squared) / Math.max(1, count - 1)) };
}
