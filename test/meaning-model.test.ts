import {
  activation,
  add,
  binaryCrossentropy,
  type CompileOptions,
  categoricalCrossentropy,
  dense,
  dropout,
  flatten,
  huber,
  type LayerLike,
  loadModel,
  mean,
  mul,
  poisson,
  readSafetensors,
  rescaling,
  reshape,
  sequential,
  sigmoid,
  softmax,
  softmaxLayer,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
  transpose,
  writeSafetensors,
} from "ferrograd";
import { diagnose } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { failure } from "./support/model.ts";
import { random } from "./support/numbers.ts";

type Loss = CompileOptions["loss"];

const BINARY = { optimizer: "sgd", loss: "binaryCrossentropy", metrics: ["accuracy"] } as const;
const x = random([6, 2, 3], 1, -2, 2);

/** A layer that gives 2 by 3 logits, each x plus 0.25. */
const logits = () => {
  const eye = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  return dense(3, {
    kernelInitializer: () => tensor(eye, [3, 3]),
    biasInitializer: () => tensor([0.25, 0.25, 0.25]),
  });
};

/** Ends of a model whose outputs are the probabilities of x + 0.25, in places of their own. */
const ends: Record<string, () => LayerLike[]> = {
  "a layer": () => [logits(), activation("sigmoid")],
  "an activation of dense": () => [
    dense(3, {
      activation: "sigmoid",
      kernelInitializer: () => tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]),
      biasInitializer: () => tensor([0.25, 0.25, 0.25]),
    }),
  ],
  "a layer, then flatten": () => [logits(), activation("sigmoid"), flatten()],
  "a layer, then dropout": () => [logits(), activation("sigmoid"), dropout(0)],
  "a layer, then a linear one": () => [logits(), activation("sigmoid"), activation("linear")],
  "a function": () => [logits(), (h) => sigmoid(h)],
  "a function that reshapes": () => [logits(), (h) => reshape(sigmoid(h), [-1, 3, 2])],
  "a layer, then a transpose": () => [
    logits(),
    activation("sigmoid"),
    (p) => transpose(p, [0, 2, 1]),
  ],
};

const sigmoid64 = (v: number) => 1 / (1 + Math.exp(-v));

describe("a model's outputs mean what its end makes", () => {
  test.each(Object.entries(ends))("of a sigmoid: %s", (_name, layers) => {
    using model = sequential(layers(), { inputShape: [2, 3] }).compile({
      ...BINARY,
      metrics: ["accuracy", "binaryAccuracy"],
    });
    const p = model.predict(x);
    const t = random(p.shape, 5, 0, 1);
    const turned = _name.includes("transpose") ? transpose(x, [0, 2, 1]) : x;
    const p64 = Array.from(turned.data(), (v) => sigmoid64(v + 0.25));
    const loss64 = p64.map((v, i) => {
      const target = t.data()[i]!;
      return -(target * Math.log(v) + (1 - target) * Math.log(1 - v));
    });
    const hits = p64.map((v, i) => (v > 0.5 === t.data()[i]! > 0.5 ? 1 : 0) as number);
    const average = (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length;
    const measured = model.evaluate(x, t);
    expectAllclose([measured.loss], [average(loss64)], 1e-5);
    expectAllclose([measured.accuracy], [average(hits)], 1e-5);
    expect(measured.binaryAccuracy).toBe(measured.accuracy);
    expect(model.summary()).toContain("from the logits of the final sigmoid");
    // What predict gives means the same, and so does what the model gives as a function.
    for (const yPred of [p, model.call(x as never) as unknown as Tensor]) {
      expectAllclose([mean(binaryCrossentropy(t, yPred)).item()], [average(loss64)], 1e-5);
    }
    expectAllclose([model.trainOnBatch(x, t).loss], [average(loss64)], 1e-5);
  });

  test("of a sigmoid over several axes", () => {
    const kernelInitializer = () => tensor([[1]]);
    using model = sequential([dense(1, { activation: "sigmoid", kernelInitializer })], {
      inputShape: [2, 1],
    }).compile(BINARY);
    const { loss } = model.evaluate([[[2], [2]]], [[[1], [1]]]);
    expectAllclose([loss], [Math.log1p(Math.exp(-2))], 1e-6);
  });

  test("of a softmax with the classes whole and last, and elsewhere", () => {
    const kept = [logits(), softmaxLayer(), dropout(0)];
    using model = sequential(kept, { inputShape: [2, 3] }).compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
    });
    const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);
    const y = tensor(labels, [6, 2]);
    const rows = reshape(x, [12, 3]).array() as number[][];
    const expected = rows.map((row, i) => {
      const total = row.reduce((sum, v) => sum + Math.exp(v), 0);
      return Math.log(total) - row[labels[i]!]!;
    });
    const average = expected.reduce((a, b) => a + b, 0) / 12;
    expectAllclose([model.evaluate(x, y).loss], [average], 1e-5);
    const read = mean(sparseCategoricalCrossentropy(y, model.predict(x))).item();
    expectAllclose([read], [average], 1e-5);
    expect(model.summary()).toContain("from the logits of the final softmax");
    // Flattened, its values are probabilities.
    using flat = sequential([...kept, flatten()], { inputShape: [2, 3] }).compile(BINARY);
    expect(flat.summary()).toContain("from the outputs as probabilities");
    const p = flat.predict(x);
    const t = random(p.shape, 5, 0, 1);
    const loss64 = Array.from(p.data(), (v, i) => {
      const target = t.data()[i]!;
      return -(target * Math.log(v) + (1 - target) * Math.log(1 - v));
    });
    const measured = flat.evaluate(x, t);
    expectAllclose([measured.loss], [loss64.reduce((a, b) => a + b, 0) / 36], 1e-5);
    const hits = Array.from(p.data(), (v, i) => Number(v > 0.5 === t.data()[i]! > 0.5));
    expectAllclose([measured.accuracy], [hits.reduce((a, b) => a + b, 0) / 36], 1e-6);
  });
});

/** Models whose outputs may be logits or probabilities. */
const mixtures: Record<string, () => LayerLike[]> = {
  "the mean of two heads": () => [
    logits(),
    (h: Tensor) => mul(add(sigmoid(h), sigmoid(mul(h, 2))), 0.5),
  ],
  "logits and probabilities": () => [logits(), (h: Tensor) => add(h, softmax(h))],
  "dropout that trains": () => [logits(), activation("sigmoid"), dropout(0.5)],
};

describe("outputs that may be logits or probabilities", () => {
  const losses: [string, (options?: { fromLogits: boolean }) => Loss][] = [
    [
      "binaryCrossentropy",
      (options) => (options ? binaryCrossentropy(options) : "binaryCrossentropy"),
    ],
    ["categoricalCrossentropy", (options) => categoricalCrossentropy(options)],
    [
      "sparseCategoricalCrossentropy",
      (options) =>
        options ? sparseCategoricalCrossentropy(options) : sparseCategoricalCrossentropy,
    ],
  ];

  test.each(Object.entries(mixtures))("are refused by compile, %s", async (_name, layers) => {
    for (const [name, loss] of losses) {
      using model = sequential(layers(), { inputShape: [2, 3] });
      const compile = (options?: { fromLogits: boolean }) =>
        model.compile({ optimizer: "sgd", loss: loss(options) });
      const message = await failure(() => compile());
      expect(message).toMatch(
        /^ArgumentError: compile\(\): expected logits or probabilities, got what /,
      );
      expect(message).toContain(`${name}({ fromLogits: false }) takes them as probabilities`);
      expect(message).toContain(`${name}({ fromLogits: true }) as logits`);
      for (const fromLogits of [false, true]) {
        const summary = compile({ fromLogits }).summary();
        expect(summary).toContain(
          `loss ${name}({ fromLogits: ${fromLogits} }), from the outputs as `,
        );
      }
      // What was compiled before stays.
      expect(await failure(() => compile())).toBe(message);
      expect(model.summary()).toContain("fromLogits: true");
    }
  });

  test("are refused as a threshold's too, whatever the loss", async () => {
    using model = sequential(mixtures["the mean of two heads"]!(), { inputShape: [2, 3] });
    const metrics = ["binaryAccuracy"] as const;
    expect(
      await failure(() => model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics })),
    ).toBe(
      'ArgumentError: compile(): expected logits or probabilities, got what add() in layer "function" makes of probabilities, which may be either; ' +
        "binaryCrossentropy({ fromLogits: false }) takes them as probabilities, binaryCrossentropy({ fromLogits: true }) as logits",
    );
    const loss = binaryCrossentropy({ fromLogits: false });
    const compiled = model.compile({ optimizer: "sgd", loss, metrics: ["accuracy", ...metrics] });
    const t = random([6, 2, 3], 5, 0, 1);
    const p = model.predict(x).data();
    const hits = Array.from(p, (v, i) => Number(v > 0.5 === t.data()[i]! > 0.5));
    const measured = compiled.evaluate(x, t);
    expectAllclose([measured.accuracy], [hits.reduce((a, b) => a + b, 0) / 36], 1e-6);
    expect(measured.binaryAccuracy).toBe(measured.accuracy);
  });
});

describe("a loss with options", () => {
  const values: [string, () => Loss, string][] = [
    ["binary", () => binaryCrossentropy({ fromLogits: false }), "{ fromLogits: false }"],
    ["smoothed", () => binaryCrossentropy({ labelSmoothing: 0.1 }), "{ labelSmoothing: 0.1 }"],
    ["huber", () => huber({ delta: 0.5 }), "{ delta: 0.5 }"],
    ["poisson", () => poisson({ fromLog: true }), "{ fromLog: true }"],
  ];

  test.each(values)("of %s is saved and loaded with the model", (_name, loss, options) => {
    const layers = [dense(3, { activation: "sigmoid" })];
    using model = sequential(layers, { inputShape: [3] }).compile({
      optimizer: "adam",
      loss: loss(),
    });
    const [rows, t] = [random([8, 3], 2), random([8, 3], 3, 0, 1)];
    const before = model.evaluate(rows, t).loss;
    expect(model.summary()).toContain(options);
    using loaded = loadModel(model.save({ includeOptimizer: true }));
    expect(loaded.summary()).toBe(model.summary());
    expect(loaded.evaluate(rows, t).loss).toBe(before);
    expectSameBits([loaded.trainOnBatch(rows, t).loss], [model.trainOnBatch(rows, t).loss]);
    // The value is a function of targets and predictions as well.
    const call = loss() as (t: Tensor, p: Tensor) => Tensor;
    const [a, b] = [random([2, 3], 4, 0, 1), random([2, 3], 5, 0.1, 0.9)];
    expect(call(a, b).shape).toEqual([2]);
  });

  test("labels that do not count are data", async () => {
    const loss = sparseCategoricalCrossentropy({ ignoreIndex: -1 });
    using model = sequential([dense(3)], { inputShape: [3] }).compile({ optimizer: "sgd", loss });
    const rows = random([4, 3], 2);
    const { loss: all } = model.evaluate(rows, Int32Array.of(0, -1, 2, -1));
    const two = tensor([...rows.data().slice(0, 3), ...rows.data().slice(6, 9)], [2, 3]);
    expectAllclose([all], [model.evaluate(two, Int32Array.of(0, 2)).loss], 1e-6);
    expect(await failure(() => model.evaluate(rows, Int32Array.of(0, -2, 2, -1)))).toBe(
      "DataError: evaluate(): y: row 1: expected a class from 0 to 2, got -2",
    );
  });

  test("refuses options it does not have and values they cannot take", async () => {
    const bad: [() => unknown, string][] = [
      [
        () => binaryCrossentropy({ formLogits: true } as never),
        'binaryCrossentropy(): unknown option "formLogits"; did you mean "fromLogits"?',
      ],
      [
        () => huber({ delta: -1 }),
        "huber(): delta: expected a finite number of 0 or more that float32 holds, got -1",
      ],
      [
        () => binaryCrossentropy(tensor([1]) as never),
        "binaryCrossentropy(): yPred: expected predictions, got undefined",
      ],
    ];
    for (const [call, message] of bad) {
      expect(await failure(call)).toBe(`ArgumentError: ${message}`);
    }
  });
});

describe("a file of the first kind", () => {
  /** The file with the loss by its name alone, as the first ones have it. */
  const byName = (bytes: Uint8Array): Uint8Array => {
    const { tensors, metadata } = readSafetensors(bytes);
    const saved = JSON.parse(metadata.get("model")!);
    saved.training.loss = saved.training.loss.name ?? saved.training.loss;
    return writeSafetensors(tensors, new Map([...metadata, ["model", JSON.stringify(saved)]]));
  };
  const ones = { kernelInitializer: "ones" } as const;

  test("means what it meant: all but the last op's probabilities were logits", () => {
    const layers = [dense(1, { activation: "sigmoid", ...ones })];
    using model = sequential(layers, { inputShape: [2, 1] }).compile(BINARY);
    const [rows, y] = [[[[2], [2]]], [[[1], [1]]]];
    using now = loadModel(model.save());
    expect(now.evaluate(rows, y)).toEqual(model.evaluate(rows, y));
    using first = loadModel(byName(model.save()));
    const p = 1 / (1 + Math.exp(-2));
    expectAllclose([first.evaluate(rows, y).loss!], [Math.log1p(Math.exp(-p))], 1e-6);
    expect(first.summary()).toContain("binaryCrossentropy({ fromLogits: true })");
    using again = loadModel(first.save());
    expect(again.summary()).toBe(first.summary());
  });

  test("loads where today compile refuses", () => {
    const loss = binaryCrossentropy({ fromLogits: true });
    const layers = [dense(2, { activation: "sigmoid" }), rescaling({ scale: 2, offset: -1 })];
    using model = sequential(layers, { inputShape: [3] }).compile({ optimizer: "sgd", loss });
    using loaded = loadModel(byName(model.save()));
    expect(loaded.summary()).toBe(model.summary());
  });

  test("is what is saved where it makes no difference", () => {
    const layers = [dense(2, { activation: "sigmoid" })];
    using model = sequential(layers, { inputShape: [3] }).compile(BINARY);
    expect(readSafetensors(model.save()).metadata.get("model")).toContain(
      '"loss":"binaryCrossentropy"',
    );
    using loaded = loadModel(model.save());
    expect(loaded.summary()).toContain("from the logits of the final sigmoid");
  });
});

describe("what else is asked", () => {
  test.each(["hardSigmoid", "sparseSigmoid"] as const)("%s gives probabilities", (name) => {
    using model = sequential([logits(), activation(name)], { inputShape: [2, 3] }).compile({
      ...BINARY,
    });
    expect(model.summary()).toContain("from the outputs as probabilities");
    const p = model.predict(x);
    const t = random(p.shape, 5, 0, 1);
    const clipped = Array.from(p.data(), (v) => Math.min(Math.max(v, 1e-7), Math.fround(1 - 1e-7)));
    const loss64 = clipped.map((v, i) => {
      const target = t.data()[i]!;
      return -(target * Math.log(v) + (1 - target) * Math.log(1 - v));
    });
    const measured = model.evaluate(x, t);
    expectAllclose([measured.loss], [loss64.reduce((a, b) => a + b, 0) / 36], 1e-5);
    const hits = clipped.map((v, i) => Number(v > 0.5 === t.data()[i]! > 0.5));
    expectAllclose([measured.accuracy], [hits.reduce((a, b) => a + b, 0) / 36], 1e-6);
  });

  test.each(Object.entries(ends))(
    "health reads the gradient at the logits: %s",
    (_name, layers) => {
      using model = sequential(layers(), { inputShape: [2, 3] }).compile(BINARY);
      const t = random([6, ...(model.outputShape as number[])], 5, 0, 1);
      const { layers: found, loss } = diagnose(model, x, t);
      expectAllclose([loss], [model.evaluate(x, t).loss], 1e-6);
      // dL/dz = (σ(z) − t) / elements, in whatever place
      const p = model.predict(x).data();
      const squares = p.reduce((sum, v, i) => sum + ((v - t.data()[i]!) / 36) ** 2, 0);
      expectAllclose([found.at(-1)!.gradientNorm], [Math.sqrt(squares)], 1e-5);
    },
  );

  test("the answer that ignores the inputs is in the form that the loss takes", () => {
    const t = tensor([1, 0, 0, 0, 1, 0], [6, 1]);
    const h = -(Math.log(1 / 3) / 3 + (2 * Math.log(2 / 3)) / 3);
    const losses = [binaryCrossentropy(), binaryCrossentropy({ fromLogits: false })];
    for (const loss of losses) {
      const layers = [flatten(), dense(1, { activation: "sigmoid" })];
      using model = sequential(layers, { inputShape: [2, 3] }).compile({ optimizer: "sgd", loss });
      expectAllclose([diagnose(model, x, t).chance!], [h], 1e-5);
    }
  });
});
