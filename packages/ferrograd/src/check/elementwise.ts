import type { BinaryName, UnaryName } from "../engine/ops.generated.ts";
import type { ActivationAttrs } from "../graph/ops/step.ts";
import { sizeOf } from "../values/shape.ts";
import { activationsF64, erfc } from "./activations.ts";
import { broadcastIndex, type Reference, type References } from "./reference.ts";

const unary: { readonly [name in UnaryName]: (x: number) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  round: (x) => {
    const up = Math.round(x);
    return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up;
  },
  floor: Math.floor,
  expm1: Math.expm1,
  erf: (x) => 1 - erfc(x),
};

const binary: { readonly [name in BinaryName]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  equal: (a, b) => Number(a === b),
  squaredDifference: (a, b) => (a - b) ** 2,
  bceWithLogits: (x, t) => Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
  keep: (a, b) => (b > 0 ? a : 0),
  choose: (a, b) => (b === 0 ? -0 : a),
  drop: (a, b) => (b === 0 ? a : -0),
  pow: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b),
  mod: (a, b) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
};

/** A function of one number, of every element. */
const map =
  (f: (x: number) => number): Reference =>
  ([x]) => [x!.data.map((value) => f(value))];

/** A function of two numbers, of every pair, with broadcasting. */
const zip =
  (f: (a: number, b: number) => number): Reference =>
  ([a, b], _attrs, [y]) => {
    const [i, j] = [broadcastIndex(a!.shape, y!.shape), broadcastIndex(b!.shape, y!.shape)];
    return [
      Float64Array.from({ length: sizeOf(y!.shape) }, (_, at) =>
        f(a!.data[i(at)]!, b!.data[j(at)]!),
      ),
    ];
  };

const each = <F>(table: Readonly<Record<string, F>>, make: (f: F) => Reference): References =>
  Object.fromEntries(Object.entries(table).map(([name, f]) => [name, make(f)]));

export const elementwiseReferences: References = {
  ...each(unary, map),
  ...each(binary, zip),
  activation: ([x], { activation, p0, p1 }: ActivationAttrs) => [
    x!.data.map((value) => activationsF64[activation].f(value, p0, p1)),
  ],
  activationGradient: ([xy, dy], { activation, p0, p1 }: ActivationAttrs) => [
    dy!.data.map((d, i) => d * activationsF64[activation].df(xy!.data[i]!, p0, p1)),
  ],
};
