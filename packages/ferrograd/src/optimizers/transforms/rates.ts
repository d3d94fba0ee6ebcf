import { ArgumentError } from "../../errors.ts";
import { mul } from "../../graph/ops/elementwise.ts";
import { isPlain, nonNegativeFloat32, show } from "../../options/index.ts";
import { link, type Transform } from "../transform.ts";
import { isIn } from "./paths.ts";

/**
 * Multiplies the rate of some variables, by names in their paths; of several that fit the longest counts. Behind an
 * optimizer: before one that divides by the size of gradients, as `adam`, it has next to no effect. The parameter groups
 * of torch.optim.
 *
 * @example chain(adam(), layerRates({ encoder: 0.1, "dense_1/bias": 0 }))
 * @throws ArgumentError for all but an object of numbers of 0 or more
 */
export function layerRates(rates: Readonly<Record<string, number>>): Transform {
  const where = "layerRates()";
  if (!isPlain(rates)) {
    throw new ArgumentError(`${where}: expected an object of numbers, got ${show(rates)}`);
  }
  const rows = Object.entries(rates).map(
    ([part, rate]) => [part, nonNegativeFloat32(where, part, rate)] as const,
  );
  const longest = rows.toSorted(([a], [b]) => b.length - a.length);
  return link({
    name: "layerRates",
    options: { rates: Object.fromEntries(rows) },
    paths: rows.map(([part]) => part),
    update(update, _state, { names }) {
      const [, rate = 1] = longest.find(([part]) => isIn(part, names)) ?? [];
      return { update: rate === 1 ? update : mul(update, rate) };
    },
  });
}
