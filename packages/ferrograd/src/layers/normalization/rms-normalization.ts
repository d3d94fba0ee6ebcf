import { square } from "../../graph/ops/elementwise.ts";
import { mean } from "../../graph/ops/reduce.ts";
import type { Constraint, Regularizer } from "../../graph/rule.ts";
import type { InitializerName } from "../../initializers/by-name.ts";
import type { Initializer } from "../../initializers/initializers.ts";
import { checkOptions } from "../../options/index.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";
import { affinesOf, factorOf, featureAxes, keeping, knownSizes, scaled } from "./normalize.ts";

/** Options of `rmsNormalization`. */
export interface RmsNormalizationOptions {
  /** The axes that are normalized together (default −1, the last). */
  readonly axis?: number | readonly number[];
  /** Added to the mean of squares (default 1e-6, as Keras; PyTorch takes the type's smallest step, 1.2e-7). */
  readonly epsilon?: number;
  /** Multiply by a trained factor, gamma (default true). */
  readonly scale?: boolean;
  /** Default ones. */
  readonly gammaInitializer?: InitializerName | Initializer;
  /** What is added to the loss for gamma (default none). */
  readonly gammaRegularizer?: Regularizer;
  /** What each step makes of gamma (default nothing). */
  readonly gammaConstraint?: Constraint;
  readonly name?: string;
}

/**
 * gamma · x / sqrt(mean(x²) + epsilon) over the axes of each row: layer normalization without a mean (Zhang &
 * Sennrich 2019). Keras's RMSNormalization, torch.nn.RMSNorm.
 *
 * @example sequential([dense(32), rmsNormalization(), activation("relu"), dense(1)], { inputShape: [4] })
 * @throws ArgumentError for options that are none, and an axis that is the batch's
 */
export function rmsNormalization(options: RmsNormalizationOptions = {}): Layer {
  const where = "rmsNormalization()";
  checkOptions(where, options, [
    ...["axis", "epsilon", "scale", "name"],
    ...["gammaInitializer", "gammaRegularizer", "gammaConstraint"],
  ]);
  const { axis = -1, epsilon = 1e-6 } = options;
  const affines = affinesOf(where, { ...options, epsilon, center: false });
  const { center: _, ...config } = affines.config;
  return createLayer({
    type: "rmsNormalization",
    name: options.name,
    config: { axis, ...config },
    build(rows, add) {
      affines.build(knownSizes(where, rows, featureAxes(where, axis, rows.length + 1)), add);
    },
    call(x) {
      const axes = featureAxes(where, axis, x.rank);
      const squares = mean(square(x), { axis: axes, keepDims: true });
      const normal = scaled(x, factorOf(squares, affines.epsilon, undefined), undefined);
      return scaled(normal, affines.gamma(keeping(x.shape, axes)), undefined);
    },
  });
}
