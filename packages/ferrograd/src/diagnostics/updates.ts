import type { Model } from "../model/model.ts";
import { isFloat } from "../values/dtype.ts";

type Weights = readonly Float32Array[];

/** What consecutive states of the weights say about the updates between them. */
export interface Updates {
  /** ‖Δw‖ / ‖w‖ of the last update, by layer. */
  readonly ratios: ReadonlyMap<string, number>;
  /** Cosine of the angle between the last two updates; undefined before there are two. */
  readonly cosine: number | undefined;
}

/** Compares up to three states of the weights, the oldest first. */
export function compareUpdates(model: Model<never>, states: readonly Weights[]): Updates {
  const ratios = new Map<string, number>();
  const [before, after] = states.slice(-2);
  if (before === undefined || after === undefined) return { ratios, cosine: undefined };
  const earlier = states.at(-3);
  const total = { dot: 0, change: 0, earlier: 0 };
  const places = new Map(model.weights.filter(isFloat).map((variable, i) => [variable, i]));
  for (const { name, variables } of model.built) {
    let [change, size] = [0, 0];
    for (const variable of variables.filter(({ trainable }) => trainable)) {
      const at = places.get(variable)!;
      const sums = compare(earlier?.[at], before[at]!, after[at]!);
      change += sums.change;
      size += sums.size;
      total.dot += sums.dot;
      total.change += sums.change;
      total.earlier += sums.earlier;
    }
    if (size > 0) ratios.set(name, Math.sqrt(change / size));
  }
  const lengths = Math.sqrt(total.change * total.earlier);
  return { ratios, cosine: lengths > 0 ? total.dot / lengths : undefined };
}

/** Sums over one variable, in f64: of both updates, of their product, of the weights. */
function compare(first: Float32Array | undefined, before: Float32Array, after: Float32Array) {
  const start = first ?? before;
  let [dot, change, earlier, size] = [0, 0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    const old = before[i]!;
    const [one, two] = [old - start[i]!, after[i]! - old];
    dot += one * two;
    earlier += one * one;
    change += two * two;
    size += old * old;
  }
  return { dot, change, earlier, size };
}
