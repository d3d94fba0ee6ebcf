import {
  add,
  earlyStopping,
  grad,
  jit,
  maximum,
  minimum,
  sign,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, expectTypeOf, test } from "vitest";
import { blobs, classifier } from "./support/model.ts";
import { isOurs } from "./support/shares.ts";

describe("String(tensor)", () => {
  test.each([
    [tensor(1.5), "tensor float32 [] 1.5"],
    [
      tensor([
        [1, -0],
        [Number.NaN, Infinity],
      ]),
      "tensor float32 [2, 2] [[1, -0], [NaN, Infinity]]",
    ],
    [tensor([1, 2], [2], "int32"), "tensor int32 [2] [1, 2]"],
    [add(tensor([0.1, 1 / 3]), 1), "tensor float32 [2] [1.1, 1.33333]"],
    [
      tensor(
        Float32Array.from({ length: 14 }, (_, i) => i),
        [2, 7],
      ),
      "tensor float32 [2, 7] [[0, 1, 2, …, 4, 5, 6], [7, 8, 9, …, 11, 12, 13]]",
    ],
  ])("%s", (value, expected) => {
    expect(String(value)).toBe(expected);
    const inspect = Symbol.for("nodejs.util.inspect.custom") as never;
    expect((value[inspect] as () => string)()).toBe(expected);
  });

  test("a variable by its name; where there are no values, why", () => {
    const w = variable([1, 2], { name: "w" });
    expect(`${w}`).toBe('variable "w" float32 [2] [1, 2]');
    w.dispose();
    expect(`${w}`).toMatch(/^variable "w" float32 \[2\] \(no values: .*disposed\)$/);
    let inside = "";
    jit((x: Tensor) => {
      inside = String(add(x, 1));
      return x;
    })([1]);
    expect(inside).toMatch(/^tensor float32 \[1\] \(no values: /);
  });
});

test("what console.log shows of a model is its summary; of a disposed one, why there is none", () => {
  const model = classifier();
  const shown = () => (model[Symbol.for("nodejs.util.inspect.custom") as never] as () => string)();
  expect(shown()).toBe(model.summary());
  model.dispose();
  expect(shown()).toMatch(/^model ".+" \(summary\(\): the model was disposed\)$/);
});

test("array() is typed by the rank", () => {
  expectTypeOf(tensor(1, []).array()).toEqualTypeOf<number>();
  expectTypeOf(tensor([1, 2], [2]).array()).toEqualTypeOf<number[]>();
  expectTypeOf(tensor([[1]], [1, 1]).array()).toEqualTypeOf<number[][]>();
  const matrix = tensor(
    [
      [1, 2],
      [3, 4],
    ],
    [2, 2],
  ).array();
  expect(matrix[1]![0]!.toFixed(1)).toBe("3.0");
});

test("maximum and minimum give all of the gradient to both where an operand is NaN, as PyTorch does", () => {
  const a = tensor([Number.NaN, 1, 2, 3, Number.NaN]);
  const b = tensor([1, Number.NaN, 2, 4, Number.NaN]);
  const slopes = (f: typeof maximum) => grad(sum(f(a, b)), [a, b]).map((d) => [...d.data()]);
  expect(slopes(maximum)).toEqual([
    [1, 1, 0.5, 0, 1],
    [1, 1, 0.5, 1, 1],
  ]);
  expect(slopes(minimum)).toEqual([
    [1, 1, 0.5, 1, 1],
    [1, 1, 0.5, 0, 1],
  ]);
});

test("the gradient of sign is 0", () => {
  const x = tensor([1, -2, 0]);
  expect([...grad(sum(sign(x)), [x])[0]!.data()]).toEqual([0, 0, 0]);
});

test("patience 0 ends at the first epoch that is not better", async () => {
  const { x, y } = blobs(20);
  const model = classifier({ learningRate: 0 });
  const callbacks = earlyStopping({ monitor: "loss", patience: 0, minDelta: 0.01 });
  const { epochs, stopReason } = await model.fit(x, y, { epochs: 9, callbacks });
  expect([epochs, stopReason]).toEqual([2, "stopped"]);
});

test.runIf(isOurs(0))(
  "a chain of 20,000 sums compiles in a time that grows with its length",
  () => {
    let y: Tensor = tensor([1, 2]);
    for (let i = 0; i < 20_000; i++) y = add(y, i % 3);
    expect([...y.data()]).toEqual([1 + 19_999, 2 + 19_999]);
  },
);
