import {
  dense,
  grad,
  jit,
  matmul,
  mean,
  mul,
  perRowGradients,
  sequential,
  sparseCategoricalCrossentropy,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const ROWS = 6;
const x = random([ROWS, 3], 1, -1, 1);
const labels = tensor(Int32Array.of(0, 1, 2, 1, 0, 2), [ROWS], "int32");

describe("gradients of each row", () => {
  const net = sequential([dense(4, { activation: "tanh" }), dense(3)], {
    inputShape: [3],
    seed: 1,
  });
  const weights = net.variables;
  const loss = (rows: Tensor, y: Tensor) =>
    mean(sparseCategoricalCrossentropy(y, net.call(rows) as Tensor));
  const each = () => perRowGradients(loss, weights, x, labels);

  test("are those of a loop over the rows, and their mean that of the batch", () => {
    const found = each();
    const whole = grad(loss(x, labels as unknown as Tensor), weights);
    weights.forEach(({ shape, name }, i) => {
      expect(found[i]!.shape).toEqual([ROWS, ...shape]);
      expectAllclose(mean(found[i]!, { axis: 0 }).data(), whole[i]!.data(), 1e-6, name);
    });
    const rows = x.array() as number[][];
    rows.forEach((row, at) => {
      const y = tensor([labels.data()[at]!], [1], "int32") as unknown as Tensor;
      grad(loss(tensor([row]), y), weights).forEach((one, i) => {
        const { size } = weights[i]!;
        const own = found[i]!.data().subarray(at * size, (at + 1) * size);
        expectAllclose(own, one.data(), 1e-6, `row ${at}`);
      });
    });
  });

  test("are one program in jit, with the same bits", () => {
    const traced = jit((rows: Tensor, y: Tensor) => perRowGradients(loss, weights, rows, y));
    const expected = each();
    traced(x, labels as unknown as Tensor).forEach((one, i) => {
      expectSameBits(one.data(), expected[i]!.data());
    });
    traced.dispose();
  });

  test("have gradients in turn", () => {
    const w = variable(random([3], 2));
    const penalty = (by: Tensor) =>
      sum(square(perRowGradients((row: Tensor) => square(sub(matmul(row, by), 1)), [by], x)[0]!));
    expect(checkGradients((by) => penalty(by as Tensor), w).maxError).toBeLessThan(1e-3);
  });

  test("of no rows are none", () => {
    const [none] = perRowGradients((row: Tensor) => sum(mul(row, x)), [x], tensor([], [0, 3]));
    expect(none!.shape).toEqual([0, ROWS, 3]);
  });

  test("what is refused", async () => {
    const w = variable([1, 2]);
    const of = (row: Tensor) => sum(mul(row, w));
    const bad: [() => unknown, string][] = [
      [
        () => perRowGradients(of, [w], ...([] as unknown as [number])),
        "ArgumentError: perRowGradients(): batch: expected tensors with rows, got none",
      ],
      [
        () => perRowGradients(of, [w], 3),
        "ArgumentError: perRowGradients(): batch: expected tensors with rows, got none",
      ],
      [
        () => perRowGradients((a: Tensor, b: Tensor) => sum(mul(a, b)), [w], [[1, 2]], [1, 2, 3]),
        "ShapeError: perRowGradients(): batch: expected 1 rows in each, as in the first, got shape [3]",
      ],
      [
        () => perRowGradients(3 as never, [w], [[1, 2]]),
        "ArgumentError: perRowGradients(): loss: expected a function, got 3",
      ],
      [
        () => perRowGradients((row: Tensor) => mul(row, w), [w], [[1, 2]]),
        "ShapeError: perRowGradients(): loss: expected one element, got shape [1, 2]; mean() or sum() make one",
      ],
      [
        () => perRowGradients(of, [3 as never], [[1, 2]]),
        "ArgumentError: perRowGradients(): targets[0]: expected a tensor, got 3",
      ],
    ];
    for (const [call, message] of bad) expect(await failure(call)).toBe(message);
  });
});
