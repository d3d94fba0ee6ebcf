import { checkOptions, shapeOf } from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";

/**
 * The shape of a model's inputs, without the batch, as its first layer: the same as the option
 * `inputShape`.
 *
 * @example sequential([input([64]), dense(10)])
 */
export function input(shape: Shape, options: { readonly name?: string } = {}): Layer {
  const size = shapeOf("input()", "shape", shape);
  checkOptions("input()", options, ["name"]);
  return createLayer({
    type: "input",
    name: options.name,
    config: { shape: size },
    call: (x) => x,
    affine: () => IDENTITY,
  });
}
