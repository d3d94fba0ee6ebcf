import * as write from "../../engine/writers.generated.ts";
import { type Shape, sameShape, sizeOf } from "../../values/shape.ts";
import { zeros } from "../constants.ts";
import { ends, mixes } from "../meaning.ts";
import { apply, applyAll, floats, type OpDef } from "../op.ts";
import type { AnyTensor, Tensor } from "../tensor.ts";
import { add, div, mul, sqrt, square, sub } from "./elementwise.ts";
import { normalInOnePass, slopeInOnePass } from "./one-pass.ts";
import { mean as meanOf, sumTo } from "./reduce.ts";
import { broadcastTo, reshape } from "./shape.ts";
import { deviation } from "./statistics.ts";

/** Of the statistics of (outer, n, inner) over n. */
const statistics = ({ shape }: AnyTensor) => floats([shape[0]!, 1, shape[2]!]);
const sizes = ({ shape: [outer, n, inner] }: { readonly shape: Shape }) =>
  ({ outer, n, inner }) as { outer: number; n: number; inner: number };

/** Mean and biased variance over the middle axis of (outer, n, inner). */
export const momentsOp: OpDef<null> = {
  name: "moments",
  infer: ([x]) => [statistics(x!), statistics(x!)],
  meaning: ends,
  gradient: ({ inputs, outputs, dOutputs: [dMean, dVariance] }) => {
    const x = inputs[0] as Tensor;
    const share = 1 / x.shape[1]!;
    const flows = [
      ...(dMean ? [broadcastTo(mul(dMean, share), x.shape)] : []),
      ...(dVariance ? [mul(sub(x, outputs[0] as Tensor), mul(dVariance, 2 * share))] : []),
    ];
    return [flows.reduce(add)];
  },
  emit: ({ w, inputs: [x], outputs: [mean, variance], inputSpecs: [spec] }) =>
    write.moments(w, { ...sizes(spec!), x: x!, mean: mean!, variance: variance! }),
};

/** Σdy and Σdy·(x − mean) over the middle axis; mean is (outer, 1, inner). */
export const momentsBackwardOp: OpDef<null> = {
  name: "momentsBackward",
  infer: ([x]) => [statistics(x!), statistics(x!)],
  meaning: ends,
  gradient: ({ inputs, outputs, dOutputs: [dSum, dProduct] }) => {
    const [x, dy, mean] = inputs as readonly Tensor[];
    const flows = [
      ...(dSum ? [broadcastTo(dSum, x!.shape)] : []),
      ...(dProduct ? [mul(sub(x!, mean!), dProduct)] : []),
    ];
    if (!dProduct) return [null, flows[0]!, null];
    const dMean = mul(dProduct, mul(outputs[0] as Tensor, -1));
    return [mul(dy!, dProduct), flows.reduce(add), dMean];
  },
  emit: ({ w, inputs: [x, dy, mean], outputs: [sum, product], inputSpecs: [spec] }) =>
    write.momentsBackward(w, {
      ...sizes(spec!),
      ...{ x: x!, dy: dy!, mean: mean!, sum: sum!, product: product! },
    }),
};

/** What was normalized: over which axes, folded into (outer, n, inner), and which factors there are. */
interface Normalized {
  readonly folded: Shape;
  readonly hasGamma: boolean;
  readonly hasBeta: boolean;
}

/** Σdy and Σdy·(x − mean), in the shape of the mean. */
function sums(x: Tensor, dy: Tensor, mean: Tensor, folded: Shape): [Tensor, Tensor] {
  const three = [
    reshape(x, folded),
    reshape(dy, folded),
    reshape(mean, [folded[0]!, 1, folded[2]!]),
  ];
  const made = applyAll(momentsBackwardOp, three as unknown as AnyTensor[], null) as Tensor[];
  return made.map((one) => reshape(one, mean.shape)) as [Tensor, Tensor];
}

/**
 * Its first input as it is: y = (x − mean) · scale · gamma + beta, with scale = 1/√(variance + ε), that elementwise
 * operations have made. Its gradients go to x, gamma and beta at once, in two passes: with g = dy·gamma over n,
 * dx = scale · (g − Σg/n − (x − mean) · scale² · Σg·(x − mean)/n).
 */
export const normalizedOp: OpDef<Normalized> = {
  name: "normalized",
  view: true,
  infer: ([y]) => [floats(y!.shape)],
  meaning: mixes,
  gradient: ({ inputs, attrs: { folded, hasGamma, hasBeta }, dy, needs }) => {
    const [, x, mean, scale, ...rest] = inputs as readonly Tensor[];
    const gamma = hasGamma ? rest[0]! : undefined;
    const beta = hasBeta ? rest.at(-1)! : undefined;
    // A factor that is the same along what is summed stays out of the sums.
    const isInside = gamma !== undefined && !sameShape(gamma.shape, mean!.shape);
    const g = isInside ? mul(dy, gamma) : dy;
    const [sum, product] = sums(x!, g, mean!, folded);
    const share = 1 / folded[1]!;
    const slope = mul(product, mul(square(scale!), share));
    const shift = mul(sum, share);
    const factor = gamma === undefined || isInside ? scale! : mul(scale!, gamma);
    const inner = sub(sub(g, shift), mul(sub(x!, mean!), slope));
    const parts = [x!, dy, mean!, shift, slope, factor];
    const dx = slopeInOnePass(mul(inner, factor), parts, isInside ? gamma : undefined, folded);
    const normal =
      isInside && normalInOnePass(mul(sub(x!, mean!), scale!), [x!, mean!, scale!], folded);
    const columns = normal ? columnSums(normal, dy, gamma!) : undefined;
    const isOfSums = beta !== undefined && !isInside && sameShape(beta.shape, mean!.shape);
    return [
      ...[null, needs[1] ? dx : null, null, null],
      ...(gamma ? [columns?.[1] ?? mul(product, scale!)] : []),
      ...(beta ? [isOfSums ? sum : (columns?.[0] ?? sumTo(dy, beta.shape))] : []),
    ];
  },
};

/** Σdy and Σdy·x over all axes before those of a factor along the last ones. */
function columnSums(x: Tensor, dy: Tensor, like: Tensor): [Tensor, Tensor] {
  const folded = [1, x.size / like.size, like.size];
  const none = zeros([1, 1, like.size]);
  return sums(x, dy, none as Tensor, folded).map((one) => reshape(one, like.shape)) as [
    Tensor,
    Tensor,
  ];
}

/** A normalization with what it found. */
export interface Normalization {
  readonly y: Tensor;
  /** With axes of size 1 in the place of those that they are taken over, as the variance. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * (x − mean) / √(variance + ε) · gamma + beta over the axes, in order; mean and biased variance are theirs, gamma and beta
 * broadcast: of the sizes of the other axes, or of the last of these.
 */
export function normalize(
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
): Normalization {
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const along = x.shape.map((size, i) => (axes.includes(i) ? size : 1));
  const neighbors = axes.every((axis, i) => axis === axes[0]! + i);
  const parts = [x.shape.slice(0, axes[0]), axes.map((axis) => x.shape[axis]!)];
  const folded = [...parts, x.shape.slice(axes.at(-1)! + 1)].map(sizeOf);
  const { mean, variance } = neighbors ? folding(x, folded, kept) : reducing(x, axes);
  const scale = div(1, sqrt(add(variance, epsilon)));
  const isOutside = gamma !== undefined && sameShape(gamma.shape, kept);
  const factor = isOutside ? mul(scale, gamma) : scale;
  const normal = mul(sub(x, mean), factor);
  const scaled = isOutside || gamma === undefined ? normal : mul(normal, gamma);
  const y = beta === undefined ? scaled : add(scaled, beta);
  const factors = [gamma, beta].filter((one) => one !== undefined);
  const fits = ({ shape }: Tensor) =>
    sameShape(shape, kept) || (axes.at(-1) === x.rank - 1 && sameShape(shape, along));
  if (!neighbors || !factors.every(fits)) return { y, mean, variance };
  const attrs = { folded, hasGamma: gamma !== undefined, hasBeta: beta !== undefined };
  const made = normalInOnePass(y, [x, mean, factor], folded, isOutside ? undefined : gamma, beta);
  const given = [made, x, mean, scale, ...factors];
  return { y: apply(normalizedOp, given as unknown as AnyTensor[], attrs), mean, variance };
}

function folding(x: Tensor, folded: Shape, kept: Shape) {
  const made = applyAll(momentsOp, [reshape(x, folded) as AnyTensor], null) as Tensor[];
  const [mean, variance] = made.map((one) => reshape(one, kept));
  return { mean: mean!, variance: variance! };
}

function reducing(x: Tensor, axis: readonly number[]) {
  const kept = { axis, keepDims: true };
  return { mean: meanOf(x, kept), variance: meanOf(square(deviation(x, { axis })), kept) };
}
