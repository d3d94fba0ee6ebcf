import { equals, exceeds, mul } from "../graph/ops/elementwise.ts";
import { argmax, asFloats, oneHot } from "../graph/ops/indexing.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { INT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Reading } from "./reading.ts";

/** 1 where the largest output is the labelled class, else 0: labels (…), outputs (…, classes) → (…). */
export const sparseCategoricalAccuracy = (
  yTrue: Tensor | Tensor<Shape, "int32">,
  yPred: Tensor,
): Tensor => equals(asFloats(argmax(yPred) as AnyTensor), asFloats(yTrue as AnyTensor));

/** 1 where the largest output and the largest target are the same class, else 0. */
export const categoricalAccuracy = (
  yTrue: Tensor | Tensor<Shape, "int32">,
  yPred: Tensor,
): Tensor =>
  equals(asFloats(argmax(yPred) as AnyTensor), asFloats(argmax(yTrue as AnyTensor) as AnyTensor));

/** Share of outputs on the right side of 1/2, of logits that of 0, for targets on the same side of 1/2. */
export const binaryAccuracy = (yTrue: Tensor, { as, values }: Reading): Tensor => {
  const hits = equals(exceeds(values, as === "logits" ? 0 : 0.5), exceeds(yTrue, 0.5));
  return hits.rank > 1 ? mean(hits, { axis: -1 }) : hits;
};

/** How many classes `topKCategoricalAccuracy` looks at. */
const K = 5;

/** 1 where fewer than five outputs are above that of the labelled class, else 0: labels or one-hot rows. */
export const topKAccuracy = (yTrue: Tensor | Tensor<Shape, "int32">, yPred: Tensor): Tensor => {
  const labels = yTrue.dtype === INT ? yTrue : argmax(yTrue as AnyTensor);
  const own = mul(oneHot(labels as AnyTensor, yPred.shape[yPred.rank - 1]!), yPred);
  const score = reshape(sum(own, { axis: -1 }), [...yPred.shape.slice(0, -1), 1]);
  return exceeds(K, sum(exceeds(yPred, score), { axis: -1 }));
};
