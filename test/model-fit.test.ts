import { Dataset, memory, tensor } from "ferrograd";
import { iris } from "ferrograd/datasets";
import { describe, expect, test, vi } from "vitest";
import { blobs, classifier, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const rows = (data: Float32Array, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, i) =>
    Array.from(data.subarray(i * width, (i + 1) * width)),
  );

describe("fit", () => {
  test("learns, and reports loss and accuracy per epoch", async () => {
    using model = classifier({ learningRate: 0.02 });
    const result = await model.fit(x, y, { epochs: 20, batchSize: 8 });
    const { loss, accuracy } = result.history;
    expect(Object.keys(result.history)).toEqual(["loss", "accuracy"]);
    expect(loss).toHaveLength(20);
    expect(loss.at(-1)!).toBeLessThan(loss[0]! / 3);
    expect(accuracy.at(-1)!).toBeGreaterThan(0.95);
  });

  test("learns the iris flowers", async () => {
    const { train, test: held } = iris();
    using model = classifier({ learningRate: 0.02 });
    await model.fit(train, { epochs: 60 });
    expect(model.evaluate(held).accuracy).toBeGreaterThan(0.9);
  });

  test.each([
    ["fit", Number.NaN],
    ["evaluate", Number.POSITIVE_INFINITY],
    ["predict", Number.NEGATIVE_INFINITY],
  ] as const)("finds what is not finite among many rows: %s", async (call, value) => {
    using model = classifier();
    const data = new Float32Array(4 * 5000);
    data[4 * 4999 + 2] = value;
    const [many, labels] = [{ data, shape: [5000, 4] }, new Int32Array(5000)];
    const before = memory().bytes;
    const calls = {
      fit: () => model.fit(many, labels),
      evaluate: async () => model.evaluate(many, labels),
      predict: async () => model.predict(many),
    };
    const at = "row 4999, column 2: expected a finite number";
    await expect(calls[call]()).rejects.toThrow(`${call}(): x: ${at}, got ${value}`);
    expect(memory().bytes).toBe(before);
  });

  test("takes every form of the same data alike", async () => {
    const forms: [unknown, unknown][] = [
      [x, y],
      [rows(x.data, 4), Array.from(y)],
      [rows(x.data, 4).map((row) => Float32Array.from(row)), y],
      [{ data: Float64Array.from(x.data), shape: [60, 4] }, new Uint8Array(y)],
      [
        { data: Array.from(x.data), shape: [60, 4] },
        { data: y, shape: [60] },
      ],
      [tensor(x.data, [60, 4]), tensor(y, [60], "int32")],
      [x, { data: y, shape: [60, 1] }],
    ];
    const results: number[][] = [];
    for (const [xs, ys] of forms) {
      using model = classifier();
      await model.fit(xs as typeof x, ys as typeof y, { epochs: 2 });
      results.push(flatWeights(model));
    }
    for (const data of [new Dataset({ x, y }), { x, y }]) {
      using model = classifier();
      await model.fit(data, { epochs: 2 });
      results.push(flatWeights(model));
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test("leaves the data as they are", async () => {
    const before = [x.data.slice(), y.slice()];
    using model = classifier();
    await model.fit(x, y, { epochs: 2, validationSplit: 0.2 });
    expect([x.data, y]).toEqual(before);
  });

  test("returns history, epochs, steps, ms and why it ended", async () => {
    let now = 100;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    const onBatchEnd = () => {
      now += 10;
    };
    using model = classifier();
    const result = await model.fit(x, y, { epochs: 3, batchSize: 25, callbacks: { onBatchEnd } });
    clock.mockRestore();
    expect(result).toMatchObject({ epochs: 3, steps: 9, stopReason: "completed" });
    expect(Object.keys(result).sort()).toEqual([
      "epochs",
      "history",
      "initialEpoch",
      "ms",
      "steps",
      "stopReason",
    ]);
    expect(result.ms).toBe(90);
  });

  test("is one epoch of batches of 32 by default", async () => {
    using model = classifier();
    expect(await model.fit(x, y)).toMatchObject({ epochs: 1, steps: 2 });
  });

  test("weighs a smaller last batch by its rows", async () => {
    using model = classifier({ learningRate: 0 });
    const { history } = await model.fit(x, y, { batchSize: 32 });
    const { loss, accuracy } = model.evaluate(x, y);
    expect(history.loss[0]).toBeCloseTo(loss, 5);
    expect(history.accuracy[0]).toBeCloseTo(accuracy, 6);
  });

  test("takes a batch larger than the data as one step", async () => {
    using model = classifier();
    expect((await model.fit(x, y, { batchSize: 1000 })).steps).toBe(1);
  });

  test("fitSync is fit, bit for bit", async () => {
    const options = { epochs: 3, batchSize: 7, validationSplit: 0.2 };
    using a = classifier();
    using b = classifier();
    const first = await a.fit(x, y, options);
    const second = b.fitSync(x, y, options);
    expect(second.history).toEqual(first.history);
    expect(flatWeights(b)).toEqual(flatWeights(a));
  });

  test("without shuffle is a walk of trainOnBatch", () => {
    using a = classifier();
    using b = classifier();
    a.fitSync(x, y, { batchSize: 32, shuffle: false });
    for (const [batchX, batchY] of new Dataset({ x, y }).batch(32)) b.trainOnBatch(batchX, batchY);
    expect(flatWeights(a)).toEqual(flatWeights(b));
  });
});

describe("the order of the rows", () => {
  const trained = (options: object, modelSeed = 1): number[] => {
    using model = classifier({ learningRate: 0.01 }, modelSeed);
    model.fitSync(x, y, { epochs: 3, batchSize: 8, ...options });
    return flatWeights(model);
  };

  test("follows from the seed alone", () => {
    expect(trained({ seed: 5 })).toEqual(trained({ seed: 5 }));
    expect(trained({ seed: 5 })).not.toEqual(trained({ seed: 6 }));
    expect(trained({})).toEqual(trained({ seed: 1 }));
    expect(trained({ shuffle: false, seed: 5 })).toEqual(trained({ shuffle: false, seed: 6 }));
  });

  test("is another one in each epoch", () => {
    const seen: number[][] = [];
    using model = classifier({ learningRate: 0 });
    const losses: number[] = [];
    const onBatchEnd = (_step: number, logs: Readonly<Record<string, number>>) => {
      losses.push(logs.loss!);
    };
    const onEpochEnd = () => {
      seen.push(losses.splice(0));
    };
    model.fitSync(x, y, { epochs: 3, batchSize: 1, callbacks: { onBatchEnd, onEpochEnd } });
    expect(seen[1]).not.toEqual(seen[0]);
    expect(seen[2]).not.toEqual(seen[1]);
    // Each epoch sees each row once.
    const sorted = seen.map((epoch) => epoch.toSorted((a, b) => a - b));
    expect(sorted[1]).toEqual(sorted[0]);
    expect(sorted[2]).toEqual(sorted[0]);
  });
});

describe("the cost of a step", () => {
  test("fit calls wasm once per step", async () => {
    using model = classifier();
    const before = memory().calls;
    const { steps } = await model.fit(x, y, { epochs: 4, batchSize: 9 });
    expect(memory().calls - before).toBe(steps);
  });

  test("validation adds one call for each chunk of rows", async () => {
    using model = classifier();
    const before = memory().calls;
    const { steps } = await model.fit(x, y, { epochs: 2, validationData: [x, y] });
    expect(memory().calls - before).toBe(steps + 2);
  });

  test("after the first epoch memory and allocations stay as they are", async () => {
    using model = classifier();
    const seen: ReturnType<typeof memory>[] = [];
    const onEpochEnd = () => void seen.push(memory());
    const options = { epochs: 6, batchSize: 7, validationSplit: 0.2, callbacks: { onEpochEnd } };
    const kept = ({ bytes, owners, scratchBytes, heapBytes }: ReturnType<typeof memory>) => ({
      bytes,
      owners,
      scratchBytes,
      heapBytes,
    });
    // Without giving way: between tasks the garbage collector may take what other files have forgotten.
    model.fitSync(x, y, options);
    expect(seen).toHaveLength(6);
    for (const state of seen) expect(kept(state)).toEqual(kept(seen[0]!));
    seen.length = 0;
    await model.fit(x, y, options);
    expect(seen).toHaveLength(6);
    for (const state of seen) {
      expect(state.bytes).toBeLessThanOrEqual(seen[0]!.bytes);
      expect(state.scratchBytes).toBeLessThanOrEqual(seen[0]!.scratchBytes);
      expect(state.heapBytes).toBe(seen[0]!.heapBytes);
    }
  });
});
