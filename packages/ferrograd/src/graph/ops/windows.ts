import { ArgumentError, ShapeError } from "../../errors.ts";
import { listOf, nonNegativeInteger, oneOf, positiveInteger, show } from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import type { AnyTensor } from "../tensor.ts";
import { requireFloat } from "./require.ts";

/**
 * What lies around the inputs of windows: nothing ("valid"); as much as it takes for ⌈size / stride⌉ windows, the odd
 * one behind ("same", as in Keras); so much on every side; or [before, after] of each axis.
 */
export type PoolPadding = "valid" | "same" | number | readonly (readonly [number, number])[];

/** Windows along one axis. @internal */
export interface Windows {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  /** Elements outside, before the first one, and on both sides together. */
  readonly before: number;
  readonly pads: number;
  /** How many windows there are. */
  readonly out: number;
}

/** The single place of an axis that is not there. @internal */
export const ONE_PLACE: Windows = { size: 1, kernel: 1, stride: 1, before: 0, pads: 0, out: 1 };

/** Elements of an axis with its padding. */
const MOST = 1 << 30;

/** The axes that windows go over, between batch and channels. @internal */
export const SPATIAL: { readonly [rank in 1 | 2]: readonly string[] } = {
  1: ["steps"],
  2: ["height", "width"],
};

/** Inputs of windows over so many axes, as floats. @internal */
export function requireImages(where: string, x: AnyTensor, rank: 1 | 2): AnyTensor {
  const input = requireFloat(where.replace("()", ""), x);
  if (x.rank === rank + 2) return input;
  throw new ShapeError(
    `${where}: expected inputs (batch, ${SPATIAL[rank].join(", ")}, channels), got shape ${showShape(x.shape)}`,
  );
}

/** Images that have a pixel, of which others can be made. @internal */
export function requirePixels<T extends AnyTensor>(where: string, x: T): T {
  if (!x.shape.slice(1, -1).includes(0)) return x;
  throw new ShapeError(
    `${where}: expected images of at least one pixel, got shape ${showShape(x.shape)}`,
  );
}

/** One positive integer for all axes, or one for each. @internal */
export function eachAxis(where: string, name: string, value: unknown, rank: number): number[] {
  if (!Array.isArray(value)) {
    return Array.from({ length: rank }, () => positiveInteger(where, name, value));
  }
  const all = listOf(where, name, value, positiveInteger);
  if (all.length === rank) return all;
  throw new ArgumentError(
    `${where}: ${name}: expected a positive integer or ${rank} of them, got ${show(value)}`,
  );
}

/** A padding that has been checked. @internal */
export function paddingOf(where: string, value: unknown, rank: number): PoolPadding {
  if (typeof value === "number") return nonNegativeInteger(where, "padding", value);
  if (!Array.isArray(value)) return oneOf(where, "padding", value, ["valid", "same"] as const);
  const pairs = listOf(where, "padding", value, (_, name, pair) => {
    const [before, after, ...more] = listOf(where, name, pair, nonNegativeInteger);
    if (after !== undefined && more.length === 0) return [before!, after] as const;
    throw new ArgumentError(`${where}: ${name}: expected [before, after], got ${show(pair)}`);
  });
  if (pairs.length === rank) return pairs;
  throw new ArgumentError(
    `${where}: padding: expected [before, after] of ${rank === 1 ? "1 axis" : `${rank} axes`}, got ${show(value)}`,
  );
}

/** What windows are like, whatever they go over. @internal */
export interface WindowOptions {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padding: PoolPadding;
}

/**
 * The windows over each axis of inputs (batch, …, channels).
 *
 * @param kernelName what the option that says their size is called
 * @throws ShapeError where a window is larger than the axis with its pads: with both sizes
 * @internal
 */
export function windowsOver(
  where: string,
  { shape }: AnyTensor,
  { kernel, strides, padding }: WindowOptions,
  kernelName: string,
): Windows[] {
  const names = SPATIAL[kernel.length as 1 | 2];
  return names.map((name, axis) => {
    const [size, own, stride] = [shape[axis + 1]!, kernel[axis]!, strides[axis]!];
    const [before, after] = padsOf(padding, axis, size, own, stride);
    const room = size + before + after;
    if (size > 0 && room >= own && room < MOST) {
      const out = Math.floor((room - own) / stride) + 1;
      // One that goes further than all there is has no second window.
      const reach = Math.min(stride, room);
      return { size, kernel: own, stride: reach, before, pads: before + after, out };
    }
    const pads = before + after > 0 ? ` (${size} and ${before + after} of padding)` : "";
    const most = room < MOST ? "" : `, of fewer than ${MOST} with their padding`;
    throw new ShapeError(
      `${where}: ${kernelName}: expected windows within the inputs (batch, ${shape.slice(1).join(", ")})${most}, got ` +
        `${own} along the ${name} of ${room}${pads}`,
    );
  });
}

function padsOf(
  padding: PoolPadding,
  axis: number,
  size: number,
  kernel: number,
  stride: number,
): readonly [before: number, after: number] {
  if (padding === "valid") return [0, 0];
  if (typeof padding === "number") return [padding, padding];
  if (padding !== "same") return padding[axis]!;
  const all = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}
