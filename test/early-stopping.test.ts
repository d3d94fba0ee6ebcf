import {
  ArgumentError,
  dense,
  type EarlyStoppingOptions,
  earlyStopping,
  sequential,
  sgd,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { floats } from "./support/numbers.ts";

const ROWS = 16;
const rows = (seed: number) => ({ data: floats(ROWS * 2, seed), shape: [ROWS, 2] });
/** Labels that no rows explain: what is learnt of them does not hold for other rows. */
const coins = (seed: number) => Int32Array.from(floats(ROWS, seed), (v) => (v > 0 ? 1 : 0));
const x = rows(1);
const y = coins(2);
const validationData = [rows(3), coins(4)] as const;

function classifier(learningRate: number) {
  return sequential([dense(32, { activation: "tanh" }), dense(2)], {
    inputShape: [2],
    seed: 1,
  }).compile({
    optimizer: sgd({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
}

/** One training: what it returned, the callback, and the weights after each epoch and at the end. */
async function run(options: EarlyStoppingOptions, { learningRate = 0.5, epochs = 60 } = {}) {
  using model = classifier(learningRate);
  const weights: Float32Array[][] = [];
  const stopping = earlyStopping(options);
  const keep = { onEpochEnd: () => weights.push(model.getWeights()) };
  const callbacks = [keep, stopping];
  const result = await model.fit(x, y, { epochs, validationData, callbacks });
  return { ...result, stopping, weights, end: model.getWeights() };
}

const expectSameWeights = (got: readonly Float32Array[], expected: readonly Float32Array[]) =>
  got.forEach((values, i) => expectSameBits(values, expected[i]!));

describe("earlyStopping", () => {
  test("stops after `patience` epochs without improvement, with the best epoch's weights", async () => {
    const { history, epochs, stopReason, stopping, weights, end } = await run({ patience: 5 });
    const losses = history.val_loss!;
    const best = Math.min(...losses);
    expect(stopReason).toBe("stopped");
    expect(stopping.best).toBe(best);
    expect(stopping.bestEpoch).toBe(losses.indexOf(best) + 1);
    expect(epochs).toBe(stopping.bestEpoch + 5);
    expectSameWeights(end, weights[stopping.bestEpoch - 1]!);
    expect(end[0]).not.toEqual(weights.at(-1)![0]);
  });

  test("can keep the last weights", async () => {
    const { weights, end } = await run({ patience: 5, restoreBestWeights: false });
    expectSameWeights(end, weights.at(-1)!);
  });

  test("restores the best weights of a training that ran to its end too", async () => {
    const { stopReason, stopping, epochs, weights, end } = await run({ patience: 1000 });
    expect([stopReason, epochs]).toEqual(["completed", 60]);
    expect(stopping.bestEpoch).toBeLessThan(60);
    expectSameWeights(end, weights[stopping.bestEpoch - 1]!);
  });

  test("of a metric, more is better; mode says otherwise", async () => {
    const { history, stopping } = await run({ monitor: "accuracy", patience: 1000 });
    expect(stopping.best).toBe(Math.max(...history.accuracy));
    const least = await run({ monitor: "accuracy", patience: 1000, mode: "min" });
    expect(least.stopping.best).toBe(Math.min(...least.history.accuracy));
  });

  test("an improvement of minDelta or less is none", async () => {
    const still = await run({ patience: 3 }, { learningRate: 0 });
    expect([still.epochs, still.stopping.bestEpoch]).toEqual([4, 1]);
    const small = await run({ monitor: "loss", patience: 3, minDelta: 10 });
    expect([small.epochs, small.stopping.bestEpoch]).toEqual([4, 1]);
  });

  test("can be used again, and with fitSync", () => {
    using model = classifier(0.5);
    const callbacks = earlyStopping({ patience: 2, monitor: "loss" });
    model.fitSync(x, y, { epochs: 3, callbacks });
    const { best } = callbacks;
    model.fitSync(x, y, { epochs: 1, callbacks });
    expect(callbacks.bestEpoch).toBe(4); // epochs go on from one fit to the next
    expect(callbacks.best).toBeLessThan(best!);
  });

  test.each([
    ['got "val_loss"; give fit validationSplit or validationData', {}],
    ['got "acuracy"; did you mean "accuracy"?', { monitor: "acuracy" }],
  ])("refuses to watch what is not logged: %s", async (message, options) => {
    using model = classifier(0.5);
    const before = model.getWeights();
    await expect(model.fit(x, y, { callbacks: earlyStopping(options) })).rejects.toThrow(
      new ArgumentError(`earlyStopping(): monitor: expected what fit logs, ${message}`),
    );
    expectSameWeights(model.getWeights(), before);
  });

  test.each([
    ['unknown option "patients"; did you mean "patience"?', { patients: 3 }],
    ["patience: expected an integer of 0 or more, got -1", { patience: -1 }],
    ["minDelta: expected a finite number of 0 or more, got -1", { minDelta: -1 }],
    ['unknown mode "mni"; did you mean "min"?', { mode: "mni" }],
    ["monitor: expected a name, got 3", { monitor: 3 }],
  ])("refuses options: %s", (message, options) => {
    expect(() => earlyStopping(options as EarlyStoppingOptions)).toThrow(
      new ArgumentError(`earlyStopping(): ${message}`),
    );
  });
});

describe("onTrainBegin and onTrainEnd", () => {
  test("stand around the epochs; the end is not reached by an error", async () => {
    const events: string[] = [];
    using model = classifier(0.5);
    const callbacks = {
      onTrainBegin: ({ logged, epochs }: { logged: readonly string[]; epochs: number }) =>
        events.push(`begin ${logged} ${epochs}`),
      onEpochEnd: (epoch: number) => events.push(`epoch ${epoch}`),
      onTrainEnd: () => events.push("end"),
    };
    await model.fit(x, y, { epochs: 2, callbacks });
    await model.fit(x, y, { validationData, callbacks });
    model.optimizer.learningRate = 1e38;
    await expect(model.fit(x, y, { epochs: 9, callbacks })).rejects.toThrow("fit(): expected");
    expect(events.slice(0, 7)).toEqual([
      "begin loss,accuracy 2",
      "epoch 1",
      "epoch 2",
      "end",
      "begin loss,accuracy,val_loss,val_accuracy 1",
      "epoch 3",
      "end",
    ]);
    expect(events.at(-1)).not.toBe("end");
  });
});
