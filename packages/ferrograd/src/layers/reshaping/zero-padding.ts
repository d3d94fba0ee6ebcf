import { pad } from "../../graph/ops/pad.ts";
import type { Layer } from "../layer.ts";
import { type Sides, sidesLayer } from "./sides.ts";

const zeroPadding = (rank: 1 | 2, given: Sides, options: { readonly name?: string }): Layer =>
  sidesLayer(["zeroPadding", "padding"], rank, given, options, (_where, images, sides) =>
    pad(images, [[0, 0], ...sides, [0, 0]]),
  );

/**
 * Zeros before and after (default 1 each): (batch, steps, channels) → (batch, steps + zeros, channels). Keras's
 * ZeroPadding1D, torch.nn.ZeroPad1d.
 *
 * @example zeroPadding1d([2, 0])([[[1], [2]]]).array() // [[[0], [0], [1], [2]]]
 */
export const zeroPadding1d = (
  padding: Sides = 1,
  options: { readonly name?: string } = {},
): Layer => zeroPadding(1, padding, options);

/**
 * Zeros around images (default 1 on each side): (batch, height, width, channels) → (batch, height + zeros, width +
 * zeros, channels). Keras's ZeroPadding2D, torch.nn.ZeroPad2d.
 *
 * @example zeroPadding2d([[0, 0], [1, 2]])([[[[5]]]]).array() // [[[[0], [5], [0], [0]]]]
 */
export const zeroPadding2d = (
  padding: Sides = 1,
  options: { readonly name?: string } = {},
): Layer => zeroPadding(2, padding, options);
