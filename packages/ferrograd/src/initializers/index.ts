import { fill } from "../graph/leaf.ts";
import {
  type RandomSource,
  randomNormal,
  randomUniform,
  truncatedNormal as truncated,
} from "../graph/ops/random.ts";
import { type Shape, sizeOf, type Tensor } from "../graph/tensor.ts";
import { finiteNumber, oneOf } from "../suggest.ts";

/** Makes a variable's first values; the source decides every random number. */
export type Initializer = (shape: Shape, source: RandomSource) => Tensor;

/** Inputs and outputs of one unit, as Keras counts them: (in, units), or (kh, kw, in, out). */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: field * shape[shape.length - 2]!, fanOut: field * shape[shape.length - 1]! };
}

type Fan = (fans: { fanIn: number; fanOut: number }) => number;
const fanIn: Fan = (f) => f.fanIn;
const fanAverage: Fan = (f) => (f.fanIn + f.fanOut) / 2;

/** The standard deviation of a normal distribution that is cut at two of its own. */
const TRUNCATED_STDDEV = 0.8796256610342398;

/** Variance `scale / fan`, from a truncated normal distribution (Keras's VarianceScaling). */
const scaledNormal =
  (scale: number, fan: Fan): Initializer =>
  (shape, source) =>
    truncated(shape, { ...source, stddev: Math.sqrt(scale / fan(fans(shape))) / TRUNCATED_STDDEV });

/** Variance `scale / fan`, from a uniform distribution. */
const scaledUniform =
  (scale: number, fan: Fan): Initializer =>
  (shape, source) => {
    const max = Math.sqrt((3 * scale) / fan(fans(shape)));
    return randomUniform(shape, { ...source, min: -max, max });
  };

/** One value everywhere. */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    fill(shape, finiteNumber("constant()", "value", value));
/** Zeros: the default of biases. */
export const zeros: Initializer = constant(0);
/** Ones. */
export const ones: Initializer = constant(1);
/** Evenly spread over [min, max), by default ±0.05 (Keras's RandomUniform). */
export const uniform =
  ({ min = -0.05, max = 0.05 }: { min?: number; max?: number } = {}): Initializer =>
  (shape, source) =>
    randomUniform(shape, { ...source, min, max });
/** Normal, by default of standard deviation 0.05 (Keras's RandomNormal). */
export const normal =
  ({ mean = 0, stddev = 0.05 }: { mean?: number; stddev?: number } = {}): Initializer =>
  (shape, source) =>
    randomNormal(shape, { ...source, mean, stddev });
/** Normal, cut at two standard deviations (Keras's TruncatedNormal). */
export const truncatedNormal =
  ({ mean = 0, stddev = 0.05 }: { mean?: number; stddev?: number } = {}): Initializer =>
  (shape, source) =>
    truncated(shape, { ...source, mean, stddev });
/** He et al. 2015: variance 2/fanIn, which keeps the signal's size through relu. */
export const heNormal: Initializer = scaledNormal(2, fanIn);
/** As `heNormal`, uniform: ±√(6/fanIn). */
export const heUniform: Initializer = scaledUniform(2, fanIn);
/** Glorot & Bengio 2010: variance 2/(fanIn + fanOut), for tanh, sigmoid and linear layers. */
export const glorotNormal: Initializer = scaledNormal(1, fanAverage);
/** As `glorotNormal`, uniform: ±√(6/(fanIn + fanOut)). */
export const glorotUniform: Initializer = scaledUniform(1, fanAverage);
/** LeCun et al. 1998: variance 1/fanIn. */
export const lecunNormal: Initializer = scaledNormal(1, fanIn);
/** As `lecunNormal`, uniform: ±√(3/fanIn). */
export const lecunUniform: Initializer = scaledUniform(1, fanIn);

/** The initializers that need no number. */
const byName = {
  zeros,
  ones,
  uniform: uniform(),
  normal: normal(),
  truncatedNormal: truncatedNormal(),
  heNormal,
  heUniform,
  glorotNormal,
  glorotUniform,
  lecunNormal,
  lecunUniform,
} as const;

/** The name of an initializer that needs no number. */
export type InitializerName = keyof typeof byName;

/** An initializer from its name; a function is taken as it is. @internal */
export function initializerOf(where: string, option: string, value: unknown): Initializer {
  if (typeof value === "function") return value as Initializer;
  return byName[oneOf(where, option, value, Object.keys(byName) as InitializerName[])];
}
