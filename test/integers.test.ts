/** Arithmetic of int32 tensors: exact, wrapping around; what would not be exact is refused. */

import * as library from "ferrograd";
import {
  abs,
  add,
  argsort,
  cast,
  type DType,
  equal,
  floorDiv,
  gather,
  grad,
  greater,
  jit,
  max,
  maximum,
  min,
  minimum,
  mod,
  mul,
  neg,
  type Shape,
  sign,
  sort,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  topK,
  where,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { sequence } from "./support/numbers.ts";

const ints = (values: readonly number[], shape: Shape = [values.length]) =>
  tensor(Int32Array.from(values), shape, "int32");
const wrapped = (value: bigint): number => Number(BigInt.asIntN(32, value));
const big = (f: (a: bigint, b: bigint) => bigint) => (a: number, b: number) =>
  wrapped(f(BigInt(a), BigInt(b)));
/** Where floats of 24 bits would be wrong, and at the ends. */
const ENDS = [-(2 ** 31), 1 - 2 ** 31, -16777217, -7, -3, -1, 0, 1, 2, 3, 7, 16777217, 2 ** 31 - 1];
const PAIRS = ENDS.flatMap((a) => ENDS.map((b) => [a, b] as const));
const [A, B] = [0, 1].map((i) => PAIRS.map((pair) => pair[i as 0]!)) as [number[], number[]];

const BINARY: [(a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => number][] = [
  [add, big((a, b) => a + b)],
  [sub, big((a, b) => a - b)],
  [mul, big((a, b) => a * b)],
  [maximum, Math.max],
  [minimum, Math.min],
  [floorDiv, (a, b) => (b === 0 ? 0 : wrapped(BigInt(Math.floor(a / b))))],
  [mod, (a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b) + 0)],
];

describe.each(BINARY.map(([f, of]) => [f.name, f, of] as const))("%s", (_name, f, of) => {
  const call = f as unknown as (a: unknown, b: unknown) => Tensor<Shape, DType>;

  test("is exact at every pair of ends, eager and jitted", () => {
    const wanted = PAIRS.map(([a, b]) => of(a, b));
    const [a, b] = [ints(A), ints(B)];
    const y = call(a, b);
    expect([y.dtype, y.shape]).toEqual(["int32", [PAIRS.length]]);
    expect(Array.from(y.data())).toEqual(wanted);
    const program = jit((a: Tensor, b: Tensor) => f(a, b));
    expect(Array.from(program(a as never, b as never).data())).toEqual(wanted);
  });

  test("broadcasts, beside whole numbers and nothing too", () => {
    const a = ints([1, 2, 3, 4, 5, 16777217], [2, 3]);
    const y = call(a, ints([2, -3], [2, 1]));
    const wanted = [1, 2, 3, 4, 5, 16777217].map((v, i) => of(v, i < 3 ? 2 : -3));
    expect([...y.data()]).toEqual(wanted);
    expect(call(16777217, ints([3])).array()).toEqual([of(16777217, 3)]);
    expect(call(ints([], [0, 3]), ints([1, 2, 3])).shape).toEqual([0, 3]);
  });

  test("refuses fractions, floats and shapes that do not fit", () => {
    const message = `${f.name}(): expected an int32 tensor, got float32; cast() converts`;
    for (const other of [0.5, 2 ** 31, Number.NaN, [1, 0.5], tensor([1, 2])]) {
      expect(() => call(ints([1, 2]), other)).toThrow(message);
      expect(() => call(other, ints([1, 2]))).toThrow(message);
    }
    expect(() => call(ints([1, 2]), tensor([1, 0], [2], "bool"))).toThrow("got bool");
    expect(() => call(ints([1, 2]), ints([1, 2, 3]))).toThrow("shapes that broadcast");
  });
});

test("functions of one", () => {
  const x = ints(ENDS);
  const of = (f: (x: Tensor) => Tensor) => Array.from(f(x as AnyInts).data());
  type AnyInts = never;
  expect(of(neg)).toEqual(ENDS.map((v) => wrapped(-BigInt(v))));
  expect(of(abs)).toEqual(ENDS.map((v) => wrapped(BigInt(Math.abs(v)))));
  expect(of(sign)).toEqual(ENDS.map((v) => Math.sign(v) + 0));
  expect(of(square)).toEqual(ENDS.map((v) => wrapped(BigInt(v) ** 2n)));
});

test("sums and ends along any axes", () => {
  const next = sequence(5);
  const values = Array.from({ length: 60 }, () => Math.floor((next() - 0.5) * 2 ** 32));
  const x = ints(values, [3, 4, 5]);
  const at = (i: number, j: number, k: number) => values[(i * 4 + j) * 5 + k]!;
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const total = (list: number[]) => wrapped(list.reduce((a, b) => a + BigInt(b), 0n));
  expect(sum(x).item()).toBe(total(values));
  expect(sum(x).dtype).toBe("int32");
  const middle = (f: (list: number[]) => number) =>
    range(3).map((i) => range(5).map((k) => f(range(4).map((j) => at(i, j, k)))));
  expect(sum(x, { axis: 1 }).array()).toEqual(middle(total));
  expect(max(x, { axis: 1 }).array()).toEqual(middle((list) => Math.max(...list)));
  expect(min(x, { axis: 1 }).array()).toEqual(middle((list) => Math.min(...list)));
  const ends = range(4).map((j) =>
    total(range(3).flatMap((i) => range(5).map((k) => at(i, j, k)))),
  );
  expect(sum(x, { axis: [0, 2] }).array()).toEqual(ends);
  expect(sum(x, { axis: -1, keepDims: true }).shape).toEqual([3, 4, 1]);
  expect(sum(ints([], [2, 0]), { axis: 1 }).array()).toEqual([0, 0]);
  expect(() => max(ints([], [2, 0]), { axis: 1 })).toThrow("at least one element along axis 1");
  expect(min(ints([2 ** 31 - 1, -(2 ** 31)])).item()).toBe(-(2 ** 31));
});

test("a number above 2^24 stays what it is on every way that takes integers", () => {
  const id = 16777217;
  const x = ints([id, id - 1, id + 1, 3]);
  expect(equal(x, id).array()).toEqual([1, 0, 0, 0]);
  expect(greater(x, id - 1).array()).toEqual([1, 0, 1, 0]);
  expect(sort(x).array()).toEqual([3, id - 1, id, id + 1]);
  expect(argsort(x, { descending: true }).array()).toEqual([2, 0, 1, 3]);
  expect(topK(x, 1).values.array()).toEqual([id + 1]);
  expect(where(equal(x, id), 0, x).array()).toEqual([0, id - 1, id + 1, 3]);
  expect(gather(x, ints([2, 0])).array()).toEqual([id + 1, id]);
  expect(mod(add(mul(x, 2), 1), 100).array()).toEqual([35, 33, 37, 7]);
});

test("no gradient flows, and references agree", () => {
  const x = tensor([1.5, -2.5]);
  const f = (x: Tensor) => {
    const ids = add(mul(cast(x, "int32"), 3), 1);
    return sum(mul(x, cast(add(ids, sum(ids)), "float32")));
  };
  expect(grad(f(x), [x])[0]!.array()).toEqual([4 - 1, -5 - 1]);
  expect(checkGradients(f, x).maxError).toBeLessThan(1e-4);
});

test("all else refuses integers, with the remedy", () => {
  const { mean, exp, div, pow, cumsum, argmax, variance, matmul, relu, clip, softmax } = library;
  const x = ints([16777217, 2]) as unknown as Tensor;
  const calls: [string, () => unknown][] = [
    ["mean", () => mean(x)],
    ["exp", () => exp(x)],
    ["div", () => div(x, 2)],
    ["pow", () => pow(x, 2)],
    ["cumsum", () => cumsum(x)],
    ["argmax", () => argmax(x)],
    ["variance", () => variance(x)],
    ["matmul", () => matmul(x, x)],
    ["relu", () => relu(x)],
    ["clip", () => clip(x, 0, 1)],
    ["softmax", () => softmax(x)],
  ];
  for (const [name, call] of calls) {
    expect(call, name).toThrow(/expected a float32 tensor, got int32; cast\(\) converts/);
  }
});
