import { seedKey } from "../../data/philox.ts";
import { DISTRIBUTION, type DistributionName, write } from "../../engine/ops.generated.ts";
import {
  checkOptions,
  finiteNumber,
  fraction,
  nonNegativeInteger,
  nonNegativeNumber,
} from "../../suggest.ts";
import { leaf, type TensorLike, toTensor } from "../leaf.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, type OpDef } from "../op.ts";
import { type AnyTensor, type Shape, sizeOf, type Tensor } from "../tensor.ts";
import { requireFloat } from "./require.ts";

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
const firstStep = (): AnyTensor => leaf(new Int32Array(1), [1], "int32") as AnyTensor;

/** @internal */
export interface RandomAttrs extends SourceAttrs {
  readonly distribution: DistributionName;
  readonly shape: Shape;
  readonly p0: number;
  readonly p1: number;
}

export const randomOp: OpDef<RandomAttrs> = {
  name: "random",
  infer: (_inputs, { shape }) => [{ shape, dtype: "float32" }],
  meaning: ends,
  gradient: () => [null],
  fill: ({ distribution, p0, p1, seedLow, seedHigh, stream }, { raw, handle }) =>
    raw.draw(handle, DISTRIBUTION[distribution], p0, p1, seedLow, seedHigh, stream),
  emit: ({ w, attrs, inputs, outputs }) =>
    write.random(w, { ...attrs, n: sizeOf(attrs.shape), step: inputs[0]!, y: outputs[0]! }),
};

export const dropoutOp: OpDef<SourceAttrs & { rate: number }> = {
  name: "dropout",
  infer: ([x]) => [{ shape: x!.shape, dtype: "float32" }],
  meaning: mixes,
  gradient: ({ inputs, attrs, dy }) => [apply(dropoutOp, [dy, inputs[1]!], attrs), null],
  emit: ({ w, attrs, inputs, outputs, inputSpecs }) => {
    const n = sizeOf(inputSpecs[0]!.shape);
    write.dropout(w, { ...attrs, n, x: inputs[0]!, step: inputs[1]!, y: outputs[0]! });
  },
};

function draw(
  shape: Shape,
  distribution: DistributionName,
  p: [number, number],
  source: SourceAttrs,
): Tensor {
  return apply(randomOp, [firstStep()], { distribution, shape, p0: p[0], p1: p[1], ...source });
}

/** Options of `randomUniform`. */
export interface UniformOptions extends RandomSource {
  /** Default 0. */
  readonly min?: number;
  /** Default 1. */
  readonly max?: number;
}

/** Options of `randomNormal` and `truncatedNormal`. */
export interface NormalOptions extends RandomSource {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation (default 1). */
  readonly stddev?: number;
}

/** Numbers spread evenly over [min, max). @example randomUniform([2, 3], { seed: 1 }) */
export function randomUniform(shape: Shape, options: UniformOptions): Tensor {
  const where = "randomUniform()";
  checkOptions(where, options, ["seed", "stream", "min", "max"]);
  const min = finiteNumber(where, "min", options.min ?? 0);
  const max = finiteNumber(where, "max", options.max ?? 1);
  return draw(shape, "uniform", [min, max], sourceAttrs(where, options));
}

function normal(
  where: string,
  shape: Shape,
  distribution: DistributionName,
  options: NormalOptions,
): Tensor {
  checkOptions(where, options, ["seed", "stream", "mean", "stddev"]);
  const mean = finiteNumber(where, "mean", options.mean ?? 0);
  const stddev = nonNegativeNumber(where, "stddev", options.stddev ?? 1);
  return draw(shape, distribution, [mean, stddev], sourceAttrs(where, options));
}

/** Normally distributed numbers. @example randomNormal([64, 10], { seed: 1, stddev: 0.1 }) */
export const randomNormal = (shape: Shape, options: NormalOptions): Tensor =>
  normal("randomNormal()", shape, "normal", options);

/** As `randomNormal`, with what is beyond two standard deviations cut off; `stddev` is the uncut one. */
export const truncatedNormal = (shape: Shape, options: NormalOptions): Tensor =>
  normal("truncatedNormal()", shape, "truncatedNormal", options);

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
  const step = (options.step as AnyTensor | undefined) ?? firstStep();
  const attrs = { rate: fraction("dropout()", "rate", rate), ...sourceAttrs("dropout()", options) };
  return apply(dropoutOp, [input, step], attrs);
}
