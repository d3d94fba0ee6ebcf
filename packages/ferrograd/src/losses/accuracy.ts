import { equal, greater, mul } from "../graph/ops/elementwise.ts";
import { argmax, cast, oneHot } from "../graph/ops/indexing.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { FLOAT, INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Reading } from "./reading.ts";

const asFloat = (x: Tensor<Shape, "int32">): Tensor => cast(x as AnyTensor, FLOAT);

/** 1 where the largest output is the labelled class, else 0: labels (…), outputs (…, classes) → (…). */
export const sparseCategoricalAccuracy = (
  yTrue: Tensor | Tensor<Shape, "int32">,
  yPred: Tensor,
): Tensor => equal(asFloat(argmax(yPred)), cast(yTrue as AnyTensor, FLOAT));

/** 1 where the largest output and the largest target are the same class, else 0. */
export const categoricalAccuracy = (
  yTrue: Tensor | Tensor<Shape, "int32">,
  yPred: Tensor,
): Tensor => equal(asFloat(argmax(yPred)), asFloat(argmax(yTrue as AnyTensor)));

/** Share of outputs on the right side of 1/2, of logits that of 0, for targets on the same side of 1/2. */
export const binaryAccuracy = (yTrue: Tensor, { as, values }: Reading): Tensor => {
  const hits = equal(greater(values, as === "logits" ? 0 : 0.5), greater(yTrue, 0.5));
  return hits.rank > 1 ? mean(hits, { axis: -1 }) : hits;
};

/** How many classes `topKCategoricalAccuracy` looks at. */
const K = 5;

/** 1 where fewer than five outputs are above that of the labelled class, else 0: labels or one-hot rows. */
export const topKAccuracy = (yTrue: Tensor | Tensor<Shape, "int32">, yPred: Tensor): Tensor => {
  const labels = yTrue.dtype === INT ? yTrue : argmax(yTrue as AnyTensor);
  const own = mul(oneHot(labels as AnyTensor, yPred.shape[yPred.rank - 1]!), yPred);
  const score = reshape(sum(own, { axis: -1 }), [...yPred.shape.slice(0, -1), 1]);
  return greater(K, sum(greater(yPred, score), { axis: -1 }));
};
