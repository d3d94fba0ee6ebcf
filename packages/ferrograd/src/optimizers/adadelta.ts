import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `adadelta`; learningRate is 1 by default. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of the two means (default 0.9; Keras has 0.95). */
  readonly rho?: number;
  /** Added under the roots (default 1e-6, as in PyTorch; Keras has 1e-7). */
  readonly epsilon?: number;
}

/**
 * Adadelta (Zeiler 2012): v = rho·v + (1 − rho)·g², d = √(u + epsilon)/√(v + epsilon)·g,
 * u = rho·u + (1 − rho)·d², w −= rate·d (torch.optim.Adadelta).
 *
 * @example adadelta()
 * @throws ArgumentError when an option is unknown or out of range
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  return optimizerFrom("adadelta", options, {
    common: { learningRate: 1 },
    own: { rho: 0.9, epsilon: 1e-6 },
    flags: {},
    rule: () => ({ rule: "adadelta", slots: ["v", "u"], squares: ["v", "u"] }),
  });
}
