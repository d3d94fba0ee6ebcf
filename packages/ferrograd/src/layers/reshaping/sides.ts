import { ArgumentError } from "../../errors.ts";
import { SPATIAL } from "../../graph/ops/windows.ts";
import { listOf, nonNegativeInteger, show } from "../../options/index.ts";

/**
 * So much on every side of all axes; [before, after] of each axis; of one axis [before, after] alone; of two
 * [height, width], the same on both sides.
 */
export type Sides = number | readonly number[] | readonly (readonly [number, number])[];

type Pair = readonly [before: number, after: number];

/** What there is at both ends of each axis. */
export function sidesOf(where: string, name: string, value: unknown, rank: 1 | 2): Pair[] {
  const axes = SPATIAL[rank];
  if (!Array.isArray(value)) {
    const all = nonNegativeInteger(where, name, value);
    return axes.map(() => [all, all]);
  }
  if (value.length === 2 && value.every((one) => typeof one === "number")) {
    const [first, second] = listOf(where, name, value, nonNegativeInteger) as [number, number];
    return rank === 1
      ? [[first, second]]
      : [
          [first, first],
          [second, second],
        ];
  }
  const pairs = listOf(where, name, value, (_, which, pair) => {
    const [before, after, ...more] = listOf(where, which, pair, nonNegativeInteger);
    if (after !== undefined && more.length === 0) return [before!, after] as const;
    throw new ArgumentError(`${where}: ${which}: expected [before, after], got ${show(pair)}`);
  });
  if (pairs.length === rank) return pairs;
  throw new ArgumentError(
    `${where}: ${name}: expected an integer, or [before, after] of ${axes.join(" and ")}, got ${show(value)}`,
  );
}
