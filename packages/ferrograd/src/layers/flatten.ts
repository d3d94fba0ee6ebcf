import { reshape } from "../graph/ops/shape.ts";
import { checkOptions } from "../options/index.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";

/**
 * All axes but the first as one: (batch, …) → (batch, product). Keras's Flatten.
 *
 * @example sequential([flatten(), dense(10)], { inputShape: [28, 28] })
 */
export function flatten(options: { readonly name?: string } = {}): Layer {
  checkOptions("flatten()", options, ["name"]);
  return createLayer({
    type: "flatten",
    name: options.name,
    config: {},
    elementwise: "linear",
    call: (x) => reshape(x, [x.shape[0]!, x.size / x.shape[0]!]),
    affine: ({ length }) => (length === 1 ? IDENTITY : undefined),
  });
}
