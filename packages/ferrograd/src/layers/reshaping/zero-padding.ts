import { pad } from "../../graph/ops/pad.ts";
import { requireImages } from "../../graph/ops/windows.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { type Sides, sidesOf } from "./sides.ts";

function zeroPadding(rank: 1 | 2, padding: Sides, options: { readonly name?: string }): Layer {
  const type = `zeroPadding${rank}d`;
  const where = `${type}()`;
  const sides = sidesOf(where, "padding", padding, rank);
  checkOptions(where, options, ["name"]);
  return createLayer({
    type,
    name: options.name,
    config: { padding: sides },
    call: (x) => pad(requireImages(where, x, rank), [[0, 0], ...sides, [0, 0]]),
  });
}

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
