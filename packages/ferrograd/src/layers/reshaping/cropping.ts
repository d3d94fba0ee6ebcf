import { ShapeError } from "../../errors.ts";
import { part } from "../../graph/ops/pieces.ts";
import type { Layer } from "../layer.ts";
import { axisNames, type Sides, sidesLayer } from "./sides.ts";

const cropping = (rank: 1 | 2, given: Sides, options: { readonly name?: string }): Layer =>
  sidesLayer(["cropping", "cropping"], rank, given, options, (where, images, sides) =>
    sides.reduce((y, [before, after], axis) => {
      const size = images.shape[axis + 1]!;
      const left = size - before - after;
      if (left > 0) return part(y, axis + 1, before, left, 1);
      throw new ShapeError(
        `${where}: cropping: expected less than the ${axisNames(sides)[axis]} of the inputs, ${size}, ` +
          `got ${before} + ${after}`,
      );
    }, images),
  );

/**
 * Steps without so many before and after (default 1 each): (batch, steps, channels) → (batch, steps left, channels).
 * Keras's Cropping1D.
 *
 * @example cropping1d([1, 0])([[[1], [2], [3]]]).array() // [[[2], [3]]]
 * @throws ShapeError where nothing is left
 */
export const cropping1d = (sides: Sides = 1, options: { readonly name?: string } = {}): Layer =>
  cropping(1, sides, options);

/**
 * Images without their borders: (batch, height, width, channels) → (batch, height left, width left, channels).
 * Keras's Cropping2D.
 *
 * @example cropping2d([[0, 0], [1, 0]])([[[[1], [2], [3]]]]).array() // [[[[2], [3]]]]
 * @throws ShapeError where nothing is left
 */
export const cropping2d = (sides: Sides, options: { readonly name?: string } = {}): Layer =>
  cropping(2, sides, options);
