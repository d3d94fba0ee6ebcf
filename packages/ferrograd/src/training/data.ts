import { areFiniteByCore } from "../engine/finite.ts";
import { DataError, ShapeError } from "../errors.ts";
import type { LossRow } from "../losses/loss.ts";
import { INT } from "../values/dtype.ts";
import {
  checkClasses,
  checkFinite,
  checkSameRows,
  checkTargets,
  type Features,
  type Labels,
  toFeatures,
  toIntegers,
  toLabels,
} from "../values/rows.ts";
import { type Dims, fitsDims, lastSize, type Shape, showShape, sizeOf } from "../values/shape.ts";
import { type Given, onlyOf, perPort } from "./given.ts";
import type { Head, Port, Training } from "./heads.ts";
import { type Samples, samplesOf } from "./samples.ts";

/** What data must be like. */
export interface Expected {
  readonly inputs: readonly Port[];
  readonly heads: readonly Head[];
}

/** What a model takes when it is trained. */
export const expected = (
  { inputs }: { readonly inputs: readonly Port[] },
  { heads }: Training,
): Expected => ({ inputs, heads });

/** Inputs of the model's shapes, finite. */
export function checkInputs(what: string, x: unknown, inputs: readonly Port[]): Labels[] {
  const rows = shapedInputs(what, x, inputs);
  for (let i = 1; i < rows.length; i++) {
    const names = [0, i].map((at) => show(inputs[at]!.name));
    checkSameRows(what, rows[0]!, rows[i]!, names);
  }
  checkEach(what, rows, inputs);
  return rows;
}

const show = (name: string) => `"${name}"`;

/** `fit(): x`; of several `fit(): x "image"`. */
const labelOf = (what: string, of: readonly { readonly name: string }[], i: number): string =>
  of.length === 1 ? what : `${what} ${show(of[i]!.name)}`;

/** Inputs of the model's shapes and types. */
export function shapedInputs(what: string, x: unknown, inputs: readonly Port[]): Labels[] {
  if (inputs.length === 1) return [onlyInput(what, x, inputs[0]!)];
  const names = inputs.map(({ name }) => name);
  const given = perPort(what, "input", x, names);
  return inputs.map((input, i) => shapedInput(labelOf(what, inputs, i), given[i], input));
}

const onlyInput = (what: string, x: unknown, input: Port): Labels =>
  shapedInput(what, onlyOf(x, input.name), input);

/** The same inputs of a batch, which someone has put together. */
export const ofBatches = (inputs: readonly Port[]): readonly Port[] =>
  inputs.map((input) => ({ ...input, batch: true }));

function shapedInput(what: string, x: unknown, { shape, dtype, batch }: Port): Labels {
  const rows = dtype === INT ? toIntegers(what, x) : toFeatures(what, x);
  if (!fitsDims(rows.shape, shape, 1)) {
    throw new ShapeError(
      `${what}: expected rows of shape ${showShape(shape)}, got ${showShape(rows.shape.slice(1))}` +
        (fitsDims(rows.shape, shape, 0) && batch
          ? "; batch(n) puts single rows together"
          : remedyOf(rows.shape, shape)),
    );
  }
  return rows;
}

/** What helps where rows have another shape. */
function remedyOf([rows, ...row]: Shape, wanted: Dims): string {
  const [height, width, channels] = wanted;
  const { length, 0: first, 2: last } = row;
  if (length === 0) {
    const count = rows! / (wanted.length === 1 ? height! : Number.NaN);
    const table = Number.isInteger(count) && count > 1;
    return table
      ? `; tensor(x, [${count}, ${height}]) has these numbers as rows`
      : "; one row is written [[...]]";
  }
  if (wanted.length !== 3) return "";
  if (length === 2) return "; expandDims(image, 0) is a batch of one";
  if (last === channels && height && width) {
    return `; resizing(${height}, ${width})(images) makes images of that size`;
  }
  return first === channels ? "; transpose(images, [0, 2, 3, 1]) puts the channels last" : "";
}

/** Targets of the shapes and types that the losses take. */
export function shapedTargets(what: string, y: unknown, heads: readonly Head[]): Labels[] {
  if (heads.length === 1) return [onlyTarget(what, y, heads[0]!)];
  const names = heads.map(({ name }) => name);
  const given = perPort(what, "output", y, names);
  return heads.map((head, i) => shapedTarget(labelOf(what, heads, i), given[i], head));
}

const onlyTarget = (what: string, y: unknown, head: Head): Labels =>
  shapedTarget(what, onlyOf(y, head.output), head);

function shapedTarget(what: string, y: unknown, head: Head): Labels {
  const { outputShape, targetShape: expected, loss } = head;
  const labels = toLabels(what, y, loss.labels);
  if (fitsDims(labels.shape, expected, 1)) return labels;
  // (rows) for (rows, 1) and the other way round are the same numbers.
  const row = labels.shape.slice(1);
  const trim = <T>(shape: readonly T[]) => shape.filter((size) => size !== 1);
  const sizes = trim(row);
  if (!fitsDims(sizes, trim(expected))) {
    if (loss.isOwn) return labels;
    const sizeOfOther = loss.labels === INT ? lastSize(outputShape) : 1;
    const isOther = loss.otherForm !== undefined && sizeOf(row) === sizeOfOther;
    const isFlat = outputShape.length > 1 && sizes.length === 0;
    const flat = isFlat ? "; put flatten() before the last layer" : "";
    const remedy = isOther ? `; ${loss.otherForm}` : flat;
    throw new ShapeError(
      `${what}: expected rows of shape ${showShape(expected)}, got ${showShape(row)}${remedy}`,
    );
  }
  let at = 0;
  const shape = expected.map((size) => (size === 1 ? 1 : sizes[at++]!));
  return { ...labels, shape: [labels.shape[0]!, ...shape] };
}

/** What is wrong with outputs that have less along the last axis than the loss needs. */
export function shortOutputs({ name, lastAxis }: LossRow, outputShape: Dims): string | undefined {
  const size = lastSize(outputShape);
  if (lastAxis === undefined || size === null || size > 1) return undefined;
  const { of, instead } = lastAxis;
  return (
    `loss "${name}": expected outputs (…, ${of}) of at least 2 ${of}, got rows of shape ${showShape(outputShape)}` +
    (instead === undefined ? "" : `; for one output use "${instead}"`)
  );
}

/** Inputs, targets and weights of the right shapes and types, as many rows of each. */
function shapedSamples(
  where: string,
  { x, y, sampleWeight }: Given,
  { inputs, heads }: Expected,
  [ofX, ofY, ofWeight]: readonly [string, string, string] = NAMES,
): Samples {
  const features = shapedInputs(`${where}: ${ofX}`, x, inputs);
  const labels = shapedTargets(`${where}: ${ofY}`, y, heads);
  const [first] = features;
  const firstName = labelOf(ofX, inputs, 0);
  for (let i = 1; i < features.length; i++)
    checkSameRows(where, first!, features[i]!, [firstName, labelOf(ofX, inputs, i)]);
  for (let i = 0; i < labels.length; i++)
    checkSameRows(where, first!, labels[i]!, [firstName, labelOf(ofY, heads, i)]);
  const weights = weightsOf(where, ofWeight, sampleWeight, heads);
  for (const each of weights)
    if (each !== undefined) checkSameRows(where, first!, each, [firstName, ofWeight]);
  return samplesOf(features, labels, weights);
}

/**
 * The same for `trainOnBatch`, which small nets call every microsecond: of one input and one output, and rows that
 * count alike, no list is made and no name put together that isn't needed.
 */
export function batchOf(given: Given, expected: Expected): Samples {
  const { inputs, heads } = expected;
  if (inputs.length > 1 || heads.length > 1 || given.sampleWeight !== undefined) {
    return shapedSamples("trainOnBatch()", given, expected);
  }
  const x = onlyInput("trainOnBatch(): x", given.x, inputs[0]!);
  const y = onlyTarget("trainOnBatch(): y", given.y, heads[0]!);
  checkSameRows("trainOnBatch()", x, y);
  return { x: x as Features, y, inputs: [x], targets: [y], weights: ALIKE, all: [x, y] };
}

const ALIKE = [undefined] as const;

const NAMES = ["x", "y", "sampleWeight"] as const;

/** Weights for each output: the same ones for all where they are rows of numbers. */
function weightsOf(
  where: string,
  name: string,
  given: unknown,
  heads: readonly Head[],
): readonly (Features | undefined)[] {
  if (given === undefined) return heads.length === 1 ? ALIKE : heads.map(() => undefined);
  const what = `${where}: ${name}`;
  const each =
    heads.length === 1 || isRowOfNumbers(given)
      ? heads.map(() => given)
      : perPort(
          what,
          "output",
          given,
          heads.map((head) => head.name),
          true,
        );
  const weights = heads.map((_, i) =>
    each[i] === undefined ? undefined : rowWeights(labelOf(what, heads, i), each[i]),
  );
  if (weights.every((rows) => rows?.data.every((weight) => weight === 0))) {
    throw noWeight(labelOf(what, heads, 0));
  }
  return weights;
}

export const noWeight = (what: string) =>
  new DataError(`${what}: expected a weight above 0 for some row, got 0 for all`);

/** Is it one row of numbers, rather than one for each output? */
const isRowOfNumbers = (given: unknown): boolean =>
  Array.isArray(given)
    ? typeof given[0] === "number"
    : ArrayBuffer.isView(given) ||
      (typeof given === "object" && given !== null && "shape" in given);

/** (rows), each finite and 0 or more. */
function rowWeights(what: string, given: unknown): Features {
  const { data, shape } = toFeatures(what, given);
  const [rows] = shape;
  if (data.length !== rows) {
    throw new ShapeError(`${what}: expected a number for each row, got shape ${showShape(shape)}`);
  }
  const bad = data.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new DataError(
      `${what}: row ${bad}: expected a finite weight of 0 or more, got ${data[bad]}`,
    );
  }
  return { data, shape: [rows] };
}

/** Targets that the losses can take, each by itself. */
export function checkRules(what: string, { targets }: Samples, heads: readonly Head[]): void {
  for (let i = 0; i < heads.length; i++) {
    const { takes } = heads[i]!.loss;
    if (takes !== undefined) checkTargets(labelOf(what, heads, i), targets[i]!, takes);
  }
}

/** Finite numbers. */
export function checkNumbers(
  where: string,
  { inputs, targets }: Samples,
  { inputs: ports, heads }: Expected,
  [ofX, ofY]: readonly [string, string, string] = NAMES,
): void {
  checkEach(`${where}: ${ofX}`, inputs, ports);
  checkEach(`${where}: ${ofY}`, targets, heads);
}

function checkEach(
  what: string,
  all: readonly Labels[],
  of: readonly { readonly name: string }[],
): void {
  for (let i = 0; i < all.length; i++) {
    const rows = all[i]!;
    const { data } = rows;
    if (!(data instanceof Float32Array) || areFiniteByCore(data)) continue;
    checkFinite(labelOf(what, of, i), rows);
  }
}

/** Class numbers that the losses know. */
export function checkLabels(what: string, { targets }: Samples, heads: readonly Head[]): void {
  heads.forEach(({ loss, outputShape }, i) => {
    const classes = loss.classes?.(outputShape);
    if (typeof classes === "number")
      checkClasses(labelOf(what, heads, i), targets[i]!, classes, loss.ignored);
  });
}

/** Samples, whole: shapes, equal length, finite, classes in range. */
export function checkSamples(
  where: string,
  given: Given,
  expected: Expected,
  names: readonly [string, string, string] = NAMES,
): Samples {
  const samples = shapedSamples(where, given, expected, names);
  const ofY = `${where}: ${names[1]}`;
  checkNumbers(where, samples, expected, names);
  checkRules(ofY, samples, expected.heads);
  checkLabels(ofY, samples, expected.heads);
  return samples;
}
