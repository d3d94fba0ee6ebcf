import * as ferrograd from "ferrograd";
import {
  add,
  argmax,
  broadcastTo,
  cast,
  div,
  dropout,
  gather,
  gelu,
  grad,
  jit,
  leakyRelu,
  logSoftmax,
  matmul,
  mean,
  mul,
  oneHot,
  randomNormal,
  randomUniform,
  reshape,
  softmax,
  sparseCategoricalCrossentropy,
  square,
  sum,
  type Tensor,
  tensor,
  transpose,
  truncatedNormal,
  variable,
} from "ferrograd";
import { activations as ACTIVATIONS } from "ferrograd/tables";
import { describe, expect, test } from "vitest";
import { canonicalize, Merger } from "../packages/ferrograd/src/compile/canonicalize.ts";
import { fuse } from "../packages/ferrograd/src/compile/fuse.ts";
import { topological } from "../packages/ferrograd/src/compile/order.ts";
import { apply, applyAll, type OpDef } from "../packages/ferrograd/src/graph/op.ts";
import { allOps } from "../packages/ferrograd/src/graph/ops/all.ts";
import { binaryOps, unaryOps } from "../packages/ferrograd/src/graph/ops/elementwise.ts";
import { copy } from "../packages/ferrograd/src/graph/ops/shape.ts";
import type { Node } from "../packages/ferrograd/src/graph/tensor.ts";
import { ELEMENTWISE, FUNCTIONS } from "./support/functions.ts";
import { inputsOf, steps } from "./support/graphs.ts";
import { integers, random } from "./support/numbers.ts";

const X = [[-1, 0, -0, 2]];
const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1];

type Activate = (x: Tensor, options: Record<string, number>) => Tensor;

/** What takes a number that may be 0 beside its tensors. */
const CASES: [string, (x: Tensor, number: number) => Tensor][] = [
  ["randomUniform", (x, max) => add(randomUniform([4], { seed: 1, min: -1, max }), x)],
  ["randomNormal", (x, mean) => add(randomNormal([4], { seed: 1, mean, stddev: 0 }), x)],
  ["truncatedNormal", (x, mean) => add(truncatedNormal([4], { seed: 1, mean, stddev: 0 }), x)],
];
for (const [name, { params }] of Object.entries(ACTIVATIONS)) {
  for (const { name: option } of params.filter(({ min, max }) => min <= 0 && max >= 0)) {
    const call = (ferrograd as unknown as Record<string, Activate>)[name]!;
    const of = (x: Tensor, number: number) => call(x, { [option]: number });
    const identity = tensor(X[0]!.map((_, i) => X[0]!.map((_, j) => (i === j ? 1 : 0))));
    CASES.push(
      [`${name}, ${option}`, of],
      [`gradient of ${name}, ${option}`, (x, number) => grad(sum(of(x, number)), [x])[0]!],
      [
        `product with ${name}, ${option}`,
        (x, number) => of(add(matmul(x, identity), [1, 0, -0, 2]), number),
      ],
    );
  }
}

/** 1/x tells the zeros apart. */
const inverse = (x: Tensor) => div(1, x);

test.each(CASES)("%s of 0 and of -0 in one program are those of each alone", (_, of) => {
  const both = jit((x: Tensor) => [inverse(of(x, 0)), inverse(of(x, -0))]);
  const together = both(tensor(X)).map((y) => [...y.data()]);
  const alone = [0, -0].map((number) => [...inverse(of(tensor(X), number)).data()]);
  expect(together).toEqual(alone);
});

const named = (name: string) =>
  (ferrograd as unknown as Record<string, (...xs: unknown[]) => Tensor>)[name]!;

/** Every op somewhere: as it is called, as the compiler rewrites it, and as it is fused. */
function examples(): Map<string, Node> {
  const [x, w] = [variable(random([4, 4])), variable(random([4, 4], 2))];
  const columns = variable(random([4], 3));
  const labels = integers([4], 4);
  const image = reshape(x, [1, 4, 4, 1]);
  const net = ferrograd.sequential([ferrograd.layerNormalization()], { inputShape: [4] });
  const normalized = (x: Tensor) => net.call(x);
  const slopes = (y: Tensor) => grad(add(sum(square(y)), sum(mul(w, x))), [x, w]);
  const roots = [
    ...Object.values(unaryOps).map((op) => apply(op, [x], null)),
    ...Object.values(binaryOps).map((op) => apply(op, [x, w], null)),
    ...[gelu(x), ...slopes(leakyRelu(x)), ...slopes(leakyRelu(add(matmul(x, w), columns)))],
    ...[...slopes(matmul(reshape(x, [2, 2, 4]), w)), transpose(x), mean(x, { axis: 0 })],
    ...[broadcastTo(columns, [3, 4]), softmax(x), logSoftmax(x), ...slopes(softmax(x))],
    ...slopes(sparseCategoricalCrossentropy(labels, x, { ignoreIndex: 1 })),
    ...[...slopes(gather(x, labels)), oneHot(labels, 4), argmax(x), cast(x, "int32")],
    ...[randomNormal([4], { seed: 1 }), dropout(x, 0.5, { seed: 1 }), copy(x)],
    ...ELEMENTWISE.map(({ name, of }) => named(name)(...[x, w, columns].slice(0, of.length))),
    ...FUNCTIONS.flatMap(({ call, shapes }) => call(...shapes.map((shape) => random(shape)))),
    ...slopes(normalized(x)),
    ...slopes(ferrograd.conv(image, reshape(w, [2, 2, 1, 4]))),
    ...[ferrograd.maxPool2d, ferrograd.averagePool2d].flatMap((pool) => slopes(pool(image, 2))),
    ...[ferrograd.equal(labels, 1), sum(labels), ferrograd.layerNormalization()(random([32, 64]))],
  ];
  const better = canonicalize(roots);
  const all = [roots, better, fuse(better)].flatMap(topological);
  return new Map(all.map((node) => [node.op.name, node]));
}

const found = examples();

/** All that an op can be told, one number of it another one. */
function* changed(attrs: unknown, number: number): Generator<unknown> {
  if (typeof attrs === "number") yield number;
  if (typeof attrs !== "object" || attrs === null) return;
  for (const [key, part] of Object.entries(attrs)) {
    for (const other of changed(part, number)) {
      yield Array.isArray(attrs) ? attrs.with(Number(key), other) : { ...attrs, [key]: other };
    }
  }
}

describe("equal nodes are those of the same op, inputs and numbers, bit by bit", () => {
  test.each(allOps.map(({ name }) => name).concat("chain"))("%s", (name) => {
    expect(found.has(name), "a new op needs an example").toBe(true);
    const { op, inputs, attrs, outputs } = found.get(name)!;
    const like = (attrs: unknown) => applyAll({ ...op, infer: () => outputs }, inputs, attrs)[0]!;
    const merged = new Merger();
    const same = structuredClone(attrs);
    const first = merged.node(outputs.slice(0, 1));
    expect(merged.node([like(same)])).toEqual(first);
    const kinds = [...changed(attrs, 0)].map((_, place) =>
      SPECIAL.map((number) => merged.node([like([...changed(attrs, number)][place])])[0]!),
    );
    for (const kind of kinds) expect(new Set(kind).size).toBe(SPECIAL.length);
  });
});

test("numbers that JSON has no words for are never taken for each other", () => {
  const op = allOps.find(({ name }) => name === "activation") as OpDef<object>;
  const of = (x: Tensor, p1: number) =>
    apply(op, [x], { activation: "threshold", p0: 0, p1 }) as Tensor;
  const x = tensor([-1]);
  const together = jit((x: Tensor) => SPECIAL.map((number) => of(x, number)))(x);
  expect(together.map((y) => y.item())).toEqual(SPECIAL);
});

test("random graphs have a step for every op, but for what is random or large, and a program's last form", () => {
  const inputs = inputsOf(1);
  const made = steps.flatMap((step) => {
    const y = step(inputs[0]!, inputs[1]!);
    const parts = [mul(y, inputs[2]!), ...inputs.map((x) => mul(x, 0))].map((part) => sum(part));
    return [y, ...grad(parts.reduce(add), inputs)];
  });
  const reached = new Set(topological(made).map(({ op }) => op.name));
  const missing = allOps.filter(({ name }) => !reached.has(name)).map(({ name }) => name);
  expect(missing.sort()).toEqual(["copy", "dropout", "onePass", "random"]);
});
