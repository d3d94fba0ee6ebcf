import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { checkOptions, fraction, positiveInteger } from "../../options/index.ts";
import { select } from "../select.ts";
import { link, type Transform } from "../transform.ts";

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** Steps until the slow weights follow (default 6). */
  readonly syncPeriod?: number;
  /** How far they go then, from 0 to below 1 (default 0.5). */
  readonly slowStepSize?: number;
}

/**
 * Slow weights that in each `syncPeriod`-th step go a share of the way to the weights, which begin anew from there
 * (Zhang et al. 2019; optax.lookahead).
 *
 * @example chain(adam(), lookahead())
 * @throws ArgumentError when an option is unknown or out of range
 */
export function lookahead(options: LookaheadOptions = {}): Transform {
  const where = "lookahead()";
  checkOptions(where, options, ["syncPeriod", "slowStepSize"]);
  const period = positiveInteger(where, "syncPeriod", options.syncPeriod ?? 6);
  const share = fraction(where, "slowStepSize", options.slowStepSize ?? 0.5);
  return link({
    name: "lookahead",
    options: { syncPeriod: period, slowStepSize: share },
    init: (variable) => ({ slow: variable }),
    apply(next, { slow }, { every }) {
      const follows = every(period);
      const there = add(slow!, mul(sub(next, slow!), share));
      return {
        next: select(follows, there, next),
        state: { slow: select(follows, there, slow!) },
      };
    },
  });
}
