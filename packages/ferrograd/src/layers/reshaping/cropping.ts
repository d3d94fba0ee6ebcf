import { ShapeError } from "../../errors.ts";
import { part } from "../../graph/ops/pieces.ts";
import { requireImages, SPATIAL } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { type Sides, sidesOf } from "./sides.ts";

function cropping(rank: 1 | 2, sides: Sides, options: { readonly name?: string }): Layer {
  const type = `cropping${rank}d`;
  const where = `${type}()`;
  const pairs = sidesOf(where, "cropping", sides, rank);
  checkOptions(where, options, ["name"]);
  return createLayer({
    type,
    name: options.name,
    config: { cropping: pairs },
    call: (x) =>
      pairs.reduce(
        (y, [before, after], axis) => {
          const size = x.shape[axis + 1]!;
          const left = size - before - after;
          if (left > 0) return part(y, axis + 1, before, left, 1);
          throw new ShapeError(
            `${where}: cropping: expected less than the ${SPATIAL[rank][axis]} of the inputs, ${size}, ` +
              `got ${before} + ${after}`,
          );
        },
        requireImages(where, x, rank) as Tensor,
      ),
  });
}

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
