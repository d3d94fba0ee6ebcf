import { relu } from "../../graph/ops/activation.ts";
import { abs, add, minimum, mul, sub } from "../../graph/ops/elementwise.ts";
import { arange } from "../../graph/ops/make.ts";
import { clip, mod } from "../../graph/ops/math.ts";
import { part } from "../../graph/ops/pieces.ts";
import { matmul } from "../../graph/ops/products.ts";
import { uniformAt } from "../../graph/ops/random.ts";
import { sum } from "../../graph/ops/reduce.ts";
import { reshape, transpose } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, finiteFloat32, oneOf } from "../../options/index.ts";
import type { Layer } from "../layer.ts";
import { type AugmentationOptions, augmenting, type Bounds, boundsOf } from "./augmenting.ts";

/** What stands outside of an image. */
export type FillMode = "constant" | "reflect" | "wrap" | "nearest";

/** Options of `randomTranslation`. */
export interface RandomTranslationOptions extends AugmentationOptions {
  /**
   * What comes in from outside: `fillValue`, the image mirrored at its edge, its other end, or its outermost pixels
   * again. Default "reflect".
   */
  readonly fillMode?: FillMode;
  /** Default 0. */
  readonly fillValue?: number;
}

/** How much of each of `size` pixels there is at places between them: 1 − distance, as far as it is above 0. */
type Shares = (places: Tensor, size: number) => Tensor;

const shares: Shares = (places, size) => relu(sub(1, abs(sub(places, arange(0, size, 1)))));

/** Shares of pixels by where a place outside of the image takes its from; places: (batch, size, 1) */
const FILLS: { readonly [mode in FillMode]: Shares } = {
  constant: shares,
  nearest: (places, size) => shares(clip(places, 0, size - 1), size),
  // … b a | a b c | c b …: two images long, there and back.
  reflect: (places, size) => {
    const at = mod(add(places, 0.5), 2 * size);
    const back = sub(minimum(at, sub(2 * size, at)), 0.5);
    return shares(clip(back, 0, size - 1), size);
  },
  // The last pixel is the first one's neighbor.
  wrap: (places, size) => {
    const away = abs(sub(mod(places, size), arange(0, size, 1)));
    return relu(sub(1, minimum(away, sub(size, away))));
  },
};

/** Keras's form of a factor: one number for both directions, or [min, max]. */
const factorOf = (where: string, name: string, value: unknown): Bounds =>
  boundsOf(
    where,
    name,
    typeof value === "number" ? [-Math.abs(value), Math.abs(value)] : value,
    [-1, 1],
  );

/**
 * While training moves each image up or down and left or right by as much as these fractions of its size, or between
 * [min, max] of them (positive ones move down and right), with lines between pixels. Keras's RandomTranslation.
 *
 * @example sequential([randomTranslation(0.1, 0.1), flatten(), dense(10)], { inputShape: [28, 28, 1] })
 * @throws ArgumentError for fractions that are not from −1 to 1
 */
export function randomTranslation(
  heightFactor: number | Bounds,
  widthFactor: number | Bounds,
  options: RandomTranslationOptions = {},
): Layer {
  const where = "randomTranslation()";
  checkOptions(where, options, ["fillMode", "fillValue", "name"]);
  const factors = [
    factorOf(where, "heightFactor", heightFactor),
    factorOf(where, "widthFactor", widthFactor),
  ] as const;
  const { fillMode = "reflect", fillValue = 0 } = options;
  const fill = FILLS[oneOf(where, "fillMode", fillMode, Object.keys(FILLS) as FillMode[])];
  const value = finiteFloat32(where, "fillValue", fillValue);
  const config = { heightFactor: factors[0], widthFactor: factors[1], fillMode, fillValue: value };

  /** Weights of pixels, (batch, size, size), and the constant that is missing to 1. */
  const weights = (batch: number, size: number, [min, max]: Bounds, chance: Tensor) => {
    const moved = add(mul(chance, (max - min) * size), min * size);
    const places = sub(reshape(arange(0, size, 1), [1, size, 1]), reshape(moved, [batch, 1, 1]));
    return fill(places, size);
  };
  /** w·x along the first axis of each image, with what is missing filled in. */
  const along = (x: Tensor, w: Tensor): Tensor => {
    const [batch, size, ...rest] = x.shape as [number, number, ...number[]];
    const moved = matmul(w, reshape(x, [batch, size, x.size / batch / size]));
    const missing = mul(sub(1, sum(w, { axis: -1, keepDims: true })), value);
    return reshape(value === 0 ? moved : add(moved, missing), [batch, size, ...rest]);
  };

  return augmenting("randomTranslation", options, config, (images, random) => {
    const [batch, height, width] = images.shape as [number, number, number];
    const chances = uniformAt(where, [2, batch], [0, 1], random);
    const [down, across] = [part(chances, 0, 0, 1, 1), part(chances, 0, 1, 1, 1)];
    const rows = along(images, weights(batch, height, factors[0], down));
    const columns = transpose(rows, [0, 2, 1, 3]);
    return transpose(along(columns, weights(batch, width, factors[1], across)), [0, 2, 1, 3]);
  });
}
