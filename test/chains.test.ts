import {
  add,
  div,
  exp,
  grad,
  jit,
  log,
  matmul,
  maximum,
  mean,
  memory,
  mul,
  neg,
  prelu,
  relu,
  reshape,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  tensor,
  transpose,
  variable,
  zeros,
} from "ferrograd";
import { evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { random, sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

/** More than two blocks of a chain, and no multiple of four. */
const [ROWS, COLUMNS] = [67, 31];

/** Steps from tensors of one size to another; `row`, `column` and numbers broadcast. */
const steps: ((a: Tensor, b: Tensor, row: Tensor, column: Tensor) => Tensor)[] = [
  (a, b) => add(a, mul(b, 0.5)),
  (a) => mul(a, sigmoid(a)),
  (a, _b, row) => tanh(sub(a, row)),
  (a, _b, _row, column) => div(a, add(square(column), 1)),
  (a, b) => maximum(neg(a), b),
  (a, b) => relu(sub(1, mul(a, b))),
  (a, b, row) => prelu(sub(a, b), row),
  (a) => log(add(1, exp(a))),
  (a, b) => add(reshape(mul(reshape(a, [COLUMNS, ROWS]), 0.5), [ROWS, COLUMNS]), b),
  (a) => mul(a, mean(a, { axis: 0 })),
  (a, b) => add(transpose(reshape(a, [COLUMNS, ROWS])), square(b)),
];

/** A random graph; every tensor is made by `keep`, so that all can be outputs. */
function randomGraph(seed: number, [a, b, row, column]: readonly Tensor[], all: Tensor[]): Tensor {
  const next = sequence(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  all.push(a!, b!);
  for (let i = 0; i < 14; i++) all.push(tanh(pick(steps)(pick(all), pick(all), row!, column!)));
  return add(all.at(-1)!, all.at(-2)!);
}

const shapes = [[ROWS, COLUMNS], [ROWS, COLUMNS], [COLUMNS], [ROWS, 1]];
const seeds = ours(
  Array.from({ length: import.meta.env.FERROGRAD_LONG ? 400 : 20 }, (_, i) => i + 1),
);
const inputsOf = (seed: number) => shapes.map((shape, i) => random(shape, 10 * seed + i, -1, 1));

describe("chains of elementwise ops", () => {
  test("have the bits of the ops one by one, gradients too", () => {
    for (const seed of seeds) {
      const inputs = inputsOf(seed);
      /** What is an output is computed on its own. */
      const step = (kept: boolean) =>
        jit((...xs: Tensor[]): Tensor[] => {
          const all: Tensor[] = [];
          const y = randomGraph(seed, xs, all);
          const anchored = xs.reduce((total, x) => add(total, mul(sum(x), 0)), sum(square(y)));
          return [y, ...grad(anchored, xs), ...(kept ? all : [])];
        });
      using chained = step(false);
      using single = step(true);
      const expected = single(...inputs);
      for (const [i, y] of chained(...inputs).entries()) {
        expectSameBits(y.data(), expected[i]!.data(), `seed ${seed}, output ${i}, `);
      }
    }
  });

  test("have the values of the float64 references", () => {
    for (const seed of seeds) {
      const y = randomGraph(seed, inputsOf(seed), []);
      const expected = evaluateF64(y);
      expectAllclose(y.data(), expected, 1e-4, `seed ${seed}`);
    }
  });

  test("longer than there are registers are cut", () => {
    const x = random([1001], 1, -1, 1);
    const others = Array.from({ length: 40 }, (_, i) => random([1001], i + 2, -1, 1));
    const chained = jit((t: Tensor) => others.reduce((y, other) => sub(mul(y, 0.9), other), t));
    const y = Float32Array.from(x.data());
    for (const other of others.map((t) => t.data())) {
      for (const [i, value] of other.entries()) {
        y[i] = Math.fround(Math.fround(y[i]! * Math.fround(0.9)) - value);
      }
    }
    expectSameBits(chained(x).data(), y, "");
    chained.dispose();
  });

  test("have the bits of the same numbers as tensors where numbers are known", () => {
    const special = [0, -0, 1, -1, 0.1, 1e-40, -3e38, Infinity, -Infinity, NaN];
    const x = tensor([...special, ...random([503], 1).data()]);
    const forms: ((t: Tensor, c: TensorLike, d: TensorLike) => Tensor)[] = [
      (t, c, d) => add(mul(t, c), d),
      (t, c, d) => sub(mul(c, t), d),
      (t, c, d) => sub(c, mul(t, d)),
      (t, c, d) => sub(d, sub(c, t)),
      (t, c, d) => mul(add(c, t), d),
      (t, c, d) => mul(mul(t, c), sub(mul(t, d), add(mul(t, d), 1))),
      (t, c, d) => neg(add(sub(t, c), d)),
      (t, c, d) => add(mul(mul(t, t), c), d),
      (t, c, d) => sub(c, neg(mul(sub(t, square(t)), d))),
      (t, c, d) => mul(add(neg(exp(neg(t))), c), d),
      (t, c, d) => mul(sub(c, maximum(t, neg(t))), mul(div(t, neg(t)), d)),
    ];
    for (const [i, form] of forms.entries()) {
      using given = jit((t: Tensor, c: Tensor, d: Tensor) => form(t, c, d));
      for (const c of special) {
        for (const d of special) {
          using known = jit((t: Tensor) => form(t, c, d));
          expectSameBits(known(x).data(), given(x, c, d).data(), `form ${i}, ${c}, ${d}, `);
        }
      }
    }
  });

  test("of empty tensors and of scalars", () => {
    using f = jit((t: Tensor) => mul(add(t, 1), sub(t, 0.5)));
    expect(f(zeros([0, 3])).shape).toEqual([0, 3]);
    expect(f(2).item()).toBe(4.5);
  });

  test("keep nothing between their ops in memory, nor what is cheap for the gradient", () => {
    const n = 2 ** 16;
    const before = memory().scratchBytes;
    using w = variable(random([n], 1, -1, 1));
    const body = (t: Tensor) => {
      const y = mul(add(mul(square(t), 0.3), t), sub(t, 0.25));
      const [d] = grad(sum(mul(y, w)), [w]);
      return [add(y, 1), d!];
    };
    using f = jit(body);
    const x = random([n], 2, -1, 1);
    const [y, d] = f(x);
    const t = x.data();
    expectAllclose(
      y!.data(),
      t.map((v) => (v * v * 0.3 + v) * (v - 0.25) + 1),
      1e-6,
    );
    expectAllclose(d!.data(), sub(y!, 1).data(), 1e-6);
    expect(memory().scratchBytes - before).toBeLessThan(n * 4 + 1024);
  });

  test("do not change what a product joins", () => {
    const [x, w, b] = [random([5, 4], 1), random([4, 3], 2), random([3], 3)];
    using f = jit((t: Tensor) => mul(add(tanh(add(matmul(t, w), b)), 1), 0.5));
    const h = tanh(add(matmul(x, w), b));
    h.data();
    const shifted = add(h, 1);
    shifted.data();
    expectSameBits(f(x).data(), mul(shifted, 0.5).data(), "");
  });
});
