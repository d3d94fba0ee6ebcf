import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `adam` and its kin; learningRate is 0.001 by default. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the mean of the gradients (default 0.9). */
  readonly beta1?: number;
  /** Decay of the mean of their squares (default 0.999). */
  readonly beta2?: number;
  /** Added to the root (default 1e-8, as in PyTorch; Keras has 1e-7). */
  readonly epsilon?: number;
  /** Divide by the largest v so far, so that steps never grow again (Reddi et al. 2018; default false). */
  readonly amsgrad?: boolean;
}

const definition = {
  own: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  flags: { amsgrad: false },
  rule: ({ amsgrad }: { readonly amsgrad: boolean }) =>
    amsgrad
      ? ({ rule: "amsgrad", slots: ["m", "v", "vMax"], squares: ["v", "vMax"] } as const)
      : ({ rule: "adam", slots: ["m", "v"], squares: ["v"] } as const),
};

/**
 * Adam (Kingma & Ba 2015): m and v are decaying means of g and g², and
 * w −= rate · m̂ / (√v̂ + epsilon) with m̂ = m/(1 − beta1ᵗ), v̂ = v/(1 − beta2ᵗ) (torch.optim.Adam).
 *
 * @example adam({ learningRate: 1e-3 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return optimizerFrom("adam", options, { common: { learningRate: 1e-3 }, ...definition });
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019): w shrinks by 1 − rate·weightDecay
 * before each step of `adam`; weightDecay is 0.01 by default (torch.optim.AdamW).
 *
 * @example adamW({ learningRate: 3e-4, weightDecay: 0.1 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  const common = { learningRate: 1e-3, weightDecay: 0.01 };
  return optimizerFrom("adamW", options, { common, decoupled: true, ...definition });
}
