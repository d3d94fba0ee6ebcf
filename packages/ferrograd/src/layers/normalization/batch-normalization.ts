import { ShapeError } from "../../errors.ts";
import type { Variable } from "../../graph/leaf.ts";
import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { normalize } from "../../graph/ops/moments.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  type InitializerName,
  initializerOf,
  namedInitializers,
} from "../../initializers/by-name.ts";
import type { Initializer } from "../../initializers/initializers.ts";
import { boolean, checkOptions, fraction } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import { expectInputs } from "../expect.ts";
import type { Layer } from "../layer.ts";
import {
  affinesOf,
  COMMON,
  factorOf,
  featureAxis,
  keeping,
  knownSizes,
  type NormalizeOptions,
  scaled,
} from "./normalize.ts";

/** Options of `batchNormalization`. */
export interface BatchNormalizationOptions extends NormalizeOptions {
  /** The axis of the features (default −1, the last). */
  readonly axis?: number;
  /** How much of the running statistics a step keeps (default 0.99, as Keras; 1 − PyTorch's momentum of 0.1 is 0.9). */
  readonly momentum?: number;
  /** Does the running variance take n / (n − 1) of a batch's variance, as PyTorch's does (default false, as Keras)? */
  readonly unbiased?: boolean;
  /** Default zeros. */
  readonly movingMeanInitializer?: InitializerName | Initializer;
  /** Default ones. */
  readonly movingVarianceInitializer?: InitializerName | Initializer;
}

const OWN = [
  "axis",
  "momentum",
  "unbiased",
  "movingMeanInitializer",
  "movingVarianceInitializer",
] as const;

/**
 * gamma · (x − μ) / sqrt(σ² + epsilon) + beta for each feature: (batch, …, features) → the same. While training μ and σ² are
 * the mean and the biased variance of the batch, and running statistics follow them: running · momentum + batch · (1 −
 * momentum); otherwise, and where the layer is frozen, they are the running statistics (Ioffe & Szegedy 2015). Keras's
 * BatchNormalization with its defaults; torch.nn.BatchNorm1d with `{ epsilon: 1e-5, momentum: 0.9, unbiased: true }`.
 * Its variables are gamma, beta, moving_mean and moving_variance, (features) each. A batch of one row with one value for
 * each feature has variance 0, and gives beta.
 *
 * @example sequential([dense(32, { useBias: false }), batchNormalization(), activation("relu"), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for options that are none, and an axis that is the batch's
 * @throws ShapeError where `unbiased` is said and a batch has one value for each feature
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  const where = "batchNormalization()";
  checkOptions(where, options, [...OWN, ...COMMON]);
  const { axis = -1, unbiased = false, movingMeanInitializer, movingVarianceInitializer } = options;
  const momentum = fraction(where, "momentum", options.momentum ?? 0.99);
  boolean(where, "unbiased", unbiased);
  const affines = affinesOf(where, options);
  const meanStart = initializerOf(where, "movingMeanInitializer", movingMeanInitializer ?? "zeros");
  const varianceStart = initializerOf(
    where,
    "movingVarianceInitializer",
    movingVarianceInitializer ?? "ones",
  );
  let runningMean: Variable; // (features)
  let runningVariance: Variable; // (features)

  /** What is left of the running statistics, and what comes to them. */
  const follow = (batch: Tensor, factor: number) => (before: Tensor) =>
    add(mul(before, momentum), mul(reshape(batch, before.shape), factor));

  return createLayer({
    type: "batchNormalization",
    name: options.name,
    config: {
      axis,
      momentum,
      unbiased,
      ...affines.config,
      ...namedInitializers({ movingMeanInitializer, movingVarianceInitializer }),
    },
    build(rows, add) {
      const shape = knownSizes(where, rows, [featureAxis(where, axis, rows.length + 1)]);
      affines.build(shape, add);
      runningMean = add("moving_mean", shape, meanStart, { trainable: false });
      runningVariance = add("moving_variance", shape, varianceStart, { trainable: false });
    },
    call(x, { training, trainable, update }) {
      const at = featureAxis(where, axis, x.rank);
      const features = runningMean.shape[0]!;
      expectInputs(
        where,
        x,
        x.shape.map((_, i) => (i === at ? features : "any")),
      );
      const shape = keeping(x.shape, [at]);
      const [gamma, beta] = [affines.gamma(shape), affines.beta(shape)];
      if (!training || !trainable) {
        const factor = factorOf(reshape(runningVariance, shape), affines.epsilon, gamma);
        return scaled(sub(x, reshape(runningMean, shape)), factor, beta);
      }
      const count = x.size / features;
      const others = x.shape.flatMap((_, i) => (i === at ? [] : [i]));
      const { y, mean, variance } = normalize(x, others, affines.epsilon, gamma, beta);
      const correction = unbiased ? correctionOf(where, count) : 1;
      update(runningMean, follow(mean, 1 - momentum));
      update(runningVariance, follow(variance, (1 - momentum) * correction));
      return y;
    },
    affine(rows) {
      if (featureAxis(where, axis, rows.length + 1) !== rows.length) return undefined;
      let terms: Float64Array[] | undefined; // factor and shift, (features) each, of the first row's time
      return {
        map(x) {
          terms ??= termsOf();
          const [factor, shift] = terms as [Float64Array, Float64Array];
          return x.map((v, j) => v * factor[j]! + shift[j]!);
        },
        shifts: true,
        learns: true,
        diagonal: true,
      };
    },
  });

  function termsOf(): Float64Array[] {
    const [mean, variance] = [runningMean.data(), runningVariance.data()];
    const { gamma, beta } = affines.values(mean.length);
    const factor = Float64Array.from(
      variance,
      (v, j) => gamma[j]! / Math.sqrt(v + Math.fround(affines.epsilon)),
    );
    return [factor, factor.map((f, j) => beta[j]! - mean[j]! * f)];
  }
}

/** n / (n − 1). */
function correctionOf(where: string, count: number): number {
  if (count !== 1) return count / (count - 1);
  throw new ShapeError(
    `${where}: unbiased: expected more than one value for each feature while training, got one; ` +
      "take larger batches",
  );
}
