import { FerrogradError, NumericError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { checkOptions, oneOf, positiveInteger } from "../options/index.ts";
import type { DataLike } from "../training/given.ts";
import { type Samples, takeSamples } from "../training/samples.ts";
import { permutation, SHUFFLE_STREAM } from "../values/philox.ts";
import { copyOf, remediedPair, startsAnew } from "./copies.ts";
import { type Examination, examine, stepsOf } from "./examine.ts";
import type { Measured, Remedy } from "./findings.ts";
import type { Settings } from "./options.ts";
import { Probe } from "./probe.ts";
import { RULES } from "./rules.ts";
import { compareUpdates } from "./updates.ts";

/** How a remedy is tried. */
export interface TrialOptions {
  /** Another of the finding's remedies, by its kind (default: `finding.remedy`). */
  readonly kind?: Remedy["kind"];
  /** Steps that both copies train (default 200). */
  readonly steps?: number;
  /** Rows of a step (default 32). */
  readonly batchSize?: number;
}

/** One of two networks that were trained side by side. */
export interface Curve {
  /** The loss of each step; NaN from the step on that failed. */
  readonly loss: readonly number[];
  /** The finding's own measure before the first step and after each tenth of the steps; larger is worse. */
  readonly measure: readonly number[];
  /** What counts: the last of them, or the first where the finding is about the start or one step; 0 where it no longer applies. */
  readonly value: number;
}

/** What `tryRemedy` returns. */
export interface Trial {
  readonly remedy: Remedy;
  readonly unchanged: Curve;
  readonly remedied: Curve;
}

/** ‖Δw‖ / ‖w‖ by layer, of one step on a copy; none for a model that cannot be copied. */
export function oneStep(
  model: Model<never>,
  rows: Samples,
  { load }: Settings,
): ReadonlyMap<string, number> {
  let copy: Model<never> | undefined;
  try {
    copy = copyOf(model, load);
    copy.trainOnBatch(...batchOf(rows));
    return compareUpdates(model, [model.getWeights(), copy.getWeights()]).ratios;
  } catch (error) {
    if (error instanceof FerrogradError) return new Map();
    throw error;
  } finally {
    copy?.dispose();
  }
}

/** Rows as `trainOnBatch` takes them. */
const batchOf = ({ inputs, targets }: Samples): [DataLike, DataLike] => [
  inputs.length === 1 ? inputs[0]! : inputs,
  targets.length === 1 ? targets[0]! : targets,
];

/** Trains an unchanged and a remedied copy on the same batches. */
export function tryRemedy(
  model: Model<never>,
  by: Examination,
  measured: Measured,
  first: Remedy,
  options: TrialOptions = {},
): Trial {
  const where = "tryRemedy()";
  checkOptions(where, options, ["kind", "steps", "batchSize"]);
  const steps = positiveInteger(where, "steps", options.steps ?? 200);
  const batchSize = positiveInteger(where, "batchSize", options.batchSize ?? 32);
  const { remedies } = RULES[measured.code];
  const kinds = remedies.map((one) => one.kind);
  const kind = oneOf(where, "kind", options.kind ?? first.kind, kinds);
  const remedy = remedies.find((one) => one.kind === kind)!;
  const untrained = stepsOf(model, by.settings) === 0;
  const epochs = startsAnew(remedy) ? 0 : model.epochs;
  const [unchanged, remedied] = remediedPair(model, remedy, untrained, by.settings.load).map(
    (copy) => {
      try {
        return train(copy, by, measured, { epochs, steps, batchSize });
      } finally {
        copy.dispose();
      }
    },
  );
  return { remedy, unchanged: unchanged!, remedied: remedied! };
}

interface Run {
  /** Epochs done before. */
  readonly epochs: number;
  readonly steps: number;
  readonly batchSize: number;
}

/** Stretches of training between two measurements. */
const STRETCHES = 10;

function train(model: Model<never>, by: Examination, measured: Measured, run: Run): Curve {
  const batches = batchesOf(by.samples, model.seed, run);
  const probe = new Probe(model, model.trainingOf("tryRemedy()"), by.rows);
  try {
    const measure = [valueNow(model, probe, by, measured)];
    const loss: number[] = [];
    for (let stretch = 1; stretch <= STRETCHES; stretch++) {
      const end = Math.round((stretch * run.steps) / STRETCHES);
      while (loss.length < end) loss.push(lossOf(model, batches));
      measure.push(valueNow(model, probe, by, measured));
    }
    const value = RULES[measured.code].atStart ? measure[0]! : measure.at(-1)!;
    return { loss, measure, value };
  } finally {
    probe.dispose();
  }
}

/** What a finding measures, now. */
function valueNow(
  model: Model<never>,
  probe: Probe,
  by: Examination,
  { code, layer }: Measured,
): number {
  const { atStart, measure } = RULES[code];
  // Only findings about one step need one, which takes a copy.
  const ratios = atStart ? oneStep(model, by.rows, by.settings) : new Map<string, number>();
  const now = examine(model, probe, { ...by, ratios });
  return measure(now).find((found) => found.layer === layer)?.value ?? 0;
}

/** Trains on the next batch; a step that fails has the loss NaN and changes nothing. */
function lossOf(model: Model<never>, batches: Iterator<Samples>): number {
  try {
    return model.trainOnBatch(...batchOf(batches.next().value as Samples)).loss;
  } catch (error) {
    if (error instanceof NumericError) return Number.NaN;
    throw error;
  }
}

/** The batches that `fit` would go on with. */
function* batchesOf(samples: Samples, seed: number, { epochs, batchSize }: Run): Iterator<Samples> {
  const rows = samples.x.shape[0]!;
  for (let epoch = epochs + 1; ; epoch++) {
    const order = permutation(rows, seed, SHUFFLE_STREAM, epoch);
    for (let at = 0; at < rows; at += batchSize) {
      yield takeSamples(samples, order.subarray(at, at + batchSize));
    }
  }
}
