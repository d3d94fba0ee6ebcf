import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { toTensor } from "../graph/leaf.ts";
import {
  abs,
  add,
  div,
  exp,
  log,
  log1p,
  maximum,
  mul,
  neg,
  squaredDifference,
  sub,
} from "../graph/ops/elementwise.ts";
import { part } from "../graph/ops/pieces.ts";
import { requireRank } from "../graph/ops/require.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean, finiteNumber, listOf, nonNegativeFloat32 } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { type Shape, showShape } from "../values/shape.ts";
import { defineLoss, type LossOf, type NoOptions } from "./loss.ts";
import { alike, eachTarget, pair, perSample } from "./targets.ts";

/** What is divided by is at least this, as in Keras. */
const LEAST = 1e-7;

/**
 * 100·|yTrue − yPred| / |yTrue|, averaged over the last axis: (…, n) → (…); what is divided by is 1e-7 at least
 * (Keras's MeanAbsolutePercentageError). Training refuses targets of 0 by row.
 *
 * @example meanAbsolutePercentageError([[2, 4]], [[1, 5]]).array() // [37.5]
 * @throws ShapeError when the shapes differ
 */
export const meanAbsolutePercentageError: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "meanAbsolutePercentageError",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(mul(div(abs(sub(t, p)), maximum(abs(t), LEAST)), 100));
  },
  row: () => ({
    anyScale: true,
    takes: eachTarget("a number other than 0, which the error is divided by", (v) => v !== 0),
  }),
});

/**
 * (log(1 + yTrue) − log(1 + yPred))², averaged over the last axis: (…, n) → (…); both are 0 at least (Keras's
 * MeanSquaredLogarithmicError): for amounts of which ratios matter.
 *
 * @example meanSquaredLogarithmicError([[0, 1]], [[0, 3]]).array() // [0.24023…]
 * @throws ShapeError when the shapes differ
 */
export const meanSquaredLogarithmicError: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "meanSquaredLogarithmicError",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(squaredDifference(log1p(maximum(t, 0)), log1p(maximum(p, 0))));
  },
  row: () => ({ anyScale: true, takes: eachTarget("a number of 0 or more", (v) => v >= 0) }),
});

/** Options of `pinball`. */
export interface PinballOptions {
  /** The quantile that is predicted, above 0 and below 1 (default 0.5, the median); of several outputs one for each. */
  readonly quantile?: number | readonly number[];
}

function between(where: string, name: string, value: unknown): number {
  const number = finiteNumber(where, name, value);
  if (number > 0 && number < 1) return number;
  throw new ArgumentError(`${where}: ${name}: expected a number above 0 and below 1, got ${value}`);
}

/**
 * The quantile loss q·(t − p) where t > p, else (1 − q)·(p − t), averaged over the last axis: (…, n) → (…): its best answer
 * is the q-quantile (Koenker and Bassett 1978; scikit-learn's mean_pinball_loss). With a list of quantiles outputs have one
 * column for each; targets are as wide, or one number for all.
 *
 * @example pinball([[1, 1]], [[0, 3]], { quantile: 0.75 }).array() // [0.625]
 * @example
 * const model = sequential([dense(3)], { inputShape: [4] });
 * model.compile({ optimizer: "adam", loss: pinball({ quantile: [0.1, 0.5, 0.9] }) });
 * @throws ShapeError when the shapes differ; ArgumentError for a quantile outside
 */
export const pinball: LossOf<PinballOptions> = /* @__PURE__ */ defineLoss({
  name: "pinball",
  options: {
    quantile: (where: string, name: string, value: unknown) =>
      Array.isArray(value) ? listOf(where, name, value, between) : between(where, name, value),
  },
  call(where, yTrue, yPred, { quantile = 0.5 }: PinballOptions) {
    const p = toTensor(where, yPred) as Tensor;
    const y = toTensor(where, yTrue) as Tensor;
    const t = isOneForAll(y.shape, p.shape, quantile) ? y : alike(where, y, p);
    const q = quantilesFor(where, quantile, p.shape);
    const under = sub(t, p);
    return perSample(maximum(mul(under, q), mul(under, sub(q, 1))));
  },
  row: ({ quantile }) => ({
    anyScale: true,
    ...(typeof quantile === "object" && {
      targetShape: (outputShape) => [...outputShape.slice(0, -1), 1],
    }),
  }),
});

/** Is it one target for all quantiles? */
const isOneForAll = (t: Shape, p: Shape, quantile: PinballOptions["quantile"]): boolean =>
  typeof quantile === "object" && t.length === p.length && t.at(-1) === 1;

function quantilesFor(
  where: string,
  quantile: number | readonly number[],
  shape: Shape,
): number | Tensor {
  if (typeof quantile === "number") return quantile;
  const { length } = quantile;
  if (shape.at(-1) === length) return leaf(Float32Array.from(quantile), [length], FLOAT) as Tensor;
  throw new ShapeError(
    `${where}: quantile: expected predictions (…, ${length}), one for each quantile, got shape ${showShape(shape)}`,
  );
}

/** Options of `gaussianNegativeLogLikelihood`. */
export interface GaussianOptions {
  /** Are the second halves logarithms of variances (default true), so that any number will do? Else they are variances. */
  readonly fromLog?: boolean;
  /** Adds the constant ½·log 2π (default false). */
  readonly full?: boolean;
  /** Least variance (default 1e-6). */
  readonly epsilon?: number;
}

const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * −log of the normal density, ½·(log σ² + (yTrue − μ)² / σ²), averaged over the last axis, for predictions of a mean and of
 * how far off it may be: yPred (…, 2n) holds n means, then n logarithms of variances; yTrue (…, n) → (…) (Nix and Weigend 1994;
 * torch.nn.GaussianNLLLoss).
 *
 * @example gaussianNegativeLogLikelihood([[3]], [[1, 0]]).array() // [2]
 * @example
 * const model = sequential([dense(2)], { inputShape: [4] });
 * model.compile({ optimizer: "adam", loss: gaussianNegativeLogLikelihood() });
 * @throws ShapeError when the shapes do not fit
 */
export const gaussianNegativeLogLikelihood: LossOf<GaussianOptions> = /* @__PURE__ */ defineLoss({
  name: "gaussianNegativeLogLikelihood",
  options: { fromLog: boolean, full: boolean, epsilon: nonNegativeFloat32 },
  call(where, yTrue, yPred, { fromLog = true, full = false, epsilon = 1e-6 }: GaussianOptions) {
    const all = requireRank("gaussianNegativeLogLikelihood", toTensor(where, yPred), 1) as Tensor;
    const width = all.shape.at(-1)!;
    if (width % 2 === 1 || width === 0) {
      throw new ShapeError(
        `${where}: expected predictions (…, 2n), n means and n variances, got shape ${showShape(all.shape)}`,
      );
    }
    const half = (at: number) => part(all, all.rank - 1, (at * width) / 2, width / 2, 1);
    const [mean, second] = [half(0), half(1)];
    const t = alike(where, toTensor(where, yTrue) as Tensor, mean);
    const logs = fromLog
      ? maximum(second, log(Math.max(epsilon, 1e-30)))
      : log(maximum(second, epsilon));
    const error = squaredDifference(t, mean);
    const scaled = fromLog ? mul(error, exp(neg(logs))) : div(error, maximum(second, epsilon));
    return perSample(add(mul(add(logs, scaled), 0.5), full ? HALF_LOG_TWO_PI : 0));
  },
  row: () => ({
    anyScale: true,
    lastAxis: { of: "numbers" },
    targetShape: (outputShape) => {
      const width = outputShape.at(-1);
      return [...outputShape.slice(0, -1), width == null ? null : Math.floor(width / 2)];
    },
  }),
});

/** Entries of the table of losses. */
export const amounts = [
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  pinball,
  gaussianNegativeLogLikelihood,
] as const;
