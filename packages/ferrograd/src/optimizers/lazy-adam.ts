import { abs, exceeds, keep } from "../graph/ops/elementwise.ts";
import { max } from "../graph/ops/reduce.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { AdamOptions } from "./adam.ts";
import { composed, linksOf, optionsOf } from "./chain.ts";
import type { Optimizer } from "./optimizer.ts";
import { optimizerFrom } from "./rule.ts";
import { select } from "./select.ts";
import { type Link, link } from "./transform.ts";

/**
 * `adam` for tables of which a batch uses some rows: rows of which all gradients are 0, and their means, stay as they
 * are, where `adam` moves them on by the mean of gradients before. Rows are those of the first axis; variables with one
 * axis have none. Of a table that is used in one place, such as that of an `embedding`, a step costs what the rows used cost,
 * unless there is weight decay, which is of all rows, or a clip by a norm (torch.optim.SparseAdam).
 *
 * @example lazyAdam({ learningRate: 1e-3 })
 * @throws ArgumentError when an option is unknown or out of range
 */
export function lazyAdam(options: Omit<AdamOptions, "amsgrad"> = {}): Optimizer {
  const adam = optimizerFrom("lazyAdam", options, {
    common: { learningRate: 1e-3 },
    own: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    flags: {},
    rule: () => ({ rule: "adam", slots: ["m", "v"], squares: ["v"] }),
  });
  const { learningRate, ...rest } = optionsOf(adam);
  const links = linksOf(adam).map((each) => (each.name === adam.name ? lazily(each) : each));
  return composed(adam.name, rest, learningRate, links);
}

/** A link that leaves rows as they are whose gradients are all 0. */
const lazily = (inner: Link): Link =>
  link({
    ...inner,
    byRows: true,
    update(gradient, state, info) {
      const made = inner.update!(gradient, state, info);
      if (gradient.rank < 2 || gradient.size === 0) return made;
      const axis = Array.from({ length: gradient.rank - 1 }, (_, i) => i + 1);
      const used = exceeds(max(abs(gradient), { axis, keepDims: true }), 0); // (rows, 1, …)
      const now = Object.entries(made.state ?? {}).map(([slot, value]) => [
        slot,
        select(used, value as Tensor, state[slot]!),
      ]);
      return { update: keep(made.update, used), state: Object.fromEntries(now) };
    },
  });
