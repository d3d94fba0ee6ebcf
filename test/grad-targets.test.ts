import {
  ArgumentError,
  abs,
  add,
  argmax,
  argsort,
  binaryCrossentropy,
  cast,
  exp,
  grad,
  jit,
  logSoftmax,
  matmul,
  maxPool2d,
  mean,
  mul,
  neg,
  oneHot,
  relu,
  reshape,
  sgd,
  sigmoid,
  softmax,
  sort,
  sparseCategoricalCrossentropy,
  square,
  sub,
  sum,
  type Tensor,
  takeAlongAxis,
  tanh,
  tensor,
  topK,
  transpose,
  variable,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";
import { isOurs } from "./support/shares.ts";

const B = tensor([
  [1, 0],
  [2, 1],
]);
const square2x2 = () =>
  tensor([
    [1, 2],
    [3, 4],
  ]);

describe("a target that is another's values elsewhere", () => {
  test("a transpose that a product reads in place", () => {
    const x = square2x2();
    const t = transpose(x);
    const [dx, dt] = grad(add(sum(matmul(t, B)), sum(t)), [x, t]);
    expect(dt!.array()).toEqual([
      [2, 4],
      [2, 4],
    ]);
    expect(dx!.array()).toEqual([
      [2, 2],
      [4, 4],
    ]);
    expect(grad(sum(matmul(B, t)), [t])[0]!.array()).toEqual([
      [3, 3],
      [1, 1],
    ]);
  });

  test("a reshape of a reshape, one of the same shape, a transpose of a transpose", () => {
    const x = square2x2();
    const flat = reshape(x, [4]);
    const gradients = grad(sum(square(reshape(flat, [2, 2]))), [x, flat]);
    expect(gradients.map((d) => [...d.data()])).toEqual([
      [2, 4, 6, 8],
      [2, 4, 6, 8],
    ]);
    const same = reshape(x, [2, 2]);
    expect(grad(add(sum(square(same)), sum(x)), [same])[0]!.data()).toEqual(
      new Float32Array([2, 4, 6, 8]),
    );
    const t = transpose(x);
    expect(grad(sum(square(transpose(t))), [t])[0]!.data()).toEqual(new Float32Array([2, 6, 4, 8]));
  });

  test("also of the next grad", () => {
    const [x, w] = [square2x2(), variable(B)];
    const t = transpose(x);
    const [dw] = grad(sum(square(matmul(t, w))), [w]); // 2tᵀ·t·w
    // d Σ 2tᵀ·t·w / dt = 2t·(w·1·1ᵀ + 1·(w·1)ᵀ)
    const rows = [1, 3]; // w·1
    const byHand = (t.array() as number[][]).map((row) =>
      rows.map((r) => 2 * row.reduce((total, v, k) => total + v * (rows[k]! + r), 0)),
    );
    expect(grad(sum(dw!), [t])[0]!.array()).toEqual(byHand);
  });
});

describe("equal tensors are not one target", () => {
  const once = (target: "a" | "b") => (x: Tensor) => {
    const [a, b] = [square(x), square(x)];
    const [d] = grad(sum(mul(mul(a, b), x)), [x]); // ab + 2x²a + 2x²b
    return grad(sum(d!), [{ a, b }[target]])[0]!;
  };

  test("intermediates, for the next grad: eager and in jit", () => {
    for (const target of ["a", "b"] as const) {
      expect(once(target)(tensor([3])).array()).toEqual([27]);
      expect(jit(once(target))(tensor([3])).array()).toEqual([27]);
    }
  });

  test("whose gradient is computed from their values", () => {
    const x = tensor([0.5]);
    const [a, b] = [exp(x), exp(x)];
    const [d] = grad(sum(mul(a, square(b))), [x]); // ab² + 2ab·b
    const [da, db] = grad(sum(d!), [a, b]);
    expectAllclose(da!.data(), [3 * Math.exp(1)], 1e-6);
    expectAllclose(db!.data(), [6 * Math.exp(1)], 1e-6);
  });

  test("numbers", () => {
    const [x, c, d] = [tensor([3]), tensor([2]), tensor([2])];
    const [dx] = grad(sum(mul(mul(x, c), d)), [x]);
    expect(grad(sum(dx!), [c, d]).map((g) => g.array())).toEqual([[2], [2]]);
  });
});

describe("a gradient that is 0 everywhere", () => {
  const x = tensor([1, -1, 0]);
  const slope = (f: (x: Tensor) => Tensor) => (x: Tensor) => grad(sum(f(x)), [x])[0]!;

  test.each([
    ["relu, three times", slope(slope(slope(relu)))],
    ["a line, twice", slope(slope((x) => mul(x, 3)))],
    ["a square, four times", slope(slope(slope(slope(square))))],
    ["|x|, three times", slope(slope(slope(abs)))],
    ["x itself, twice", slope(slope((x) => x))],
  ])("is zeros: %s", (_name, f) => {
    expect(f(x).array()).toEqual([0, 0, 0]);
    expect(jit(f)(x).array()).toEqual([0, 0, 0]);
  });

  test("of a product by its own factor, and of one number", () => {
    const [a, w] = [tensor([[1, 2]]), variable([[1], [2]])];
    const [dw] = grad(sum(matmul(a, w)), [w]);
    expect(grad(sum(square(dw!)), [w])[0]!.array()).toEqual([[0], [0]]);
    const one = tensor(2);
    expect(grad(grad(one, [one])[0]!, [one])[0]!.item()).toBe(0);
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ["sort", (x) => sort(x)],
    ["topK", (x) => topK(x, 2).values],
    ["takeAlongAxis", (x) => takeAlongAxis(x, argsort(x))],
    ["maxPool2d", (x) => maxPool2d(reshape(x, [1, 2, 2, 1]), 2)],
    ["oneHot", (x) => mul(x, oneHot(argmax(x), 2))],
  ])("through positions that numbers decide: %s", (_name, f) => {
    const x = variable([
      [3, 1],
      [2, 5],
    ]);
    const weights = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [dx] = grad(sum(f(x)), [x]);
    const [second] = grad(sum(mul(dx!, weights)), [x]);
    expect(second!.array()).toEqual(zeros([2, 2]).array());
    const [cube] = grad(sum(mul(square(f(x)), f(x))), [x]);
    const [slopes] = grad(sum(mul(cube!, weights)), [x]);
    const [third] = grad(sum(slopes!), [x]);
    expect(grad(sum(third!), [x])[0]!.array()).toEqual(zeros([2, 2]).array());
  });

  test("but not of what decides positions alone", () => {
    const [x, w] = [variable([3, 1, 2]), variable([4, 5, 6])];
    const [dw] = grad(sum(square(takeAlongAxis(w, argsort(x)))), [w]);
    expect(() => grad(sum(dw!), [x])).toThrow("got argsort, through which no gradient flows to it");
  });

  test("of one target among others: a penalty moves what it holds of, and leaves the rest", () => {
    const [w, b] = [variable([[1], [2]]), variable([5])];
    const loss = (x: Tensor) => {
      const [dx] = grad(sum(add(matmul(x, w), b)), [x]);
      return sum(square(dx!));
    };
    const optimizer = sgd({ learningRate: 0.25 });
    const step = jit((x: Tensor) => optimizer.minimize(loss(x), [w, b]));
    step(tensor([[3, 4]]));
    expect([w.array(), b.array()]).toEqual([[[0.5], [1]], [5]]);
  });

  test("but not of what has no part in it, or is cut off", () => {
    const [d] = grad(sum(mul(x, 3)), [x]);
    expect(() => grad(sum(d!), [tensor([1])])).toThrow(
      new ArgumentError(
        "grad(): target 0: expected a tensor that influences the loss, got one that does not",
      ),
    );
    const cutOff = mul(cast(argmax(reshape(x, [1, 3])), "float32"), sum(d!));
    expect(() => grad(sum(cutOff), [x])).toThrow(/got argmax, through which no gradient flows/);
  });
});

describe("any tensor of a graph", () => {
  const ops: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
    (a) => square(a),
    (a) => exp(mul(a, 0.3)),
    (a) => sigmoid(a),
    (a) => softmax(a),
    (a) => logSoftmax(a),
    (a) => transpose(a),
    (a) => reshape(reshape(a, [9]), [3, 3]),
    (a) => neg(a),
    (a) => sub(a, mean(a, { axis: 0 })),
    (a, b) => add(a, b),
    (a, b) => mul(a, b),
    (a, b) => matmul(transpose(a), b),
    (a, b) => matmul(a, transpose(b)),
    (a, b) => tanh(add(matmul(a, b), mean(b, { axis: 0 }))),
  ];

  /** A graph of ten tensors, some of them equal; what is at `at` is moved by `shift`. */
  function graph(seed: number, at: number, shift?: Tensor): Tensor[] {
    const draws = random([8, 3], seed, 0, 1).data();
    const tensors = [random([3, 3], seed, -1, 1), random([3, 3], seed + 1, -1, 1)];
    const plans = Array.from({ length: 8 }, (_, i) => {
      const [op, a, b] = [0, 1, 2].map((k) => draws[3 * i + k]!) as [number, number, number];
      const from = (draw: number) => Math.floor(draw * 0.999 * Math.min(i + 2, 5));
      return { op: ops[Math.floor(op * 0.999 * ops.length)]!, a: from(a), b: from(b) };
    });
    for (const [i, { op, a, b }] of [...plans.slice(0, 4), ...plans].entries()) {
      const y = op(tensors[a]!, tensors[b]!);
      tensors.push(i === at && shift !== undefined ? add(y, shift) : y);
    }
    return tensors;
  }

  test("is the target of the next grad that one moved by a leaf of its own is", () => {
    for (let seed = 1; seed <= 30; seed++) {
      if (!isOurs(seed >> 1)) continue; // of each place two
      const at = seed % 4;
      const shift = tensor(new Float32Array(9), [3, 3]);
      const second = (tensors: Tensor[], target: Tensor) => {
        // By a factor of the last tensors: nothing that the target is computed from.
        const factor = tensor(random([3, 3], 99).data(), [3, 3]);
        const total = tensors.reduce((sum, t, i) => add(sum, mul(t, mul(factor, i + 1))));
        const [d] = grad(sum(square(total)), [factor]);
        return grad(sum(mul(d!, random([3, 3], 7))), [target])[0]!.data();
      };
      const plain = graph(seed, at);
      const moved = graph(seed, at, shift);
      expectAllclose(second(plain, plain[2 + at]!), second(moved, shift), 1e-4, `seed ${seed}`);
    }
  });
});

describe("probabilities whose logits a loss takes", () => {
  const z = () => tensor([[0.5, -1, 2]]);
  const labels = tensor([1], [1], "int32");
  const refused =
    /expected the logits, got probabilities made of them, which the loss leaves aside/;

  test("are no target, also where more comes of them, they are moved, read or given to jit", () => {
    const p = sigmoid(z());
    expect(() => grad(sum(binaryCrossentropy([[1, 0, 1]], p)), [p])).toThrow(refused);
    expect(() => grad(add(sum(binaryCrossentropy([[1, 0, 1]], p)), sum(p)), [p])).toThrow(refused);
    const q = softmax(z());
    const moved = reshape(transpose(q), [1, 3]);
    const loss = sum(sparseCategoricalCrossentropy(labels, moved));
    for (const target of [q, moved]) expect(() => grad(loss, [target])).toThrow(refused);
    q.data();
    expect(() => grad(sum(sparseCategoricalCrossentropy(labels, q)), [q])).toThrow(refused);
    const inJit = jit((q: Tensor) => grad(sum(sparseCategoricalCrossentropy(labels, q)), [q])[0]!);
    expect(() => inJit(softmax(z()))).toThrow(refused);
  });

  test("are one where the loss goes through them, or takes other numbers", () => {
    const q = softmax(z());
    const own = sum(sparseCategoricalCrossentropy(labels, q, { fromLogits: false }));
    expectAllclose(grad(own, [q])[0]!.data(), [0, -1 / q.data()[1]!, 0], 1e-6);
    const p = sigmoid(z());
    binaryCrossentropy([[1, 0, 1]], p); // another loss
    expectAllclose(
      grad(sum(square(p)), [p])[0]!.data(),
      [...sigmoid(z()).data()].map((v) => 2 * v),
    );
  });

  test("do not keep their logits from being one", () => {
    const [x, y] = [z(), sigmoid(z()).data()];
    const p = sigmoid(x);
    const loss = add(sum(binaryCrossentropy([[1, 0, 1]], p)), sum(p));
    const expected = [...y].map((v, i) => (v - [1, 0, 1][i]!) / 3 + v * (1 - v));
    expectAllclose(grad(loss, [x])[0]!.data(), expected, 1e-6);
  });
});
