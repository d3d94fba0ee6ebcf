import * as ferrograd from "ferrograd";
import {
  add,
  div,
  grad,
  jit,
  matmul,
  randomNormal,
  randomUniform,
  sum,
  type Tensor,
  tensor,
  truncatedNormal,
} from "ferrograd";
import { activations as ACTIVATIONS } from "ferrograd/tables";
import { expect, test } from "vitest";
import { apply, type OpDef } from "../packages/ferrograd/src/graph/op.ts";
import { allOps } from "../packages/ferrograd/src/graph/ops/all.ts";

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

test("numbers that JSON has no words for are never taken for each other", () => {
  const op = allOps.find(({ name }) => name === "activation") as OpDef<object>;
  const of = (x: Tensor, p1: number) =>
    apply(op, [x], { activation: "threshold", p0: 0, p1 }) as Tensor;
  const x = tensor([-1]);
  const together = jit((x: Tensor) => SPECIAL.map((number) => of(x, number)))(x);
  expect(together.map((y) => y.item())).toEqual(SPECIAL);
});
