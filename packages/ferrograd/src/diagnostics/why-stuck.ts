import type { RowsLike } from "../data/rows.ts";
import { ArgumentError } from "../errors.ts";
import type { DatasetLike } from "../model/data.ts";
import type { Model } from "../model/model.ts";
import { checkOptions, nonNegativeInteger, oneOf, positiveInteger, show } from "../suggest.ts";
import { diagnosable, probeRows } from "./examine.ts";
import { settingsOf } from "./options.ts";
import { type LayerReading, Probe } from "./probe.ts";
import { norm } from "./statistics.ts";

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
}

/** What `whyStuck` returns. */
export interface Stuck {
  readonly layer: string;
  readonly unit: number;
  readonly input: number;
  readonly rows: readonly Factors[];
  /** Σ over the rows of input × f'(z) × upstream = dL/dw. */
  readonly gradient: number;
  /** The factor that is zero, or under a thousandth of the largest in its layer, on most rows. */
  readonly culprit: "input" | "slope" | "upstream" | undefined;
  /** For an upstream that vanished: the layer, from the last one back, whose gradient is first tiny. */
  readonly vanishedAt: string | undefined;
  /** All of it as text. */
  readonly text: string;
}

/** A gradient under this share of the last layer's has vanished; so has a factor on a row. */
const TINY = 1e-3;

/**
 * Why one weight does not move: the chain rule's three factors, row by row, which of them is zero or
 * tiny, and where the upstream vanished. dL/dw = Σ x · f'(z) · dL/dy.
 *
 * @example console.log(whyStuck(model, x, y, { layer: "dense", unit: 0 }).text);
 * @throws StateError before `compile`; ArgumentError for a layer without a kernel or a unit out of range
 */
export function whyStuck(model: Model<never>, data: DatasetLike, options: WhyStuckOptions): Stuck;
export function whyStuck(
  model: Model<never>,
  x: RowsLike,
  y: RowsLike,
  options: WhyStuckOptions,
): Stuck;
export function whyStuck(model: Model<never>, ...args: unknown[]): Stuck {
  const where = "whyStuck()";
  const { samples, options } = diagnosable<WhyStuckOptions>(where, model, args);
  checkOptions(where, options, ["layer", "unit", "input", "probeRows", "seed"]);
  const { layer: name, unit, input, seed, probeRows: count = 256 } = options;
  oneOf(where, "layer", name, model.layers);
  nonNegativeInteger(where, "unit", unit);
  positiveInteger(where, "probeRows", count);
  const settings = settingsOf(where, { probeRows: count, ...(seed !== undefined && { seed }) });
  const rows = probeRows(samples, settings, model.seed);
  const probe = new Probe(model, model.trainingOf(where), rows);
  try {
    const { layers } = probe.read(rows);
    const reading = layers.find((layer) => layer.name === name)!;
    return explain(reading, layers, unit, chosenInput(where, reading, unit, input));
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
    ({ value }) => value.rows === input.units && value.units === output.units,
  );
  if (kernel === undefined) {
    throw new ArgumentError(`${where}: layer: expected one with a kernel, got ${show(name)}`);
  }
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

function explain(
  reading: LayerReading,
  layers: readonly LayerReading[],
  unit: number,
  from: number,
): Stuck {
  const { name, input, slope, gradient, output } = reading;
  const rows = Array.from({ length: output.rows }, (_, row): Factors => {
    const x = input.values[row * input.units + from]!;
    const f = slope === undefined || reading.fused ? 1 : slope.values[row * output.units + unit]!;
    const upstream = gradient.values[row * output.units + unit]!;
    return { input: x, slope: f, upstream, product: x * f * upstream };
  });
  const total = rows.reduce((sum, { product }) => sum + product, 0);
  const vanishedAt = vanishing(layers, reading);
  const culprit = (["slope", "upstream", "input"] as const).find((factor) =>
    factor === "upstream" && vanishedAt !== undefined ? true : mostlyZero(rows, factor),
  );
  const found = { layer: name, unit, input: from, rows, gradient: total, culprit, vanishedAt };
  return { ...found, text: worded(found) };
}

const mostlyZero = (rows: readonly Factors[], factor: "input" | "slope" | "upstream"): boolean =>
  rows.filter((row) => Math.abs(row[factor]) < (factor === "upstream" ? 1e-12 : TINY)).length >
  rows.length / 2;

/** Going back from the end: the first layer whose gradient is a thousandth of the last one's. */
function vanishing(layers: readonly LayerReading[], at: LayerReading): string | undefined {
  const last = norm(layers.at(-1)!.gradient);
  const behind = layers.slice(layers.indexOf(at)).reverse();
  return behind.find(({ gradient }) => norm(gradient) < TINY * last)?.name;
}

/** Rows shown in the text. */
const SHOWN = 5;

function worded({ layer, unit, input, rows, gradient, culprit, vanishedAt }: Omit<Stuck, "text">) {
  const cell = (value: number) => value.toPrecision(3).padStart(10);
  const mark = (name: string) => (culprit === name ? `${name}*` : name).padStart(10);
  const lines = rows
    .slice(0, SHOWN)
    .map(
      (row, i) =>
        `${`${i}`.padStart(5)} ${cell(row.input)} × ${cell(row.slope)} × ${cell(row.upstream)} = ${cell(row.product)}`,
    );
  const verdict =
    culprit === undefined
      ? "no factor is zero or tiny on most rows"
      : `the ${culprit === "slope" ? "slope f'(z)" : culprit} is zero or tiny on most rows` +
        (culprit === "upstream" && vanishedAt !== undefined
          ? `; it vanished at ${vanishedAt}`
          : "");
  return [
    `${layer}: weight from input ${input} to unit ${unit}, dL/dw = ${gradient.toPrecision(3)} over ${rows.length} rows`,
    `  row ${mark("input")} × ${mark("slope")} × ${mark("upstream")}`,
    ...lines,
    verdict,
  ].join("\n");
}
