import { filled, ones as onesOf, zeros as zerosOf } from "../graph/constants.ts";
import { normalOf, type RandomSource, uniformOf } from "../graph/ops/random.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  checkOptions,
  finiteFloat32,
  nonNegativeFloat32,
  oneOf,
  positiveInteger,
  shapeOf,
} from "../options/index.ts";
import { type Shape, sizeOf } from "../values/shape.ts";

/** Inputs and outputs of one unit. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * Makes a variable's first values; the source decides every random number. Layers whose units have other inputs and outputs
 * than the shape says tell how many: those that convolve channel by channel, or back.
 */
export type Initializer = (shape: Shape, source: RandomSource, fans?: Fans) => Tensor;

/** Inputs and outputs of one unit, as Keras counts them: (in, units), or (kh, kw, in, out). */
function fansOf(name: string, given: Shape, fans?: Fans): Fans {
  if (fans !== undefined) return fans;
  const shape = shapeOf(`${name}()`, "shape", given, positiveInteger);
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: field * shape[shape.length - 2]!, fanOut: field * shape[shape.length - 1]! };
}

/** What an initializer draws from. */
function sourceOf(name: string, source: RandomSource): RandomSource {
  checkOptions(`${name}()`, source, ["seed", "stream"]);
  return source;
}

type Fan = (fans: Fans) => number;
const fanIn: Fan = (f) => f.fanIn;
const fanOut: Fan = (f) => f.fanOut;
const fanAverage: Fan = (f) => (f.fanIn + f.fanOut) / 2;

/** The standard deviation of a normal distribution that is cut at two of its own. */
const TRUNCATED_STDDEV = 0.8796256610342398;

/** Variance `scale / fan`, from a truncated normal distribution (Keras's VarianceScaling). */
const scaledNormal =
  (name: string, scale: number, fan: Fan): Initializer =>
  (shape, source, fans) => {
    const stddev = Math.sqrt(scale / fan(fansOf(name, shape, fans))) / TRUNCATED_STDDEV;
    return normalOf(`${name}()`, "truncatedNormal", shape, { ...sourceOf(name, source), stddev });
  };

/** Variance `scale / fan`, from a uniform distribution. */
const scaledUniform =
  (name: string, scale: number, fan: Fan): Initializer =>
  (shape, source, fans) => {
    const max = Math.sqrt((3 * scale) / fan(fansOf(name, shape, fans)));
    return uniformOf(`${name}()`, shape, { ...sourceOf(name, source), min: -max, max });
  };

/** One value everywhere. */
export function constant(value: number): Initializer {
  const known = finiteFloat32("constant()", "value", value);
  return (shape) => filled("constant()", shape, known);
}
/** Zeros: the default of biases. */
export const zeros: Initializer = (shape) => zerosOf(shape);
/** Ones. */
export const ones: Initializer = (shape) => onesOf(shape);
/** Evenly spread over [min, max), by default ±0.05 (Keras's RandomUniform). */
export function uniform(options: { min?: number; max?: number } = {}): Initializer {
  const where = "uniform()";
  checkOptions(where, options, ["min", "max"]);
  const min = finiteFloat32(where, "min", options.min ?? -0.05);
  const max = finiteFloat32(where, "max", options.max ?? 0.05);
  return (shape, source) => uniformOf(where, shape, { ...sourceOf("uniform", source), min, max });
}
/** Normal, by default of standard deviation 0.05 (Keras's RandomNormal). */
export const normal = (options: NormalNumbers = {}): Initializer => ofNormal("normal", options);
/** Normal, cut at two standard deviations (Keras's TruncatedNormal). */
export const truncatedNormal = (options: NormalNumbers = {}): Initializer =>
  ofNormal("truncatedNormal", options);

interface NormalNumbers {
  readonly mean?: number;
  readonly stddev?: number;
}

function ofNormal(name: "normal" | "truncatedNormal", options: NormalNumbers): Initializer {
  const where = `${name}()`;
  checkOptions(where, options, ["mean", "stddev"]);
  const mean = finiteFloat32(where, "mean", options.mean ?? 0);
  const stddev = nonNegativeFloat32(where, "stddev", options.stddev ?? 0.05);
  return (shape, source) =>
    normalOf(where, name, shape, { ...sourceOf(name, source), mean, stddev });
}
/** He et al. 2015: variance 2/fanIn, which keeps the signal's size through relu. */
export const heNormal: Initializer = scaledNormal("heNormal", 2, fanIn);
/** As `heNormal`, uniform: ±√(6/fanIn). */
export const heUniform: Initializer = scaledUniform("heUniform", 2, fanIn);
/** Glorot & Bengio 2010: variance 2/(fanIn + fanOut), for tanh, sigmoid and linear layers. */
export const glorotNormal: Initializer = scaledNormal("glorotNormal", 1, fanAverage);
/** As `glorotNormal`, uniform: ±√(6/(fanIn + fanOut)). */
export const glorotUniform: Initializer = scaledUniform("glorotUniform", 1, fanAverage);
/** LeCun et al. 1998: variance 1/fanIn. */
export const lecunNormal: Initializer = scaledNormal("lecunNormal", 1, fanIn);
/** As `lecunNormal`, uniform: ±√(3/fanIn). */
export const lecunUniform: Initializer = scaledUniform("lecunUniform", 1, fanIn);

/** Options of `varianceScaling`. */
export interface VarianceScalingOptions {
  /** The variance times the fan (default 1). */
  readonly scale?: number;
  /** Inputs of a unit, outputs of one, or the mean of both (default "fanIn"). */
  readonly mode?: "fanIn" | "fanOut" | "fanAverage";
  /** Default "truncatedNormal", cut at two standard deviations. */
  readonly distribution?: "truncatedNormal" | "normal" | "uniform";
}

const FANS = { fanIn, fanOut, fanAverage } as const;

/**
 * Numbers of variance `scale / fan`, of which heNormal, glorotUniform and their kin are cases (Keras's VarianceScaling).
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const where = "varianceScaling()";
  checkOptions(where, options, ["scale", "mode", "distribution"]);
  const scale = nonNegativeFloat32(where, "scale", options.scale ?? 1);
  const mode = oneOf(
    where,
    "mode",
    options.mode ?? "fanIn",
    Object.keys(FANS) as (keyof typeof FANS)[],
  );
  const distribution = oneOf(where, "distribution", options.distribution ?? "truncatedNormal", [
    "truncatedNormal",
    "normal",
    "uniform",
  ] as const);
  return (shape, source, fans) => {
    const variance = scale / FANS[mode](fansOf("varianceScaling", shape, fans));
    if (distribution === "uniform") {
      const max = Math.sqrt(3 * variance);
      return uniformOf(where, shape, { ...sourceOf("varianceScaling", source), min: -max, max });
    }
    const cut = distribution === "normal" ? 1 : TRUNCATED_STDDEV;
    return normalOf(where, distribution, shape, {
      ...sourceOf("varianceScaling", source),
      stddev: Math.sqrt(variance) / cut,
    });
  };
}
