import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `adagrad`; learningRate is 0.01 by default. */
export interface AdagradOptions extends OptimizerOptions {
  /** Added to the root (default 1e-10, as in PyTorch; Keras has 1e-7). */
  readonly epsilon?: number;
}

/**
 * Adagrad (Duchi et al. 2011): s += g², w −= rate·g / (√s + epsilon), s from 0 (torch.optim.Adagrad).
 *
 * @example adagrad({ learningRate: 0.1 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  return optimizerFrom("adagrad", options, {
    common: { learningRate: 0.01 },
    own: { epsilon: 1e-10 },
    flags: {},
    rule: () => ({ rule: "adagrad", slots: ["sum"], squares: ["sum"] }),
  });
}
