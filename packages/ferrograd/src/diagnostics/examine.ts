import { tensor, zeros } from "../graph/constants.ts";
import { add } from "../graph/ops/elementwise.ts";
import { oneHot } from "../graph/ops/indexing.ts";
import { mean, sum } from "../graph/ops/reduce.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Targets } from "../losses/loss.ts";
import { meanOf } from "../losses/measured.ts";
import { linearlyJoined } from "../model/linear.ts";
import type { AnyModel, Model } from "../model/model.ts";
import { modelOf } from "../model/model.ts";
import { checkSamples, expected } from "../training/data.ts";
import { samplesAndOptions } from "../training/given.ts";
import { type Samples, takeSamples } from "../training/samples.ts";
import { sample } from "../values/philox.ts";
import type { Overall } from "./findings.ts";
import { layersHealth } from "./layers.ts";
import type { Settings } from "./options.ts";
import type { Probe } from "./probe.ts";
import { slopeShape } from "./slopes.ts";

/** Checks a compiled model's data, given as (x, y, options) or (dataset, options). */
export function diagnosable<O>(
  where: string,
  of: AnyModel,
  args: readonly unknown[],
): { model: Model<never>; samples: Samples; options: O } {
  const model = modelOf(where, of as Model<never>);
  const training = model.trainingOf(where);
  const { given, options } = samplesAndOptions<O>(where, args);
  return { model, samples: checkSamples(where, given, expected(model, training)), options };
}

/** Stream of the probe's rows. */
const PROBE_STREAM = 0x9806e;

/** A seeded sample of the rows; all of them where there are fewer. */
export function probeRows(samples: Samples, settings: Settings, seed: number): Samples {
  const rows = samples.x.shape[0]!;
  return takeSamples(
    samples,
    sample(rows, settings.probeRows, settings.seed ?? seed, PROBE_STREAM),
  );
}

/** What an examination needs beside the model and its probe. */
export interface Examination {
  /** What remedies are tried on. */
  readonly samples: Samples;
  readonly rows: Samples;
  readonly settings: Settings;
  /** ‖Δw‖ / ‖w‖ of one step, by layer. */
  readonly ratios: ReadonlyMap<string, number>;
  /** The loss of the best answer that ignores the inputs, where the loss tells it. */
  readonly chance: number | undefined;
}

/** Reads the probe and computes every layer's statistics. */
export function examine(model: Model<never>, probe: Probe, by: Examination): Overall {
  const { flatness } = by.settings;
  const step = stepsOf(model, by.settings);
  for (const attrs of probe.activations) slopeShape(attrs, flatness); // what is read is valid until something runs
  const { loss, layers: readings } = probe.read(by.rows);
  const layers = layersHealth(readings, flatness, by.ratios);
  const first = layers.find(({ nonFinite }) => nonFinite > 0);
  const firstNonFinite = first && { layer: first.name, step };
  return {
    ...{ layers, step, loss, chance: by.chance, firstNonFinite },
    joined: linearlyJoined(model),
  };
}

/** Training steps done, as the model counts them or the caller knows better. */
export function stepsOf({ stepVariable }: Model<never>, { step }: Settings): number {
  return step ?? stepVariable.data()[0]!;
}

/** The loss of the best answer that ignores the inputs: the same for every row. */
export function chanceLoss(model: Model<never>, { y }: Samples): number | undefined {
  const [head, another] = model.trainingOf("diagnose()").heads;
  if (another !== undefined) return undefined; // that of a sum of losses
  const { loss } = head!;
  if (loss.guess === undefined) return undefined;
  const targets = tensor(y.data as Float32Array, y.shape as number[], loss.labels);
  const classes = loss.classes?.(model.outputShape);
  if (classes === null) return undefined;
  const wanted = (classes === undefined ? targets : oneHot(targets, classes)) as Tensor;
  const answer = loss.guess(mean(wanted, { axis: 0, keepDims: true }));
  const outputs = add(zeros(wanted.shape), answer);
  const measured = {
    values: loss.call(targets as Targets, outputs),
    weight: loss.weight?.(targets as Targets, outputs),
  };
  return (loss.reduction === "sum" ? sum(measured.values) : meanOf(measured)).item();
}
