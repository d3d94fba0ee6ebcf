import { permutation } from "../data/philox.ts";
import { takeRows } from "../data/rows.ts";
import { NumericError } from "../errors.ts";
import { readArchitecture, type SavedModel } from "../io/model-file.ts";
import { readSafetensors } from "../io/safetensors.ts";
import { compileSaved, loadModel, rebuildModel } from "../model/load.ts";
import type { Model } from "../model/model.ts";
import { positiveInteger } from "../suggest.ts";
import { type Examination, examine } from "./examine.ts";
import { type Measured, type Remedy, RULES } from "./findings.ts";
import { Probe } from "./probe.ts";
import { updateRatios } from "./updates.ts";

/** One of two networks that were trained side by side. */
export interface Curve {
  /** The loss of each step; NaN from the step on that failed. */
  readonly loss: readonly number[];
  /** The finding's own measure at the end; 0 where it no longer applies. Larger is worse. */
  readonly value: number;
}

/** What `tryRemedy` returns. */
export interface Trial {
  readonly remedy: Remedy;
  readonly unchanged: Curve;
  readonly remedied: Curve;
}

/** An independent model with the same weights and state. */
export function copyOf(model: Model<never>): Model<never> {
  return loadModel(model.save());
}

/** Trains an unchanged and a remedied copy on the same batches. */
export function tryRemedy(
  model: Model<never>,
  by: Examination,
  measured: Measured,
  remedy: Remedy,
  options: { readonly steps?: number; readonly batchSize?: number } = {},
): Trial {
  const where = "tryRemedy()";
  const steps = positiveInteger(where, "steps", options.steps ?? 200);
  const batchSize = positiveInteger(where, "batchSize", options.batchSize ?? 32);
  const pair = copies(model, remedy);
  const [unchanged, remedied] = pair.map((copy) => {
    try {
      return train(copy, by, measured, { steps, batchSize });
    } finally {
      copy.dispose();
    }
  });
  return { remedy, unchanged: unchanged!, remedied: remedied! };
}

/** Both start from the current state where the rate changes, from step 0 where the network does. */
function copies(model: Model<never>, remedy: Remedy): readonly Model<never>[] {
  if (remedy.kind === "learningRate") {
    const pair = [copyOf(model), copyOf(model)];
    pair[1]!.optimizer.learningRate *= remedy.factor;
    return pair;
  }
  const saved = readArchitecture(readSafetensors(model.save(), "tryRemedy()"));
  return [saved, remediedArchitecture(saved, remedy)].map((architecture) => {
    const copy = rebuildModel(architecture, {});
    compileSaved(copy, architecture);
    return copy;
  });
}

/** The architecture with another activation in hidden layers, or with default initializers. */
function remediedArchitecture(
  saved: SavedModel,
  remedy: Exclude<Remedy, { kind: "learningRate" }>,
): SavedModel {
  const last = saved.layers.length - 1;
  const layers = saved.layers.map((layer, i) => {
    const {
      kernelInitializer: _,
      biasInitializer: __,
      ...config
    } = layer.config as Record<string, unknown>;
    if (remedy.kind === "initialize") return { ...layer, config };
    if (i === last || !("activation" in config)) return layer;
    return {
      ...layer,
      config: { units: config.units, useBias: config.useBias, activation: remedy.activation },
    };
  });
  return { ...saved, layers } as SavedModel;
}

function train(
  model: Model<never>,
  by: Examination,
  { code, layer }: Measured,
  { steps, batchSize }: { readonly steps: number; readonly batchSize: number },
): Curve {
  const { x, y } = by.samples;
  const rows = x.shape[0]!;
  const loss: number[] = [];
  let before = model.getWeights();
  for (
    let step = 0, epoch = 0, at = rows, order: Uint32Array = new Uint32Array();
    step < steps;
    step++
  ) {
    if (at + batchSize > rows) {
      order = permutation(rows, model.seed, undefined, epoch++);
      at = 0;
    }
    const batch = order.subarray(at, at + batchSize);
    at += batchSize;
    before = model.getWeights();
    try {
      loss.push(
        model.trainOnBatch(takeRows(x, batch), takeRows<Float32Array | Int32Array>(y, batch)).loss,
      );
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
      loss.push(...new Array<number>(steps - step).fill(Number.NaN));
      break;
    }
  }
  const probe = new Probe(model, model.trainingOf("tryRemedy()"), by.rows);
  try {
    const ratios = updateRatios(model, before, model.getWeights());
    const after = examine(model, probe, { ...by, ratios });
    const found = RULES[code].measure(after).find((measured) => measured.layer === layer);
    return { loss, value: found?.value ?? 0 };
  } finally {
    probe.dispose();
  }
}
