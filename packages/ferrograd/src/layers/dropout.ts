import type { TensorLike } from "../graph/leaf.ts";
import { dropout as dropoutOf, type RandomSource } from "../graph/ops/random.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, fraction } from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";

/**
 * With a number: a layer that zeroes elements with probability `rate` while training, and scales
 * the rest by 1/(1 − rate); outside training it does nothing (Srivastava et al. 2014). The mask is
 * philox(seed of the model, path of the layer, step, element).
 * With a tensor: the operation itself, with its source of numbers.
 *
 * @example sequential([dense(64, { activation: "relu" }), dropout(0.5), dense(10)], { inputShape: [64] })
 * @throws ArgumentError when the rate is not in 0 <= rate < 1
 */
export function dropout(rate: number, options?: { readonly name?: string }): Layer;
export function dropout(
  x: TensorLike,
  rate: number,
  source: RandomSource & { step?: Tensor<Shape, "int32"> },
): Tensor;
export function dropout(
  first: TensorLike,
  second?: number | { readonly name?: string },
  source?: RandomSource & { step?: Tensor<Shape, "int32"> },
): Layer | Tensor {
  if (typeof second === "number") return dropoutOf(first, second, source ?? { seed: 0 });
  const rate = fraction("dropout()", "rate", first);
  checkOptions("dropout()", second, ["name"]);
  return createLayer({
    type: "dropout",
    name: second?.name,
    config: { rate },
    elementwise: "linear",
    call: (x, { training, random }) => (training && rate > 0 ? dropoutOf(x, rate, random) : x),
    affine: () => IDENTITY,
  });
}
