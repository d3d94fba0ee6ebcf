import { boolean, checkOptions, fraction, nonNegativeNumber } from "../suggest.ts";
import { Optimizer } from "./optimizer.ts";

/** Options of `sgd`. */
export interface SgdOptions {
  /** Default 0.01. */
  readonly learningRate?: number;
  /** Share of the last update that is kept, from 0 to below 1 (default 0). */
  readonly momentum?: number;
  /** Look ahead along the momentum (Nesterov 1983; default false). */
  readonly nesterov?: boolean;
}

const checks = { learningRate: nonNegativeNumber, momentum: fraction };

/**
 * Stochastic gradient descent: w −= rate·g; with momentum v = momentum·v + g and w −= rate·v, or
 * rate·(g + momentum·v) with Nesterov (torch.optim.SGD).
 *
 * @example sgd({ learningRate: 0.1, momentum: 0.9 })
 * @throws ArgumentError when a number is out of range
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkOptions("sgd()", options, ["learningRate", "momentum", "nesterov"]);
  const check = (name: string, value: number) =>
    checks[name as keyof typeof checks]("sgd()", name, value);
  const learningRate = check("learningRate", options.learningRate ?? 0.01);
  const momentum = check("momentum", options.momentum ?? 0);
  const nesterov = boolean("sgd()", "nesterov", options.nesterov ?? false);
  const plain = options.momentum === undefined || momentum === 0;
  return new Optimizer({
    name: "sgd",
    hyper: { learningRate, momentum },
    check,
    slots: plain ? [] : ["momentum"],
    fixed: { nesterov },
    emit(w, write, { hyper, ranges }) {
      if (plain) return write.sgd(w, { hyper, ranges });
      const moving = ranges.map(({ slots, ...range }) => ({ ...range, v: slots[0]! }));
      return write.momentum(w, { nesterov, hyper, ranges: moving });
    },
  });
}

/** `sgd` with momentum 0.9, unless the options say otherwise. */
export const momentum = (options: SgdOptions = {}): Optimizer => sgd({ momentum: 0.9, ...options });
