import { ShapeError } from "../../errors.ts";
import { type Dims, showShape } from "../../values/shape.ts";
import type { AnyTensor } from "../tensor.ts";
import { requireFloat } from "./require.ts";

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

/** Axes of at least so many pixels are no channels. */
const PIXELS = 8;

/** Are these images whose channels stand first, as far as a shape tells: gray, RGB or RGBA of as many rows as columns? */
const looksFirst = ([channels, height, width, ...more]: Dims): boolean =>
  more.length === 0 &&
  (channels === 1 || channels === 3 || channels === 4) &&
  typeof width === "number" &&
  width >= PIXELS &&
  height === width;

/** What to do where one row of images seems to have its channels first. @internal */
export function channelsLast(row: Dims): string {
  if (!looksFirst(row)) return "";
  const [channels, height, width] = row;
  return (
    `; where ${channels === 1 ? "the channel stands" : `the ${channels} channels stand`} first, ` +
    `transpose(x, [0, 2, 3, 1]) of the data makes inputShape [${height}, ${width}, ${channels}], or permute([2, 3, 1]) as the first layer does`
  );
}
