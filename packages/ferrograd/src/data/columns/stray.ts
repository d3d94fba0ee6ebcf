import { numberIn } from "./numbers.ts";
import type { ColumnProfile } from "./profile.ts";

/** What programs write where nothing was measured: -999, 9999. */
const NOTHING = /^(?:-99+|999+)(?:\.0+)?$/;
/** In fewer different numbers none is strange. */
const FEW = 10;
const FAR = 100;

/** A text that stands for a number in a column. */
interface Seen {
  readonly text: string;
  readonly count: number;
  readonly row: number;
  readonly value: number;
}

const magnitude = ({ value }: Seen): number => Math.abs(value);

/** Texts that stand several times and look like no measurement: far beyond all others, or the only ones below 0. */
function nothingAmong(all: readonly Seen[]): string[] {
  const mayBe = ({ text, count }: Seen) => count > 1 && NOTHING.test(text);
  const others = all.filter((one) => !mayBe(one));
  const most = others.reduce((so, one) => Math.max(so, magnitude(one)), 0);
  const isNegative = others.some(({ value }) => value < 0);
  if (others.length < 2) return [];
  return all
    .filter(mayBe)
    .filter((one) => magnitude(one) > 2 * most || (one.value < 0 && !isNegative))
    .map(({ text }) => text);
}

/** Texts in a column of numbers that are none, or a slip: far beyond all others. */
export function strayOf(profile: ColumnProfile): string | undefined {
  const { unit = "" } = profile.numbers;
  const all = [...profile.unmarked()].map(([text, { count, row }]): Seen => {
    const point = numberIn(text, unit, ".");
    return { text, count, row, value: Number.isNaN(point) ? numberIn(text, unit, ",") : point };
  });
  const nothing = nothingAmong(all);
  if (nothing.length === 1) return `${nothing[0]} may stand for a missing value`;
  if (nothing.length > 1) return `${nothing.join(" and ")} may stand for missing values`;
  const [first, second] = all.sort((a, b) => magnitude(b) - magnitude(a));
  if (first === undefined || second === undefined) return undefined;
  return all.length > FEW && magnitude(second) > 0 && magnitude(first) > FAR * magnitude(second)
    ? `${first.text} in row ${first.row} is over ${FAR} times as large as any other`
    : undefined;
}
