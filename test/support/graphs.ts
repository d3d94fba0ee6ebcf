import {
  abs,
  add,
  argsort,
  broadcastTo,
  cast,
  clip,
  concatenate,
  cumprod,
  cumsum,
  einsum,
  erf,
  expm1,
  flip,
  grad,
  greater,
  less,
  logicalAnd,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  pad,
  pow,
  relu,
  repeat,
  reshape,
  roll,
  sigmoid,
  slice,
  softmax,
  sort,
  split,
  stack,
  sub,
  sum,
  type Tensor,
  takeAlongAxis,
  tanh,
  tile,
  topK,
  transpose,
  tril,
  triu,
  unstack,
  variance,
  where,
} from "ferrograd";
import { stepsOfOps, stepsOfTable } from "./graph-steps.ts";
import { random, sequence } from "./numbers.ts";

const N = 5;

/** Steps from (5, 5) tensors to another one, each with a form that some rewriting looks for. */
const forms: ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => add(a, b),
  (a, b) => sub(a, mul(b, 0.5)),
  (a, b) => mul(tanh(a), sigmoid(b)),
  (a, b) => maximum(a, b),
  (a, b) => mul(matmul(a, b), 0.2),
  (a, b) => mul(matmul(transpose(a), b), 0.2),
  (a, b) => tanh(add(matmul(a, transpose(b)), mean(b, { axis: 0 }))),
  (a, b) => relu(add(mul(matmul(a, a), 0.2), max(b, { axis: 1, keepDims: true }))),
  (a) => softmax(a),
  (a) => transpose(a),
  (a) => reshape(transpose(reshape(a, [1, N, N]), [0, 2, 1]), [N, N]),
  (a, b) => add(reshape(reshape(a, [N * N]), [N, N]), broadcastTo(mean(b), [N, N])),
  (a) => sub(a, mean(a, { axis: 1, keepDims: true })),
  (a, b) => where(greater(a, b), a, mul(b, 0.5)),
  (a, b) => where(logicalAnd(less(a, 0.5), b), clip(a, -0.5, 0.5), erf(b)),
  (a, b) => concatenate([slice(a, [[0, 2]]), slice(b, [[null, 1, -1]])]),
  (a, b) => stack([...unstack(a).slice(1), split(b, N)[0]!].map((row) => reshape(row, [N]))),
  (a) => flip(roll(a, 2), { axis: 0 }),
  (a) =>
    pad(
      slice(a, [[1, 4]]),
      [
        [1, 1],
        [0, 0],
      ],
      { mode: "reflect" },
    ),
  (a) => slice(repeat(tile(a, [1, 2]), 2, { axis: 1 }), [null, [null, null, 4]]),
  (a) => sort(a, { axis: 0, descending: true }),
  (a, b) => takeAlongAxis(a, argsort(b)),
  (a) => topK(tanh(a), N).values,
  (a) => cumsum(mul(a, 0.3), { axis: 0, reverse: true }),
  (a) => cumprod(tanh(a), { exclusive: true }),
  (a, b) => mul(einsum("ij,kj->ki", a, b), 0.2),
  (a, b) => sub(tril(a), triu(b, { diagonal: 1 })),
  (a) => sub(a, logSumExp(a, { axis: 1, keepDims: true })),
  (a, b) => pow(add(abs(a), 0.5), tanh(b)),
  (a, b) => add(expm1(tanh(a)), mul(variance(b), a)),
  (a, b) => sub(min(maximum(a, b), { axis: 0 }), b),
  (a, b) => mul(a, mul(cast(sum(argsort(b)), "float32"), 0.03)),
];

/** With each row of the table of functions, and what reaches the other ops. */
export const steps = [...forms, ...stepsOfTable, ...stepsOfOps];

/** A random graph over the inputs in which tensors are read several times. */
export function randomGraph(
  seed: number,
  inputs: readonly Tensor[],
): { loss: Tensor; parts: Tensor[]; all: Tensor[] } {
  const next = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const all = [...inputs];
  for (let i = 0; i < 12; i++) all.push(pick(steps)(pick(all), pick(all)));
  const parts = all.slice(-4).map((t, i) => sum(mul(t, random([N, N], seed + i))));
  return { loss: parts.reduce(add), parts, all };
}

/** How many graphs are drawn. */
export const SEEDS = Array.from(
  { length: import.meta.env.FERROGRAD_LONG ? 2000 : 24 },
  (_, i) => i + 1,
);

export const inputsOf = (seed: number): Tensor[] =>
  [0, 1, 2].map((i) => random([N, N], 10 * seed + i, -1, 1));

/** All tensors of a graph, its loss and the gradients, as one function of the inputs. */
export const stepOf =
  (seed: number) =>
  (...xs: Tensor[]): Tensor[] => {
    const { loss, all } = randomGraph(seed, xs);
    const anchored = xs.reduce((total, x) => add(total, mul(sum(x), 0)), loss);
    return [...all.slice(3), ...grad(anchored, xs)];
  };
