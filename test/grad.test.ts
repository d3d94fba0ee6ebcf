import {
  ArgumentError,
  abs,
  add,
  argmax,
  cast,
  categoricalCrossentropy,
  gather,
  grad,
  matmul,
  mul,
  oneHot,
  relu,
  reshape,
  ShapeError,
  StateError,
  sign,
  square,
  sum,
  type Tensor,
  tensor,
  transpose,
  variable,
} from "ferrograd";
import { checkGradients, evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

describe("grad", () => {
  test("of variables, data, and intermediates", () => {
    const w = variable(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const x = tensor([[1, -1]]);
    const h = matmul(x, w);
    const y = relu(h);
    const [dw, dx, dh, dy] = grad(sum(square(y)), [w, x, h, y]);
    expect(h.array()).toEqual([[-2, -2]]);
    expect(dy!.array()).toEqual([[0, 0]]);
    expect(dh!.array()).toEqual([[0, 0]]);
    expect(dx!.array()).toEqual([[0, 0]]);
    expect(dw!.array()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const k = matmul(x, w);
    const z = add(k, 5);
    const gradients = grad(sum(square(relu(z))), [z, k, w]).map((d) => d.array());
    expect(gradients).toEqual([
      [[6, 6]],
      [[6, 6]],
      [
        [6, 6],
        [-6, -6],
      ],
    ]);
  });

  test("of gradients of products, however their operands lie", () => {
    const [a, b, bias] = [random([4, 3], 1), random([3, 5], 2), random([5], 3)];
    const loss = (x: Tensor, w: Tensor) => sum(square(square(add(matmul(x, w), bias))));
    const both = (x: Tensor, w: Tensor, make: (x: Tensor, w: Tensor) => Tensor) => {
      const [dx, dw] = grad(make(x, w), [x, w]);
      return add(sum(square(dx!)), sum(dw!));
    };
    const forms: ((x: Tensor, w: Tensor) => Tensor)[] = [
      (x, w) => loss(x, w),
      (x, w) => loss(transpose(x), w),
      (x, w) => loss(x, transpose(w)),
      (x, w) => loss(transpose(x), transpose(w)),
    ];
    for (const [i, form] of forms.entries()) {
      const x = i % 2 === 1 ? tensor(transpose(a).data(), [3, 4]) : a;
      const w = i > 1 ? tensor(transpose(b).data(), [5, 3]) : b;
      const { maxError } = checkGradients((x: Tensor, w: Tensor) => both(x, w, form), x, w);
      expect(maxError, `form ${i}`).toBeLessThan(1e-4);
      const dBias = (c: Tensor) => {
        const [d] = grad(sum(square(square(add(matmul(x, w), c)))), [c]);
        return sum(square(d!));
      };
      if (i === 0) expect(checkGradients(dBias, bias).maxError).toBeLessThan(1e-4);
    }
  });

  test("of one matrix times several, through an activation", () => {
    const [a, b] = [random([2, 3], 1), random([4, 3, 5], 2)];
    const f = (x: Tensor, w: Tensor) => sum(square(relu(matmul(x, w))));
    expect(checkGradients(f, a, b).maxError).toBeLessThan(1e-4);
  });

  test("of one of two equal tensors is not the gradient of both", () => {
    const [a, b] = [tensor(2), tensor(2)];
    expect(grad(mul(a, b), [a, b]).map((d) => d.item())).toEqual([2, 2]);
    expect(grad(mul(a, 2), [a])[0]!.item()).toBe(2);
    const x = tensor([3]);
    const [h1, h2] = [square(x), square(x)];
    expect(grad(sum(mul(h1, h2)), [h1, x]).map((d) => d.item())).toEqual([9, 108]);
    const same = reshape(x, [1]);
    expect(grad(sum(mul(same, x)), [same, x]).map((d) => d.item())).toEqual([3, 6]);
  });

  test("of the loss itself is 1", () => {
    const loss = sum(square([1, 2]));
    expect(grad(loss, [loss])[0]!.item()).toBe(1);
  });

  test("is a graph like any other: used in further computation", () => {
    const x = tensor([1, 2, 3]);
    const [d] = grad(sum(mul(square(x), x)), [x]);
    expect(sum(mul(d!, 2)).item()).toBe(84);
    expect(Array.from(evaluateF64(d!))).toEqual([3, 12, 27]);
  });

  test("of gradients made of differentiable ops: second derivatives", () => {
    const x = tensor([1, 2]);
    const [d] = grad(sum(mul(square(x), x)), [x]);
    const [d2] = grad(sum(d!), [x]);
    expectAllclose(d2!.data(), [6, 12]);
  });

  test("names what it cannot do", () => {
    const [x, other] = [tensor([1, 2]), tensor([3])];
    expect(() => grad(square(x), [x])).toThrow(
      new ShapeError("grad(): loss: expected one element, got shape [2]; mean() or sum() make one"),
    );
    expect(() => grad(sum(x), [x, other])).toThrow(
      new ArgumentError(
        "grad(): target 1: expected a tensor that influences the loss, got one that does not",
      ),
    );
    const cuts: [Tensor, string][] = [
      [cast(cast(x, "int32"), "float32"), "cast, through which no gradient flows to it; leave the"],
      [
        oneHot(argmax(reshape(x, [2])), 2),
        "argmax, through which no gradient flows to it; softmax()",
      ],
      [categoricalCrossentropy(x, [0, 0]), "crossEntropy, through which no gradient flows to it;"],
    ];
    for (const [y, words] of cuts) {
      expect(() => grad(sum(y), [x])).toThrow(ArgumentError);
      const start =
        "grad(): target 0: expected differentiable operations between it and the loss, got";
      expect(() => grad(sum(y), [x])).toThrow(`${start} ${words}`);
    }
    const at = tensor([0], [1], "int32");
    expect(() => grad(sum(gather(x, at)), [at])).toThrow(
      new ArgumentError("grad(): target 0: expected a float32 tensor, got int32"),
    );
  });

  test("of what is constant piece by piece is 0, as in PyTorch", () => {
    const x = tensor([-2, 0, 3]);
    expect(grad(sum(sign(x)), [x])[0]!.array()).toEqual([0, 0, 0]);
    const [d] = grad(sum(abs(x)), [x]);
    expect(grad(sum(square(d!)), [x])[0]!.array()).toEqual([0, 0, 0]);
    expect(grad(sum(mul(sign(x), x)), [x])[0]!.array()).toEqual([-1, 0, 1]);
  });

  test("refuses to lose the part of a variable's gradient that was read", () => {
    const w = variable(tensor([1, 2]));
    const h = square(w);
    expect(h.array()).toEqual([1, 4]);
    expect(() => grad(sum(mul(h, w)), [w])).toThrow(
      new StateError(
        "grad(): target 0: expected tensors not yet read between it and the loss, " +
          "got one of shape [2] that was read or that a jitted function returned, which made it a constant; " +
          "call grad() before data() and array(), or say that it is a constant: tensor(y.data(), y.shape)",
      ),
    );
    const constant = tensor(h.data(), [2]);
    expect(grad(sum(mul(constant, w)), [w])[0]!.array()).toEqual([1, 4]);
  });
});
