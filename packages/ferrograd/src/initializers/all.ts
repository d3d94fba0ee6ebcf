import * as ours from "./index.ts";

/** First values of weights, with Keras's names. An object, not a namespace, which bundles would keep where nobody uses it. */
export const initializers = {
  constant: ours.constant,
  zeros: ours.zeros,
  ones: ours.ones,
  uniform: ours.uniform,
  normal: ours.normal,
  truncatedNormal: ours.truncatedNormal,
  heNormal: ours.heNormal,
  heUniform: ours.heUniform,
  glorotNormal: ours.glorotNormal,
  glorotUniform: ours.glorotUniform,
  lecunNormal: ours.lecunNormal,
  lecunUniform: ours.lecunUniform,
  varianceScaling: ours.varianceScaling,
  orthogonal: ours.orthogonal,
  identity: ours.identity,
};
