import { INT } from "../values/dtype.ts";
import type { Labels } from "../values/rows.ts";
import type { Expected } from "./data.ts";
import type { Head } from "./heads.ts";
import { type Samples, sliceSamples } from "./samples.ts";

/**
 * What is likely wrong with these rows, in sentences; a training with them still runs.
 *
 * @param outputs the model's, for some rows
 */
export function doubts(
  samples: Samples,
  { inputs, heads }: Expected,
  classNames: readonly string[] | undefined,
  outputs: (inputs: readonly Labels[]) => readonly ArrayLike<number>[],
): string[] {
  const { targets } = samples;
  const said: string[] = [];
  const say = (message: string | undefined) => message !== undefined && said.push(message);
  heads.forEach((head, i) => say(oneClass(ofPort("y", heads, i), targets[i]!, head, classNames)));
  samples.inputs.forEach((rows, i) => say(collapsed(ofPort("x", inputs, i), rows)));
  targets.forEach((rows, i) => say(collapsed(ofPort("y", heads, i), rows)));
  heads.forEach(({ loss }, i) => {
    if (loss.anyScale) say(farFromOutputs(ofPort("y", heads, i), i, samples, outputs));
  });
  return said;
}

const ofPort = (name: string, ports: readonly { readonly name: string }[], i: number): string =>
  ports.length === 1 ? name : `${name} "${ports[i]!.name}"`;

/** Every row has the same class. */
function oneClass(
  which: string,
  { data, shape }: Labels,
  { loss }: Head,
  classNames: readonly string[] | undefined,
): string | undefined {
  const rows = shape[0]!;
  const isClass = loss.labels === INT || loss.accuracy !== undefined;
  if (!isClass || rows < 2) return undefined;
  const width = data.length / rows;
  for (let i = width; i < data.length; i++) if (data[i] !== data[i - width]) return undefined;
  const label = width === 1 ? data[0]! : `[${data.subarray(0, Math.min(width, 10)).join(", ")}]`;
  const name = (width === 1 && classNames?.[data[0]!]) || label;
  return `fit(): ${which}: all ${rows} rows are of one class, ${name}, and nothing to tell apart; where rows are sorted by class, shuffle them before they are cut`;
}

/** A column lost its differences to float32. */
function collapsed(which: string, { data, shape, collapsed: column }: Labels): string | undefined {
  if (column === undefined) return undefined;
  const at = data.length > shape[0]! ? `${which}: column ${column}` : which;
  return `fit(): ${at}: its numbers differ, but are all ${data[column]} in float32, which holds about 7 digits; subtract a number near them first`;
}

/** Targets from here on are far from what a new model's outputs are. */
const FAR = 100;
/** Outputs that begin with this share of the targets' size are not far from them. */
const NEAR = 0.1;
/** Rows whose outputs are looked at. */
const PROBED = 32;

/** Targets whose mean or deviation is large, while the outputs begin near 0. */
function farFromOutputs(
  which: string,
  output: number,
  samples: Samples,
  outputs: (inputs: readonly Labels[]) => readonly ArrayLike<number>[],
): string | undefined {
  const y = samples.targets[output]!;
  const rows = y.shape[0]!;
  const width = y.data.length / rows;
  for (let column = 0; column < width; column++) {
    const { mean, deviation } = moments(y.data, column, width);
    const size = Math.max(Math.abs(mean), deviation);
    if (!(size > FAR)) continue;
    const probed = sliceSamples(samples, 0, Math.min(rows, PROBED));
    const begin = outputs(probed.inputs)[output]!;
    const largest = Array.from(begin).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    if (!(largest < size * NEAR)) continue;
    const at = width > 1 ? `${which}: column ${column}` : which;
    const [offset, spread] = [mean, deviation].map((v) => Number(v.toPrecision(3)));
    const scale = spread === 0 ? 1 : spread;
    return (
      `fit(): ${at}: mean ${offset} and deviation ${spread} are far from the outputs, which begin within ±${Number(largest.toPrecision(2))}; ` +
      `train on (y − ${offset}) / ${scale}, as normalizationOf does with inputs, and turn predictions back with rescaling({ scale: ${scale}, offset: ${offset} })`
    );
  }
  return undefined;
}

/** Mean and standard deviation of a column, in float64. */
function moments(data: ArrayLike<number>, column: number, width: number) {
  const rows = data.length / width;
  let mean = 0;
  for (let i = column; i < data.length; i += width) mean += data[i]! / rows;
  let variance = 0;
  for (let i = column; i < data.length; i += width) {
    const far = data[i]! - mean;
    variance += (far * far) / rows;
  }
  return { mean, deviation: Math.sqrt(variance) };
}
