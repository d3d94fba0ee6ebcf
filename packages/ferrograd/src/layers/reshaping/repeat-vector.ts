import { broadcastTo, reshape } from "../../graph/ops/shape.ts";
import { checkOptions, positiveInteger } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import { expectInputs } from "../expect.ts";
import type { Layer } from "../layer.ts";

/**
 * Each row n times: (batch, features) → (batch, n, features). Keras's RepeatVector.
 *
 * @example sequential([repeatVector(3), dense(2)], { inputShape: [4] })
 * @throws ShapeError for rows that are not one vector
 */
export function repeatVector(n: number, options: { readonly name?: string } = {}): Layer {
  const where = "repeatVector()";
  positiveInteger(where, "n", n);
  checkOptions(where, options, ["name"]);
  return createLayer({
    type: "repeatVector",
    name: options.name,
    config: { n },
    elementwise: "linear",
    call(x) {
      expectInputs(where, x, ["batch", "features"]);
      const [batch, features] = x.shape as [number, number];
      return broadcastTo(reshape(x, [batch, 1, features]), [batch, n, features]);
    },
  });
}
