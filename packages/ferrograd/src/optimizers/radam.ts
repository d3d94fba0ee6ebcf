import type { AdamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizerFrom } from "./rule.ts";

/**
 * Rectified Adam (Liu et al. 2020): plain momentum until the variance of the adaptive rate is known,
 * then Adam times its rectification √((r−4)(r−2)R / ((R−4)(R−2)r)), with R = 2/(1 − beta2) − 1 and
 * r = R − 2t·beta2ᵗ/(1 − beta2ᵗ) > 5; learningRate is 0.001 by default (torch.optim.RAdam).
 *
 * @example radam({ learningRate: 1e-3 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function radam(options: Omit<AdamOptions, "amsgrad"> = {}): Optimizer {
  return optimizerFrom("radam", options, {
    common: { learningRate: 1e-3 },
    own: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    flags: {},
    rule: () => ({ rule: "radam", slots: ["m", "v"], squares: ["v"] }),
  });
}
