import type { Model } from "../model/model.ts";
import { square } from "./statistics.ts";

type Weights = readonly Float32Array[];

/** ‖after − before‖ / ‖before‖ of each layer's variables together. */
export function updateRatios(
  model: Model<never>,
  before: Weights,
  after: Weights,
): ReadonlyMap<string, number> {
  const ratios = new Map<string, number>();
  for (const { name, variables } of model.built) {
    let [change, size] = [0, 0];
    for (const variable of variables) {
      const at = model.variables.indexOf(variable);
      const [old, now] = [before[at]!, after[at]!];
      for (let i = 0; i < old.length; i++) {
        change += square(now[i]! - old[i]!);
        size += square(old[i]!);
      }
    }
    if (size > 0) ratios.set(name, Math.sqrt(change / size));
  }
  return ratios;
}

/** Cosine of the angle between two consecutive updates: near −1 for a path that zig-zags. */
export function updateCosine([first, second, third]: readonly Weights[]): number | undefined {
  if (first === undefined || second === undefined || third === undefined) return undefined;
  let [dot, a, b] = [0, 0, 0];
  first.forEach((values, v) => {
    for (let i = 0; i < values.length; i++) {
      const one = second[v]![i]! - values[i]!;
      const two = third[v]![i]! - second[v]![i]!;
      dot += one * two;
      a += one * one;
      b += two * two;
    }
  });
  return a === 0 || b === 0 ? undefined : dot / Math.sqrt(a * b);
}
