import { grad } from "../compile/differentiate.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import { ACTIVATIONS } from "../engine/ops.generated.ts";
import { tensor } from "../graph/leaf.ts";
import { activate } from "../graph/ops/activation.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { ActivationAttrs, LayerReading, WeightReading } from "./probe.ts";
import {
  count,
  deviation,
  equalSigns,
  type Histogram,
  histogram,
  type Matrix,
  norm,
  oneSigned,
  square,
  zeroColumns,
} from "./statistics.ts";

/** What `diagnose` says about one layer. */
export interface LayerHealth {
  readonly name: string;
  readonly activation: ActivationName;
  /** Width of the outputs. */
  readonly units: number;
  /** Shares of the elements of z on a flat end of f; a relu's zero side counts as dead instead. */
  readonly saturation: { readonly share: number; readonly low: number; readonly high: number };
  /** Units with f'(z) = 0 on every row of the probe. */
  readonly dead: {
    readonly count: number;
    readonly share: number;
    readonly units: readonly number[];
  };
  readonly zeroCentering: {
    /** Mean over the rows of |Σx| / Σ|x| of the layer's inputs: 1 after a sigmoid or a relu. */
    readonly inputs: number;
    /** Mean over the units of the share of the commoner sign among dL/dW of their incoming weights; 0 without a kernel. */
    readonly gradientSigns: number;
  };
  /** Share of outputs that are 0. */
  readonly sparsity: number;
  /** NaN and infinities among the outputs. */
  readonly nonFinite: number;
  /** √Σ(dL/dy)², L being the mean loss over the probe. */
  readonly gradientNorm: number;
  /** √Σ(dL/dw)² over the layer's variables; undefined where it has none. */
  readonly weightGradientNorm: number | undefined;
  readonly weightNorm: number | undefined;
  /** ‖Δw‖ / ‖w‖ of one step; undefined where the step is not known. */
  readonly updateRatio: number | undefined;
  /** Standard deviation of the kernel beside that of the initializer that suits the activation. */
  readonly kernelDeviation: { readonly actual: number; readonly suited: number } | undefined;
  readonly histograms: {
    readonly preActivations: Histogram;
    readonly activations: Histogram;
    readonly gradients: Histogram;
    readonly weights: Histogram | undefined;
  };
}

/** All of a layer's statistics; `updateRatio` comes from whoever knows two states of the weights. */
export function layerHealth(
  reading: LayerReading,
  flatness: number,
  updateRatio: number | undefined,
): LayerHealth {
  const { name, activation, output, preActivation, slope, gradient, weights } = reading;
  const kernel = kernelOf(reading);
  const dead = slope === undefined ? [] : zeroColumns(slope);
  const trains = weights.length > 0;
  return {
    name,
    activation,
    units: output.units,
    saturation: saturation(reading, flatness),
    dead: { count: dead.length, share: dead.length / Math.max(1, output.units), units: dead },
    zeroCentering: {
      inputs: oneSigned(reading.input),
      gradientSigns: kernel === undefined ? 0 : equalSigns(kernel.gradient),
    },
    sparsity: share(output, (value) => value === 0),
    nonFinite: count(output, (value) => !Number.isFinite(value)),
    gradientNorm: norm(gradient),
    weightGradientNorm: trains ? total(weights.map((weight) => weight.gradient)) : undefined,
    weightNorm: trains ? total(weights.map((weight) => weight.value)) : undefined,
    updateRatio,
    kernelDeviation: kernel && {
      actual: deviation(kernel.value),
      suited: suitedDeviation(kernel.value, activation),
    },
    histograms: {
      preActivations: histogram(preActivation),
      activations: histogram(output),
      gradients: histogram(gradient),
      weights: trains ? histogram(joined(weights.map((weight) => weight.value))) : undefined,
    },
  };
}

/** The matrix of a layer that multiplies by one, (in, units). */
export function kernelOf({ weights, output }: LayerReading): WeightReading | undefined {
  return weights.find(({ value }) => value.rows > 1 && value.units === output.units);
}

/** The root of all squares of several matrices. */
export function total(matrices: readonly Matrix[]): number {
  return Math.sqrt(matrices.reduce((squares, matrix) => squares + square(norm(matrix)), 0));
}

const share = (matrix: Matrix, holds: (value: number) => boolean): number =>
  count(matrix, holds) / Math.max(1, matrix.values.length);

function joined(matrices: readonly Matrix[]): Matrix {
  const values = matrices.flatMap((matrix) => [...Array.from(matrix.values)]);
  return { values, rows: 1, units: values.length };
}

/** Variances of the initializers that rows ask for, from a kernel's fans. */
const VARIANCE = {
  heNormal: (fanIn: number, _fanOut: number) => 2 / fanIn,
  glorotUniform: (fanIn: number, fanOut: number) => 2 / (fanIn + fanOut),
  lecunNormal: (fanIn: number, _fanOut: number) => 1 / fanIn,
};

function suitedDeviation({ rows, units }: Matrix, activation: ActivationName): number {
  return Math.sqrt(VARIANCE[ACTIVATIONS[activation].initializer](rows, units));
}

/** Shares of z where |f'| is under `flatness` of its largest value, on the sides where f saturates. */
function saturation(
  { attrs, preActivation, slope }: LayerReading,
  flatness: number,
): LayerHealth["saturation"] {
  const { saturates } = ACTIVATIONS[attrs.activation];
  if (slope === undefined || saturates === "none") return { share: 0, low: 0, high: 0 };
  const { largest, rectifies } = shapeOf(attrs);
  let [low, high] = [0, 0];
  for (let i = 0; i < slope.values.length; i++) {
    if (!(Math.abs(slope.values[i]!) < flatness * largest)) continue;
    const below = preActivation.values[i]! < 0;
    if (below && saturates !== "high" && !rectifies) low++;
    if (!below && saturates !== "low") high++;
  }
  const elements = Math.max(1, slope.values.length);
  return { share: (low + high) / elements, low: low / elements, high: high / elements };
}

interface SlopeShape {
  /** The largest |f'(x)|. */
  readonly largest: number;
  /** Is f' zero everywhere below zero? Such units are off there, not saturated. */
  readonly rectifies: boolean;
}

const shapes = new Map<string, SlopeShape>();
const GRID = Array.from({ length: 2049 }, (_, i) => (i - 1024) / 64); // -16 to 16

/** Reads f' of a row once on a grid, computed by the core. */
function shapeOf(attrs: ActivationAttrs): SlopeShape {
  const key = `${attrs.activation}/${attrs.p0}/${attrs.p1}`;
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const x = tensor(GRID);
  const slopes = Array.from(grad(sum(activate(x, attrs)), [x])[0]!.data());
  const shape = {
    largest: slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0),
    rectifies: slopes.every((slope, i) => GRID[i]! >= 0 || slope === 0),
  };
  shapes.set(key, shape);
  return shape;
}
