import { ones } from "../../graph/constants.ts";
import { add, mul } from "../../graph/ops/elementwise.ts";
import { dropout as dropoutOf, normalAt } from "../../graph/ops/random.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions, fraction, nonNegativeFloat32 } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import { type Axis, expectInputs } from "../expect.ts";
import { type Config, IDENTITY, type Layer, type LayerCall } from "../layer.ts";

/** Options of layers of noise. */
export interface NoiseOptions {
  readonly name?: string;
}

/** A layer that changes its inputs at random while training, and leaves them alone otherwise. */
function noisy(
  type: string,
  options: NoiseOptions | undefined,
  config: Config,
  inTraining: (x: Tensor, random: LayerCall["random"]) => Tensor,
): Layer {
  checkOptions(`${type}()`, options, ["name"]);
  return createLayer({
    type,
    name: options?.name,
    config,
    elementwise: "linear",
    call: (x, { training, random }) => (training ? inTraining(x, random) : x),
    affine: () => IDENTITY,
  });
}

/**
 * While training adds normal numbers with mean 0 and this deviation to its inputs. Keras's GaussianNoise.
 *
 * @example sequential([gaussianNoise(0.1), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for a negative deviation
 */
export function gaussianNoise(stddev: number, options?: NoiseOptions): Layer {
  const where = "gaussianNoise()";
  nonNegativeFloat32(where, "stddev", stddev);
  return noisy("gaussianNoise", options, { stddev }, (x, random) =>
    add(x, normalAt(where, x.shape, [0, stddev], random)),
  );
}

/**
 * While training multiplies its inputs by normal numbers with mean 1 and deviation sqrt(rate / (1 − rate)), which
 * dropout's mask of this rate has (Srivastava et al. 2014). Keras's GaussianDropout.
 *
 * @example sequential([gaussianDropout(0.2), dense(1)], { inputShape: [4] })
 * @throws ArgumentError when the rate is not in 0 <= rate < 1
 */
export function gaussianDropout(rate: number, options?: NoiseOptions): Layer {
  const where = "gaussianDropout()";
  fraction(where, "rate", rate);
  const stddev = Math.sqrt(rate / (1 - rate));
  return noisy("gaussianDropout", options, { rate }, (x, random) =>
    mul(x, normalAt(where, x.shape, [1, stddev], random)),
  );
}

/** What selu tends to for x → −∞, −scale · alpha: what alpha dropout puts in the place of what it drops. */
const LOWEST = -1.7580993408473766;

/**
 * While training sets elements to selu's lowest value with probability `rate`, and scales and shifts all of them so
 * that mean 0 and variance 1 stay (Klambauer et al. 2017). Keras's AlphaDropout, torch.nn.AlphaDropout.
 *
 * @example sequential([dense(16, { activation: "selu" }), alphaDropout(0.1), dense(1)], { inputShape: [4] })
 * @throws ArgumentError when the rate is not in 0 <= rate < 1
 */
export function alphaDropout(rate: number, options?: NoiseOptions): Layer {
  fraction("alphaDropout()", "rate", rate);
  const keep = 1 - rate;
  const scale = 1 / Math.sqrt(keep * (1 + rate * LOWEST * LOWEST));
  return noisy("alphaDropout", options, { rate }, (x, random) => {
    // 0 where an element is dropped, 1 elsewhere: (x − lowest) · kept + lowest is x, or the lowest value.
    const kept = mul(dropoutOf(ones(x.shape), rate, random), keep);
    const dropped = add(mul(add(x, -LOWEST), kept), LOWEST);
    return add(mul(dropped, scale), -scale * rate * LOWEST);
  });
}

/** Dropout of whole channels: one decision for all places of a row's channel. */
function spatial(type: string, rate: number, options: NoiseOptions | undefined, axes: Axis[]) {
  const where = `${type}()`;
  fraction(where, "rate", rate);
  return noisy(type, options, { rate }, (x, random) => {
    expectInputs(where, x, axes);
    const mask = x.shape.map((size, i) => (i === 0 || i === x.rank - 1 ? size : 1));
    return mul(x, dropoutOf(ones(mask), rate, random));
  });
}

/**
 * Dropout of whole channels: (batch, steps, channels), where neighbors in time say much the same (Tompson et al.
 * 2015). Keras's SpatialDropout1D, torch.nn.Dropout1d.
 *
 * @example sequential([spatialDropout1d(0.2), flatten(), dense(1)], { inputShape: [5, 4] })
 * @throws ArgumentError when the rate is not in 0 <= rate < 1
 */
export const spatialDropout1d = (rate: number, options?: NoiseOptions): Layer =>
  spatial("spatialDropout1d", rate, options, ["batch", "steps", "channels"]);

/**
 * Dropout of whole channels: (batch, height, width, channels). Keras's SpatialDropout2D, torch.nn.Dropout2d.
 *
 * @example sequential([spatialDropout2d(0.2), flatten(), dense(1)], { inputShape: [5, 5, 4] })
 * @throws ArgumentError when the rate is not in 0 <= rate < 1
 */
export const spatialDropout2d = (rate: number, options?: NoiseOptions): Layer =>
  spatial("spatialDropout2d", rate, options, ["batch", "height", "width", "channels"]);
