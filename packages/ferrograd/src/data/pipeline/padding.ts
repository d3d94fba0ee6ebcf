import { ArgumentError, DataError, OutOfMemoryError } from "../../errors.ts";
import {
  boolean,
  checkOptions,
  finiteFloat32,
  isPlain,
  oneOf,
  positiveInteger,
  show,
} from "../../options/index.ts";
import type { Flat } from "../../values/flat.ts";
import type { Labels } from "../../values/rows.ts";
import { otherShape, room, type Stack } from "./collate.ts";

/** The same for all parts of an element, or for each: in their order, or by name. */
export type PerPart<V> = V | readonly (V | undefined)[] | Readonly<Record<string, V | undefined>>;

/** How `paddedBatch` fills up. */
export interface PaddedBatchOptions {
  /** What stands where nothing was (default 0). */
  readonly value?: PerPart<number>;
  /** Length of the first axis of all batches (default: the longest of each batch). */
  readonly length?: PerPart<number>;
  /** Where it is filled up: "end" (default; Keras's "post") or "start" ("pre"). */
  readonly side?: "start" | "end";
  /** Leave out a last batch smaller than the others (default false). */
  readonly dropLast?: boolean;
}

/** Most numbers of a batch: what tensors can have. */
const MOST_NUMBERS = 1 << 30;

/** Options with their defaults, checked. */
export function paddingOf(where: string, options: PaddedBatchOptions) {
  checkOptions(where, options, ["value", "length", "side", "dropLast"]);
  const side = oneOf(where, "side", options.side ?? "end", ["start", "end"]);
  const value = perPart(where, "value", options.value, finiteFloat32);
  const length = perPart(where, "length", options.length, positiveInteger);
  const stack: Stack = (called, values, at, part) =>
    padded(called, values, at, part, value(part) ?? 0, length(part), side);
  const text = JSON.stringify([options.value, options.length, side]);
  return { stack, text, dropLast: boolean(where, "dropLast", options.dropLast ?? false) };
}

/** What an option says of a part, by its place or name; of what is in an object in it by the whole. */
function perPart(
  where: string,
  name: string,
  given: PerPart<number> | undefined,
  check: (where: string, name: string, value: unknown) => number,
): (part: string) => number | undefined {
  if (given === undefined) return () => undefined;
  if (!Array.isArray(given) && !isPlain(given)) {
    const all = check(where, name, given);
    return () => all;
  }
  const known = new Map<string, number>();
  for (const [part, one] of Object.entries(given)) {
    if (one !== undefined) known.set(part, check(where, `${name}.${part}`, one));
  }
  if (known.size === 0) {
    throw new ArgumentError(
      `${where}: ${name}: expected a number or one for some part, got ${show(given)}`,
    );
  }
  return (part) => known.get(part) ?? known.get(part.replace(/\..*/, ""));
}

/** Rows whose first axis is filled up to one length; numbers stay as they are. */
function padded(
  where: string,
  values: readonly Flat[],
  at: number,
  part: string,
  fill: number,
  fixed: number | undefined,
  side: "start" | "end",
): Labels {
  const [, ...inner] = values[0]!.shape;
  const isScalar = values[0]!.shape.length === 0;
  const longest = Math.max(...values.map(({ shape }) => shape[0] ?? 1));
  const length = isScalar ? 1 : (fixed ?? longest);
  const step = inner.reduce((product, d) => product * d, 1);
  const size = values.length * length * step;
  if (size > MOST_NUMBERS) {
    throw new OutOfMemoryError(
      `${where}: expected at most ${MOST_NUMBERS} numbers in a batch, got ${size}`,
    );
  }
  const data = room(values, length * step).fill(isScalar ? 0 : fill);
  values.forEach(({ data: numbers, shape }, row) => {
    const [own = 1, ...rest] = shape;
    const sameRank = (shape.length === 0) === isScalar && rest.length === inner.length;
    if (!sameRank || rest.some((d, i) => d !== inner[i])) {
      throw otherShape(where, at + row, part, values[0]!.shape, shape);
    }
    if (own > length) {
      const of = part === "" ? "" : `, part ${part}`;
      throw new DataError(
        `${where}: element ${at + row}${of}: expected a length of at most ${length}, got ${own}`,
      );
    }
    data.set(numbers, (row * length + (side === "end" ? 0 : length - own)) * step);
  });
  return {
    data,
    shape: isScalar ? [values.length] : [values.length, length, ...inner],
  } as Labels;
}
