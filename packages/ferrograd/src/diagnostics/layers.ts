import type { ActivationName } from "../engine/ops.generated.ts";
import { ACTIVATIONS } from "../engine/ops.generated.ts";
import { kernelOf, type LayerReading, type WeightReading } from "./probe.ts";
import { type FlatEnds, flatEnds, type Saturation } from "./slopes.ts";
import {
  deviation,
  equalSigns,
  type Histogram,
  histogram,
  type Matrix,
  nonZeros,
  oneSigned,
  type Survey,
  survey,
} from "./statistics.ts";

/** What `diagnose` says about one layer. */
export interface LayerHealth {
  readonly name: string;
  readonly activation: ActivationName;
  /** Width of the outputs. */
  readonly units: number;
  /** Shares of the elements of z on a flat end of f; a relu's zero side counts as dead instead. */
  readonly saturation: Saturation;
  /** Units with f'(z) = 0 on every row of the probe; filters with it at every place of every image. */
  readonly dead: {
    readonly count: number;
    readonly share: number;
    readonly units: readonly number[];
  };
  readonly zeroCentering: {
    /** Mean over the rows of |Σx| / Σ|x| of the layer's inputs: 1 after a sigmoid or a relu. */
    readonly inputs: number;
    /**
     * Mean over the units of the share of the commoner sign among dL/dW of their incoming weights,
     * the probe being the batch; 0 without a kernel. With one row (`probeRows: 1`) and inputs of one
     * sign it is 1, and falls as the batch grows.
     */
    readonly gradientSigns: number;
  };
  /** Share of outputs that are 0. */
  readonly sparsity: number;
  /** NaN and infinities among the outputs. */
  readonly nonFinite: number;
  /** √Σ(dL/dy)², L being the mean loss over the probe. */
  readonly gradientNorm: number;
  /** gradientNorm over that of the next layer, the first that takes what this one gives: under 1 it shrinks on its way back; undefined for the last layer. */
  readonly gradientRatio: number | undefined;
  /** √Σ(dL/dw)² over the layer's variables; undefined where it has none. */
  readonly weightGradientNorm: number | undefined;
  /** weightGradientNorm over that of the next layer with weights; undefined where there is none. */
  readonly weightGradientRatio: number | undefined;
  readonly weightNorm: number | undefined;
  /** ‖Δw‖ / ‖w‖ of one step; undefined where the step is not known. */
  readonly updateRatio: number | undefined;
  /** Standard deviation of the kernel beside that of the initializer that suits the activation, its own or that of a layer behind it. */
  readonly kernelDeviation:
    | { readonly actual: number; readonly suited: number; readonly activation: ActivationName }
    | undefined;
  /** The same unit by unit. */
  readonly perUnit: {
    /** Share of the rows on which f'(z) is not 0: a dead unit has 0. */
    readonly active: readonly number[];
    /** Share of the rows on which z lies on a flat end of f. */
    readonly saturated: readonly number[];
    /** Share of the commoner sign among dL/dW of its incoming weights; NaN where all are 0, empty without a kernel. */
    readonly gradientSigns: readonly number[];
  };
  readonly histograms: {
    readonly preActivations: Histogram;
    readonly activations: Histogram;
    readonly gradients: Histogram;
    readonly weights: Histogram | undefined;
  };
}

/** All statistics of every layer; `updateRatios` come from whoever knows two states of the weights. */
export function layersHealth(
  readings: readonly LayerReading[],
  flatness: number,
  updateRatios: ReadonlyMap<string, number>,
): LayerHealth[] {
  const surveyed = remembering();
  const layers = readings.map((reading) =>
    layerHealth(reading, surveyed, flatness, updateRatios.get(reading.name)),
  );
  return layers.map((layer, i) => {
    const behind = layers.slice(i + 1);
    const [first] = readings[i]!.consumers;
    const next = behind.find(({ name }) => name === first);
    const trained = behind.find(({ weightGradientNorm }) => weightGradientNorm !== undefined);
    return {
      ...layer,
      gradientRatio: ratio(layer.gradientNorm, next?.gradientNorm),
      weightGradientRatio: ratio(layer.weightGradientNorm, trained?.weightGradientNorm),
    };
  });
}

/** Undefined where one is missing, or nothing is divided by nothing. */
function ratio(own: number | undefined, next: number | undefined): number | undefined {
  if (own === undefined || next === undefined || (own === 0 && next === 0)) return undefined;
  return own / next;
}

/** Surveys a matrix once: a layer's inputs are the outputs of the one before it. */
function remembering(): (matrix: Matrix) => Survey {
  const known = new Map<Matrix, Survey>();
  return (matrix) => {
    let found = known.get(matrix);
    if (found === undefined) {
      found = survey(matrix);
      known.set(matrix, found);
    }
    return found;
  };
}

type Surveyed = ReturnType<typeof remembering>;
type Alone = Omit<LayerHealth, "gradientRatio" | "weightGradientRatio">;

function layerHealth(
  reading: LayerReading,
  surveyed: Surveyed,
  flatness: number,
  updateRatio: number | undefined,
): Alone {
  const { name, activation, output, preActivation, slope, gradient, weights } = reading;
  const kernel = kernelOf(reading, 2); // of one input there is no deviation
  const { rows, units } = slope ?? output; // a layer may reshape what its activation gives
  const flat = flatEnds(reading, flatness);
  const active = slope === undefined ? new Array<number>(units).fill(rows) : nonZeros(slope);
  const dead = active.flatMap((count, unit) => (count === 0 && rows > 0 ? [unit] : []));
  const gradientSigns = kernel === undefined ? [] : equalSigns(kernel.gradient);
  const trains = weights.length > 0;
  const values = weights.map((weight) => weight.value);
  const binned = (matrices: readonly Matrix[]) => histogram(matrices, surveyed);
  const length = (matrices: readonly Matrix[]) =>
    Math.sqrt(matrices.reduce((total, matrix) => total + surveyed(matrix).squares, 0));
  const { zeros, nonFinite } = surveyed(output);
  return {
    name,
    activation,
    units: output.units,
    saturation: saturationOf(flat, rows),
    dead: { count: dead.length, share: dead.length / Math.max(1, units), units: dead },
    zeroCentering: {
      inputs: reading.input === undefined ? 0 : oneSigned(reading.input),
      gradientSigns: meanOf(gradientSigns.filter((share) => !Number.isNaN(share))),
    },
    sparsity: zeros / Math.max(1, output.size),
    nonFinite,
    gradientNorm: length([gradient]),
    weightGradientNorm: trains ? length(weights.map((weight) => weight.gradient)) : undefined,
    weightNorm: trains ? length(values) : undefined,
    updateRatio,
    kernelDeviation: kernel && {
      actual: deviation(surveyed(kernel.value), kernel.value.size),
      suited: suitedDeviation(kernel, reading.active),
      activation: reading.active,
    },
    perUnit: {
      active: active.map((count) => count / Math.max(1, rows)),
      saturated: Array.from(
        flat.low,
        (count, unit) => (count + flat.high[unit]!) / Math.max(1, rows),
      ),
      gradientSigns,
    },
    histograms: {
      preActivations: binned([preActivation]),
      activations: binned([output]),
      gradients: binned([gradient]),
      weights: trains ? binned(values) : undefined,
    },
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Shares of a layer's elements. */
function saturationOf({ low, high }: FlatEnds, rows: number): Saturation {
  const share = (counts: Uint32Array) =>
    counts.reduce((sum, count) => sum + count, 0) / Math.max(1, rows * counts.length);
  return { share: share(low) + share(high), low: share(low), high: share(high) };
}

/** Variances of the initializers that rows ask for, from a kernel's fans. */
const VARIANCE = {
  heNormal: (fanIn: number, _fanOut: number) => 2 / fanIn,
  glorotUniform: (fanIn: number, fanOut: number) => 2 / (fanIn + fanOut),
  lecunNormal: (fanIn: number, _fanOut: number) => 1 / fanIn,
};

function suitedDeviation(kernel: WeightReading, activation: ActivationName): number {
  const { rows, units, places } = kernel.value;
  const { fanIn, fanOut } = kernel.fans ?? { fanIn: rows, fanOut: places * units };
  return Math.sqrt(VARIANCE[ACTIVATIONS[activation].initializer](fanIn, fanOut));
}
