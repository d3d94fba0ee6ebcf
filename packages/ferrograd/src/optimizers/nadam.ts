import type { AdamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizerFrom } from "./rule.ts";

/** Options of `nadam`; learningRate is 0.002 by default. */
export interface NadamOptions extends Omit<AdamOptions, "amsgrad"> {
  /** How fast the momentum grows to beta1 (default 0.004). */
  readonly momentumDecay?: number;
}

/**
 * Adam with Nesterov's momentum (Dozat 2016): with μₜ = beta1·(1 − ½·0.96^(t·momentumDecay)) and
 * Mₜ = μ₁·…·μₜ, w −= rate·((1 − μₜ)/(1 − Mₜ)·g + μₜ₊₁/(1 − Mₜ₊₁)·m) / (√v̂ + epsilon)
 * (torch.optim.NAdam).
 *
 * @example nadam({ learningRate: 2e-3 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function nadam(options: NadamOptions = {}): Optimizer {
  return optimizerFrom("nadam", options, {
    common: { learningRate: 2e-3 },
    own: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentumDecay: 4e-3 },
    flags: {},
    rule: () => ({ rule: "nadam", slots: ["m", "v"], squares: ["v"] }),
  });
}
