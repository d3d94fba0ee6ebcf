import { ShapeError } from "../errors.ts";
import { toTensor } from "../graph/leaf.ts";
import { relu } from "../graph/ops/activation.ts";
import { equal } from "../graph/ops/compare.ts";
import {
  add,
  exceeds,
  keep,
  maximum,
  mul,
  neg,
  sqrt,
  square,
  sub,
} from "../graph/ops/elementwise.ts";
import { cast } from "../graph/ops/indexing.ts";
import { eye } from "../graph/ops/make.ts";
import { matmul } from "../graph/ops/products.ts";
import { max, sum } from "../graph/ops/reduce.ts";
import { requireFloat, requireType } from "../graph/ops/require.ts";
import { reshape, transpose } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { nonNegativeFloat32, oneOf } from "../options/index.ts";
import { FLOAT, INT } from "../values/dtype.ts";
import { showShape } from "../values/shape.ts";
import { defineLoss, type LossOf } from "./loss.ts";
import { eachTarget, pair, perSample, targetsFor } from "./targets.ts";

/** Options of `contrastive`. */
export interface ContrastiveOptions {
  /** How far apart what is not alike should be (default 1). */
  readonly margin?: number;
}

/**
 * yTrue·d² + (1 − yTrue)·max(0, margin − d)² of distances d = yPred, with targets 1 for a pair that is alike and 0 for one
 * that is not, averaged over the last axis: (…, n) → (…) (Hadsell et al. 2006; TensorFlow Addons' ContrastiveLoss).
 *
 * @example contrastive([[1], [0], [0]], [[0.5], [0.5], [2]]).array() // [0.25, 0.25, 0]
 * @throws ShapeError when the shapes differ
 */
export const contrastive: LossOf<ContrastiveOptions> = /* @__PURE__ */ defineLoss({
  name: "contrastive",
  options: { margin: nonNegativeFloat32 },
  call(where, yTrue, yPred, { margin = 1 }: ContrastiveOptions) {
    const [t, d] = pair(where, yTrue, yPred);
    return perSample(add(mul(t, square(d)), mul(sub(1, t), square(relu(sub(margin, d))))));
  },
  row: () => ({
    takes: eachTarget("0 or 1: is the pair alike", (v) => v === 0 || v === 1),
  }),
});

/** Which triplets of a batch are learned from. */
export type Mining = "semiHard" | "hard";

/** Options of `triplet`. */
export interface TripletOptions {
  /** How much further than the own class another one should be (default 1). */
  readonly margin?: number;
  /**
   * "semiHard" (default): for each two rows of a class the nearest row of another that is further apart, or else the furthest
   * of another (Schroff et al. 2015); "hard": for each row the furthest of its class and the nearest of another (Hermans et
   * al. 2017).
   */
  readonly mining?: Mining;
}

/** Further than any distance. */
const FAR = 1e30;
/** Squares of distances are at least this, so that roots have slopes. */
const NEAR = 1e-12;

/** Of rows: |a − b| for each two, (rows, rows). */
function distances(x: Tensor): Tensor {
  const squares = sum(square(x), { axis: 1, keepDims: true });
  const apart = sub(add(squares, transpose(squares)), mul(2, matmul(x, transpose(x))));
  return sqrt(maximum(apart, NEAR));
}

/** The least along the last axis of what counts, which gets a far distance where nothing does. */
const nearest = (d: Tensor, counts: Tensor): Tensor =>
  neg(max(neg(add(keep(d, counts), mul(sub(1, counts), FAR))), { axis: -1 }));

/** A batch as triplets see it, each (rows, rows). */
interface Batch {
  readonly d: Tensor;
  /** 1 where two rows are of a class, but one row with itself. */
  readonly same: Tensor;
  readonly other: Tensor;
}

/** Σ of the losses of each row's triplets, (rows). */
const mined: { readonly [mining in Mining]: (batch: Batch, margin: number) => Tensor } = {
  hard({ d, same, other }, margin) {
    const furthest = max(mul(d, same), { axis: 1 });
    return relu(add(sub(furthest, nearest(d, other)), margin));
  },
  semiHard({ d, same, other }, margin) {
    const [rows] = d.shape as [number, number];
    const byPair = reshape(d, [rows, rows, 1]);
    const byOther = reshape(d, [rows, 1, rows]);
    // (anchor, of its class, of another): further than its own.
    const further = mul(exceeds(byOther, byPair), reshape(other, [rows, 1, rows]));
    const isThere = max(further, { axis: -1 });
    const outside = nearest(add(byOther, mul(byPair, 0)), further);
    const inside = max(mul(d, other), { axis: 1, keepDims: true });
    const chosen = add(keep(outside, isThere), keep(add(inside, mul(d, 0)), sub(1, isThere)));
    return sum(mul(relu(add(sub(d, chosen), margin)), same), { axis: 1 });
  },
};

/** How many triplets each row has, by the way they are found. */
const counted: { readonly [mining in Mining]: (same: Tensor) => Tensor } = {
  hard: (same) => max(same, { axis: 1 }),
  semiHard: (same) => sum(same, { axis: 1 }),
};

function batchOf(where: string, yTrue: AnyTensor, yPred: AnyTensor): Omit<Batch, "d"> {
  const [rows] = yPred.shape as [number];
  const y = targetsFor(where, requireType("triplet", yTrue, INT), [rows]);
  const alike = cast(equal(reshape(y, [rows, 1]), reshape(y, [1, rows])), FLOAT) as Tensor;
  return { same: sub(alike, eye(rows)), other: sub(1, alike) };
}

/** Rows that have one of their class and one of another, as often as they have triplets. */
function weightOf({ same, other }: Omit<Batch, "d">, mining: Mining): Tensor {
  return mul(counted[mining](same), max(other, { axis: 1 }));
}

/**
 * max(0, |a − p| − |a − n| + margin) over triplets of an anchor, a row of its class and one of another, which are found
 * among the rows of a batch: int32 labels (rows), embeddings (rows, n) → (rows), the sum over each row's triplets, whose
 * mean is over all triplets; `unitNormalization` before it keeps distances within 2 (TensorFlow Addons'
 * TripletSemiHardLoss and TripletHardLoss; torch.nn.TripletMarginLoss takes triplets that are given).
 *
 * @example triplet(Int32Array.of(0, 0, 1), [[0], [1], [3]], { mining: "hard" }).array() // [0, 0, 0]
 * @example
 * const model = sequential([dense(8), unitNormalization()], { inputShape: [4] });
 * model.compile({ optimizer: "adam", loss: triplet({ margin: 0.2 }) });
 * @throws ShapeError when the shapes do not fit
 */
export const triplet: LossOf<TripletOptions> = /* @__PURE__ */ defineLoss({
  name: "triplet",
  options: {
    margin: nonNegativeFloat32,
    mining: (where: string, name: string, value: unknown): Mining =>
      oneOf(where, name, value, ["semiHard", "hard"]),
  },
  call(where, yTrue, yPred, { margin = 1, mining = "semiHard" }: TripletOptions) {
    const x = requireFloat("triplet", toTensor(where, yPred)) as Tensor;
    if (x.rank !== 2) {
      throw new ShapeError(
        `${where}: expected embeddings (rows, n), got shape ${showShape(x.shape)}`,
      );
    }
    const batch = batchOf(where, toTensor(where, yTrue), x);
    const losses = mined[mining]({ d: distances(x), ...batch }, margin);
    return keep(losses, weightOf(batch, mining));
  },
  row: ({ mining = "semiHard" }) => ({
    labels: INT,
    mixesRows: true,
    targetShape: (outputShape) => outputShape.slice(0, -1),
    weight: (yTrue, yPred) => weightOf(batchOf("triplet()", yTrue as AnyTensor, yPred), mining),
  }),
});

/** Entries of the table of losses. */
export const distanceLosses = [contrastive, triplet] as const;
