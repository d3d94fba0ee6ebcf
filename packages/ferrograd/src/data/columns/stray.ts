import { readNumber } from "./numbers.ts";
import type { ColumnProfile } from "./profile.ts";

/** What programs write where nothing was measured: -999, 9999. */
const NOTHING = /^(?:-99+|999+)(?:\.0+)?$/;
/** In fewer different numbers none is strange. */
const FEW = 10;
const FAR = 100;

/** A text far beyond all others in a column of numbers: one that stands several times and looks like no measurement, or a slip. */
export function strayOf(profile: ColumnProfile): string | undefined {
  const sizes = [...profile.unmarked()].map(([text, { count, row }]) => {
    const { point = 0, comma = 0 } = readNumber(text) ?? {};
    return { text, count, row, size: Math.abs(Number.isNaN(point) ? comma : point) };
  });
  const [first, second] = sizes.sort((a, b) => b.size - a.size);
  if (first === undefined || second === undefined || sizes.length < 3) return undefined;
  if (first.count > 1 && NOTHING.test(first.text) && second.size < first.size / 2)
    return `${first.text} may stand for a missing value`;
  return sizes.length > FEW && second.size > 0 && first.size > FAR * second.size
    ? `${first.text} in row ${first.row} is over ${FAR} times as large as any other`
    : undefined;
}
