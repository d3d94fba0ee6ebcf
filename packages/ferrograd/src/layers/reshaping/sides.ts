import { ArgumentError } from "../../errors.ts";
import { requireImages, SPATIAL } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, listOf, nonNegativeInteger, show } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/**
 * So much on every side of all axes; [before, after] of each axis; of one axis [before, after] alone; of two
 * [height, width], the same on both sides.
 */
export type Sides = number | readonly number[] | readonly (readonly [number, number])[];

type Pair = readonly [before: number, after: number];

/** What there is at both ends of each axis. */
function sidesOf(where: string, name: string, value: unknown, rank: 1 | 2): Pair[] {
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

/** What only has a name beside its sides. */
interface Named {
  readonly name?: string;
}

/** A layer of images and of what is along one axis, which does something at both ends of each. */
export function sidesLayer(
  [kind, option]: readonly [kind: string, option: string],
  rank: 1 | 2,
  given: Sides,
  options: Named,
  call: (where: string, images: Tensor, sides: readonly Pair[]) => Tensor,
): Layer {
  const type = `${kind}${rank}d`;
  const where = `${type}()`;
  const sides = sidesOf(where, option, given, rank);
  checkOptions(where, options, ["name"]);
  return createLayer({
    type,
    name: options.name,
    config: { [option]: sides },
    call: (x) => call(where, requireImages(where, x, rank) as Tensor, sides),
  });
}

/** Their names, for errors. */
export const axisNames = (sides: readonly Pair[]): readonly string[] =>
  SPATIAL[sides.length as 1 | 2];
