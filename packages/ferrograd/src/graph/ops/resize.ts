import { FLOAT, INT } from "../../values/dtype.ts";
import { type Shape, sizeOf } from "../../values/shape.ts";
import { leaf } from "../constants.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { add, mul, sub } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { broadcastTo, reshape } from "./shape.ts";

/** How pixels between those of an image are found: the one that they lie in, or lines between neighbors. */
export type Interpolation = "nearest" | "bilinear";

/** @internal */
export const INTERPOLATIONS: readonly Interpolation[] = ["nearest", "bilinear"];

/** Where the pixels of a line come from: two neighbors, and how far the second is on the way. */
interface Line {
  readonly lower: Int32Array<ArrayBuffer>;
  readonly upper: Int32Array<ArrayBuffer>;
  readonly way: Float32Array<ArrayBuffer>;
}

/** Pixel i of `to` has its middle at (i + 1/2)·size/to of the image, whose pixels have theirs at 1/2, 3/2, … */
function lineOf(size: number, to: number): Line {
  const line = { lower: new Int32Array(to), upper: new Int32Array(to), way: new Float32Array(to) };
  for (let i = 0; i < to; i++) {
    const at = ((i + 0.5) * size) / to - 0.5;
    const before = Math.floor(at);
    line.lower[i] = Math.max(before, 0);
    line.upper[i] = Math.min(before + 1, size - 1);
    line.way[i] = at - before;
  }
  return line;
}

/** The pixel that the middle of pixel i of `to` lies in. */
const nearest = (size: number, to: number): Int32Array =>
  Int32Array.from({ length: to }, (_, i) =>
    Math.min(size - 1, Math.floor(((i + 0.5) * size) / to)),
  );

/** Elements along an axis by number, whatever lies before it: rows of a table. */
function taken(x: AnyTensor, axis: number, places: Int32Array): Tensor {
  const { shape } = x;
  const size = shape[axis]!;
  const outer = sizeOf(shape.slice(0, axis));
  const rows = new Int32Array(outer * places.length);
  for (let i = 0; i < outer; i++) {
    places.forEach((place, j) => {
      rows[i * places.length + j] = i * size + place;
    });
  }
  const rest = shape.slice(axis + 1);
  const table = reshape(x, [outer * size, sizeOf(rest)]);
  const result = gather(table, leaf(rows, [rows.length], INT) as AnyTensor);
  return reshape(result, [...shape.slice(0, axis), places.length, ...rest]);
}

/** An axis with another number of pixels. */
function resizedAxis(x: Tensor, axis: number, to: number, interpolation: Interpolation): Tensor {
  const size = x.shape[axis]!;
  if (size === to) return x;
  if (interpolation === "nearest") return taken(x, axis, nearest(size, to));
  const { lower, upper, way } = lineOf(size, to);
  const [low, high] = [taken(x, axis, lower), taken(x, axis, upper)];
  const line = x.shape.map((_, i) => (i === axis ? to : 1));
  return add(low, mul(sub(high, low), reshape(leaf(way, [to], FLOAT), line)));
}

/** Images (batch, height, width, channels), or steps, of other sizes. @internal */
export const resized = (x: Tensor, sizes: Shape, interpolation: Interpolation): Tensor =>
  sizes.reduce((y, to, i) => resizedAxis(y, i + 1, to, interpolation), x);

/** Each pixel so often along each axis. @internal */
export function repeatedPixels(x: Tensor, times: Shape): Tensor {
  const [batch, ...rest] = x.shape as [number, ...number[]];
  const channels = rest.pop()!;
  const apart = [batch, ...rest.flatMap((size) => [size, 1]), channels];
  const wide = [batch, ...rest.flatMap((size, i) => [size, times[i]!]), channels];
  const sizes = rest.map((size, i) => size * times[i]!);
  return reshape(broadcastTo(reshape(x, apart), wide), [batch, ...sizes, channels]);
}
