import * as ours from "./index.ts";

/** Constraints of weights, with Keras's names. An object, not a namespace, which bundles would keep where nobody uses it. */
export const constraints = {
  maxNorm: ours.maxNorm,
  unitNorm: ours.unitNorm,
  nonNeg: ours.nonNeg,
  minMaxNorm: ours.minMaxNorm,
};
