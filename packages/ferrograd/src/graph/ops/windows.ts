import { ShapeError } from "../../errors.ts";
import { showShape } from "../../values/shape.ts";
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
