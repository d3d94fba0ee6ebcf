import { fill } from "../graph/constants.ts";
import { add, sub } from "../graph/ops/elementwise.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import type { Shape } from "../values/shape.ts";
import type { MetricResult, StreamMetric } from "./metric.ts";
import { streamMetric, type Tensors } from "./stream.ts";

/** 0 of nothing. */
export const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);

/** A metric of sums over the rows. */
export interface SumsSpec<K extends string> {
  readonly shapes: Readonly<Record<K, Shape>>;
  /** What a batch adds to each; `weight` is (places). */
  add(yTrue: Targets, yPred: Tensor, weight: Tensor): Readonly<Record<K, Tensor>>;
  /** What the sums say, in f64. */
  result(sums: Readonly<Record<K, Float64Array>>): MetricResult;
}

/** Behind the name of a sum: what float32 lost of it. */
const LOST = "Lost";

/**
 * Keeps each sum as two numbers, so that of millions of rows nothing is lost: what a float32 addition rounds off is
 * itself added up (Knuth's TwoSum).
 */
export function sumsMetric<K extends string>(where: string, spec: SumsSpec<K>): StreamMetric {
  const names = Object.keys(spec.shapes) as K[];
  return streamMetric(where, {
    start: Object.fromEntries(
      names.flatMap((name) =>
        [name, name + LOST].map((part) => [part, fill(spec.shapes[name], 0)]),
      ),
    ),
    update(state, yTrue, yPred, weight) {
      const more = spec.add(yTrue, yPred, weight);
      return Object.fromEntries(
        names.flatMap((name) => {
          const [before, lost] = [state[name] as Tensor, state[name + LOST] as Tensor];
          const after = add(before, more[name]);
          const taken = sub(after, before);
          const rounded = add(sub(before, sub(after, taken)), sub(more[name], taken));
          return [
            [name, after as AnyTensor],
            [name + LOST, add(lost, rounded) as AnyTensor],
          ];
        }),
      );
    },
    result: (state) =>
      spec.result(
        Object.fromEntries(names.map((name) => [name, whole(state, name)])) as Record<
          K,
          Float64Array
        >,
      ),
  });
}

/** A sum with what was lost of it. */
function whole(state: Tensors, name: string): Float64Array {
  const [sum, lost] = [state[name]!.data(), state[name + LOST]!.data()];
  return Float64Array.from(sum, (value, i) => value + lost[i]!);
}
