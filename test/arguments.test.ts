import {
  activation,
  adam,
  argmax,
  broadcastTo,
  cast,
  dense,
  FerrogradError,
  fill,
  gather,
  glu,
  initializers,
  input,
  logSoftmax,
  matmul,
  max,
  mean,
  memory,
  mul,
  OutOfMemoryError,
  oneHot,
  ones,
  randomNormal,
  relu,
  reshape,
  sequential,
  softmax,
  sparseCategoricalCrossentropy,
  sum,
  Tensor,
  tensor,
  transpose,
  Variable,
  variable,
  zeros,
} from "ferrograd";
import { describe, expect, it } from "vitest";

/** What a call without regard to types throws. */
function refused(call: (...args: never[]) => unknown, ...args: unknown[]): string {
  const { bytes } = memory();
  try {
    call(...(args as never[]));
  } catch (error) {
    expect(error).toBeInstanceOf(FerrogradError);
    expect(memory().bytes).toBe(bytes);
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error("was taken");
}

const x = [
  [1, 2],
  [3, 4],
];

describe("reductions", () => {
  it("take their axis as an option, and say how", () => {
    expect(refused(sum, x, 0)).toBe(
      "ArgumentError: sum(): expected an object of options, got 0; write sum(x, { axis: 0 })",
    );
    expect(refused(mean, x, [0, 1])).toBe(
      "ArgumentError: mean(): expected an object of options, got an array of length 2; write mean(x, { axis: [0, 1] })",
    );
    expect(refused(softmax, x, -1)).toContain("write softmax(x, { axis: -1 })");
  });

  it("refuse options that they do not have", () => {
    expect(refused(sum, x, { axes: 0 })).toContain('unknown option "axes"; did you mean "axis"?');
    expect(refused(max, x, { keepdims: true })).toContain('did you mean "keepDims"?');
    expect(refused(sum, x, { keepDims: 1 })).toContain("keepDims: expected true or false, got 1");
    expect(refused(sum, x, { axis: 0.5 })).toContain("axis: expected an integer from -2 to 1");
    expect(refused(sum, x, { axis: [0, -2] })).toBe(
      "ArgumentError: sum(): axis: expected each axis once, got 0 twice",
    );
    expect(refused(sum, 1, { axis: 0 })).toContain("expected no axis, as scalars have none, got 0");
  });

  it("argmax goes along any axis", () => {
    const y = [
      [1, 5, 2],
      [4, 0, 3],
    ];
    expect(argmax(y).array()).toEqual([1, 0]);
    expect(argmax(y, { axis: 0 }).array()).toEqual([1, 0, 1]);
    expect(argmax(y, { axis: -2 }).dtype).toBe("int32");
    expect(refused(argmax, y, { axis: 2 })).toContain("expected an integer from -2 to 1, got 2");
    for (const op of [argmax, softmax, logSoftmax, glu]) {
      expect(refused(op, y, { axis: null })).toContain(
        "expected an integer from -2 to 1, got null",
      );
    }
  });
});

describe("tensors", () => {
  it.each([
    ["tensor(): shape[1]: expected an integer of 0 or more, got 0.5", tensor, [1, 2], [4, 0.5]],
    [
      "tensor(): shape[0]: expected an integer of 0 or more, got -2",
      tensor,
      [1, 2, 3, 4],
      [-2, -2],
    ],
    ["zeros(): shape[0]: expected an integer of 0 or more, got 1.5", zeros, [1.5]],
    ["zeros(): shape[0]: expected an integer of 0 or more, got -1", zeros, [-1]],
    ['zeros(): shape: expected an array, got "a"', zeros, "a"],
    ["ones(): shape: expected an array, got 3; write [3]", ones, 3],
    ["zeros(): shape[1]: expected an integer of 0 or more, got undefined", zeros, [1, ...Array(1)]],
    ["zeros(): shape: expected at most 8 axes, got an array of length 9", zeros, Array(9).fill(1)],
    [
      "randomNormal(): shape[0]: expected an integer of 0 or more, got 1.5",
      randomNormal,
      [1.5],
      {},
    ],
    ["randomNormal(): seed: expected an integer of 0 or more, got undefined", randomNormal, [2]],
    ["fill(): value: expected a number that float32 holds, got 1e+39", fill, [2], 1e39],
    ['cast(): unknown dtype "float64"; did you mean "float32"?', cast, [1], "float64"],
    [
      'tensor(): unknown dtype "int64"; expected one of "float32", "int32", "bool"',
      tensor,
      [1],
      [1],
      "int64",
    ],
    ["variable(): trainable: expected true or false, got 1", variable, [1], { trainable: 1 }],
  ])("%s", (message, call, ...args) => {
    expect(refused(call as never, ...args)).toBe(`ArgumentError: ${message}`);
  });

  it("have at most as many elements as the memory", () => {
    expect(refused(zeros, [2 ** 31, 2 ** 31])).toContain("OutOfMemoryError: zeros(): shape:");
    expect(() => broadcastTo([1], [2 ** 31, 1])).toThrow(OutOfMemoryError);
  });

  it("hold what they are given, or refuse it", () => {
    expect(refused(tensor, [1, 1e39])).toBe(
      "DataError: tensor(): element 1: expected a number that float32 holds, got 1e+39",
    );
    expect(refused(mul, [1], 1e39)).toContain("mul(): expected a number that float32 holds");
    expect(tensor([Infinity, Number.NaN]).array()).toEqual([Infinity, Number.NaN]);
    for (const value of [Number.NaN, 2 ** 31, 0.5, Infinity]) {
      expect(refused(tensor, [0, value], [2], "int32")).toContain(
        `DataError: tensor(): element 1: expected a number that int32 holds, got ${value}`,
      );
    }
    expect(tensor([-(2 ** 31), 2 ** 31 - 1], [2], "int32").array()).toEqual([
      -(2 ** 31),
      2 ** 31 - 1,
    ]);
  });

  it("keep the shape that they were made with", () => {
    const shape = [2, 1];
    const made = [
      zeros(shape),
      tensor([1, 2], shape),
      reshape([1, 2], shape),
      broadcastTo(1, shape),
    ];
    shape[0] = 7;
    for (const { shape } of made) expect(shape).toEqual([2, 1]);
  });

  it("say of which call nested values are wrong", () => {
    expect(refused(relu, [[1, 2], [3]])).toBe(
      "DataError: relu() is ragged: row 1 has 1 value, expected 2",
    );
    expect(refused(matmul, x, { data: [1, 2], shape: [3] })).toContain("matmul(): shape [3]:");
    expect(refused(relu, "x")).toBe(
      'ArgumentError: relu(): expected a tensor, a number or arrays of numbers, got "x"',
    );
  });
});

describe("shapes", () => {
  it("reshape gives the reason", () => {
    expect(refused(reshape, x, [-1, -1])).toBe(
      "ShapeError: reshape(): shape: expected one -1 at most, got [-1, -1]: the rest tells the size of one axis only",
    );
    expect(refused(reshape, x, [3, -1])).toContain("expected a shape of 4 elements, got [3, -1]");
    expect(refused(reshape, zeros([0]), [0, -1])).toContain("expected a shape of 0 elements");
    expect(refused(reshape, x, 4)).toContain("shape: expected an array, got 4");
  });

  it("transpose takes each axis once", () => {
    expect(refused(transpose, x, [0, 0])).toContain("expected each axis once, got 0 twice");
    expect(refused(transpose, x, [0])).toContain("expected an order of 2 axes");
    expect(refused(transpose, x, 1)).toContain("expected an order of 2 axes, got 1");
  });

  it("no result has more axes than a tensor can have", () => {
    const deep = reshape(tensor(Int32Array.of(0)), Array(8).fill(1));
    expect(refused(oneHot, deep, 3)).toBe(
      "ShapeError: oneHot(): expected a result of at most 8 axes, got 9",
    );
    expect(refused(gather, x, deep)).toContain(
      "gather(): expected a result of at most 8 axes, got 9",
    );
  });
});

describe("empty tensors", () => {
  it("come from data and go through", () => {
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(softmax([[], []]).shape).toEqual([2, 0]);
    expect(logSoftmax([[], []]).data()).toEqual(new Float32Array(0));
    expect(sum([[], []], { axis: 1 }).array()).toEqual([0, 0]);
    expect(mean([[], []], { axis: 1 }).array()).toEqual([Number.NaN, Number.NaN]);
    expect(matmul(zeros([2, 0]), zeros([0, 3])).array()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(relu([]).array()).toEqual([]);
    expect(transpose([[], []]).shape).toEqual([0, 2]);
  });

  it("have no largest element, but along another axis", () => {
    expect(refused(max, [[], []], { axis: 1 })).toBe(
      "ShapeError: max(): expected at least one element along axis 1, got shape [2, 0]",
    );
    expect(refused(max, [])).toContain("ShapeError: max()");
    expect(refused(argmax, [[], []])).toContain("along axis 1, got shape [2, 0]");
    expect(max([[], []], { axis: 0 }).array()).toEqual([]);
    expect(argmax([[], []], { axis: 0 }).array()).toEqual([]);
    expect(refused(sparseCategoricalCrossentropy, tensor(Int32Array.of(0)), [[]])).toContain(
      "ShapeError: sparseCategoricalCrossentropy(): expected at least one element",
    );
  });
});

describe("objects of options", () => {
  it("are objects without a class", () => {
    expect(refused(dense, 3, new Date())).toBe(
      "ArgumentError: dense(): expected an object of options, got a Date",
    );
    expect(refused(adam, new Map())).toContain("adam(): expected an object of options, got a Map");
    expect(refused(activation, "relu", null)).toContain("got null");
    expect(refused(input, [2], { nmae: "x" })).toContain(
      'unknown option "nmae"; did you mean "name"?',
    );
    expect(() => dense(3, Object.create(null))).not.toThrow();
  });
});

describe("initializers", () => {
  it("say what they take", () => {
    expect(refused(initializers.heNormal)).toBe(
      "ArgumentError: heNormal(): shape: expected an array, got undefined",
    );
    expect(refused(initializers.zeros, [2.5])).toContain("zeros(): shape[0]:");
    expect(refused(initializers.normal, { mean: "x" })).toContain(
      'normal(): mean: expected a finite number that float32 holds, got "x"',
    );
    expect(refused(initializers.constant, Number.NaN)).toContain("constant(): value:");
  });
});

describe("callbacks", () => {
  it("may be instances of a class", () => {
    class Counting {
      steps = 0;
      onBatchEnd(step: number): void {
        this.steps = step;
      }
    }
    const counting = new Counting();
    using model = sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      warn: () => {},
    });
    model.fitSync([[1], [2]], [1, 2], { callbacks: counting, batchSize: 1 });
    expect(counting.steps).toBe(2);
  });
});

describe("classes that functions make", () => {
  it.each([
    [Tensor, "Tensor: expected to be made by tensor(), got a call of its constructor"],
    [Variable, "Variable: expected to be made by variable(), got a call of its constructor"],
  ])("%o", (made, message) => {
    expect(refused(() => Reflect.construct(made, []))).toBe(`ArgumentError: ${message}`);
    expect(refused(() => Reflect.construct(made, [[2], "float", {}]))).toContain(message);
  });
});
