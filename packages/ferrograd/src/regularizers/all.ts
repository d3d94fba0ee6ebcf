import * as ours from "./index.ts";

/** Penalties on weights and outputs, with Keras's names. An object, not a namespace, which bundles would keep where nobody uses it. */
export const regularizers = {
  l1: ours.l1,
  l2: ours.l2,
  l1l2: ours.l1l2,
};
