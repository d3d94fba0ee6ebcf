import { uniform } from "../random.ts";
import type { FirstSpec, Suite } from "../types.ts";

const UNITS = [4, 16, 3];
const SPEC: FirstSpec = {
  units: UNITS,
  x: uniform(1, UNITS[0]),
  weights: UNITS.slice(1).flatMap((out, layer) => {
    return [uniform(2 + layer, UNITS[layer] * out), uniform(4 + layer, out)];
  }),
};

/** What a user waits for. */
export const init: Suite = {
  name: "init",
  notes: [
    `ms from the start of importing the library, bundled and minified with a small program, to the first prediction of ${UNITS.join("-")} with sigmoids; a fresh process each time`,
  ],
  outsideBrowsers: true,
  everywhere: ["import-to-first-prediction"],
  cases: [
    {
      name: "import-to-first-prediction",
      api: "model",
      copies: "in+out",
      tolerance: 1e-5,
      open: (engine) => engine.firstPrediction?.(SPEC),
      compares: "values",
    },
  ],
};
