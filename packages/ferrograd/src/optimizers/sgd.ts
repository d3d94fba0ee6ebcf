import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `sgd`; learningRate is 0.01 by default. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the last update that is kept, from 0 to below 1 (default 0). */
  readonly momentum?: number;
  /** Look ahead along the momentum (Nesterov 1983; default false). */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent: w −= rate·g; with momentum v = momentum·v + g and w −= rate·v, or
 * rate·(g + momentum·v) with Nesterov (torch.optim.SGD).
 *
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  return optimizerFrom("sgd", options, {
    common: { learningRate: 0.01 },
    own: { momentum: 0 },
    flags: { nesterov: false },
    rule({ nesterov }, { momentum }) {
      if (momentum === 0) return { rule: "sgd", slots: [] };
      return { rule: nesterov ? "nesterov" : "momentum", slots: ["momentum"] };
    },
  });
}

/** `sgd` with momentum 0.9, unless the options say otherwise. */
export const momentum = (options: SgdOptions = {}): Optimizer => sgd({ momentum: 0.9, ...options });
