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
import { diagnosable, probeRows } from "./examine.ts";
import { settingsOf } from "./options.ts";
import { type ActivationAttrs, type LayerReading, Probe } from "./probe.ts";
import { slopeShape } from "./slopes.ts";
import { type Matrix, norm } from "./statistics.ts";

/** Which weight, and on how many rows. */
export interface WhyStuckOptions {
  /** Name of a layer with a kernel. */
  readonly layer: string;
  /** The unit that the weight leads to. */
  readonly unit: number;
  /** The input that it comes from (default: the one whose gradient is largest). */
  readonly input?: number;
  /** Rows looked at (default 256). */
  readonly probeRows?: number;
  readonly seed?: number;
}

/** The three factors of dL/dw for one row: input × f'(z) × upstream, L being the mean loss. */
export interface Factors {
  readonly input: number;
  readonly slope: number;
  readonly upstream: number;
  readonly product: number;
  /** The factors that are zero or tiny on this row. */
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
  /** Σ over the rows of input × f'(z) × upstream = dL/dw. */
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
 * tiny, and where the upstream vanished. dL/dw = Σ x · f'(z) · dL/dy.
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
    if (reading === undefined) throw noKernel(where, name);
    return explain(reading, layers, unit, chosenInput(where, reading, unit, input), steepest);
  } finally {
    probe.dispose();
  }
}

/** The input asked for, or that of the unit's largest gradient; checked against the kernel. */
function chosenInput(
  where: string,
  { name, input, output, weights }: LayerReading,
  unit: number,
  asked: number | undefined,
): number {
  const kernel = weights.find(
    ({ value }) => value.rows === input?.units && value.units === output.units,
  );
  if (kernel === undefined) throw noKernel(where, name);
  const { values, rows, units } = kernel.gradient;
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

const noKernel = (where: string, name: string) =>
  new ArgumentError(`${where}: layer: expected one with a kernel that trains, got ${show(name)}`);

/** A layer and those behind it: what its outputs go into. */
function behind(reading: LayerReading, layers: readonly LayerReading[]): LayerReading[] {
  const names = new Set([reading.name]); // grows while it is walked, as inputs stand before what takes them
  return layers.filter(({ name, consumers }) => {
    if (!names.has(name)) return false;
    for (const next of consumers) names.add(next);
    return true;
  });
}

const largest = ({ values }: Matrix): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function explain(
  reading: LayerReading,
  layers: readonly LayerReading[],
  unit: number,
  from: number,
  steepest: ReadonlyMap<ActivationAttrs, number>,
): Stuck {
  const { name, attrs, slope, gradient, output } = reading;
  const input = reading.input!; // which its kernel multiplies
  const usual = {
    input: largest(input),
    slope: steepest.get(attrs) ?? 1,
    upstream: largest(layers.at(-1)!.gradient),
  };
  const rows = Array.from({ length: output.rows }, (_, row): Factors => {
    const x = input.values[row * input.units + from]!;
    const f = slope === undefined || reading.fused ? 1 : slope.values[row * output.units + unit]!;
    const upstream = gradient.values[row * output.units + unit]!;
    const factors = { input: x, slope: f, upstream };
    const tiny = FACTORS.filter((factor) => !(Math.abs(factors[factor]) > TINY * usual[factor]));
    return { ...factors, product: x * f * upstream, tiny };
  });
  const total = rows.reduce((sum, { product }) => sum + product, 0);
  const path = behind(reading, layers)
    .reverse()
    .map((layer) => ({ layer: layer.name, gradientNorm: norm(layer.gradient) }));
  const left = TINY * path[0]!.gradientNorm;
  const vanishedAt = path.find(({ gradientNorm }) => gradientNorm < left)?.layer;
  const mostly = FACTORS.find(
    (factor) => rows.filter(({ tiny }) => tiny.includes(factor)).length > rows.length / 2,
  );
  const culprit = mostly ?? (vanishedAt === undefined ? undefined : "upstream");
  const found = {
    layer: name,
    unit,
    input: from,
    rows,
    gradient: total,
    culprit,
    path,
    vanishedAt,
  };
  return { ...found, text: worded(found) };
}

/** The unit's own slope is looked at first: a dead unit has no use for the rest. */
const FACTORS = ["slope", "upstream", "input"] as const;

/** Rows shown in the text. */
const SHOWN = 5;

const WORDS = { input: "input", slope: "slope f'(z)", upstream: "upstream gradient" };

function worded({ rows, culprit, path, vanishedAt, ...found }: Omit<Stuck, "text">): string {
  const { layer, unit, input, gradient } = found;
  const short = (value: number) => (value === 0 ? "0" : value.toPrecision(3));
  const cell = (row: Factors, factor: Factor) =>
    `${short(row[factor])}${row.tiny.includes(factor) ? "*" : " "}`.padStart(12);
  const lines = rows.slice(0, SHOWN).map((row, i) => {
    const factors = (["input", "slope", "upstream"] as const).map((factor) => cell(row, factor));
    return `${`${i}`.padStart(5)} ${factors.join(" × ")} = ${short(row.product).padStart(11)}`;
  });
  const head = ["input ", "f'(z) ", "upstream "].map((name) => name.padStart(12)).join(" × ");
  const back = path.map((at) => {
    const mark = at.layer === vanishedAt ? " (vanished)" : "";
    return `${at.layer} ${short(at.gradientNorm)}${mark}`;
  });
  return [
    `${layer}: weight from input ${input} to unit ${unit}, dL/dw = ${short(gradient)} over ${rows.length} rows`,
    `  row ${head} =       dL/dw   (* zero or tiny)`,
    ...lines,
    ...(rows.length > SHOWN ? [`  ... ${rows.length - SHOWN} more rows`] : []),
    `gradient norms from the last layer back: ${back.join(", ")}`,
    culprit === undefined
      ? "no factor is zero or tiny on most rows"
      : `the ${WORDS[culprit]} is zero or tiny on most rows${culprit === "upstream" && vanishedAt !== undefined ? `; it vanished at ${vanishedAt}` : ""}`,
  ].join("\n");
}
