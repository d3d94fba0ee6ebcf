import { ArgumentError, ShapeError } from "../../errors.ts";
import { checkOptions, MAX_RANK, show } from "../../options/index.ts";
import { BOOL, type DType, FLOAT, INT } from "../../values/dtype.ts";
import { showShape } from "../../values/shape.ts";
import { made } from "../constants.ts";
import { toTensor } from "../leaf.ts";
import { type AnyTensor, isTensor } from "../tensor.ts";

/** The tensor, if its type is the one the op works on. */
export function requireType(op: string, x: AnyTensor, dtype: DType): AnyTensor {
  if (x.dtype !== dtype) {
    const article = dtype === INT ? "an" : "a";
    throw new ArgumentError(
      `${op}(): expected ${article} ${dtype} tensor, got ${x.dtype}; cast() converts`,
    );
  }
  return x;
}

/** Refuses arguments that the op of this name has elsewhere, rather than leaving them out. */
export function noMore(op: string, given: readonly unknown[], remedy: string): void {
  if (given.length === 0) return;
  throw new ArgumentError(`${op}(): expected 2 arguments, got ${given.length + 2}; ${remedy}`);
}

/** A tensor of integers: one of this type, or numbers as they come, which must be whole. */
export const integersFrom = (op: string, value: unknown): AnyTensor =>
  isTensor(value)
    ? requireType(op, toTensor(`${op}()`, value), INT)
    : made(`${op}()`, value, undefined, INT);

/** The tensor, if it is of floats, or of 0 and 1, which are floats in the core. */
export const requireFloat = (op: string, x: AnyTensor): AnyTensor =>
  x.dtype === BOOL ? x : requireType(op, x, FLOAT);

/** An axis counted from the front; negative ones count from the end. */
export function axisOf(op: string, axis: unknown, rank: number): number {
  const at = Number.isInteger(axis) ? Number(axis) + (Number(axis) < 0 ? rank : 0) : -1;
  if (at < 0 || at >= rank) {
    const range =
      rank === 0 ? "no axis, as scalars have none" : `an integer from ${-rank} to ${rank - 1}`;
    throw new ArgumentError(`${op}(): axis: expected ${range}, got ${show(axis)}`);
  }
  return at;
}

/** Axes counted from the front, each once; of one number or a list. */
export function axesOf(op: string, axis: unknown, rank: number): number[] {
  const list: readonly unknown[] = Array.isArray(axis) ? [...axis.slice(0, MAX_RANK + 1)] : [axis];
  const axes = list.map((one) => axisOf(op, one, rank));
  const twice = axes.find((one, i) => axes.indexOf(one) < i);
  if (twice === undefined) return axes;
  throw new ArgumentError(`${op}(): axis: expected each axis once, got ${twice} twice`);
}

/** Along which axis (default −1, the last). */
export interface AxisOptions {
  readonly axis?: number;
}

/** The axis that options say, counted from the front. */
export const axisFrom = (op: string, { axis = -1 }: AxisOptions, rank: number): number =>
  axisOf(op, axis, rank);

/** The same, the first by default. */
export const firstAxisFrom = (op: string, { axis = 0 }: AxisOptions, rank: number): number =>
  axisOf(op, axis, rank);

/** Options of an op along an axis. @throws ArgumentError that says how to write an axis given alone */
export function checkAxisOptions(op: string, options: unknown, allowed: readonly string[]): void {
  const axis = Array.isArray(options)
    ? `[${options.slice(0, MAX_RANK).map(show).join(", ")}]`
    : options;
  const alone = typeof axis === "number" || Array.isArray(options);
  const remedy = alone ? `; write ${op}(x, { axis: ${axis} })` : "";
  checkOptions(`${op}()`, options, allowed, remedy);
}

/** The tensor, if it has at least this many axes. */
export function requireRank(op: string, x: AnyTensor, rank: number): AnyTensor {
  if (x.rank < rank) {
    throw new ShapeError(
      `${op}(): expected at least ${rank} axes, got shape ${showShape(x.shape)}`,
    );
  }
  return x;
}

/** Refuses what would have more axes than a tensor may have. */
export function withinRank(op: string, rank: number): void {
  if (rank <= MAX_RANK) return;
  throw new ShapeError(`${op}(): expected a result of at most ${MAX_RANK} axes, got ${rank}`);
}

/** The tensor, if it has an element along the axis: there is no largest of none. */
export function requireSome(op: string, x: AnyTensor, axis: number): AnyTensor {
  if (x.shape[axis] === 0) {
    throw new ShapeError(
      `${op}(): expected at least one element along axis ${axis}, got shape ${showShape(x.shape)}`,
    );
  }
  return x;
}
