import { permutation } from "../data/philox.ts";
import { takeRows } from "../data/rows.ts";
import { FerrogradError, NumericError } from "../errors.ts";
import { readArchitecture, type SavedModel } from "../io/model-file.ts";
import { readSafetensors } from "../io/safetensors.ts";
import type { Samples } from "../model/data.ts";
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
  /** The finding's own measure at the end, or at the start where it is about that; 0 where it no longer applies. Larger is worse. */
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

/** ‖Δw‖ / ‖w‖ by layer, of one step on a copy; none for a model that cannot be copied. */
export function oneStep(model: Model<never>, { x, y }: Samples): ReadonlyMap<string, number> {
  let copy: Model<never> | undefined;
  try {
    copy = copyOf(model);
    copy.trainOnBatch(x, y);
    return updateRatios(model, model.getWeights(), copy.getWeights());
  } catch (error) {
    if (error instanceof FerrogradError) return new Map();
    throw error;
  } finally {
    copy?.dispose();
  }
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
  const [unchanged, remedied] = [saved, remediedArchitecture(saved, remedy)].map((architecture) => {
    const copy = rebuildModel(architecture, {});
    compileSaved(copy, architecture);
    return copy;
  });
  if (model.stepVariable.data()[0] === 0) {
    // Weights given by hand are the first ones too.
    unchanged!.setWeights(model.getWeights());
    if (remedy.kind === "activation") remedied!.setWeights(model.getWeights());
  }
  return [unchanged!, remedied!];
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
  measured: Measured,
  { steps, batchSize }: { readonly steps: number; readonly batchSize: number },
): Curve {
  const { atStart } = RULES[measured.code];
  const start = atStart ? valueNow(model, by, measured) : 0;
  const loss = losses(model, by.samples, steps, batchSize);
  return { loss, value: atStart ? start : valueNow(model, by, measured) };
}

/** What a finding measures, now. */
function valueNow(model: Model<never>, by: Examination, { code, layer }: Measured): number {
  const probe = new Probe(model, model.trainingOf("tryRemedy()"), by.rows);
  try {
    const now = examine(model, probe, { ...by, ratios: oneStep(model, by.rows) });
    return RULES[code].measure(now).find((found) => found.layer === layer)?.value ?? 0;
  } finally {
    probe.dispose();
  }
}

/** Trains on batches in an order that the model's seed decides; a step that fails ends it with NaN. */
function losses(
  model: Model<never>,
  { x, y }: Samples,
  steps: number,
  batchSize: number,
): number[] {
  const rows = x.shape[0]!;
  const perEpoch = Math.max(1, Math.floor(rows / batchSize));
  const loss: number[] = [];
  let order: Uint32Array = new Uint32Array();
  for (let step = 0; step < steps; step++) {
    const at = step % perEpoch;
    if (at === 0) order = permutation(rows, model.seed, undefined, step / perEpoch);
    const batch = order.subarray(at * batchSize, (at + 1) * batchSize);
    const [some, labels] = [takeRows(x, batch), takeRows<Float32Array | Int32Array>(y, batch)];
    try {
      loss.push(model.trainOnBatch(some, labels).loss);
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
      return [...loss, ...new Array<number>(steps - step).fill(Number.NaN)];
    }
  }
  return loss;
}
