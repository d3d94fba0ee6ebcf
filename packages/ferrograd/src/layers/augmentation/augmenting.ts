import { ArgumentError } from "../../errors.ts";
import { requireImages } from "../../graph/ops/windows.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { finiteFloat32, listOf, show } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import { type Config, IDENTITY, type Layer, type LayerCall } from "../layer.ts";

/** Options of layers that change images while training. */
export interface AugmentationOptions {
  readonly name?: string;
}

/** A smallest and a largest number. */
export type Bounds = readonly [min: number, max: number];

/** Two numbers, the first not above the second, within what is allowed. */
export function boundsOf(
  where: string,
  name: string,
  value: unknown,
  [least, most]: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): Bounds {
  const [min, max, ...more] = listOf(where, name, value, finiteFloat32);
  const pair = max !== undefined && more.length === 0;
  if (pair && least <= min! && min! <= max && max <= most) return [min!, max];
  const within = Number.isFinite(least) ? ` from ${least} to ${most}` : "";
  throw new ArgumentError(
    `${where}: ${name}: expected [min, max]${within}, the first not above the second, got ` +
      `${pair ? `[${min}, ${max}]` : show(value)}`,
  );
}

/** A number from 0 to 1. */
export function share(where: string, name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value + 0;
  throw new ArgumentError(`${where}: ${name}: expected a number from 0 to 1, got ${show(value)}`);
}

/** A layer that changes images at random while training, each by itself, and leaves them alone otherwise. */
export function augmenting(
  type: string,
  { name }: AugmentationOptions,
  config: Config,
  inTraining: (images: Tensor, random: LayerCall["random"]) => Tensor,
): Layer {
  const where = `${type}()`;
  return createLayer({
    type,
    name,
    config,
    elementwise: "linear",
    call(x, { training, random }) {
      const images = requireImages(where, x, 2) as Tensor;
      return training && images.size > 0 ? inTraining(images, random) : images;
    },
    affine: () => IDENTITY,
  });
}

/** Shape of one number for each image. */
export const perImage = ({ shape }: Tensor): number[] => [shape[0]!, 1, 1, 1];
