import type { AdamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizerFrom } from "./rule.ts";

/**
 * Adam with the largest gradient in the place of the root mean square (Kingma & Ba 2015):
 * u = max(beta2·u, |g| + epsilon), w −= rate/(1 − beta1ᵗ)·m/u; learningRate is 0.002 by default
 * (torch.optim.Adamax).
 *
 * @example adamax({ learningRate: 2e-3 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function adamax(options: Omit<AdamOptions, "amsgrad"> = {}): Optimizer {
  return optimizerFrom("adamax", options, {
    common: { learningRate: 2e-3 },
    own: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    flags: {},
    rule: () => ({ rule: "adamax", slots: ["m", "u"], squares: ["u"] }),
  });
}
