import {
  abs,
  activation,
  add,
  cos,
  div,
  exp,
  grad,
  jit,
  log,
  log1p,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  prelu,
  reciprocal,
  sign,
  sin,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  variable,
} from "ferrograd";
import { activations } from "ferrograd/tables";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { floats, random, sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";
import { CASES, counting, STEPS, unrollInTests } from "./support/unrolled.ts";

/** Products of operands stored either way, with a bias that many rows share, and their gradients. */
function products(seed: number): number[] {
  const next = sequence(seed);
  const [m, n, k] = [0, 0, 0].map(() => 1 + Math.floor(next() * 21)) as [number, number, number];
  const numbers: number[] = [];
  for (const [turnA, turnB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const a = variable(random(turnA ? [k, m] : [m, k], seed));
    const b = variable(random(turnB ? [n, k] : [k, n], seed + 1));
    const bias = variable(random([n], seed + 2));
    const x = random([m, n], seed + 3);
    const gradients = jit((weights: Tensor) => {
      const product = matmul(turnA ? transpose(a) : a, turnB ? transpose(b) : b);
      const y = mul(tanh(add(product, bias)), weights);
      return [mean(y), ...grad(sum(y), [a, b, bias])];
    });
    for (let run = 0; run < STEPS; run++) {
      for (const result of gradients(x)) numbers.push(...result.data());
    }
    gradients.dispose();
  }
  return numbers;
}

const UNARY = [
  ...[neg, abs, sign, sqrt, square, reciprocal, exp, log, log1p, sin, cos],
  ...(Object.keys(activations) as (keyof typeof activations)[]).map((name) => {
    const layer = activation(name);
    layer([0]); // builds it
    return layer;
  }),
];
const BINARY = [add, sub, mul, div, maximum, minimum, squaredDifference, prelu];
/** Numbers that formulas treat apart. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-42,
];

/** Chains of elementwise ops on a matrix, a row, a column and a number, and a mean along an axis. */
function chains(seed: number): number[] {
  const next = sequence(seed);
  const below = (n: number) => Math.floor(next() * n);
  const [rows, columns] = [1 + below(9), 1 + below(9)];
  const chain = jit((x: Tensor, row: Tensor, column: Tensor, number: Tensor) => {
    const values = [x, row, column, number];
    const pick = () => values[below(values.length)]!;
    for (let step = 0; step < 8; step++) {
      const value =
        below(2) === 0
          ? UNARY[(8 * seed + step) % UNARY.length]!(pick()) // each comes up
          : BINARY[below(BINARY.length)]!(pick(), pick());
      values.push(below(3) === 0 ? add(mul(value, 0.5), -1.25) : value);
    }
    const all = values.slice(4).reduce((total, value) => add(total, value));
    return [all, values.at(-1)!, values.at(-2)!, mean(x, { axis: 1 }), sum(x), sum(x, { axis: 0 })];
  });
  const inputs = [[rows, columns], [columns], [rows, 1], []].map((shape, i) => {
    const data = floats(
      shape.reduce((size, n) => size * n, 1),
      seed + i,
    );
    for (let at = below(4); at < data.length; at += 3 + below(9)) data[at] = SPECIAL[below(8)]!;
    return tensor(data, shape);
  }) as unknown as [Tensor, Tensor, Tensor, Tensor];
  const numbers: number[] = [];
  for (let run = 0; run < STEPS; run++) {
    for (const result of chain(...inputs)) numbers.push(...result.data());
  }
  chain.dispose();
  return numbers;
}

const PRODUCTS = Array.from({ length: 12 }, (_, seed) => seed);
const plain = { products: PRODUCTS.map(products), chains: ours(CASES).map(chains) };
unrollInTests();

describe("unrolled functions", () => {
  test.each(PRODUCTS)("products stored either way: the same bits (%i)", (seed) => {
    const { result, modules } = counting(() => products(seed));
    expectSameBits(result, plain.products[seed]!);
    expect(modules).toBe(4);
  });

  test("chains of elementwise ops, and reductions: the same bits", () => {
    for (const [i, seed] of ours(CASES).entries()) {
      const { result, modules } = counting(() => chains(seed));
      expectSameBits(result, plain.chains[i]!, `chain ${seed}`);
      expect(modules).toBe(1);
    }
  });
});
