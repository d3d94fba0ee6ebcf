import { layer, mean, sub } from "ferrograd";

/** x less its mean along the last axis: a layer of one's own, for `loadModel` in a worker. */
export const centered = () =>
  layer({
    type: "centered",
    config: {},
    call: (x) => sub(x, mean(x, { axis: -1, keepDims: true })),
  });

/** What a module for a worker exports. */
export const layers = { centered };
