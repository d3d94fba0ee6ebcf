import type { MapInputs, MapSteps } from "../../engine/ops.generated.ts";
import * as write from "../../engine/writers.generated.ts";
import { type Shape, sizeOf } from "../../values/shape.ts";
import { ends } from "../meaning.ts";
import { floats, type OpDef } from "../op.ts";

/** Elementwise ops in one pass over the elements. Registers are the inputs, then the steps' results. */
export interface ChainAttrs {
  readonly shape: Shape;
  /** How each input runs along the result: element i is x[(i / inner) mod len]. */
  readonly patterns: readonly Omit<MapInputs, "x">[];
  readonly steps: readonly MapSteps[];
}

/** Made by the compiler once nothing more is differentiated, so it has no gradient. */
export const chainOp: OpDef<ChainAttrs> = {
  name: "chain",
  infer: (_inputs, { shape }) => [floats(shape)],
  meaning: ends,
  emit: ({ w, attrs: { shape, patterns, steps }, inputs, outputs }) =>
    write.map(w, {
      n: sizeOf(shape),
      y: outputs[0]!,
      inputs: inputs.map((x, i) => ({ x, ...patterns[i]! })),
      steps,
    }),
};
