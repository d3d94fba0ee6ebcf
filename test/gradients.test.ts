import {
  ArgumentError,
  abs,
  add,
  binaryCrossentropy,
  broadcastTo,
  categoricalCrossentropy,
  cos,
  div,
  dropout,
  exp,
  gather,
  grad,
  leakyRelu,
  log,
  log1p,
  matmul,
  max,
  maximum,
  mean,
  meanSquaredError,
  minimum,
  mul,
  neg,
  reciprocal,
  relu,
  reshape,
  type Shape,
  ShapeError,
  sigmoid,
  sin,
  softmax,
  sparseCategoricalCrossentropy,
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
import { checkGradients, missingReferences } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { integers, random } from "./support/numbers.ts";

type F = (...inputs: Tensor[]) => Tensor;

/** Σ weights·f, so that every element of the result has a gradient of its own. */
const weighted = (f: F): F => {
  return (...inputs) => {
    const y = f(...inputs);
    return sum(mul(y, random(y.shape, 99, 0.5, 1.5)));
  };
};

function expectGradients(f: F, ...inputs: Tensor<Shape, "float32" | "int32">[]): void {
  const { maxError, worst } = checkGradients(weighted(f), ...inputs);
  expect(maxError, JSON.stringify(worst)).toBeLessThan(2e-5);
}

test("every op has a float64 reference", () => {
  expect(missingReferences()).toEqual([]);
});

describe("gradients of ops", () => {
  const anywhere = { neg, abs, square, exp, sin, cos, sigmoid, tanh, relu, leakyRelu };
  for (const [name, f] of Object.entries(anywhere)) {
    test(name, () => expectGradients((x) => f(x!), random([3, 7])));
  }

  for (const [name, f] of Object.entries({ sqrt, log, log1p, reciprocal })) {
    test(name, () => expectGradients((x) => f(x!), random([3, 7], 1, 0.3, 3)));
  }

  const binary = { add, sub, mul, div, maximum, minimum, squaredDifference };
  const pairs: [number[], number[]][] = [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [
      [2, 1],
      [2, 3],
    ],
    [[], [2, 3]],
    [
      [2, 3, 4],
      [3, 1],
    ],
    [
      [2, 1, 4],
      [1, 3, 1],
    ],
  ];
  for (const [name, f] of Object.entries(binary)) {
    test(`${name}, with every kind of broadcasting`, () => {
      for (const [a, b] of pairs) {
        expectGradients((x, y) => f(x!, y!), random(a, 1, 0.5, 2), random(b, 2, 0.6, 2.1));
        expectGradients((x, y) => f(y!, x!), random(a, 1, 0.5, 2), random(b, 2, 0.6, 2.1));
      }
    });
  }

  test("matmul, plain, transposed, of more axes, with bias and every activation", () => {
    const [a, b, bias] = [random([3, 4]), random([4, 5], 2), random([5], 3)];
    expectGradients((x, y) => matmul(x!, y!), a, b);
    expectGradients((x, y) => matmul(transpose(x!), y!), random([4, 3]), b);
    expectGradients((x, y) => matmul(x!, transpose(y!)), a, random([5, 4]));
    expectGradients((x, y) => matmul(transpose(x!), transpose(y!)), random([4, 3]), random([5, 4]));
    expectGradients((x, y) => matmul(x!, y!), random([2, 3, 4]), b);
    for (const f of [relu, sigmoid, tanh, leakyRelu, (x: Tensor) => x]) {
      expectGradients((x, y, c) => f(add(matmul(x!, y!), c!)), a, b, bias);
      expectGradients((x, y) => f(matmul(x!, y!)), a, b);
    }
  });

  test("batches of matmul, shared and broadcast, transposed", () => {
    expectGradients((x, y) => matmul(x!, y!), random([3, 2, 4]), random([3, 4, 5], 2));
    expectGradients((x, y) => matmul(x!, y!), random([2, 4]), random([3, 4, 5], 2));
    expectGradients((x, y) => matmul(x!, y!), random([2, 1, 3, 4]), random([3, 4, 2], 2));
    expectGradients(
      (x, y, bias) => sigmoid(add(matmul(x!, transpose(y!, [0, 2, 1])), bias!)),
      random([3, 2, 4]),
      random([3, 5, 4], 2),
      random([5], 3),
    );
  });

  test("reductions over every choice of axes", () => {
    for (const reduce of [sum, mean, max]) {
      for (const axis of [0, 1, 2, [0, 2], [1, 2], [0, 1, 2]]) {
        expectGradients((x) => reduce(x!, { axis }), random([2, 3, 4]));
      }
    }
  });

  test("reshape, transpose, broadcastTo", () => {
    expectGradients((x) => square(reshape(x!, [4, -1])), random([2, 6]));
    expectGradients((x) => square(transpose(x!, [1, 2, 0])), random([2, 3, 4]));
    expectGradients((x) => square(broadcastTo(x!, [2, 3, 4])), random([3, 1]));
  });

  test("softmax and the cross-entropies", () => {
    expectGradients((x) => softmax(x!), random([3, 5]));
    const labels = integers([3], 5);
    const logits = random([3, 5]);
    expectGradients((x) => sparseCategoricalCrossentropy(labels, x!), logits);
    const rows = softmax(random([3, 5], 4));
    expectGradients((x) => categoricalCrossentropy(rows, x!), logits);
    const bits = tensor([
      [0, 1, 1, 0, 1],
      [1, 1, 0, 0, 0],
      [0, 0, 1, 1, 0.5],
    ]);
    expectGradients((x) => binaryCrossentropy(bits, x!, { fromLogits: true }), logits);
    expectGradients((x) => meanSquaredError(rows, x!), logits);
  });

  test("gather adds up what is taken twice", () => {
    const at = tensor([2, 0, 2, 2], [4], "int32");
    expectGradients((x) => gather(x!, at), random([3, 2]));
    const table = tensor([[1], [2], [3]]);
    expect(grad(sum(gather(table, at)), [table])[0]!.array()).toEqual([[1], [0], [3]]);
  });

  test("dropout passes the gradient through its own mask", () => {
    expectGradients((x) => dropout(x!, 0.4, { seed: 5, stream: 2 }), random([4, 9]));
  });

  test("at equal values maximum, minimum and max share, at kinks slopes are those of PyTorch", () => {
    const slope = (f: F, ...values: (number | number[])[]) => {
      const inputs = values.map((value) => tensor(value));
      return grad(sum(f(...inputs)), inputs).map((d) => d.array());
    };
    expect(slope((a, b) => maximum(a!, b!), 2, 2)).toEqual([0.5, 0.5]);
    expect(slope((a, b) => minimum(a!, b!), 2, 2)).toEqual([0.5, 0.5]);
    expect(slope((x) => max(x!), [1, 3, 3])).toEqual([[0, 0.5, 0.5]]);
    expect(slope((x) => relu(x!), 0)).toEqual([0]);
    expect(slope((x) => abs(x!), 0)).toEqual([0]);
    expect(slope((x) => leakyRelu(x!, { negativeSlope: 0.2 }), 0)).toEqual([Math.fround(0.2)]);
  });
});

describe("gradients of nets", () => {
  const labels = integers([6], 4);
  const parameters = () => [random([5, 7]), random([7], 2), random([7, 4], 3), random([4], 4)];

  for (const [name, f] of Object.entries({ relu, tanh, sigmoid, leakyRelu })) {
    test(`dense-${name}-dense-crossentropy`, () => {
      const x = random([6, 5], 9);
      const net = (x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) => {
        const hidden = f(add(matmul(x, w1), b1));
        return mean(sparseCategoricalCrossentropy(labels, add(matmul(hidden, w2), b2)));
      };
      const { maxError, worst } = checkGradients(net, x, ...parameters());
      expect(maxError, JSON.stringify(worst)).toBeLessThan(2e-6);
    });
  }

  test("a net with dropout, a residual sum and a normalization written as plain functions", () => {
    const normalize = (x: Tensor) => {
      const centered = sub(x, mean(x, { axis: -1, keepDims: true }));
      return div(centered, sqrt(add(mean(square(centered), { axis: -1, keepDims: true }), 1e-3)));
    };
    const net = (x: Tensor, w: Tensor, b: Tensor) => {
      const hidden = dropout(tanh(add(matmul(normalize(x), w), b)), 0.3, { seed: 1 });
      return mean(square(add(x, hidden)));
    };
    const { maxError } = checkGradients(net, random([4, 6]), random([6, 6], 2), random([6], 3));
    expect(maxError).toBeLessThan(1e-5);
  });

  test("parameters that the function does not take are checked by naming them", () => {
    const w = variable(random([3, 2]));
    const x = random([4, 3], 2);
    expect(checkGradients(() => mean(square(matmul(x, w))), w).maxError).toBeLessThan(1e-6);
  });

  test("a slope that jumps is found and named", () => {
    const { maxError, worst } = checkGradients((x: Tensor) => sum(relu(x)), [3, 0, -1]);
    expect(maxError).toBeCloseTo(0.5, 6);
    expect(worst).toMatchObject({ input: 0, index: 1, analytic: 0 });
  });

  test("checkGradients refuses what it cannot check", () => {
    expect(() => checkGradients((x: Tensor) => square(x), [1, 2])).toThrow(
      new ShapeError(
        "checkGradients(): fn: expected a result of one element, got shape [2]; mean() or sum() make one",
      ),
    );
    expect(() => checkGradients(() => sum([1]))).toThrow(
      new ArgumentError("checkGradients(): expected a float32 input with an element, got none"),
    );
  });
});
