import { ArgumentError } from "../errors.ts";
import type { Labels } from "../values/rows.ts";
import { type Samples, sliceSamples, takeSamples } from "./samples.ts";
import type { RowSplit } from "./stratified.ts";

/** Rows that train and rows that validate. */
interface Parts {
  readonly train: Samples;
  readonly validation: Samples;
}

/** Cuts off the last rows for validation. */
export function splitTail(samples: Samples, fraction: number): Parts {
  const rows = samples.x.shape[0]!;
  const count = Math.floor(rows * fraction);
  checkParts(count, rows, `${fraction} of ${rows} rows`);
  return {
    train: sliceSamples(samples, 0, rows - count),
    validation: sliceSamples(samples, rows - count, rows),
  };
}

/** Takes the rows for validation that a split names by the targets, of several outputs by the first. */
export function splitOff(samples: Samples, split: RowSplit): Parts {
  const rows = samples.x.shape[0]!;
  const held = split.held("fit(): validationSplit", samples.y);
  checkParts(held.length, rows, `${held.length} of ${rows} rows to validate`);
  const validates = new Set(held);
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => !validates.has(row));
  return { train: takeSamples(samples, kept), validation: takeSamples(samples, held) };
}

function checkParts(held: number, rows: number, got: string): void {
  if (held > 0 && held < rows) return;
  throw new ArgumentError(
    `fit(): validationSplit: expected a fraction that leaves rows on both sides, got ${got}`,
  );
}

/** What is wrong with taking the tail of these rows for validation, if anything. */
export function sortedTail(
  { targets }: Samples,
  rows: number,
  classNames?: readonly string[],
): string | undefined {
  const sorted = targets.find(isSorted);
  if (sorted === undefined) return undefined;
  const { data } = sorted;
  const name = (label: number) => classNames?.[label] ?? `class ${label}`;
  const tail = [...new Set(data.subarray(data.length - rows))].map(name).join(", ");
  return (
    `fit(): the rows are sorted by class, so the last ${rows}, taken for validation, hold only ${tail}; ` +
    "shuffle them first: new Dataset({ x, y }).shuffle(1)"
  );
}

/** Are these class numbers in their order, not all of one class? */
function isSorted({ data, shape }: Labels): boolean {
  if (!(data instanceof Int32Array) || data.length !== shape[0]) return false;
  if (data[0] === data[data.length - 1]) return false;
  return data.every((label, i) => i === 0 || data[i - 1]! <= label);
}
