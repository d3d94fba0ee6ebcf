import { uniform } from "../random.ts";
import type { Case, KernelSession, LayerSpec, Suite } from "../types.ts";

function layerCase(
  layer: LayerSpec["layer"],
  direction: LayerSpec["direction"],
  [rows, columns]: readonly [number, number],
): Case<KernelSession> {
  const spec = (): LayerSpec => ({
    ...{ layer, direction, rows, columns },
    x: uniform(1, rows * columns),
    dy: uniform(2, rows * columns),
    ids: Int32Array.from(uniform(3, rows), (v) => Math.floor(((v + 1) / 2) * rows)),
  });
  return {
    name: `${layer}/${direction}/${rows}x${columns}`,
    api: "op",
    copies: "none",
    tolerance: 1e-3,
    open: (engine) => engine.layer?.(spec()),
    compares: "values",
  };
}

const sizes = [
  [128, 256],
  [1024, 256],
] as const;
const layersOf = ["batchNormalization", "layerNormalization", "embedding"].concat(
  ...["concatenate", "where"],
) as LayerSpec["layer"][];

/** Normalizations while training, tables, joins and decisions, and a copy of as much beside them. */
export const layers: Suite = {
  name: "layers",
  notes: [
    "operands are resident, the first row of each result is read back; gradients are of x and of what the layer has",
    "normalizations: mean and variance of the batch or the row, then gamma and beta: ours are the layers in training, which of the batch keeps running statistics too; TensorFlow.js composes them",
    "where: where(x > 0.5, 2x, x²), then where(x < 0, 0.1 of it, 1 more); concatenate: x beside 2x",
    "copy: as many numbers read and written once; TensorFlow.js has none",
  ],
  cases: sizes.flatMap((size) => [
    layerCase("copy", "forward", size),
    ...layersOf.flatMap((layer) => [
      layerCase(layer, "forward", size),
      layerCase(layer, "backward", size),
    ]),
  ]),
};
