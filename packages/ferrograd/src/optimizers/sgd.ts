import type { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerFrom } from "./rule.ts";

/** Options of `sgd`; learningRate is 0.01 by default. */
export interface SgdOptions extends OptimizerOptions {
  /** Share of the last update that is kept, from 0 to below 1 (default 0). */
  readonly momentum?: number;
  /** Look ahead along the momentum (Nesterov 1983; default false). */
  readonly nesterov?: boolean;
}

const definition = (momentum: number) => ({
  common: { learningRate: 0.01 },
  own: { momentum },
  flags: { nesterov: false },
  rule({ nesterov }: { readonly nesterov: boolean }, { momentum }: { readonly momentum?: number }) {
    if (momentum === 0) return { rule: "sgd", slots: [], byRows: true } as const;
    return { rule: nesterov ? "nesterov" : "momentum", slots: ["momentum"] } as const;
  },
});

/**
 * Stochastic gradient descent: w −= rate·g; with momentum v = momentum·v + g and w −= rate·v, or
 * rate·(g + momentum·v) with Nesterov (torch.optim.SGD).
 *
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export const sgd = (options: SgdOptions = {}): Optimizer =>
  optimizerFrom("sgd", options, definition(0));

/** `sgd` with momentum 0.9, unless the options say otherwise. */
export const momentum = (options: SgdOptions = {}): Optimizer =>
  optimizerFrom("sgd", options, definition(0.9), "momentum()");
