import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `rmsprop`; learningRate is 0.01 by default. */
export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the mean of the squares (default 0.99; Keras has 0.9). */
  readonly rho?: number;
  /** Added to the root (default 1e-8). */
  readonly epsilon?: number;
  /** Share of the last update that is kept, from 0 to below 1 (default 0). */
  readonly momentum?: number;
  /** Divide by the deviation of the gradients, not by their root mean square (default false). */
  readonly centered?: boolean;
}

/**
 * RMSprop (Tieleman & Hinton 2012): v = rho·v + (1 − rho)·g², w −= rate·g / (√v + epsilon); with
 * `centered` v − a² in the place of v, a being the decaying mean of g; with momentum
 * b = momentum·b + g / (√v + epsilon), w −= rate·b (torch.optim.RMSprop).
 *
 * @example rmsprop({ learningRate: 1e-3, momentum: 0.9 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  return optimizerFrom("rmsprop", options, {
    common: { learningRate: 0.01 },
    own: { rho: 0.99, epsilon: 1e-8, momentum: 0 },
    flags: { centered: false },
    rule({ centered }, { momentum }) {
      if (!centered && momentum === 0) return { rule: "rmsprop", slots: ["v"], squares: ["v"] };
      const slots = ["v", "mean", "momentum"];
      return { rule: centered ? "rmspropCentered" : "rmspropMomentum", slots, squares: ["v"] };
    },
  });
}
