import {
  abs,
  add,
  div,
  exp,
  log,
  log1p,
  magnitude,
  maximum,
  minimum,
  mul,
  neg,
  sqrt,
  square,
  squaredDifference,
  sub,
} from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean, nonNegativeFloat32 } from "../options/index.ts";
import { defineLoss, type LastAxis, type LossOf, type NoOptions, type TargetRule } from "./loss.ts";
import { eachTarget, pair, perSample, withAxis } from "./targets.ts";

const LN2 = Math.LN2;

/**
 * (yTrue − yPred)², averaged over the last axis: (…, n) → (…) (torch.nn.MSELoss, Keras's
 * MeanSquaredError).
 *
 * @example mean(meanSquaredError([[1, 2]], [[1, 4]])).item() // 2
 * @throws ShapeError when the shapes differ
 */
export const meanSquaredError: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "meanSquaredError",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(squaredDifference(p, t));
  },
  row: () => ({ anyScale: true, guess: (mean) => mean }),
});

/**
 * |yTrue − yPred|, averaged over the last axis: (…, n) → (…); slope 0 where they are equal
 * (torch.nn.L1Loss, Keras's MeanAbsoluteError).
 *
 * @example mean(meanAbsoluteError([[1, 2]], [[1, 4]])).item() // 1
 * @throws ShapeError when the shapes differ
 */
export const meanAbsoluteError: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "meanAbsoluteError",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(abs(sub(p, t)));
  },
  row: () => ({ anyScale: true }),
});

/** Options of `huber`. */
export interface HuberOptions {
  /** Where the square gives way to the straight line (default 1). */
  readonly delta?: number;
}

/**
 * e²/2 where |e| ≤ delta, else delta·(|e| − delta/2), with e = yPred − yTrue, averaged over the last
 * axis: (…, n) → (…) (torch.nn.HuberLoss, Keras's Huber).
 *
 * @example huber([[0, 0]], [[1, 3]]).array() // [1.5]
 * @throws ShapeError when the shapes differ; ArgumentError for a negative delta
 */
export const huber: LossOf<HuberOptions> = /* @__PURE__ */ defineLoss({
  name: "huber",
  options: { delta: nonNegativeFloat32 },
  call(where, yTrue, yPred, options: HuberOptions) {
    const { delta = 1 } = options;
    const [t, p] = pair(where, yTrue, yPred);
    const error = magnitude(sub(p, t));
    const near = minimum(error, delta);
    return perSample(mul(near, sub(error, mul(near, 0.5))));
  },
  row: () => ({ anyScale: true }),
});

/**
 * log cosh(yPred − yTrue), averaged over the last axis: (…, n) → (…). Computed as
 * |e| + log(1 + e^−2|e|) − log 2, which never overflows (Keras's LogCosh).
 *
 * @example logCosh([[0]], [[0]]).array() // [0]
 * @throws ShapeError when the shapes differ
 */
export const logCosh: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "logCosh",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    const error = magnitude(sub(p, t));
    return perSample(sub(add(error, log1p(exp(mul(error, -2)))), LN2));
  },
  row: () => ({ anyScale: true }),
});

/** Options of losses that take probabilities or rates. */
export interface LogOptions {
  /** Are the predictions logarithms (default false)? */
  readonly fromLog?: boolean;
}

const COUNTS = eachTarget("a count or rate of 0 or more", (v) => v >= 0);

/**
 * yPred − yTrue·log(yPred + 1e-8), averaged over the last axis: (…, n) → (…), for predicted rates;
 * with `fromLog` e^yPred − yTrue·yPred (torch.nn.PoissonNLLLoss; Keras adds 1e-7).
 *
 * @example poisson([[2]], [[1]]).array() // [1]
 * @throws ShapeError when the shapes differ
 */
export const poisson: LossOf<LogOptions> = /* @__PURE__ */ defineLoss({
  name: "poisson",
  options: { fromLog: boolean },
  call(where, yTrue, yPred, options: LogOptions) {
    const [t, p] = pair(where, yTrue, yPred);
    if (options.fromLog) return perSample(sub(exp(p), mul(t, p)));
    return perSample(sub(p, mul(t, log(add(p, 1e-8)))));
  },
  row: () => ({ takes: COUNTS }),
});

const AXIS: LastAxis = { of: "numbers" };

const DIRECTIONS: TargetRule = {
  text: "a row with a direction, where not all numbers are 0",
  find(data, width) {
    for (let i = 0, zeros = 0; i < data.length; i++) {
      zeros = data[i] === 0 ? zeros + 1 : 0;
      if (zeros >= width && (i + 1) % width === 0) return i + 1 - width;
    }
    return -1;
  },
};

/**
 * −Σ yTrue·yPred / (|yTrue|·|yPred|) over the last axis, from −1 for the same direction to 1:
 * (…, n) → (…); squares of norms are 1e-12 at least (Keras's CosineSimilarity).
 *
 * @example cosineSimilarity([[1, 0]], [[3, 0]]).array() // [-1]
 * @throws ShapeError when the shapes differ
 */
export const cosineSimilarity: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "cosineSimilarity",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    withAxis(where, AXIS, p);
    const norm = (x: Tensor) => sqrt(maximum(sum(square(x), { axis: -1 }), 1e-12));
    return neg(div(sum(mul(t, p), { axis: -1 }), mul(norm(t), norm(p))));
  },
  row: () => ({ takes: DIRECTIONS, lastAxis: AXIS }),
});

/** Entries of the table of losses. */
export const regressions = [
  meanSquaredError,
  meanAbsoluteError,
  huber,
  logCosh,
  poisson,
  cosineSimilarity,
] as const;
