import { concatenate } from "../../graph/ops/concatenate.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { featureAxis } from "../normalization/normalize.ts";
import { expectSeveral, type MergeOptions } from "./merge.ts";

/** Options of `concatenateLayer`. */
export interface ConcatenateOptions extends MergeOptions {
  /** Along which axis, never the batch's (default −1, the last). */
  readonly axis?: number;
}

/**
 * Its inputs side by side along an axis, in their order; the other axes are equal. Keras's Concatenate.
 *
 * @example
 * const [numbers, words] = [input([3], { name: "numbers" }), input([2], { dtype: "int32", name: "words" })];
 * const joined = concatenateLayer()([numbers, flatten()(embedding(100, 4)(words))]);
 * model({ inputs: [numbers, words], outputs: dense(1)(joined) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export function concatenateLayer(options: ConcatenateOptions = {}): Layer {
  const where = "concatenateLayer()";
  checkOptions(where, options, ["axis", "name"]);
  const { axis = -1, name } = options;
  return createLayer<Tensor>(
    {
      type: "concatenate",
      name,
      inputs: "list",
      config: { axis },
      call(inputs: readonly Tensor[]) {
        expectSeveral(where, inputs);
        return concatenate(inputs, { axis: featureAxis(where, axis, inputs[0]!.rank) });
      },
    },
    where,
  );
}
