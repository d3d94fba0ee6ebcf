import {
  ArgumentError,
  abs,
  add,
  cos,
  div,
  exp,
  leakyRelu,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  relu,
  ShapeError,
  sigmoid,
  sign,
  sin,
  sqrt,
  square,
  squaredDifference,
  sub,
  tanh,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";
import { expectReference } from "./support/reference.ts";

const unary = { neg, abs, sign, square, exp, sin, cos, sigmoid, tanh, relu, leakyRelu };
const positive = { sqrt, log, log1p, reciprocal };
const binary = { add, sub, mul, div, maximum, minimum, squaredDifference };
const special = [0, -0, Number.NaN, Infinity, -Infinity, 1, -1, 3e38, -3e38, 1e-38, 88, -88];

describe("functions of one tensor", () => {
  for (const [name, f] of Object.entries(unary)) {
    test(`${name} is its formula`, () => {
      for (const n of [1, 3, 4, 15, 16, 17, 1000]) expectReference(f(random([n], n, -10, 10)));
    });
  }

  for (const [name, f] of Object.entries(positive)) {
    test(`${name} is its formula above 0`, () => {
      expectReference(f(random([1000], 3, 0.01, 50)));
    });
  }

  test("sqrt, abs, neg, sign and reciprocal are exact to the last bit", () => {
    const x = tensor([...special, 0.1, -0.3, 7.7]);
    const values = Array.from(x.data());
    expectSameBits(
      sqrt(x).data(),
      values.map((v) => Math.fround(Math.sqrt(v))),
    );
    expectSameBits(abs(x).data(), values.map(Math.abs));
    expectSameBits(
      neg(x).data(),
      values.map((v) => -v),
    );
    expectSameBits(sign(x).data(), values.map(Math.sign));
    expectSameBits(
      reciprocal(x).data(),
      values.map((v) => Math.fround(1 / v)),
    );
  });

  test("NaN stays NaN, infinities have their limits", () => {
    for (const f of Object.values({ ...unary, ...positive }))
      expect(f([Number.NaN]).item()).toBeNaN();
    expect(exp([Infinity, -Infinity, 100, -200]).array()).toEqual([Infinity, 0, Infinity, 0]);
    expect(log([0, Infinity, -1]).array()).toEqual([-Infinity, Infinity, Number.NaN]);
    expect(log1p([-1, Infinity, -2]).array()).toEqual([-Infinity, Infinity, Number.NaN]);
    expect(sigmoid([Infinity, -Infinity]).array()).toEqual([1, 0]);
    expect(tanh([Infinity, -Infinity]).array()).toEqual([1, -1]);
    expect(sin([Infinity]).item()).toBeNaN();
    expect(sin([-0, 0]).array()).toEqual([-0, 0]);
  });

  test("log1p and exp keep what 1 + x would lose", () => {
    const small = tensor([1e-10, -1e-10, 1e-20]);
    expectSameBits(log1p(small).data(), small.data());
  });
});

describe("functions of two tensors", () => {
  const shapes = [
    [],
    [1],
    [3],
    [2, 1],
    [2, 3],
    [4, 1, 1],
    [4, 2, 1],
    [1, 2, 3],
    [4, 1, 3],
    [4, 2, 3],
  ];

  for (const [name, f] of Object.entries(binary)) {
    test(`${name} broadcasts every pair of shapes`, () => {
      for (const a of shapes) {
        for (const b of shapes) {
          const rank = Math.max(a.length, b.length);
          const y = f(random(a, 1, 0.5, 2), random(b, 2, 0.5, 2));
          const size = (s: readonly number[], axis: number) => s[axis - rank + s.length] ?? 1;
          const axes = Array.from({ length: rank }, (_, axis) => axis);
          expect(y.shape).toEqual(axes.map((axis) => Math.max(size(a, axis), size(b, axis))));
          expectReference(y, { what: `${name} [${a}] [${b}]` });
        }
      }
    });

    test(`${name} is one rounding of its formula`, () => {
      const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
      const a = tensor(pairs.map(([x]) => x));
      const b = tensor(pairs.map(([, x]) => x));
      const formulas = {
        add: (x: number, y: number) => x + y,
        sub: (x: number, y: number) => x - y,
        mul: (x: number, y: number) => x * y,
        div: (x: number, y: number) => x / y,
        maximum: Math.max,
        minimum: Math.min,
        squaredDifference: (x: number, y: number) => Math.fround(x - y) ** 2,
      };
      const formula = formulas[name as keyof typeof formulas];
      const [x, y] = [a.data(), b.data()];
      const expected = Array.from(x, (value, i) => Math.fround(formula(value, y[i]!)));
      expectSameBits(f(a, b).data().map(Math.abs), expected.map(Math.abs), name);
    });
  }

  test("numbers and nested arrays are taken as tensors", () => {
    expect(
      add(1, [
        [1, 2],
        [3, 4],
      ]).array(),
    ).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(mul(2, 3).item()).toBe(6);
  });

  test("0 and -0 are different constants", () => {
    expect(div(1, 0).item()).toBe(Infinity);
    expect(div(div(1, 0), div(1, -0)).item()).toBeNaN();
    expect(add(div(1, tensor(0)), mul(-1, div(1, tensor(-0)))).item()).toBe(Infinity);
  });

  test("shapes and types that do not fit are named", () => {
    expect(() => add([1, 2], [1, 2, 3])).toThrow(
      new ShapeError("add(): expected shapes that broadcast, got [2] and [3]"),
    );
    expect(() => div(tensor([1], [1], "int32"), 1)).toThrow(ArgumentError);
    expect(() => leakyRelu([1], { negativeSlope: -1 })).toThrow(
      new ArgumentError("leakyRelu(): negativeSlope: expected a number from 0 to 1, got -1"),
    );
  });
});
