import { ArgumentError } from "../errors.ts";
import { relu } from "../graph/ops/activation.ts";
import { log, maximum, minimum, mul, square, sub } from "../graph/ops/elementwise.ts";
import { max, sum } from "../graph/ops/reduce.ts";
import { logSoftmax } from "../graph/ops/softmax.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean } from "../options/index.ts";
import { defineLoss, type LossOf, type NoOptions } from "./loss.ts";
import { type Reading, readProbabilities } from "./reading.ts";
import type { LogOptions } from "./regression.ts";
import { CLASSES, eachTarget, PROBABILITIES, pair, perSample, withAxis } from "./targets.ts";

/** Targets on two sides. */
const SIDES = eachTarget("-1 or 1 (2·y − 1 makes them of 0 and 1)", (v) => v === 1 || v === -1);

/**
 * max(0, 1 − yTrue·yPred) with targets −1 and 1, averaged over the last axis: (…, n) → (…); slope 0
 * at the kink (Keras's Hinge, which also takes 0 and 1).
 *
 * @example hinge([[1, -1]], [[2, 0]]).array() // [0.5]
 * @throws ShapeError when the shapes differ
 */
export const hinge: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "hinge",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(relu(sub(1, mul(t, p))));
  },
  row: () => ({ takes: SIDES }),
});

/**
 * max(0, 1 − yTrue·yPred)² with targets −1 and 1, averaged over the last axis: (…, n) → (…) (Keras's
 * SquaredHinge).
 *
 * @example squaredHinge([[1, -1]], [[2, 1]]).array() // [2]
 * @throws ShapeError when the shapes differ
 */
export const squaredHinge: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "squaredHinge",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return perSample(square(relu(sub(1, mul(t, p)))));
  },
  row: () => ({ takes: SIDES }),
});

const AXIS = { of: "classes", instead: "hinge" };
const ONE_HOT = eachTarget("0 or 1, as in one-hot rows", (v) => v === 0 || v === 1);

/**
 * max(0, 1 + the largest score of a wrong class − the right one's): one-hot targets (…, classes) →
 * (…) (Keras's CategoricalHinge: wrong scores are (1 − yTrue)·yPred, so that 0 is among them).
 *
 * @example categoricalHinge([[0, 1]], [[0.5, 1]]).array() // [0.5]
 * @throws ShapeError when the shapes differ
 */
export const categoricalHinge: LossOf<NoOptions> = /* @__PURE__ */ defineLoss({
  name: "categoricalHinge",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    withAxis(where, AXIS, p);
    const wrong = max(mul(sub(1, t), p), { axis: -1 });
    return relu(sub(1, sub(sum(mul(t, p), { axis: -1 }), wrong)));
  },
  row: () => ({ takes: ONE_HOT, lastAxis: AXIS }),
});

/** Probabilities are kept from 1e-7 to 1, as in Keras. */
const clipped = (p: Tensor): Tensor => minimum(maximum(p, 1e-7), 1);

/** Options of `klDivergence`. */
export interface DivergenceOptions extends LogOptions {
  /**
   * Are the predictions logits, of which the softmax along the last axis is taken? Default: what they mean. Those that come
   * out of a softmax or sigmoid, and what is given as data, are probabilities; what was computed otherwise, such as the
   * outputs of a dense layer, is refused. `false` takes predictions as probabilities, whatever they are.
   */
  readonly fromLogits?: boolean;
}

const DIVERGENCE = "klDivergence";

/** How predictions are taken, of which it was not said that they are logarithms. */
const readDivergence =
  ({ fromLogits }: DivergenceOptions) =>
  (where: string, yPred: Tensor): Reading =>
    readProbabilities(where, yPred, { loss: DIVERGENCE, by: "softmax", fromLogits });

/** Logarithms of the predicted probabilities. */
function logarithms(where: string, p: Tensor, options: DivergenceOptions): Tensor {
  if (options.fromLog) {
    if (!options.fromLogits) return p;
    throw new ArgumentError(`${where}: expected fromLog or fromLogits, got both`);
  }
  return readDivergence(options)(where, p).as === "logits" ? logSoftmax(p) : log(clipped(p));
}

/**
 * Kullback-Leibler divergence Σ yTrue·log(yTrue / yPred) of probabilities along the last axis, both
 * kept above 1e-7: (…, n) → (…) (Keras's KLDivergence); with `fromLog` yPred is log-probabilities
 * (torch.nn.KLDivLoss), with `fromLogits` logits.
 *
 * @example klDivergence([[0.5, 0.5]], [[0.5, 0.5]]).array() // [0]
 * @throws ShapeError when the shapes differ; ArgumentError for what may be logits
 */
export const klDivergence: LossOf<DivergenceOptions> = /* @__PURE__ */ defineLoss({
  name: DIVERGENCE,
  options: { fromLog: boolean, fromLogits: boolean },
  call(where, yTrue, yPred, options: DivergenceOptions) {
    const [t, p] = pair(where, yTrue, yPred);
    withAxis(where, CLASSES, p);
    const safe = clipped(t);
    return sum(mul(safe, sub(log(safe), logarithms(where, p, options))), { axis: -1 });
  },
  row: (options) => ({
    takes: PROBABILITIES,
    lastAxis: CLASSES,
    ...(!options.fromLog && { read: readDivergence(options), tookAs: "probabilities" }),
  }),
});

/** Entries of the table of losses. */
export const classifications = [hinge, squaredHinge, categoricalHinge, klDivergence] as const;
