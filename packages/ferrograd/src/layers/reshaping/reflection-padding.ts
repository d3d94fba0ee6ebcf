import { ShapeError } from "../../errors.ts";
import { pad } from "../../graph/ops/pad.ts";
import type { Layer } from "../layer.ts";
import { axisNames, type Sides, sidesLayer } from "./sides.ts";

const reflectionPadding = (rank: 1 | 2, given: Sides, options: { readonly name?: string }): Layer =>
  sidesLayer(["reflectionPadding", "padding"], rank, given, options, (where, images, sides) => {
    sides.forEach((pair, axis) => {
      const [size, most] = [images.shape[axis + 1]!, Math.max(...pair)];
      if (most < Math.max(1, size)) return;
      throw new ShapeError(
        `${where}: padding: expected less than the ${axisNames(sides)[axis]} of the inputs, ${size}, got ${most}`,
      );
    });
    return pad(images, [[0, 0], ...sides, [0, 0]], { mode: "reflect" });
  });

/**
 * Steps mirrored at the first and the last one: (batch, steps, channels) → (batch, steps + padding, channels).
 * torch.nn.ReflectionPad1d.
 *
 * @example reflectionPadding1d(1)([[[1], [2], [3]]]).array() // [[[2], [1], [2], [3], [2]]]
 * @throws ShapeError where there is not as much to mirror
 */
export const reflectionPadding1d = (
  padding: Sides,
  options: { readonly name?: string } = {},
): Layer => reflectionPadding(1, padding, options);

/**
 * Images mirrored at their outermost pixels: (batch, height, width, channels) → (batch, height + padding, width +
 * padding, channels). torch.nn.ReflectionPad2d.
 *
 * @example reflectionPadding2d([0, 1])([[[[1], [2], [3]]]]).array() // [[[[2], [1], [2], [3], [2]]]]
 * @throws ShapeError where there is not as much to mirror
 */
export const reflectionPadding2d = (
  padding: Sides,
  options: { readonly name?: string } = {},
): Layer => reflectionPadding(2, padding, options);
