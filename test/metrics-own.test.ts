import {
  abs,
  adam,
  add,
  type DatasetLike,
  dense,
  input,
  loadModel,
  memory,
  metric,
  model as modelOf,
  relu,
  sequential,
  sign,
  sub,
  sum,
} from "ferrograd";
import { describe, expect, expectTypeOf, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, failure, flatWeights } from "./support/model.ts";
import {
  confusions,
  histogramAuc,
  largestError,
  precisionAt,
  recallAtHalf,
} from "./support/own-metrics.ts";

const { x, y: labels } = blobs(300);
const bits = Float32Array.from(labels, (label) => (label === 1 ? 1 : 0));
const head = (rows: number, y: ArrayLike<number> = bits) => ({
  x: { data: x.data.slice(0, rows * 4), shape: [rows, 4] },
  y: { data: Float32Array.from(y).slice(0, rows), shape: [rows, 1] },
});

const binary = (seed = 1) =>
  sequential([dense(4, { activation: "tanh" }), dense(1, { activation: "sigmoid" })], {
    inputShape: [4],
    seed,
  }).compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "binaryCrossentropy",
    metrics: [
      precisionAt({ threshold: 0.5 }),
      "accuracy",
      recallAtHalf(),
      histogramAuc(),
      largestError(),
    ],
  });

const classes = () =>
  sequential([dense(3)], { inputShape: [4], seed: 2 }).compile({
    optimizer: adam({ learningRate: 0.05 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy", confusions()],
  });

/** The same from the predictions, in f64. */
function expected(p: ArrayLike<number>, y: ArrayLike<number>) {
  let [hits, said, there, pairs, largest] = [0, 0, 0, 0, 0];
  const bin = (v: number) => Math.ceil(v * 20) - 1;
  const rows = Array.from(p, (v, i) => ({ v, y: y[i]! }));
  for (const { v, y } of rows) {
    if (v > 0.5) said++;
    if (v > 0.5 && y === 1) hits++;
    if (y === 1) there++;
    largest = Math.max(largest, Math.abs(v - y));
  }
  for (const one of rows.filter(({ y }) => y === 1)) {
    for (const zero of rows.filter(({ y }) => y === 0)) {
      const d = bin(one.v) - bin(zero.v);
      pairs += d > 0 ? 1 : d === 0 ? 0.5 : 0;
    }
  }
  return {
    precisionAt: hits / (said || 1),
    recallAtHalf: hits / (there || 1),
    histogramAuc: pairs / (there * (rows.length - there) || 1),
    largestError: largest,
  };
}

describe("metrics of one's own with a state", () => {
  test.each([1, 31, 32, 33, 255, 256, 257, 300])("evaluate %i rows", async (rows) => {
    using model = binary();
    await model.fit(x, bits, { epochs: 2 });
    const data = head(rows);
    const { loss, accuracy, ...own } = model.evaluate(data);
    const truth = expected(model.predict(data.x).data(), bits);
    expectAllclose(Object.values(own), Object.values(truth), 1e-6);
    expect(Object.keys(own)).toEqual(Object.keys(truth));
    expect([loss > 0, accuracy > 0]).toEqual([true, rows > 1 || accuracy === 1]);
  });

  test("say what an epoch was, with an uneven last batch, and what validates", async () => {
    using model = classes();
    const matrices: number[][][] = [];
    const { history } = await model.fit(x, labels, {
      epochs: 2,
      batchSize: 64,
      validationSplit: 0.1,
      callbacks: { onEpochEnd: () => void matrices.push(model.evaluate(x, labels).confusions) },
    });
    const total = (matrix: number[][]) => matrix.flat().reduce((a, b) => a + b, 0);
    const hits = (matrix: number[][]) => matrix.reduce((all, row, i) => all + row[i]!, 0);
    for (const epoch of [0, 1]) {
      const [trained, held] = [history.confusions[epoch]!, history.val_confusions[epoch]!];
      expect([total(trained), total(held), total(matrices[epoch]!)]).toEqual([270, 30, 300]);
      expectAllclose([hits(trained) / 270], [history.accuracy[epoch]!], 1e-6);
      expectAllclose([hits(held) / 30], [history.val_accuracy[epoch]!], 1e-6);
    }
    expect(model.evaluate(x, labels).confusions).toEqual(matrices[1]);
  });

  test("begin anew with each epoch, evaluate and trainOnBatch", async () => {
    using model = binary();
    const data = head(40);
    const first = model.evaluate(data);
    expect(model.evaluate(data)).toEqual(first);
    expectAllclose([model.trainOnBatch(data).recallAtHalf], [first.recallAtHalf], 1e-6);
    const second = model.evaluate(data);
    expectAllclose([model.trainOnBatch(data).histogramAuc], [second.histogramAuc], 1e-6);
    const { history } = await model.fit(data, { epochs: 3 });
    for (const values of [history.recallAtHalf, history.precisionAt]) {
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test("are one call into the core for each batch, and change no weight", async () => {
    using model = binary();
    using plain = sequential(
      [dense(4, { activation: "tanh" }), dense(1, { activation: "sigmoid" })],
      { inputShape: [4], seed: 1 },
    ).compile({ optimizer: adam({ learningRate: 0.02 }), loss: "binaryCrossentropy" });
    for (const one of [model, plain]) await one.fit(x, bits, { epochs: 2 });
    expect(flatWeights(model)).toEqual(flatWeights(plain));
    const data = head(32);
    model.trainOnBatch(data);
    const before = memory().calls;
    model.trainOnBatch(data);
    const own = memory().calls - before;
    expect(own).toBeLessThanOrEqual(2); // `div` or the like of a result is a program of its own
  });

  test("callbacks see the numbers of the epoch so far, and may evaluate within it", async () => {
    using model = classes();
    using apart = classes();
    const seen: object[] = [];
    const calm = await apart.fit(x, labels, { epochs: 1, batchSize: 50 });
    const disturbed = await model.fit(x, labels, {
      epochs: 1,
      batchSize: 50,
      callbacks: {
        onTrainBegin: (run) => void seen.push(run.logged),
        onBatchEnd: (_, logs) => {
          seen.push(Object.keys(logs));
          model.evaluate(head(33, labels).x, labels.slice(0, 33));
        },
        onEpochEnd: (_, logs) => void seen.push(Object.keys(logs)),
      },
    });
    expect(disturbed.history).toEqual(calm.history);
    expect(new Set(seen.map(String))).toEqual(new Set(["loss,accuracy"]));
  });

  test("survive an abort and an error", async () => {
    using model = binary();
    using calm = binary();
    const abort = new AbortController();
    const onBatchEnd = (step: number) => void (step === 3 && abort.abort(new Error("enough")));
    expect(
      await failure(() => model.fit(x, bits, { signal: abort.signal, callbacks: { onBatchEnd } })),
    ).toBe("Error: enough");
    const far = { x: { data: new Float32Array(8).fill(3e38), shape: [2, 4] }, y: [1, 0] };
    model.setWeights(calm.getWeights().map((weights) => weights.map(() => 3e38)));
    expect(await failure(() => model.trainOnBatch(far))).toMatch(/^NumericError/);
    model.setWeights(calm.getWeights());
    expect(model.evaluate(x, bits)).toEqual(calm.evaluate(x, bits));
    const [a, b] = [model.trainOnBatch(x, bits), calm.trainOnBatch(x, bits)];
    expect(a).toEqual(b);
  });

  test("the same one counts in two models at once apart", async () => {
    const shared = [
      confusions(),
      metric({
        name: "rows",
        state: { rows: [] },
        update: ({ rows }, _y, _p, weight) => ({ rows: add(rows, sum(weight)) }),
        result: ({ rows }) => rows,
      }),
    ] as const;
    const make = (seed: number) =>
      sequential([dense(3)], { inputShape: [4], seed }).compile({
        optimizer: "adam",
        loss: "sparseCategoricalCrossentropy",
        metrics: shared,
      });
    const small = { x: head(70).x, y: labels.slice(0, 70) };
    const alone = await Promise.all(
      [3, 4].map(async (seed) => {
        using one = make(seed);
        return seed === 3
          ? (await one.fit(x, labels, { epochs: 2 })).history
          : (await one.fit(small, { epochs: 4 })).history;
      }),
    );
    using a = make(3);
    using b = make(4);
    const yielding = { onBatchEnd: () => new Promise((resolve) => setTimeout(resolve)) };
    const together = await Promise.all([
      a.fit(x, labels, { epochs: 2, callbacks: yielding }),
      b.fit(small, { epochs: 4, callbacks: yielding }),
    ]);
    expect(together.map(({ history }) => history)).toEqual(alone);
    expect(together.map(({ history }) => history.rows)).toEqual([
      [300, 300],
      [70, 70, 70, 70],
    ]);
  });

  test("what the loss ignores does not count; sampleWeight does where it is asked for", () => {
    const counted = (weighted: boolean) =>
      metric({
        name: weighted ? "weighted" : "counted",
        weighted,
        state: { rows: [] },
        update: ({ rows }, _y, _p, weight) => ({ rows: add(rows, sum(weight)) }),
        result: ({ rows }) => rows,
      });
    const within = (weighted: boolean) =>
      metric({
        name: weighted ? "near_w" : "near",
        weighted,
        call: (t, p) => relu(sign(sub(0.5, abs(sub(t, p))))),
      });
    const data: DatasetLike = {
      x: [[0], [1], [2], [3]],
      y: [[0], [1], [2], [9]],
      sampleWeight: [1, 0, 3, 4],
    };
    using model = sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      metrics: [counted(false), counted(true), within(false), within(true)],
    });
    model.setWeights([[[1]], [0]]);
    const { loss, ...own } = model.evaluate(data);
    expect(own).toEqual({ counted: 4, weighted: 8, near: 3 / 4, near_w: 4 / 8 });
    const { loss: _, ...trained } = model.trainOnBatch(data);
    expect(trained).toEqual(own);
  });

  test("of several outputs are each its own, under its name", async () => {
    const a = input([4], { name: "a" });
    using two = modelOf({
      inputs: a,
      outputs: { kind: dense(3)(a), one: dense(1, { activation: "sigmoid" })(a) },
    }).compile({
      optimizer: "adam",
      loss: { kind: "sparseCategoricalCrossentropy", one: "binaryCrossentropy" },
      metrics: { kind: [confusions(), "accuracy"], one: [recallAtHalf(), histogramAuc()] },
    });
    const y = { kind: labels, one: bits };
    const measured = two.evaluate(x, y) as Record<string, unknown> as Record<string, number>;
    expect(Object.keys(measured)).toEqual(
      "loss kind_loss kind_accuracy one_loss kind_confusions one_recallAtHalf one_histogramAuc".split(
        " ",
      ),
    );
    const truth = expected(two.predict(x).one.data(), bits);
    expectAllclose(
      [measured.one_recallAtHalf!, measured.one_histogramAuc!],
      [truth.recallAtHalf, truth.histogramAuc],
      1e-6,
    );
    using loaded = loadModel(two.save(), { metrics: { confusions, recallAtHalf, histogramAuc } });
    expect(loaded.evaluate(x, y)).toEqual(measured);
  });

  test("give their memory back", () => {
    const { bytes } = memory();
    const model = binary();
    model.trainOnBatch(x, bits);
    model.evaluate(x, bits);
    model.compile({ optimizer: "sgd", loss: "binaryCrossentropy", metrics: [histogramAuc()] });
    model.evaluate(x, bits);
    model.dispose();
    expect(memory().bytes).toBe(bytes);
  });
});

describe("metrics of one's own in files", () => {
  test("are made again, by their types, with their options and names", () => {
    using model = sequential([dense(1, { activation: "sigmoid" })], { inputShape: [4], seed: 1 });
    const compiled = model.compile({
      optimizer: "adam",
      loss: "binaryCrossentropy",
      metrics: [precisionAt({ threshold: 0.4 }), precisionAt({ threshold: 0.6, name: "strict" })],
    });
    using loaded = loadModel(compiled.save({ includeOptimizer: true }), {
      metrics: { precisionAt },
    });
    expect(loaded.evaluate(x, bits)).toEqual(compiled.evaluate(x, bits));
    using again = loadModel(loaded.save(), { metrics: { precisionAt } });
    expect(again.evaluate(x, bits)).toEqual(compiled.evaluate(x, bits));
  });

  test("that are not given leave the model uncompiled, which then says what to give", async () => {
    using model = binary();
    using loaded = loadModel(model.save({ includeOptimizer: true }), { metrics: { histogramAuc } });
    expect(loaded.predict(x).data()).toEqual(model.predict(x).data());
    expect(await failure(() => loaded.evaluate(x, bits))).toContain(
      'the file names an unknown metric "precisionAt"; did you mean "precision"?; metrics of your own are given to loadModel(bytes, { metrics: { ... } })',
    );
  });

  test("that are not those of the file are refused", async () => {
    using model = binary();
    const all = { precisionAt, recallAtHalf, histogramAuc, largestError };
    const named = () => precisionAt({ threshold: 0.5, name: "other" });
    expect(
      await failure(() => loadModel(model.save(), { metrics: { ...all, precisionAt: named } })),
    ).toBe(
      "FormatError: loadModel(): architecture: loadModel(): metrics: precisionAt: " +
        'expected a metric of the name that it is given, "precisionAt", got "other"',
    );
    expect(
      await failure(() =>
        loadModel(model.save(), { metrics: { ...all, precisionAt: recallAtHalf } }),
      ),
    ).toContain('expected a function that makes such a metric, got one of type "recallAtHalf"');
  });
});

describe("types know", () => {
  test("the names of metrics, and what they say", () => {
    using model = binary();
    const measured = model.evaluate(x, bits);
    expectTypeOf(measured.histogramAuc).toEqualTypeOf<number>();
    expectTypeOf(measured.largestError).toEqualTypeOf<number>();
    // @ts-expect-error: not asked for
    expect(measured.confusions).toBeUndefined();
    using other = classes();
    const { history } = other.fitSync(x, labels, { validationSplit: 0.1 });
    expectTypeOf(history.confusions).toEqualTypeOf<number[][][]>();
    expectTypeOf(history.val_confusions).toEqualTypeOf<number[][][]>();
    expectTypeOf(history.accuracy).toEqualTypeOf<number[]>();
    using loaded = loadModel(other.save(), { metrics: { confusions } });
    expectTypeOf(loaded.evaluate(x, labels).confusions).toEqualTypeOf<number[][]>();
    expect(loaded.evaluate(x, labels).confusions).toHaveLength(3);
  });
});

describe("bad metrics", () => {
  const scalar = { state: { a: [] }, result: () => 0 };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => metric({ ...scalar, name: "a/b", update: (s) => s }),
      'metric(): name: expected text without "/", got "a/b"',
    ],
    [() => metric(3 as never), "metric(): expected an object of options, got 3"],
    [() => metric({ nam: "a" } as never), 'unknown option "nam"; did you mean "name"?'],
    [
      () => metric({ name: "a", state: {}, update: (s) => s, result: () => 0 }),
      "state: expected tensors by name",
    ],
    [
      () => metric({ name: "a", state: { a: [-1] }, update: (s) => s, result: () => 0 }),
      "state: a: shape[0]: expected an integer of 0 or more, got -1",
    ],
    [
      () =>
        metric({ name: "a", call: (y: unknown) => y as never, update: (s: never) => s } as never),
      'unknown option "update"',
    ],
    [() => metric({ ...scalar, name: "a", update: (s) => s, config: { f: () => 0 } }), "config.f"],
    [
      () => metric({ ...scalar, name: "a", update: 3 as never }),
      "update: expected a function, got 3",
    ],
  ];
  test.each(cases)("%#", async (call, message) => {
    expect(await failure(call)).toContain(message);
  });

  const compiled = (parts: object) =>
    sequential([dense(1)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      metrics: [metric({ name: "own", ...parts } as never)],
    });
  const at: readonly (readonly [object, string])[] = [
    [
      { ...scalar, update: () => ({ a: [1, 2] }) },
      "own: update(): a: expected float32 [], got float32 [2]",
    ],
    [{ ...scalar, update: () => ({}) }, "own: update(): a"],
    [
      { ...scalar, update: (s: object) => ({ ...s, b: 1 }) },
      'own: update(): expected a, got "b" too',
    ],
    [{ call: () => 3 }, "own: call(): expected float32 numbers for each of "],
  ];
  test.each(at)("in fit, before a step: %#", async (parts, message) => {
    using model = compiled(parts);
    const before = flatWeights(model);
    expect(await failure(() => model.fit([[1], [2]], [[1], [2]]))).toContain(message);
    expect(await failure(() => model.evaluate([[1], [2]], [[1], [2]]))).toContain(message);
    expect(flatWeights(model)).toEqual(before);
  });

  test("in compile, which leaves the model as it was", async () => {
    using model = binary();
    const before = model.evaluate(x, bits);
    const again = (metrics: readonly ReturnType<typeof largestError>[]) =>
      failure(() => model.compile({ optimizer: "sgd", loss: "huber", metrics }));
    expect(await again([largestError(), largestError()])).toBe(
      'ArgumentError: compile(): metrics: expected each name once, got "largestError" again',
    );
    const lists = {
      name: "largestError",
      state: { a: [2] },
      update: (s: object) => s,
      result: ({ a }: { a: unknown }) => a,
    };
    expect(await again([metric(lists as never)])).toBe(
      "ArgumentError: largestError: result(): expected a number, or lists of numbers as tensor.array() gives, got a tensor of shape [2]",
    );
    expect(await again([confusions as never])).toContain('metric: expected one of "accuracy"');
    expect(model.evaluate(x, bits)).toEqual(before);
  });
});
