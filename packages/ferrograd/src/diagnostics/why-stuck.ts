import { ArgumentError } from "../errors.ts";
import type { AnyModel } from "../model/model.ts";
import {
  checkOptions,
  nonNegativeInteger,
  oneOf,
  positiveInteger,
  show,
} from "../options/index.ts";
import type { DataLike, DatasetLike } from "../training/given.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import { diagnosable, probeRows } from "./examine.ts";
import { multiplied, type Weight } from "./multiplied.ts";
import { settingsOf } from "./options.ts";
import {
  type ActivationAttrs,
  kernelOf,
  type LayerReading,
  Probe,
  type WeightReading,
} from "./probe.ts";
import { slopeShape } from "./slopes.ts";
import { type Matrix, norm } from "./statistics.ts";
import { worded } from "./stuck-text.ts";

/** Which weight, and on how many rows. */
export interface WhyStuckOptions {
  /** Name of a layer with a kernel. */
  readonly layer: string;
  /** The unit that the weight leads to, or the filter. */
  readonly unit: number;
  /**
   * The input that it comes from (default: the one whose gradient is largest); of a filter tap and channel, counted row by
   * row: (ky · kernel width + kx) · channels + channel.
   */
  readonly input?: number;
  /** Rows looked at (default 256). */
  readonly probeRows?: number;
  readonly seed?: number;
}

/**
 * The three factors of dL/dw for one row: input × f'(z) × upstream, L being the mean loss. A filter has them at every place
 * of an image: they are those of the place where their product is largest.
 */
export interface Factors {
  /** ∂z/∂w: of a dense layer the input, of a filter the pixel under the weight's tap. */
  readonly input: number;
  readonly slope: number;
  readonly upstream: number;
  readonly product: number;
  /** Where in the image: [y, x], or [step]; empty where the layer gives one number for each row and unit. */
  readonly place: readonly number[];
  /** Σ of the products over all places: what this row adds to dL/dw. */
  readonly total: number;
  /** The factors that are zero or tiny on this row, at every place. */
  readonly tiny: readonly Factor[];
}

/** One of the three. */
export type Factor = "input" | "slope" | "upstream";

/** What `whyStuck` returns. */
export interface Stuck {
  readonly layer: string;
  readonly unit: number;
  readonly input: number;
  readonly rows: readonly Factors[];
  /** Σ over rows and places of input × f'(z) × upstream = dL/dw. */
  readonly gradient: number;
  /**
   * The factor that is zero or tiny on most rows: under a thousandth of the layer's largest input, of
   * the largest slope of its activation, or of the largest gradient at the last layer.
   */
  readonly culprit: Factor | undefined;
  /** The norm of the gradient at each layer's outputs, from the last layer back to this one. */
  readonly path: readonly { readonly layer: string; readonly gradientNorm: number }[];
  /** The first layer of the path at which it is under a thousandth of the last one's. */
  readonly vanishedAt: string | undefined;
  /** All of it as text. */
  readonly text: string;
}

/** A factor under this share of what is usual is tiny; a gradient of which so little is left has vanished. */
const TINY = 1e-3;

/**
 * Why one weight does not move: the chain rule's three factors, row by row, which of them is zero or
 * tiny, and where the upstream vanished. dL/dw = Σ x · f'(z) · dL/dy; for a filter of a convolution the sum is over the places
 * of its images as well.
 *
 * @example console.log(whyStuck(model, x, y, { layer: "dense", unit: 0 }).text);
 * @throws StateError before `compile`; ArgumentError for a layer without a kernel or a unit out of range
 */
export function whyStuck(model: AnyModel, data: DatasetLike, options: WhyStuckOptions): Stuck;
export function whyStuck(
  model: AnyModel,
  x: DataLike,
  y: DataLike,
  options: WhyStuckOptions,
): Stuck;
export function whyStuck(of: AnyModel, ...args: unknown[]): Stuck {
  const where = "whyStuck()";
  const { model, samples, options } = diagnosable<WhyStuckOptions>(where, of, args);
  checkOptions(where, options, ["layer", "unit", "input", "probeRows", "seed"]);
  const { layer: name, unit, input, seed, probeRows: count = 256 } = options;
  oneOf(where, "layer", name, model.layers);
  nonNegativeInteger(where, "unit", unit);
  positiveInteger(where, "probeRows", count);
  const settings = settingsOf(where, { probeRows: count, ...(seed !== undefined && { seed }) });
  const rows = probeRows(samples, settings, model.seed);
  const probe = new Probe(model, model.trainingOf(where), rows);
  try {
    // Before the reading: what it gives is valid until something runs.
    const steepest = new Map(
      probe.activations.map((attrs) => [attrs, slopeShape(attrs, settings.flatness).largest]),
    );
    const { layers } = probe.read(rows);
    const reading = layers.find((layer) => layer.name === name);
    const kernel = reading && kernelOf(reading);
    if (kernel === undefined) {
      throw new ArgumentError(
        `${where}: layer: expected one with a kernel that trains, got ${show(name)}`,
      );
    }
    const weight = { unit, input: chosenInput(where, name, kernel, unit, input) };
    const known = factorsOf(reading!, layers, kernel, weight, steepest);
    // What the probe read is valid until this runs.
    return explain(known, multiplied(model, rows, reading!, kernel, weight));
  } finally {
    probe.dispose();
  }
}

/** The input asked for, or that of the unit's largest gradient; checked against the kernel. */
function chosenInput(
  where: string,
  name: string,
  { gradient }: WeightReading,
  unit: number,
  asked: number | undefined,
): number {
  const { values, rows, units } = gradient;
  if (unit >= units) {
    throw new ArgumentError(
      `${where}: unit: expected one of the ${units} of ${name}, from 0, got ${unit}`,
    );
  }
  if (asked !== undefined) {
    if (nonNegativeInteger(where, "input", asked) < rows) return asked;
    throw new ArgumentError(
      `${where}: input: expected one of the ${rows} of ${name}, from 0, got ${asked}`,
    );
  }
  let best = 0;
  for (let i = 1; i < rows; i++) {
    if (Math.abs(values[i * units + unit]!) > Math.abs(values[best * units + unit]!)) best = i;
  }
  return best;
}

/** A layer and those behind it: what its outputs go into. */
function behind(reading: LayerReading, layers: readonly LayerReading[]): LayerReading[] {
  const names = new Set([reading.name]); // grows while it is walked, as inputs stand before what takes them
  return layers.filter(({ name, consumers }) => {
    if (!names.has(name)) return false;
    for (const next of consumers) names.add(next);
    return true;
  });
}

const largest = ({ values }: Pick<Matrix, "values">): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** What is known of a weight before its inputs are, copied from what was read. */
interface Known {
  readonly layer: string;
  readonly weight: Weight;
  /** The weight among those of its unit, where it has several axes: [ky, kx, channel]. */
  readonly tap: Shape;
  /** Sizes of the axes between rows and units. */
  readonly places: Shape;
  /** f'(z) and dL/dy of the unit, (rows · places); no slope where it is 1. */
  readonly slopes: Float32Array | undefined;
  readonly upstreams: Float32Array;
  /** The largest there are; of inputs where the layer takes numbers. */
  readonly usual: { readonly input?: number; readonly slope: number; readonly upstream: number };
  readonly path: Stuck["path"];
}

const column = ({ values, rows, units }: Matrix, unit: number): Float32Array =>
  Float32Array.from({ length: rows }, (_, row) => values[row * units + unit]!);

function factorsOf(
  reading: LayerReading,
  layers: readonly LayerReading[],
  kernel: WeightReading,
  weight: Weight,
  steepest: ReadonlyMap<ActivationAttrs, number>,
): Known {
  const { name, attrs, slope, gradient, input, fused } = reading;
  return {
    ...{ layer: name, weight },
    tap: unravel(weight.input, kernel.shape.slice(0, -1)),
    places: reading.shape.slice(1, -1),
    slopes: slope === undefined || fused ? undefined : column(slope, weight.unit),
    upstreams: column(gradient, weight.unit),
    usual: {
      ...(input && { input: largest(input) }),
      ...{ slope: steepest.get(attrs) ?? 1, upstream: largest(layers.at(-1)!.gradient) },
    },
    path: behind(reading, layers)
      .reverse()
      .map((layer) => ({ layer: layer.name, gradientNorm: norm(layer.gradient) })),
  };
}

/** Where the element at a position is: its index along each axis. */
const unravel = (at: number, shape: Shape): number[] =>
  shape.map((size, axis) => Math.floor(at / sizeOf(shape.slice(axis + 1))) % size);

function explain(known: Known, inputs: Float32Array): Stuck {
  const { layer, weight, tap, places, slopes, upstreams, path } = known;
  const usual = { input: known.usual.input ?? largest({ values: inputs }), ...known.usual };
  const count = Math.max(1, sizeOf(places));
  const rows = Array.from({ length: inputs.length / count }, (_, row): Factors => {
    const begin = row * count;
    let [total, best, most] = [0, begin, -1];
    const peak = { input: 0, slope: 0, upstream: 0 };
    for (let at = begin; at < begin + count; at++) {
      const [x, f, upstream] = [inputs[at]!, slopes?.[at] ?? 1, upstreams[at]!];
      const product = x * f * upstream;
      total += product;
      peak.input = Math.max(peak.input, Math.abs(x));
      peak.slope = Math.max(peak.slope, Math.abs(f));
      peak.upstream += Math.abs(upstream); // which adds up over the places
      if (Math.abs(product) > most) [best, most] = [at, Math.abs(product)];
    }
    const factors = {
      input: inputs[best]!,
      slope: slopes?.[best] ?? 1,
      upstream: upstreams[best]!,
    };
    return {
      ...factors,
      product: factors.input * factors.slope * factors.upstream,
      place: unravel(best - begin, places),
      total,
      tiny: FACTORS.filter((factor) => !(peak[factor] > TINY * usual[factor])),
    };
  });
  const left = TINY * path[0]!.gradientNorm;
  const vanishedAt = path.find(({ gradientNorm }) => gradientNorm < left)?.layer;
  const mostly = FACTORS.find(
    (factor) => rows.filter(({ tiny }) => tiny.includes(factor)).length > rows.length / 2,
  );
  const found = {
    ...{ layer, ...weight, rows, path, vanishedAt },
    gradient: rows.reduce((sum, { total }) => sum + total, 0),
    culprit: mostly ?? (vanishedAt === undefined ? undefined : ("upstream" as const)),
  };
  return { ...found, text: worded(found, tap) };
}

/** The unit's own slope is looked at first: a dead unit has no use for the rest. */
const FACTORS = ["slope", "upstream", "input"] as const;
