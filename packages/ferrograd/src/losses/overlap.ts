import { add, div, mul, sub } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { nonNegativeFloat32 } from "../options/index.ts";
import { defineLoss, type LossOf } from "./loss.ts";
import { PROBABILITIES, pair } from "./targets.ts";

/** Options of `tversky`. */
export interface TverskyOptions {
  /** How much what is said and not so counts (default 0.5). */
  readonly alpha?: number;
  /** How much what is so and not said counts (default 0.5). */
  readonly beta?: number;
}

/** Added above and below, so that nothing in both is no loss, as in Keras. */
const EPSILON = 1e-7;

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
 * @throws ShapeError when the shapes differ
 */
export const tversky: LossOf<TverskyOptions> = /* @__PURE__ */ defineLoss({
  name: "tversky",
  options: { alpha: nonNegativeFloat32, beta: nonNegativeFloat32 },
  call(where, yTrue, yPred, { alpha = 0.5, beta = 0.5 }: TverskyOptions) {
    const [t, p] = pair(where, yTrue, yPred);
    return ofRows(t, p, alpha, beta);
  },
  row: () => ({ takes: PROBABILITIES }),
});

/**
 * 1 − 2·Σ t·p / (Σ t + Σ p) over all of a row: (rows, …) → (rows), for probabilities (Milletari et al. 2016; Keras's Dice,
 * which by default adds up the rows too).
 *
 * @example dice([[1, 1, 0]], [[1, 0, 0]]).array() // [0.33333…]
 * @throws ShapeError when the shapes differ
 */
export const dice: LossOf<Record<never, never>> = /* @__PURE__ */ defineLoss({
  name: "dice",
  options: {},
  call(where, yTrue, yPred) {
    const [t, p] = pair(where, yTrue, yPred);
    return ofRows(t, p, 0.5, 0.5);
  },
  row: () => ({ takes: PROBABILITIES }),
});

/** Entries of the table of losses. */
export const overlaps = [tversky, dice] as const;
