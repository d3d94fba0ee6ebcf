import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `lion`; learningRate is 0.0001 by default. */
export interface LionOptions extends OptimizerOptions {
  /** Weight of the past in the direction of a step (default 0.9). */
  readonly beta1?: number;
  /** Decay of the mean of the gradients (default 0.99). */
  readonly beta2?: number;
}

/**
 * Lion (Chen et al. 2023): w −= rate·sign(beta1·m + (1 − beta1)·g), then
 * m = beta2·m + (1 − beta2)·g. Weight decay is decoupled (keras.optimizers.Lion).
 *
 * @example lion({ learningRate: 1e-4, weightDecay: 0.1 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function lion(options: LionOptions = {}): Optimizer {
  return optimizerFrom("lion", options, {
    common: { learningRate: 1e-4 },
    own: { beta1: 0.9, beta2: 0.99 },
    flags: {},
    decoupled: true,
    rule: () => ({ rule: "lion", slots: ["m"] }),
  });
}
