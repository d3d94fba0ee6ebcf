import { sample } from "../data/philox.ts";
import { takeRows } from "../data/rows.ts";
import { tensor } from "../graph/leaf.ts";
import { log, mul } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { checkSamples, type Samples, samplesAndOptions } from "../model/data.ts";
import type { Model } from "../model/model.ts";
import type { Overall } from "./findings.ts";
import { layersHealth } from "./layers.ts";
import type { Settings } from "./options.ts";
import type { Probe } from "./probe.ts";
import { slopeShape } from "./slopes.ts";

/** Checks a compiled model's data, given as (x, y, options) or (dataset, options). */
export function diagnosable<O>(
  where: string,
  model: Model<never>,
  args: readonly unknown[],
): { samples: Samples; options: O } {
  const { loss } = model.trainingOf(where);
  const { x, y, options } = samplesAndOptions<O>(where, args);
  const { inputShape, outputShape } = model;
  return { samples: checkSamples(where, x, y, { inputShape, outputShape, loss }), options };
}

/** Stream of the probe's rows. */
const PROBE_STREAM = 0x9806e;

/** A seeded sample of the rows; all of them where there are fewer. */
export function probeRows({ x, y }: Samples, settings: Settings, seed: number): Samples {
  const chosen = sample(x.shape[0]!, settings.probeRows, settings.seed ?? seed, PROBE_STREAM);
  return { x: takeRows(x, chosen), y: takeRows<Float32Array | Int32Array>(y, chosen) };
}

/** What an examination needs beside the model and its probe. */
export interface Examination {
  /** What remedies are tried on. */
  readonly samples: Samples;
  readonly rows: Samples;
  readonly settings: Settings;
  /** ‖Δw‖ / ‖w‖ of one step, by layer. */
  readonly ratios: ReadonlyMap<string, number>;
  /** The loss of guessing, where there are classes. */
  readonly chance: number | undefined;
}

/** Reads the probe and computes every layer's statistics. */
export function examine(model: Model<never>, probe: Probe, by: Examination): Overall {
  const { flatness } = by.settings;
  const step = stepsOf(model, by.settings);
  for (const attrs of probe.activations) slopeShape(attrs, flatness); // from here on nothing is allocated
  const { loss, layers: readings } = probe.read(by.rows);
  const layers = layersHealth(readings, flatness, by.ratios);
  const first = layers.find(({ nonFinite }) => nonFinite > 0);
  const firstNonFinite = first && { layer: first.name, step };
  return { layers, step, loss, chance: by.chance, firstNonFinite };
}

/** Training steps done, as the model counts them or the caller knows better. */
export function stepsOf({ stepVariable }: Model<never>, { step }: Settings): number {
  return step ?? stepVariable.data()[0]!;
}

/** Entropy of the classes' shares, in nats: the cross-entropy of guessing. */
export function chanceLoss(model: Model<never>, { y }: Samples): number | undefined {
  const classes = model.trainingOf("diagnose()").loss.classes?.(model.outputShape);
  if (classes === undefined) return undefined;
  const counts = new Float32Array(classes);
  for (const label of y.data) counts[label]!++;
  const shares = tensor(
    [...counts].filter((count) => count > 0).map((count) => count / y.data.length),
  );
  return -sum(mul(shares, log(shares))).item();
}
