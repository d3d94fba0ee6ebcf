import {
  activation,
  adam,
  add,
  addLayer,
  argmax,
  conv2d,
  dense,
  embedding,
  equal,
  flatten,
  gather,
  grad,
  input,
  jit,
  type LayerLike,
  layer,
  loadModel,
  matmul,
  mean,
  meanSquaredError,
  mul,
  norm,
  oneHot,
  ones,
  putAlongAxis,
  relu,
  scatterAdd,
  sequential,
  slice,
  sparseCategoricalCrossentropy,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  takeAlongAxis,
  tensor,
  variable,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure } from "./support/model.ts";

const compile = (options: object) => {
  using model = sequential([dense(2)], { inputShape: [2] });
  return failure(() => model.compile({ optimizer: "sgd", loss: "huber", ...options } as never));
};

describe("short names", () => {
  test.each([
    ["bce", "binaryCrossentropy"],
    ["BCE", "binaryCrossentropy"],
    ["cce", "categoricalCrossentropy"],
    ["scce", "sparseCategoricalCrossentropy"],
    ["mse", "meanSquaredError"],
    ["mae", "meanAbsoluteError"],
    ["kld", "klDivergence"],
    ["kl_div", "klDivergence"],
    ["cosine", "cosineSimilarity"],
    ["hub", "huber"],
  ])("of losses: %s is %s", async (short, name) => {
    expect(await compile({ loss: short })).toContain(`did you mean "${name}"?`);
  });

  test("of metrics, options and optimizers", async () => {
    expect(await compile({ metrics: ["acc"] })).toContain('did you mean "accuracy"?');
    expect(await compile({ metrics: ["bin_acc"] })).toContain('did you mean "binaryAccuracy"?');
    expect(await compile({ metrics: ["mae"] })).toContain('did you mean "meanAbsoluteError"?');
    expect(await compile({ optimizer: "rms" })).toContain('did you mean "rmsprop"?');
    expect(await compile({ opt: "sgd" })).toContain('did you mean "optimizer"?');
  });

  test("others get the list", async () => {
    for (const loss of ["b", "x", "ebc", "bcx", "ce", "qqq"]) {
      expect(await compile({ loss })).toContain("expected one of");
    }
  });
});

describe("indices outside a table", () => {
  test("are named with the range", () => {
    const rows = tensor([1, 2, 3, 4, 5, 6], [3, 2]);
    const at = (...indices: number[]) =>
      tensor(Int32Array.from(indices), [indices.length], "int32");
    expect(() => gather(rows, at(0, 3)).data()).toThrow(
      "gather(): element 1: expected an index from 0 to 2, got 3",
    );
    using take = jit((i: Tensor<readonly number[], "int32">) => gather(rows, i));
    expect(() => take(at(-1))).toThrow(
      "gather(): element 0: expected an index from 0 to 2, got -1",
    );
    expect(take(at(2)).array()).toEqual([[5, 6]]);
  });
});

describe("sequential says which element is no layer", () => {
  const of = (...layers: unknown[]) =>
    failure(() => sequential(layers as LayerLike[], { inputShape: [2] }));

  test("and how it becomes one", async () => {
    const start =
      "ArgumentError: sequential(): layers: element 1: expected a layer or a function of a tensor, got";
    expect(await of(dense(2), "relu")).toBe(
      `${start} "relu"; write activation("relu") for an activation`,
    );
    expect(await of(dense(2), 10)).toBe(`${start} 10; write dense(10) for a fully connected layer`);
    expect(await of(dense(2), [dense(2)])).toBe(
      `${start} an array of length 1; write ...layers to put the layers of a list here`,
    );
    expect(await of(dense(2), undefined)).toBe(`${start} undefined`);
    using model = sequential([dense(2)], { inputShape: [2] });
    using whole = sequential([model, (x) => model.call(x), activation("relu")], {
      inputShape: [2],
    });
    expect(whole.outputShape).toEqual([2]);
  });
});

describe("what is got in the place of something else is named", () => {
  const x = tensor([1]);
  test.each<[string, () => unknown]>([
    ["grad(): targets: expected an array, got a tensor", () => grad(sum(x), x as never)],
    ["grad(): targets: expected an array, got a variable", () => grad(x, variable(1) as never)],
    ["jit(): fn: expected a function, got a class", () => jit(class {} as never)],
    ["dense(): expected an object of options, got an optimizer", () => dense(2, adam() as never)],
    [
      'writeSafetensors(): tensor "w": expected { dtype, shape, data }, got a tensor',
      () => writeSafetensors(new Map([["w", x as never]])),
    ],
  ])("%s", async (message, body) => {
    expect(await failure(body)).toBe(`ArgumentError: ${message}`);
  });

  test("a file whose bytes went to another thread is empty", async () => {
    const bytes = sequential([dense(1)], { inputShape: [1] }).save();
    structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(await failure(() => loadModel(bytes))).toBe(
      "FormatError: loadModel(): expected at least 8 bytes, got 0",
    );
  });
});

describe("habits of Keras", () => {
  test("functions of tensors on symbolic ones: the remedy is a layer", async () => {
    const it = input([3]);
    const remedy = "; a layer computes with it: layer((x) => …)(it)";
    const calls: Record<string, () => unknown> = {
      "add()": () => add(it as never, 1),
      "mul()": () => mul(2, it as never),
      "relu()": () => relu(it as never),
      "mean()": () => mean(it as never),
      "tensor()": () => tensor(it as never),
      "meanSquaredError()": () => meanSquaredError(it as never, it as never),
      "stack(): tensors[0]": () => stack([it, it] as never),
    };
    for (const [where, call] of Object.entries(calls)) {
      expect(await failure(call)).toBe(
        `ArgumentError: ${where}: expected arrays of numbers or { data, shape }, got a symbolic tensor${remedy}`,
      );
    }
    expect(await failure(() => addLayer()([it, tensor([1, 2, 3])] as never))).toBe(
      `ArgumentError: add: expected symbolic tensors only, got a tensor among them${remedy}`,
    );
    expect(layer((x: Tensor) => add(x, 1))(it).shape).toEqual([3]);
  });

  test("the shape of the inputs goes to the model", async () => {
    const calls: Record<string, (name: string) => unknown> = {
      dense: (name) => dense(4, { [name]: [2] } as never),
      conv2d: (name) => conv2d(4, 3, { [name]: [2] } as never),
      embedding: (name) => embedding(4, 3, { [name]: 2 } as never),
      flatten: (name) => flatten({ [name]: [2] } as never),
      sequential: (name) => sequential([dense(1)], { [name]: 2 } as never),
    };
    const names = ["inputShape", "inputDim", "input_dim", "batchInputShape", "inputLength"];
    for (const [where, call] of Object.entries(calls)) {
      for (const name of names) {
        if (where === "sequential" && /shape/i.test(name)) continue;
        expect(await failure(() => call(name))).toBe(
          `ArgumentError: ${where}(): unknown option "${name}"; the model takes it: sequential([...], { inputShape })`,
        );
      }
    }
  });

  test("what has no name is a value, which the message shows one of", async () => {
    const ends = async (said: Promise<string>, example: string) =>
      expect(await said).toContain(`or a value such as ${example}`);
    for (const metric of ["auc", "precision", "MeanIoU", (x: Tensor) => x]) {
      await ends(compile({ metrics: [metric] }), "metrics.auc()");
    }
    for (const loss of ["focal", "CrossEntropyLoss", 7]) await ends(compile({ loss }), "dice()");
    await ends(compile({ optimizer: "lookahead" }), "lazyAdam()");
    for (const kernelInitializer of ["orthogonal", {}]) {
      const said = failure(() => dense(1, { kernelInitializer } as never));
      await ends(said, "initializers.orthogonal()");
    }
    expect(await failure(() => adam({ learningRate: ((step: number) => 1 / step) as never }))).toBe(
      "ArgumentError: adam(): learningRate: expected a number or a schedule, got a function; schedule({ name, rate }) makes one of it",
    );
  });

  test("a distance of 0 by sqrt() has no slope, and norm(), which has one, is named", async () => {
    const long = (size: (x: Tensor) => Tensor) =>
      sequential([dense(2, { useBias: false }), size], { inputShape: [2], seed: 1 }).compile({
        optimizer: "sgd",
        loss: "meanAbsoluteError",
      });
    using rooted = long((x) => sqrt(sum(square(x), { axis: -1, keepDims: true })));
    expect(await failure(() => rooted.trainOnBatch([[0, 0]], [[1]]))).toContain(
      "likely cause: a division by 0, as the slope of sqrt() at 0 is; that of norm() is 0; the model",
    );
    using normed = long((x) => norm(x, { axis: -1, keepDims: true }));
    expect(normed.trainOnBatch([[0, 0]], [[1]]).loss).toBe(1);
  });

  test("targets without places beside outputs with some: flatten() is missing", async () => {
    using model = sequential([conv2d(4, 3, { activation: "relu" }), dense(3)], {
      inputShape: [4, 4, 1],
    }).compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    expect(await failure(() => model.fit(ones([2, 4, 4, 1]), [0, 1]))).toBe(
      "ShapeError: fit(): y: expected rows of shape [2, 2], got []; put flatten() before the last layer",
    );
  });

  test("what means something elsewhere is not left out in silence", async () => {
    const square = [
      [1, 2],
      [3, 4],
    ];
    const transposed: (...args: unknown[]) => unknown = matmul as never;
    const sizes: (...args: unknown[]) => unknown = slice as never;
    expect(await failure(() => transposed(square, square, false, true))).toBe(
      "ArgumentError: matmul(): expected 2 arguments, got 4; transpose() swaps axes",
    );
    expect(await failure(() => sizes(square, [0, 0], [1, 2]))).toBe(
      "ArgumentError: slice(): expected 2 arguments, got 3; a range of an axis is [begin, end]",
    );
    const encoded: (...args: unknown[]) => unknown = oneHot as never;
    expect(await failure(() => encoded([0, 1], 2, 0.9, 0.1))).toBe(
      "ArgumentError: oneHot(): expected 2 arguments, got 4; mul() and add() make other numbers of 1 and 0",
    );
  });

  test("what means something elsewhere is refused by models, too", async () => {
    using model = sequential([dense(1)], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "huber",
    });
    expect(() => Object.assign(model.optimizer, { lr: 0.1 })).toThrow(TypeError);
    expect(() => Object.assign(model, { stopTraining: true })).toThrow(TypeError);
  });
});

test("numbers where integers are expected are integers, if they are whole", async () => {
  expect(
    gather(
      [
        [1, 2],
        [3, 4],
      ],
      [1, 0, 1],
    ).array(),
  ).toEqual([
    [3, 4],
    [1, 2],
    [3, 4],
  ]);
  expect(gather([5, 6], 1).item()).toBe(6);
  expect(oneHot(Float32Array.of(1, 0), 2).array()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(takeAlongAxis([[1, 2]], [[1, 0]]).array()).toEqual([[2, 1]]);
  expect(putAlongAxis([0, 0], [1], [5]).array()).toEqual([0, 5]);
  expect(scatterAdd([0, 0], [1, 1], [2, 3]).array()).toEqual([0, 5]);
  const ints = tensor([1, 0], [2], "int32");
  expect(
    equal(
      argmax([
        [1, 2],
        [3, 1],
      ]),
      [1, 1],
    ).array(),
  ).toEqual([1, 0]);
  expect(add(ints, [2, 3]).dtype).toBe("int32");
  const logits = [
    [1, 2],
    [3, 4],
  ];
  for (const options of [
    {},
    { reduction: "mean" },
    { reduction: "mean", ignoreIndex: 1 },
  ] as const) {
    const loss = sparseCategoricalCrossentropy(options);
    expect(loss([1, 0], logits).array()).toEqual(loss(ints, tensor(logits)).array());
  }
  for (const call of [() => gather([1, 2], [0.5]), () => oneHot([0.5], 2)]) {
    expect(await failure(call)).toContain("element 0: expected a number that int32 holds, got 0.5");
  }
  expect(await failure(() => gather([1, 2], tensor([0])))).toBe(
    "ArgumentError: gather(): expected an int32 tensor, got float32; cast() converts",
  );
  expect(await failure(() => add(ints, [0.5, 1]))).toContain("expected an int32 tensor");
});
