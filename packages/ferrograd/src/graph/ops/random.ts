import { DISTRIBUTION, type DistributionName } from "../../engine/ops.generated.ts";
import * as write from "../../engine/writers.generated.ts";
import { ShapeError } from "../../errors.ts";
import {
  checkOptions,
  finiteFloat32,
  fraction,
  nonNegativeFloat32,
  nonNegativeInteger,
  shapeOf,
} from "../../options/index.ts";
import { INT } from "../../values/dtype.ts";
import { seedKey } from "../../values/philox.ts";
import { type Shape, showShape, sizeOf } from "../../values/shape.ts";
import { leaf } from "../constants.ts";
import { type TensorLike, toTensor } from "../leaf.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, floats, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { requireFloat, requireType } from "./require.ts";

/** What numbers are drawn from: philox(seed, stream, step, element). */
export interface RandomSource {
  /** Any integer from 0; the same seed gives the same numbers everywhere. */
  readonly seed: number;
  /** Which of the seed's independent streams (default 0). */
  readonly stream?: number;
}

/** @internal */
export interface SourceAttrs {
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly stream: number;
}

function sourceAttrs(where: string, { seed, stream = 0 }: RandomSource): SourceAttrs {
  nonNegativeInteger(where, "seed", seed);
  const [seedLow, seedHigh] = seedKey(seed);
  return { seedLow, seedHigh, stream: nonNegativeInteger(where, "stream", stream) };
}

/** Step 0, for what is drawn once. */
const firstStep = (): AnyTensor => leaf(new Int32Array(1), [1], INT) as AnyTensor;

/** @internal */
export interface RandomAttrs extends SourceAttrs {
  readonly distribution: DistributionName;
  readonly shape: Shape;
  readonly p0: number;
  readonly p1: number;
}

export const randomOp: OpDef<RandomAttrs> = {
  name: "random",
  infer: (_inputs, { shape }) => [floats(shape)],
  meaning: ends,
  gradient: () => [null],
  fill: ({ distribution, p0, p1, seedLow, seedHigh, stream }, { raw, handle }) =>
    raw.draw(handle, DISTRIBUTION[distribution], p0, p1, seedLow, seedHigh, stream),
  emit: ({ w, attrs, inputs, outputs }) =>
    write.random(w, { ...attrs, n: sizeOf(attrs.shape), step: inputs[0]!, y: outputs[0]! }),
};

export const dropoutOp: OpDef<SourceAttrs & { rate: number }> = {
  name: "dropout",
  infer: ([x]) => [floats(x!.shape)],
  meaning: mixes,
  gradient: ({ inputs, attrs, dy }) => [apply(dropoutOp, [dy, inputs[1]!], attrs), null],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const n = sizeOf(inputSpecs[0]!.shape);
    write.dropout(w, { ...attrs, n, x: inputs[0]!, step: inputs[1]!, y: outputs[0]! });
  },
};

/** What fills a variable draws step 0. */
const withoutFill = ({ fill: _, ...op }: OpDef<RandomAttrs>): OpDef<RandomAttrs> => op;

function draw(
  where: string,
  shape: Shape,
  distribution: DistributionName,
  [p0, p1]: readonly [number, number],
  source: StepSource,
): Tensor {
  const { step } = source;
  return apply(step === undefined ? randomOp : withoutFill(randomOp), [stepOf(where, step)], {
    ...{ distribution, p0, p1, shape: shapeOf(where, "shape", shape) },
    ...sourceAttrs(where, source),
  });
}

/** What a layer draws from: at each step anew. @internal */
export type StepSource = RandomSource & { readonly step?: AnyTensor };

const drawAt =
  (distribution: DistributionName) =>
  (where: string, shape: Shape, p: readonly [number, number], source: StepSource): Tensor =>
    draw(where, shape, distribution, p, source);

/** Normally distributed numbers, of a mean and a deviation, that each step draws anew. @internal */
export const normalAt = /* @__PURE__ */ drawAt("normal");

/** Numbers spread evenly between two, that each step draws anew. @internal */
export const uniformAt = /* @__PURE__ */ drawAt("uniform");

/** Options of `randomUniform`. */
export interface UniformOptions extends RandomSource {
  /** Default 0. */
  readonly min?: number;
  /** Default 1. */
  readonly max?: number;
  /** The counter of steps, one int32: each draws anew (default step 0), as `random.step` of a layer does. */
  readonly step?: Tensor<Shape, "int32">;
}

/** Options of `randomNormal` and `truncatedNormal`. */
export interface NormalOptions extends RandomSource {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation (default 1). */
  readonly stddev?: number;
  /** The counter of steps, one int32: each draws anew (default step 0), as `random.step` of a layer does. */
  readonly step?: Tensor<Shape, "int32">;
}

/** Options that must be there, for their seed; misspelt ones are refused. */
function sourceOf<O extends RandomSource>(
  where: string,
  options: O | undefined,
  own: readonly string[],
): O {
  checkOptions(where, options, ["seed", "stream", "step", ...own]);
  return (options ?? {}) as O;
}

/** `randomUniform` under another name. @internal */
export function uniformOf(where: string, shape: Shape, options: UniformOptions): Tensor {
  const source = sourceOf(where, options, ["min", "max"]);
  const min = finiteFloat32(where, "min", source.min ?? 0);
  const max = finiteFloat32(where, "max", source.max ?? 1);
  return draw(where, shape, "uniform", [min, max], source);
}

/** `randomNormal` or `truncatedNormal` under another name. @internal */
export function normalOf(
  where: string,
  distribution: "normal" | "truncatedNormal",
  shape: Shape,
  options: NormalOptions,
): Tensor {
  const source = sourceOf(where, options, ["mean", "stddev"]);
  const mean = finiteFloat32(where, "mean", source.mean ?? 0);
  const stddev = nonNegativeFloat32(where, "stddev", source.stddev ?? 1);
  return draw(where, shape, distribution, [mean, stddev], source);
}

/** Numbers spread evenly over [min, max). @example randomUniform([2, 3], { seed: 1 }) */
export const randomUniform = (shape: Shape, options: UniformOptions): Tensor =>
  uniformOf("randomUniform()", shape, options);

/** Normally distributed numbers. @example randomNormal([64, 10], { seed: 1, stddev: 0.1 }) */
export const randomNormal = (shape: Shape, options: NormalOptions): Tensor =>
  normalOf("randomNormal()", "normal", shape, options);

/** As `randomNormal`, with what is beyond two standard deviations cut off; `stddev` is the uncut one. */
export const truncatedNormal = (shape: Shape, options: NormalOptions): Tensor =>
  normalOf("truncatedNormal()", "truncatedNormal", shape, options);

/**
 * Zeroes elements with probability `rate` and scales the rest by 1/(1 − rate)
 * (Srivastava et al. 2014). `step` (int32, one element) picks the mask.
 */
export function dropout(
  x: TensorLike,
  rate: number,
  options: RandomSource & { step?: Tensor<Shape, "int32"> },
): Tensor {
  const input = requireFloat("dropout", toTensor("dropout()", x));
  const where = "dropout()";
  const source = sourceOf(where, options, []);
  const attrs = { rate: fraction(where, "rate", rate), ...sourceAttrs(where, source) };
  return apply(dropoutOp, [input, stepOf(where, source.step)], attrs);
}

/** The counter of steps, one int32. */
function stepOf(where: string, step: unknown): AnyTensor {
  if (step === undefined) return firstStep();
  const counter = requireType(where.slice(0, -2), toTensor(`${where}: step`, step), INT);
  if (counter.size === 1) return counter;
  const got = showShape(counter.shape);
  throw new ShapeError(`${where}: step: expected one element, got shape ${got}`);
}
