import type { ActivationFunction, ActivationOption, OptionsOf } from "../graph/ops/activation.ts";
import { softmax as softmaxOf } from "../graph/ops/softmax.ts";
import { checkOptions } from "../options/index.ts";
import { activatedBy, numbersOf } from "./activated.ts";
import { createLayer } from "./create.ts";
import { IDENTITY, type Layer } from "./layer.ts";

/**
 * An activation as a layer of its own.
 *
 * @example activation("leakyRelu", { negativeSlope: 0.2 })
 * @throws ArgumentError for unknown names, options, or numbers out of bounds
 */
export function activation<N extends ActivationOption = "linear">(
  name: N | ActivationFunction,
  options: OptionsOf<N> & { readonly name?: string } = {} as OptionsOf<N> & {
    readonly name?: string;
  },
): Layer {
  checkOptions("activation()", options, () => ["name", ...numbersOf("activation()", name)]);
  const { name: layerName, ...params } = options as { name?: string } & Record<string, unknown>;
  const { option, row, call } = activatedBy("activation()", name, params);
  return createLayer({
    type: "activation",
    name: layerName,
    config: { activation: option, ...params },
    ...(row !== undefined && { elementwise: row }),
    call,
    affine: () => (row === "linear" ? IDENTITY : undefined),
  });
}

/**
 * Softmax along the last axis as a layer: makes a model's outputs probabilities. A cross-entropy
 * behind it uses its logits, so that nothing is lost.
 */
export function softmaxLayer(options: { readonly name?: string } = {}): Layer {
  const where = "softmaxLayer()";
  checkOptions(where, options, ["name"]);
  return createLayer(
    { type: "softmax", name: options.name, config: {}, call: (x) => softmaxOf(x) },
    where,
  );
}
