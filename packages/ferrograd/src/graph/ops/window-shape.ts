import { ArgumentError, ShapeError } from "../../errors.ts";
import { listOf, nonNegativeInteger, positiveInteger, show } from "../../options/index.ts";

/** What a window does along an axis. */
export interface WindowAxis {
  /** Pixels of the image. */
  readonly size: number;
  /** Taps. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before the first pixel and behind the last. */
  readonly before: number;
  readonly after: number;
}

/**
 * What stands around an image: nothing; zeros, so that an output has as many pixels as the image divided by the stride, an
 * odd one behind (TensorFlow's and Keras's); zeros before only, so that no output sees what comes later; so many zeros on
 * both sides of each axis, or [before, after] of each.
 */
export type Padding =
  | "valid"
  | "same"
  | "causal"
  | number
  | readonly (readonly [before: number, after: number])[];

/** The axis of height 1 of a line. */
export const LINE: WindowAxis = { size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/** Pixels that a window spans. */
export const reachOf = ({ kernel, dilation }: { kernel: number; dilation: number }): number =>
  (kernel - 1) * dilation + 1;

/** Outputs along an axis; below 1 where the window does not fit. */
export const outputsOf = (axis: WindowAxis): number =>
  Math.floor((axis.size + axis.before + axis.after - reachOf(axis)) / axis.stride) + 1;

/** A number for all axes, or one for each, from 1 on. */
export function perAxis(where: string, name: string, value: unknown, rank: number): number[] {
  if (!Array.isArray(value)) {
    const all = positiveInteger(where, name, value);
    return Array.from({ length: rank }, () => all);
  }
  const list = listOf(where, name, value, positiveInteger);
  if (list.length === rank) return list;
  throw new ArgumentError(
    `${where}: ${name}: expected a positive integer or ${rank} of them, got ${show(value)}`,
  );
}

/** Padding that is one of the names, or [before, after] of each axis. */
export type CheckedPadding = Exclude<Padding, number>;

/** Padding as it was asked for, checked and copied. */
export function paddingOf(
  where: string,
  value: unknown,
  rank: number,
  causal = rank === 1,
): CheckedPadding {
  const name = "padding";
  if (value === "valid" || value === "same" || (value === "causal" && causal)) return value;
  if (typeof value === "number") {
    const side = nonNegativeInteger(where, name, value);
    return Array.from({ length: rank }, () => [side, side] as const);
  }
  if (!Array.isArray(value) || value.length !== rank) {
    const names = causal ? '"valid", "same", "causal"' : '"valid", "same"';
    const pairs = Array.from({ length: rank }, () => "[before, after]").join(", ");
    const remedy = value === "causal" ? "; causal is for convolutions along time" : "";
    throw new ArgumentError(
      `${where}: ${name}: expected ${names}, an integer or [${pairs}], got ${show(value)}${remedy}`,
    );
  }
  return value.map((pair: unknown, axis) => {
    const [before, after, ...more] = listOf(where, `${name}[${axis}]`, pair, nonNegativeInteger);
    if (before !== undefined && after !== undefined && more.length === 0) return [before, after];
    throw new ArgumentError(
      `${where}: ${name}[${axis}]: expected [before, after], got ${show(pair)}`,
    );
  });
}

/** Most pixels of an axis with its zeros. */
const MOST = 1 << 30;

/**
 * Axis `at` of a window over an image of this size.
 *
 * @throws ShapeError where the window does not fit, with the sizes
 */
export function windowAxis(
  where: string,
  size: number,
  window: { readonly kernel: number; readonly stride: number; readonly dilation: number },
  padding: CheckedPadding,
  at: number,
  remedy = "",
): WindowAxis {
  const [before, after] = zerosOf(size, window, padding, at);
  const axis = { size, ...window, before, after };
  const padded = size + before + after;
  if (padded > MOST || reachOf(window) > MOST || window.stride > MOST) {
    throw new ShapeError(
      `${where}: expected windows, strides and padded images of at most ${MOST} pixels, got ` +
        `${reachOf(window)}, ${window.stride} and ${padded}`,
    );
  }
  if (outputsOf(axis) >= 1) return axis;
  const dilated =
    window.dilation > 1 ? ` (${window.kernel} taps, dilation ${window.dilation})` : "";
  const zeros = before + after > 0 ? ` (${before} + ${size} + ${after})` : "";
  throw new ShapeError(
    `${where}: expected a kernel no larger than the padded input, got ${reachOf(window)}${dilated} for ${padded}${zeros} ` +
      `along axis ${at + 1}, which leaves no output; take padding "same", a smaller kernel or larger inputs${remedy}`,
  );
}

function zerosOf(
  size: number,
  window: { readonly kernel: number; readonly stride: number; readonly dilation: number },
  padding: CheckedPadding,
  at: number,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  const reach = reachOf(window);
  if (padding === "causal") return [reach - 1, 0];
  if (padding !== "same") return padding[at]!;
  const outputs = Math.ceil(size / window.stride);
  const zeros = Math.max((outputs - 1) * window.stride + reach - size, 0);
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
}
