import {
  type Batches,
  checkpoint,
  concatenateLayer,
  DataError,
  Dataset,
  dense,
  type FitOptions,
  flatten,
  input,
  metrics,
  model as modelOf,
  resume,
  sequential,
  stratified,
} from "ferrograd";
import { fromArrays } from "ferrograd/data";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const data = new Dataset({ x, y });
const rows = { batchSize: 20, shuffle: false } as const;
const weights = Float32Array.from(y, (label) => 1 + label);

const pairs = () => [...data.batch(20)];
function* generated() {
  yield* pairs();
}
async function* later() {
  for (const pair of pairs()) {
    await Promise.resolve();
    yield pair;
  }
}

/** The weights after training on it. */
async function trained(batches: Batches, options: FitOptions<undefined> = {}) {
  using model = classifier();
  const result = await model.fit(batches, { epochs: 2, ...options });
  return { ...result, weights: flatWeights(model) };
}

async function trainedOnRows(options: FitOptions = {}) {
  using model = classifier();
  const result = await model.fit(x, y, { epochs: 2, ...rows, ...options });
  return { ...result, weights: flatWeights(model) };
}

describe("fit on batches", () => {
  const kinds: readonly (readonly [string, Batches])[] = [
    ["an array", pairs()],
    ["an iterable", data.batch(20)],
    ["a function of the epoch", generated],
    ["an async function", later],
    ["an async iterable", { [Symbol.asyncIterator]: () => later()[Symbol.asyncIterator]() }],
    ["a set of records", new Set(pairs().map(([x, y]) => ({ x, y })))],
    ["data sets", [data.slice(0, 20), data.slice(20, 40), data.slice(40)]],
  ];
  test.each(kinds)("of %s has the bits of one on rows", async (_, batches) => {
    const expected = await trainedOnRows();
    const got = await trained(batches);
    expect(got.weights).toEqual(expected.weights);
    expect(got.history).toEqual(expected.history);
    expect([got.steps, got.epochs]).toEqual([6, 2]);
  });

  test("takes how much rows count", async () => {
    const { weights: expected } = await (async () => {
      using model = classifier();
      await model.fit({ x, y, sampleWeight: weights }, { epochs: 2, ...rows });
      return { weights: flatWeights(model) };
    })();
    const triples = pairs().map(([x, y], i) => {
      return [x, y, weights.slice(i * 20, (i + 1) * 20)] as const;
    });
    expect((await trained(triples as never)).weights).toEqual(expected);
    const records = triples.map(([x, y, sampleWeight]) => ({ x, y, sampleWeight }));
    expect((await trained(records as never)).weights).toEqual(expected);
  });

  test("takes what classes count", async () => {
    const classWeight = [1, 2, 3];
    const expected = await trainedOnRows({ classWeight });
    expect((await trained(data.batch(20), { classWeight })).weights).toEqual(expected.weights);
    expect(await failure(() => trained(generated, { classWeight: "balanced" }))).toMatch(
      /^ArgumentError: fit\(\): classWeight: expected rows that can be counted/,
    );
    expect(await failure(() => trained(generated, { sampleWeight: weights } as never))).toMatch(
      /^ArgumentError: fit\(\): sampleWeight: expected rows that fit cuts/,
    );
  });

  test("of several inputs takes lists and objects", () => {
    const [a, b] = [input([2], { name: "a" }), input([2], { name: "b" })];
    using model = modelOf({
      inputs: [a, b],
      outputs: dense(1)(concatenateLayer()([a, b])),
    }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const [left, right] = [[[1, 2]], [[3, 4]]];
    const batches = [
      [[left, right], [[1]]],
      [{ a: left, b: right }, [[2]]],
    ];
    expect(model.fitSync(batches as never).steps).toBe(2);
  });

  test("goes on where the last epoch ended, with stepsPerEpoch, and in the next fit", async () => {
    const seen: number[] = [];
    function* endless() {
      try {
        for (let at = 0; ; at++) {
          seen.push(at);
          yield pairs()[at % 3]!;
        }
      } finally {
        seen.push(-1);
      }
    }
    using model = classifier();
    const stream = endless();
    const { steps } = await model.fit(stream, { epochs: 2, stepsPerEpoch: 2 });
    await model.fit(stream, { stepsPerEpoch: 1 }); // it is the caller's
    expect([steps, ...seen]).toEqual([4, 0, 1, 2, 3, 4]);
    await model.fit(endless, { stepsPerEpoch: 1 }); // and this one fit's, which closes it
    expect(seen.slice(5)).toEqual([0, -1]);
  });

  test("closes what it does not walk through to its end", async () => {
    let closed = 0;
    async function* watched() {
      try {
        yield* pairs();
      } finally {
        closed++;
      }
    }
    await trained(watched, { callbacks: { onBatchEnd: () => "stop" } });
    const throws = () => {
      throw new Error("boom");
    };
    expect(await failure(() => trained(watched, { callbacks: { onBatchEnd: throws } }))).toBe(
      "Error: boom",
    );
    const signal = AbortSignal.abort(new Error("no"));
    expect(await failure(() => trained(watched, { signal }))).toBe("Error: no");
    await Promise.resolve();
    expect(closed).toBe(2); // the third was never begun
  });

  test("on the thread takes what need not be waited for", async () => {
    using model = classifier();
    model.fitSync(generated, { epochs: 2 });
    expect(flatWeights(model)).toEqual((await trainedOnRows()).weights);
    expect(await failure(() => model.fitSync(later))).toBe(
      "StateError: fitSync(): data: expected batches that are there, got a promise of one; `await model.fit(...)` waits for it",
    );
  });
});

describe("batches that are wrong are typed errors, the model being as it was before them", () => {
  const [first] = pairs();
  const fine = first!;
  const nan = [{ data: new Float32Array(8).fill(Number.NaN), shape: [2, 4] }, [0, 1]];
  const boom = new Error("disk gone");
  const cases: [string, unknown, string, object?][] = [
    ["NaN", [fine, nan], "data: batch 2 of epoch 1: x: row 0, column 0: expected a finite number"],
    [
      "shapes that change",
      [fine, [[[1, 2]], [0]]],
      "batch 2 of epoch 1: x: expected rows of shape [4], got [2]",
    ],
    [
      "rows that don't fit",
      [fine, [[[1, 2, 3, 4]], [0, 1]]],
      "batch 2 of epoch 1: x has 1 row but y has 2",
    ],
    ["no rows", [fine, [[], []]], "batch 2 of epoch 1: x"],
    [
      "a class that is none",
      [fine, [[[1, 2, 3, 4]], [7]]],
      "batch 2 of epoch 1: y: row 0: expected a class from 0 to 2, got 7",
    ],
    [
      "a number",
      [fine, 5],
      "batch 2 of epoch 1: expected [x, y], [x, y, sampleWeight] or { x, y }, got 5",
    ],
    ["four parts", [fine, [1, 2, 3, 4]], "batch 2 of epoch 1: expected [x, y]"],
    [
      "an end that is early",
      [fine, fine],
      "data: epoch 1: expected 3 batches, got 2; leave stepsPerEpoch out",
      { stepsPerEpoch: 3 },
    ],
    ["no batches", new Set(), "data: epoch 1: expected batches, got none"],
    [
      "a generator in a second epoch",
      generated(),
      "data: epoch 2: expected batches, got none; what a generator gives",
      { epochs: 2 },
    ],
    [
      "an error",
      function* () {
        yield fine;
        throw boom;
      },
      "data: epoch 1: expected batch 2, got an error: disk gone",
    ],
    [
      "a rejection",
      async function* () {
        yield fine;
        throw boom;
      },
      "data: epoch 1: expected batch 2, got an error: disk gone",
    ],
    [
      "a function that throws",
      () => {
        throw boom;
      },
      "data: epoch 1: expected batch 1, got an error: disk gone",
    ],
    [
      "a function of nothing",
      () => undefined,
      "data: expected a function that gives an iterable of batches, got undefined",
    ],
    [
      "a function of text",
      () => "text",
      "data: expected a function that gives an iterable of batches",
    ],
    [
      "an iterator that gives no results",
      { [Symbol.iterator]: () => ({ next: () => 5 }) },
      "batch 1 of epoch 1: expected { done, value }, got 5",
    ],
    [
      "a size of batches",
      [fine],
      "batchSize: expected rows that fit cuts into batches",
      { batchSize: 3 },
    ],
    [
      "a split",
      [fine],
      "validationSplit: expected rows that fit cuts into batches, got batches as they come; give validationData",
      { validationSplit: 0.5 },
    ],
  ];
  test.each(cases)("%s", async (_, batches, says, options) => {
    using model = classifier();
    let after = flatWeights(model);
    const onBatchEnd = () => {
      after = flatWeights(model);
    };
    const run = model.fit(batches as Batches, { ...options, callbacks: { onBatchEnd } });
    const error = await run.then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error?.message).toContain(`fit(): ${says.startsWith("batch ") ? "data: " : ""}${says}`);
    if (says.includes("disk gone"))
      expect([error, error?.cause]).toEqual([expect.any(DataError), boom]);
    expect(flatWeights(model)).toEqual(after);
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test("what hangs ends with an abort, or with the model", async () => {
    const hangs: Batches = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    };
    const controller = new AbortController();
    const model = classifier();
    const aborted = failure(() => model.fit(hangs, { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error("enough")));
    expect(await aborted).toBe("Error: enough");
    const disposed = failure(() => model.fit(hangs));
    setTimeout(() => model.dispose());
    expect(await disposed).toMatch(/^DisposedError: fit\(\)/);
  });
});

describe("steps and validation", () => {
  test("stepsPerEpoch of rows takes so many batches of each order", async () => {
    using model = classifier();
    const { steps } = await model.fit(x, y, { epochs: 2, batchSize: 20, stepsPerEpoch: 2 });
    expect(steps).toBe(4);
    const many = model.fit(x, y, { batchSize: 20, stepsPerEpoch: 4 });
    await expect(many).rejects.toThrow(
      "fit(): stepsPerEpoch: expected at most 3, the batches of 60 rows, got 4",
    );
    await expect(model.fit(x, y, { stepsPerEpoch: 0 })).rejects.toThrow("stepsPerEpoch: expected");
  });

  test("validationData of batches says what rows say", async () => {
    const expected = await trainedOnRows({ validationData: [x, y] });
    for (const validationData of [data.batch(20), generated, later]) {
      const { history } = await trainedOnRows({ validationData });
      expect(history.val_accuracy).toEqual(expected.history.val_accuracy);
      history.val_loss!.forEach((loss, i) => {
        expect(loss).toBeCloseTo(expected.history.val_loss![i]!, 6);
      });
    }
    await expect(trainedOnRows({ validationData: generated() })).rejects.toThrow(
      "fit(): validationData: epoch 2: expected batches, got none",
    );
  });

  test("validationFreq leaves epochs out", async () => {
    const { history } = await trainedOnRows({
      ...{ epochs: 5, validationData: [x, y], validationFreq: 2 },
      callbacks: { onEpochEnd: (epoch, logs) => expect("val_loss" in logs).toBe(epoch % 2 === 0) },
    });
    expect([history.loss.length, history.val_loss!.length]).toEqual([5, 2]);
  });

  test("stratified takes the last rows of each class", async () => {
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2);
    const held = (share: number, y: unknown = { data: labels, shape: [10] }) =>
      stratified(share).held("here", y as never);
    expect(held(0.25)).toEqual([3, 7, 9]);
    expect(held(0.5)).toEqual([2, 3, 6, 7, 9]);
    expect(held(0.99)).toEqual([1, 2, 3, 5, 6, 7, 9]); // one of each class trains
    const oneHot = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1);
    expect(held(0.5, { data: oneHot, shape: [4, 2] })).toEqual([2, 3]);
    expect(() => held(0.5, { data: Float32Array.of(0.5, 1), shape: [2, 1] })).toThrow(
      "here: expected targets that are classes, got 0.5 in row 0 of y",
    );
    expect(() => stratified(1)).toThrow("stratified(): share: expected");
    using model = classifier();
    const split = { validationSplit: stratified(0.3) } as const;
    const { history } = await model.fit(x, y, split);
    expect(history.val_loss).toHaveLength(1);
    await expect(model.fit(x, y, { validationSplit: stratified(0) })).rejects.toThrow(
      "fit(): validationSplit: expected a fraction that leaves rows on both sides",
    );
  });
});

describe("validationData that comes batch by batch", () => {
  const bad = [[[1, 2, 3]], [0]] as const;
  const ways: Record<string, Batches> = {
    "a set": new Set([bad]) as never,
    "a function": () => [bad] as never,
    "an async function": async function* () {
      yield bad as never;
    },
  };
  test.each(Object.keys(ways))("is looked at before the first step: %s", async (name) => {
    using model = classifier();
    const before = flatWeights(model);
    const options = { epochs: 9, validationFreq: 3, validationData: ways[name]! };
    expect(await failure(() => model.fit(x, y, options))).toMatch(
      /^ShapeError: fit\(\): validationData: batch 1 of epoch 3: x: expected/,
    );
    expect(flatWeights(model)).toEqual(before);
    const { epochs } = await model.fit(x, y, { ...options, epochs: 2 }); // none is due
    expect(epochs).toBe(2);
  });

  test("is opened once for each time that it validates", async () => {
    const opened: number[] = [];
    const validationData = (epoch: number) => {
      opened.push(epoch);
      return data.batch(20);
    };
    await trainedOnRows({ validationData, epochs: 5, validationFreq: 2 });
    expect(opened).toEqual([2, 4]);
  });
});

test("rows that a pipeline gives one by one are to be put together", async () => {
  const single = fromArrays({ data: data.x.data, shape: data.x.shape }, data.y.data);
  const images = sequential([flatten(), dense(3)], { inputShape: [2, 2] }).compile({
    optimizer: "sgd",
    loss: "sparseCategoricalCrossentropy",
  });
  const shaped = fromArrays({ data: data.x.data, shape: [60, 2, 2] }, data.y.data);
  const said = "expected rows of shape [4], got []; batch(n) puts single rows together";
  using model = classifier();
  expect(await failure(() => model.fit(single as never))).toBe(
    `ShapeError: fit(): data: batch 1 of epoch 1: x: ${said}`,
  );
  expect(await failure(() => model.evaluate(single as never))).toBe(
    `ShapeError: evaluate(): data: batch 1: x: ${said}`,
  );
  expect(await failure(() => images.fit(shaped as never))).toContain(
    "got [2]; batch(n) puts single",
  );
  expect(await failure(() => model.fit([1, 2, 3, 4], [1]))).toContain("one row is written [[...]]");
});

describe("one pipeline for two trainings at once", () => {
  const of = (values: Float32Array) =>
    fromArrays({ data: values, shape: data.x.shape }, data.y.data);
  const made = () => of(data.x.data).shuffle(5).batch(20);
  const waiting = () =>
    made().map(async (batch) => {
      await Promise.resolve();
      return batch;
    });
  const epochs = [1, 4] as const;
  const weightsAfter = async (
    trains: (model: ReturnType<typeof classifier>) => Promise<unknown>,
  ) => {
    using model = classifier();
    await trains(model);
    return flatWeights(model);
  };

  test.each([
    ["at once", made],
    ["waited for", waiting],
  ])("each is as if it were alone: batches %s", async (_, make) => {
    const alone = [];
    for (const each of epochs)
      alone.push(await weightsAfter((model) => model.fit(make(), { epochs: each })));
    const shared = make();
    const both = epochs.map((each) => weightsAfter((model) => model.fit(shared, { epochs: each })));
    expect(await Promise.all(both)).toEqual(alone);
    expect(shared.state()).toMatchObject({ pass: 4, taken: 0 });
    const validated = make();
    const beside = weightsAfter((model) =>
      model.fit(validated, { epochs: 4, validationData: validated }),
    );
    expect(await beside).toEqual(alone[1]);
  });

  test("those that come later go on where the last one ended", async () => {
    const whole = await weightsAfter((model) => model.fit(made(), { epochs: 4 }));
    const shared = made();
    const inTwo = await weightsAfter(async (model) => {
      await model.fit(shared, { epochs: 1 });
      await model.fit(shared, { epochs: 3 });
    });
    expect(inTwo).toEqual(whole);
  });

  test("one that is left half-way, and one that fails, are in nobody's way", async () => {
    const shared = made();
    const other = await weightsAfter(async (model) => {
      for await (const { step } of model.train(shared, { epochs: 3 })) if (step === 4) break;
      const boom = () => {
        throw new Error("boom");
      };
      await failure(() => model.fit(shared, { callbacks: { onBatchEnd: boom } }));
    });
    expect(other.length).toBeGreaterThan(0);
    expect(shared.state().pass).toBe(3);
    const fresh = made();
    fresh.restore({ ...fresh.state(), pass: 3 });
    const trainedOn = (batches: Batches) =>
      weightsAfter((model) => model.fit(batches, { epochs: 2 }));
    expect(await trainedOn(shared)).toEqual(await trainedOn(fresh));
  });
});

describe("evaluate", () => {
  test("takes batches as fit does, and gives a promise where they are waited for", async () => {
    using model = classifier();
    const expected = model.evaluate(data);
    const pipeline = fromArrays({ data: data.x.data, shape: data.x.shape }, data.y.data).batch(7);
    const said = [
      ...[model.evaluate(pairs()), model.evaluate(generated()), model.evaluate(generated)],
      ...[
        await model.evaluate(later()),
        await model.evaluate(later),
        await model.evaluate(pipeline),
      ],
      ...[model.evaluate(data.batch(1)), model.evaluate([data] as never)],
    ];
    for (const one of said) {
      expect(one.loss).toBeCloseTo(expected.loss, 6);
      expect(one.accuracy).toBe(expected.accuracy);
    }
    expect(model.evaluate(data.batch(20))).not.toBeInstanceOf(Promise);
    const promised = model.evaluate(later);
    expect(promised).toBeInstanceOf(Promise);
    await promised;
    const weighted = { x, y, sampleWeight: weights };
    const batches = [0, 30].map((at) => ({
      ...{ x: data.slice(at, at + 30).x, y: data.slice(at, at + 30).y },
      sampleWeight: weights.slice(at, at + 30),
    }));
    expect(model.evaluate(batches).loss).toBeCloseTo(model.evaluate(weighted).loss, 6);
  });

  test("of two at once each counts its own, and training in between changes neither", async () => {
    using model = classifier().compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: [metrics.confusionMatrix(), "accuracy"],
    });
    const [first, second] = [data.slice(0, 40), data.slice(20)];
    const slow = async function* (rows: Dataset) {
      for (const batch of rows.batch(10)) {
        await Promise.resolve();
        yield batch;
      }
    };
    const alone = [model.evaluate(first), model.evaluate(second)];
    const together = [model.evaluate(slow(first)), model.evaluate(slow(second))];
    model.evaluate(data);
    for (const [i, one] of (await Promise.all(together)).entries()) {
      expect(one.confusionMatrix).toEqual(alone[i]!.confusionMatrix);
      expect(one.accuracy).toBe(alone[i]!.accuracy);
    }
    const options = { epochs: 2, validationData: () => slow(first) };
    const validated = model.fit(x, y, options);
    const meanwhile = model.evaluate(slow(second));
    const { history } = await validated;
    await meanwhile;
    expect(history.val_confusionMatrix!.at(-1)).toEqual(model.evaluate(first).confusionMatrix);
  });

  test("says which batch is wrong, closes what it was given, and leaves the model usable", async () => {
    using model = classifier();
    let closed = 0;
    const giving = (second: unknown) =>
      function* () {
        try {
          yield pairs()[0]!;
          if (second instanceof Error) throw second;
          yield second as never;
        } finally {
          closed++;
        }
      };
    const waiting = (second: unknown) =>
      async function* () {
        yield* giving(second)();
      };
    const wrong: [unknown, RegExp][] = [
      [[[[1]], [0]], /^ShapeError: evaluate\(\): data: batch 2: x: expected/],
      [[[[1, 2, 3, Number.NaN]], [0]], /^DataError: evaluate\(\): data: batch 2: x/],
      [[[], []], /^(Data|Shape)Error: evaluate\(\): data: batch 2/],
      [7, /^DataError: evaluate\(\): data: batch 2: expected \[x, y\]/],
      [
        new RangeError("gone"),
        /^DataError: evaluate\(\): data: expected batch 2, got an error: gone/,
      ],
    ];
    for (const [second, message] of wrong) {
      expect(await failure(() => model.evaluate(giving(second)))).toMatch(message);
      expect(await failure(() => model.evaluate(waiting(second)))).toMatch(message);
    }
    expect(closed).toBe(2 * wrong.length);
    expect(await failure(() => model.evaluate([]))).toMatch(/^(Argument|Data)Error: evaluate/);
    expect(await failure(() => model.evaluate(() => []))).toBe(
      "DataError: evaluate(): data: expected batches, got none; what a generator gives can be walked through once: make it anew",
    );
    expect(
      await failure(() => model.evaluate(generated() as never, { sampleWeight: weights })),
    ).toContain('evaluate(): unknown option "sampleWeight"');
    const ended = classifier();
    const pending = ended.evaluate(later);
    ended.dispose();
    expect(await failure(() => pending)).toMatch(/^DisposedError: evaluate/);
    const other = classifier();
    const measured = other.evaluate(later);
    other.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    expect(await failure(() => measured)).toBe(
      "StateError: evaluate(): expected no compile() before its end, got one",
    );
    expect(model.evaluate(data).accuracy).toBe(model.evaluate(x, y).accuracy);
  });
});

describe("train", () => {
  test("hands back control after each step and each epoch, with the bits of fit", async () => {
    using model = classifier();
    const seen: string[] = [];
    const losses: number[] = [];
    for await (const step of model.train(x, y, { epochs: 2, ...rows, validationData: [x, y] })) {
      seen.push(`${step.event} ${step.epoch} ${step.batch} ${step.step}`);
      if (step.event === "epoch") losses.push(step.logs.loss, step.logs.val_loss!);
      else expect(model.predict(x).shape).toEqual([60, 3]);
    }
    const { weights, history } = await trainedOnRows({ validationData: [x, y] });
    expect(flatWeights(model)).toEqual(weights);
    expect(losses).toEqual([0, 1].flatMap((i) => [history.loss[i]!, history.val_loss![i]!]));
    expect(seen).toEqual([
      ...["batch 1 1 1", "batch 1 2 2", "batch 1 3 3", "epoch 1 3 3"],
      ...["batch 2 1 4", "batch 2 2 5", "batch 2 3 6", "epoch 2 3 6"],
    ]);
  });

  test("may be given another rate, and be broken off", async () => {
    using model = classifier();
    let weights: number[] = [];
    for await (const { step } of model.train(data.batch(20), { epochs: 9 })) {
      if (step === 1) {
        model.optimizer.learningRate = 0;
        weights = flatWeights(model);
      }
      if (step === 5) break;
    }
    expect(flatWeights(model)).toEqual(weights);
    expect([model.epochs, (await model.fit(x, y)).stopReason]).toEqual([1, "completed"]);
  });

  test("is one training at a time, and returns what fit does", async () => {
    using model = classifier();
    const steps = model.train(x, y, { epochs: 3, ...rows });
    expect((await steps.next()).value).toMatchObject({ event: "batch", step: 1 });
    model.stop();
    const last = await steps.next();
    expect(last).toMatchObject({ done: true, value: { steps: 1, stopReason: "stopped" } });
    expect((await model.fit(x, y)).epochs).toBe(1);
    expect(await failure(() => model.train([[1]] as never, y).next())).toMatch(
      /^ShapeError: train/,
    );
    expect((await model.fit(x, y)).epochs).toBe(1);
  });

  const calls: Record<string, (model: ReturnType<typeof classifier>) => unknown> = {
    fit: (model) => model.fit(x, y, rows),
    fitSync: (model) => model.fitSync(x, y, rows),
    trainOnBatch: (model) => model.trainOnBatch(x, y),
    train: (model) => model.train(x, y).next(),
    compile: (model) =>
      model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" }).fitSync(x, y),
    resume(model) {
      using other = classifier();
      resume(model, checkpoint(other));
    },
  };
  test.each(Object.keys(calls))("dropped between two steps it ends with %s", async (name) => {
    using model = classifier();
    let closed = 0;
    function* batches() {
      try {
        for (;;) yield* data.batch(20);
      } finally {
        closed++;
      }
    }
    const dropped = model.train(batches, { stepsPerEpoch: 3, epochs: 9 });
    for (let step = 0; step < 2; step++) await dropped.next();
    await calls[name]!(model);
    expect(closed).toBe(1);
    const after = flatWeights(model);
    expect(await failure(() => dropped.next())).toBe(
      `StateError: train(): expected a training that may go on, got one that ${name}() ended, called between two steps`,
    );
    expect(await dropped.next()).toEqual({ done: true, value: undefined });
    expect(flatWeights(model)).toEqual(after);
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test("a step of it that is under way is in nobody's way, and none is in its", async () => {
    using model = classifier();
    const steps = model.train(later, { stepsPerEpoch: 3 });
    const first = steps.next();
    expect(await failure(() => model.fit(x, y))).toMatch(/^StateError: fit\(\): expected a model/);
    expect((await first).value).toMatchObject({ step: 1 });
    const other = model.train(x, y, { epochs: 2, ...rows });
    expect((await other.next()).value).toMatchObject({ step: 1 });
    await steps.return(undefined as never); // breaking off what is over leaves the other alone
    expect((await other.next()).value).toMatchObject({ step: 2 });
    model.dispose();
    expect(await failure(() => other.next())).toMatch(/^DisposedError/);
  });
});
