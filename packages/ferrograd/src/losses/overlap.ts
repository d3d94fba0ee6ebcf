import type { TensorLike } from "../graph/leaf.ts";
import { sigmoid } from "../graph/ops/activation.ts";
import { add, div, mul, sub } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean, nonNegativeFloat32 } from "../options/index.ts";
import { defineLoss, type LossOf } from "./loss.ts";
import { type Reading, readProbabilities } from "./reading.ts";
import { PROBABILITIES, pair } from "./targets.ts";

/** Options of `dice`, and of `tversky`. */
export interface OverlapOptions {
  /**
   * Are the predictions logits, of which the sigmoid is taken? Default: what they mean. Those that come out of a sigmoid or
   * softmax, and what is given as data, are probabilities; what was computed otherwise, such as the outputs of a dense
   * layer, is refused. `false` takes predictions as probabilities, whatever they are.
   */
  readonly fromLogits?: boolean;
}

/** Options of `tversky`. */
export interface TverskyOptions extends OverlapOptions {
  /** How much what is said and not so counts (default 0.5). */
  readonly alpha?: number;
  /** How much what is so and not said counts (default 0.5). */
  readonly beta?: number;
}

/** Added above and below, so that nothing in both is no loss, as in Keras. */
const EPSILON = 1e-7;

const TVERSKY = "tversky";
const DICE = "dice";

/** How an overlap of this name takes predictions: as probabilities, or as logits where that was said. */
const readFor =
  (loss: string, { fromLogits }: OverlapOptions) =>
  (where: string, yPred: Tensor): Reading =>
    readProbabilities(where, yPred, { loss, by: "sigmoid", fromLogits });

/** Targets, and predictions as probabilities. */
function read(
  loss: string,
  where: string,
  yTrue: TensorLike,
  yPred: TensorLike,
  options: OverlapOptions,
): [Tensor, Tensor] {
  const [t, p] = pair(where, yTrue, yPred);
  const { as } = readFor(loss, options)(where, p);
  return [t, as === "logits" ? sigmoid(p) : p];
}

/** Σ over all of a row: (rows). */
const perRow = (x: Tensor): Tensor => sum(reshape(x, [x.shape[0] ?? 1, -1]), { axis: 1 });

/** 1 − overlap / (overlap + alpha·Σ p(1 − t) + beta·Σ t(1 − p)) of each row. */
function ofRows(t: Tensor, p: Tensor, alpha: number, beta: number): Tensor {
  const overlap = add(perRow(mul(t, p)), EPSILON);
  const tooMuch = mul(perRow(mul(p, sub(1, t))), alpha);
  const tooLittle = mul(perRow(mul(t, sub(1, p))), beta);
  return sub(1, div(overlap, add(add(overlap, tooMuch), tooLittle)));
}

/**
 * 1 − I / (I + alpha·Σ p(1 − t) + beta·Σ t(1 − p)) with I = Σ t·p over all of a row: (rows, …) → (rows), for probabilities:
 * an overlap where few of many are there (Salehi et al. 2017; Keras's Tversky, which by default adds up the rows too).
 *
 * @example tversky([[1, 0]], [[0.25, 0.5]], { alpha: 0.5 }).array() // [0.71428…]
 * @throws ShapeError when the shapes differ; ArgumentError for what may be logits
 */
export const tversky: LossOf<TverskyOptions> = /* @__PURE__ */ defineLoss({
  name: TVERSKY,
  options: { fromLogits: boolean, alpha: nonNegativeFloat32, beta: nonNegativeFloat32 },
  call(where, yTrue, yPred, options: TverskyOptions) {
    const { alpha = 0.5, beta = 0.5 } = options;
    return ofRows(...read(TVERSKY, where, yTrue, yPred, options), alpha, beta);
  },
  row: (options) => ({ takes: PROBABILITIES, read: readFor(TVERSKY, options) }),
});

/**
 * 1 − 2·Σ t·p / (Σ t + Σ p) over all of a row: (rows, …) → (rows), for probabilities (Milletari et al. 2016; Keras's Dice,
 * which by default adds up the rows too).
 *
 * @example dice([[1, 1, 0]], [[1, 0, 0]]).array() // [0.33333…]
 * @throws ShapeError when the shapes differ; ArgumentError for what may be logits
 */
export const dice: LossOf<OverlapOptions> = /* @__PURE__ */ defineLoss({
  name: DICE,
  options: { fromLogits: boolean },
  call: (where, yTrue, yPred, options: OverlapOptions) =>
    ofRows(...read(DICE, where, yTrue, yPred, options), 0.5, 0.5),
  row: (options) => ({ takes: PROBABILITIES, read: readFor(DICE, options) }),
});

/** Entries of the table of losses. */
export const overlaps = [tversky, dice] as const;
