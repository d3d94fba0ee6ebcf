import { grad } from "../compile/differentiate.ts";
import { Executable } from "../compile/executable.ts";
import { traceFunction } from "../compile/jit.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { part } from "../graph/ops/pieces.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import { stopGradient } from "../graph/ops/stop.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { context } from "../layers/context.ts";
import { walk } from "../model/graph.ts";
import type { Model } from "../model/model.ts";
import { fillRows, type Samples } from "../training/samples.ts";
import { FLOAT, isFloat } from "../values/dtype.ts";
import {
  callAsTrained,
  featuresOf,
  type LayerReading,
  traceLayer,
  type WeightReading,
} from "./probe.ts";

/** A weight: from which of the inputs of its kernel to which unit. */
export interface Weight {
  readonly unit: number;
  readonly input: number;
}

/**
 * What one weight of a layer is multiplied by, ∂z/∂w, for every row and place of an image: (rows). In a dense layer that
 * is an input, in a convolution the pixel under a tap. As Σ v·z is linear in v, it is the gradient by v of its gradient by w,
 * whatever the layer does with its kernel.
 */
export function multiplied(
  model: Model<never>,
  samples: Samples,
  { name, output }: LayerReading,
  { variable, value }: WeightReading,
  { unit, input }: Weight,
): Float32Array {
  const { graph, seed, stepVariable: step } = model;
  const features = featuresOf(model, samples);
  let found: Tensor | undefined;
  const { inputs } = traceFunction(
    [...features, { shape: [output.rows, 1], dtype: FLOAT }],
    (placeholders) =>
      context.run({ training: false, seed, step }, () => {
        const v = placeholders.at(-1) as Tensor;
        const element = (x: Tensor, width: number, column: number) =>
          part(reshape(x, [-1, width]), 1, column, 1, 1);
        walk<AnyTensor>(graph, placeholders.slice(0, -1), (built, given) => {
          if (built.name !== name) return callAsTrained(built, given);
          // A weight may stand in layers before this one, too.
          const own = given.map((x) => (isFloat(x) ? stopGradient(x as Tensor) : x));
          const outputs = callAsTrained(built, own);
          const { z } = traceLayer(built, own, outputs);
          const [slopes] = grad(sum(mul(v, element(z, output.units, unit))), [variable]);
          const owned = built.layer.owned.find((one) => one.variable === variable);
          const turned = owned?.options?.unitsLast?.(slopes!) ?? slopes!;
          [found] = grad(part(element(turned, value.units, unit), 0, input, 1, 1), [v]);
          return outputs;
        });
        return [];
      }),
  );
  const executable = new Executable({ inputs, outputs: [found!], effects: [] });
  try {
    samples.inputs.forEach((rows, i) => {
      fillRows(executable.inputView(i), rows, 0, rows.shape[0]!);
    });
    executable.inputView(features.length).fill(1);
    executable.run();
    return executable.outputView(0).slice() as Float32Array;
  } finally {
    executable.dispose();
  }
}
