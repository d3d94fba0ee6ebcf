import { checkOptions } from "../options/index.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";

/**
 * Its inputs as they are, where a layer is asked for. Keras's Identity, torch.nn.Identity.
 *
 * @example sequential([identity(), dense(1)], { inputShape: [4] })
 */
export function identity(options: { readonly name?: string } = {}): Layer {
  checkOptions("identity()", options, ["name"]);
  return createLayer({
    type: "identity",
    name: options.name,
    config: {},
    elementwise: "linear",
    call: (x) => x,
    affine: () => IDENTITY,
  });
}
