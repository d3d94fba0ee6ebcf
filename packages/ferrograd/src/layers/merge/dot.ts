import { ArgumentError, ShapeError } from "../../errors.ts";
import { einsum } from "../../graph/ops/products.ts";
import { sum } from "../../graph/ops/reduce.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { boolean, requireOptions, show } from "../../options/index.ts";
import { showShape } from "../../values/shape.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { featureAxis, unitVectors } from "../normalization/normalize.ts";
import { expectSeveral, type MergeOptions } from "./merge.ts";

/** Options of `dotLayer`. */
export interface DotOptions extends MergeOptions {
  /** The axis that is summed over, or one for each input; never the batch's. */
  readonly axes: number | readonly [number, number];
  /** Scale both to length 1 along it first, so that the result is the cosine (default false). */
  readonly normalize?: boolean;
}

const LETTERS = "abcdefghijklmnopq";

/**
 * Products of each row of the one input with the same row of the other, summed over an axis of each: (batch, n) and
 * (batch, n) → (batch, 1); (batch, m, n) and (batch, k, n) → (batch, m, k). Keras's Dot.
 *
 * @example
 * const [user, film] = [input([], { dtype: "int32", name: "user" }), input([], { dtype: "int32", name: "film" })];
 * const rating = dotLayer({ axes: 1 })([embedding(50, 8)(user), embedding(90, 8)(film)]);
 * model({ inputs: [user, film], outputs: rating })
 * @throws ArgumentError unless there are two inputs; ShapeError where the axes are of different sizes
 */
export function dotLayer(options: DotOptions): Layer {
  const where = "dotLayer()";
  requireOptions(where, options, ["axes", "normalize", "name"]);
  const { axes, normalize = false, name } = options;
  boolean(where, "normalize", normalize);
  const pair: readonly unknown[] = Array.isArray(axes) ? axes : [axes, axes];
  if (pair.length !== 2 || !pair.every(Number.isInteger)) {
    throw new ArgumentError(`${where}: axes: expected an integer or two, got ${show(axes)}`);
  }
  return createLayer<Tensor>(
    {
      type: "dot",
      name,
      inputs: "list",
      config: { axes: pair, normalize },
      call(inputs: readonly Tensor[]) {
        expectSeveral(where, inputs, 2);
        const [a, b] = inputs as [Tensor, Tensor];
        const [i, j] = [a, b].map((x, k) => featureAxis(where, pair[k], x.rank)) as [
          number,
          number,
        ];
        if (a.shape[i] !== b.shape[j]) {
          throw new ShapeError(
            `${where}: expected one size along axes ${i} and ${j}, got ${showShape(a.shape)} and ${showShape(b.shape)}`,
          );
        }
        const [x, y] = normalize ? [unitVectors(a, [i]), unitVectors(b, [j])] : [a, b];
        // The batch is "z", the axis that is summed over "s".
        const of = (rank: number, at: number, from: number) =>
          Array.from({ length: rank }, (_, k) =>
            k === 0 ? "z" : k === at ? "s" : LETTERS[from + k],
          ).join("");
        const [first, second] = [of(a.rank, i, 0), of(b.rank, j, a.rank)];
        const rest = (first + second).replace(/[zs]/g, "");
        return rest === ""
          ? sum(einsum(`${first},${second}->zs`, x, y), { axis: 1, keepDims: true })
          : einsum(`${first},${second}->z${rest}`, x, y);
      },
    },
    where,
  );
}
