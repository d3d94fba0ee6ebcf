import {
  type CompileOptions,
  dense,
  type Model,
  mean,
  sequential,
  squaredDifference,
  type Tensor,
} from "ferrograd";
import { afterEach, describe, expect, test, vi } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();

afterEach(() => void vi.restoreAllMocks());

/** A clock that goes on by a millisecond whenever it is read. */
function countingClock(): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now++);
}

describe("callbacks", () => {
  test("see epochs and steps counted from 1, in order", async () => {
    const events: string[] = [];
    using model = classifier();
    await model.fit(x, y, {
      epochs: 2,
      batchSize: 30,
      validationData: [x, y],
      callbacks: {
        onEpochBegin: (epoch) => events.push(`begin ${epoch}`),
        onBatchEnd: (step, logs) => events.push(`step ${step} ${Object.keys(logs)}`),
        onEpochEnd: (epoch, logs) => events.push(`end ${epoch} ${Object.keys(logs)}`),
      },
    });
    expect(events).toEqual([
      "begin 1",
      "step 1 loss,accuracy",
      "step 2 loss,accuracy",
      "end 1 loss,accuracy,val_loss,val_accuracy",
      "begin 2",
      "step 3 loss,accuracy",
      "step 4 loss,accuracy",
      "end 2 loss,accuracy,val_loss,val_accuracy",
    ]);
  });

  test("see the history's numbers", async () => {
    const losses: number[] = [];
    using model = classifier();
    const onEpochEnd = (_epoch: number, logs: Readonly<Record<string, number>>) =>
      losses.push(logs.loss!);
    const { history } = await model.fit(x, y, { epochs: 3, callbacks: [{ onEpochEnd }, {}] });
    expect(losses).toEqual(history.loss);
  });

  test("are waited for", async () => {
    let waiting = 0;
    let overlapped = false;
    const pause = async () => {
      overlapped ||= waiting > 0;
      waiting++;
      await new Promise((resolve) => setTimeout(resolve));
      waiting--;
    };
    using model = classifier();
    const callbacks = { onEpochBegin: pause, onBatchEnd: pause, onEpochEnd: pause };
    await model.fit(x, y, { epochs: 2, callbacks });
    expect([waiting, overlapped]).toEqual([0, false]);
  });

  test("that throw or reject end fit with their error, and training goes on after it", async () => {
    using model = classifier();
    const boom = () => {
      throw new Error("boom");
    };
    expect(await failure(() => model.fit(x, y, { callbacks: { onBatchEnd: boom } }))).toBe(
      "Error: boom",
    );
    const late = () => Promise.reject(new Error("late"));
    expect(await failure(() => model.fit(x, y, { callbacks: { onEpochEnd: late } }))).toBe(
      "Error: late",
    );
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test("of any kind that throw or reject end fit and fitSync with their error", async () => {
    // biome-ignore lint/suspicious/noThenProperty: what is waited for need not be a Promise
    const thenable = { then: (_: unknown, no: (e: Error) => void) => no(new Error("thenable")) };
    const hooks = [
      "onTrainBegin",
      "onEpochBegin",
      "onBatchEnd",
      "onEpochEnd",
      "onTrainEnd",
    ] as const;
    for (const hook of hooks) {
      using model = classifier();
      const throws = () => {
        throw new Error("thrown");
      };
      for (const [says, body] of Object.entries({
        thrown: throws,
        rejected: () => Promise.reject(new Error("rejected")),
        thenable: () => thenable,
      })) {
        const callbacks = [{}, { [hook]: body }];
        expect(await failure(() => model.fit(x, y, { callbacks }))).toBe(`Error: ${says}`);
        expect((await model.fit(x, y)).stopReason).toBe("completed");
        expect(await failure(() => model.fitSync(x, y, { callbacks }))).toMatch(
          says === "thrown" ? /^Error: thrown/ : `StateError: fitSync(): ${hook}: expected`,
        );
        expect(model.fitSync(x, y).stopReason).toBe("completed");
      }
    }
  });

  test("may await what a thenable gives", async () => {
    using model = classifier();
    let asked = 0;
    const then = (yes: () => void) => {
      asked++;
      yes();
    };
    const onBatchEnd = () => ({ then });
    const { steps } = await model.fit(x, y, { batchSize: 20, callbacks: { onBatchEnd } });
    expect(asked).toBe(steps);
  });

  test("may change the learning rate between steps", async () => {
    using model = classifier({ learningRate: 0.01 });
    const start = flatWeights(model);
    const onEpochBegin = () => {
      model.optimizer.learningRate = 0;
    };
    await model.fit(x, y, { epochs: 2, callbacks: { onEpochBegin } });
    expect(flatWeights(model)).toEqual(start);
  });
});

describe("AbortSignal", () => {
  test("rejects with its reason, within one batch, carrying the history", async () => {
    using model = classifier();
    const controller = new AbortController();
    const reason = new Error("enough");
    let steps = 0;
    const onBatchEnd = (step: number) => {
      steps = step;
      if (step === 5) controller.abort(reason);
    };
    const fit = model.fit(x, y, {
      epochs: 10,
      batchSize: 30,
      signal: controller.signal,
      callbacks: { onBatchEnd },
    });
    await expect(fit).rejects.toBe(reason);
    expect(steps).toBe(5);
    const { history } = reason as unknown as { history: Record<string, number[]> };
    expect(Object.keys(history)).toEqual(["loss", "accuracy"]);
    expect(history.loss).toHaveLength(2);
  });

  test("without a reason of one's own rejects with an AbortError that carries the history", async () => {
    using model = classifier();
    const controller = new AbortController();
    const callbacks = { onEpochEnd: () => controller.abort() };
    const error = await model
      .fit(x, y, { epochs: 3, signal: controller.signal, callbacks })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "AbortError", history: { loss: [expect.any(Number)] } });
  });

  test("rejects with a reason that cannot be written to, and with one that is no object", async () => {
    using model = classifier();
    for (const reason of [Object.freeze(new Error("frozen")), "text", Object.freeze({}), 5, null]) {
      const callbacks = () => ({ onBatchEnd: () => controller.abort(reason) });
      let controller = new AbortController();
      const options = { signal: controller.signal, callbacks: callbacks() };
      expect(await model.fit(x, y, options).catch((error: unknown) => error)).toBe(reason);
      controller = new AbortController();
      let caught: unknown;
      try {
        model.fitSync(x, y, { batchSize: 9, signal: controller.signal, callbacks: callbacks() });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(reason);
    }
  });

  test("rejects fitSync with the history, too", () => {
    using model = classifier();
    const controller = new AbortController();
    const reason = new Error("enough");
    const onEpochEnd = () => controller.abort(reason);
    const options = { epochs: 3, signal: controller.signal, callbacks: { onEpochEnd } };
    expect(() => model.fitSync(x, y, options)).toThrow(reason);
    expect(reason).toMatchObject({ history: { loss: [expect.any(Number)] } });
  });

  test("leaves a model that predicts and trains", async () => {
    using model = classifier();
    const controller = new AbortController();
    const callbacks = { onBatchEnd: () => controller.abort() };
    await model.fit(x, y, { signal: controller.signal, callbacks }).catch(() => {});
    expect(model.predict(x).shape).toEqual([60, 3]);
    expect((await model.fit(x, y)).epochs).toBe(1);
  });

  test("aborted before the start rejects before the first step", async () => {
    using model = classifier();
    const start = flatWeights(model);
    const reason = new Error("no");
    const signal = AbortSignal.abort(reason);
    const callbacks = { onEpochBegin: () => expect.fail("fit began") };
    expect(await failure(() => model.fit(x, y, { signal, callbacks }))).toBe("Error: no");
    expect(reason).toMatchObject({ history: {} });
    expect(await failure(() => model.fitSync(x, y, { signal }))).toBe("Error: no");
    expect(flatWeights(model)).toEqual(start);
  });

  test("from a timer stops a fit that is under way", async () => {
    countingClock();
    using model = classifier();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("timeout")));
    const fit = () => model.fit(x, y, { epochs: 1_000_000, signal: controller.signal });
    expect(await failure(fit)).toBe("Error: timeout");
  });
});

describe("a callback that is never done", () => {
  const HOOKS = ["onTrainBegin", "onEpochBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"] as const;
  const never = () => new Promise<never>(() => {});

  test.each(HOOKS)("is no longer waited for after an abort: %s", async (hook) => {
    using model = classifier();
    const controller = new AbortController();
    const mine = new Error("mine");
    const hanging = () => {
      setTimeout(() => controller.abort(mine));
      return never();
    };
    const run = model.fit(x, y, { signal: controller.signal, callbacks: { [hook]: hanging } });
    await expect(run).rejects.toBe(mine);
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test.each(HOOKS)("is no longer waited for once the model is disposed: %s", async (hook) => {
    const model = classifier();
    const hanging = () => {
      setTimeout(() => model.dispose());
      return never();
    };
    const run = model.fit(x, y, { callbacks: { [hook]: hanging } });
    await expect(run).rejects.toThrow("fit(): the model was disposed");
  });

  test("ends fit at once where it aborts itself, and may reject later", async () => {
    using model = classifier();
    const controller = new AbortController();
    let reject = (_: Error) => {};
    const onBatchEnd = () => {
      controller.abort("mine");
      return new Promise((_, no) => {
        reject = no;
      });
    };
    const run = model.fit(x, y, { signal: controller.signal, callbacks: { onBatchEnd } });
    await expect(run).rejects.toBe("mine");
    reject(new Error("late"));
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test("is waited for after stop, so that what it saves is saved", async () => {
    using model = classifier();
    let saved = false;
    const onBatchEnd = async () => {
      model.stop();
      await new Promise((resolve) => setTimeout(resolve));
      saved = true;
    };
    const { stopReason } = await model.fit(x, y, { callbacks: { onBatchEnd } });
    expect([stopReason, saved]).toEqual(["stopped", true]);
  });
});

describe("stop", () => {
  test("resolves after the step under way", async () => {
    using model = classifier();
    const onBatchEnd = (step: number) => {
      if (step === 3) model.stop();
    };
    const result = await model.fit(x, y, { epochs: 9, batchSize: 30, callbacks: { onBatchEnd } });
    expect(result).toMatchObject({ stopReason: "stopped", steps: 3, epochs: 1 });
    expect(result.history.loss).toHaveLength(1);
    expect((await model.fit(x, y)).stopReason).toBe("completed");
  });

  test("at the end of an epoch keeps the epoch", async () => {
    using model = classifier();
    const result = await model.fit(x, y, {
      epochs: 9,
      callbacks: { onEpochEnd: (epoch) => epoch === 2 && model.stop() },
    });
    expect(result).toMatchObject({ stopReason: "stopped", epochs: 2, steps: 4 });
  });
});

describe("the event loop", () => {
  test("gets a turn every 16 ms during fit, none during fitSync", async () => {
    countingClock();
    using model = classifier();
    let turns = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      turns++;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    try {
      model.fitSync(x, y, { epochs: 20, batchSize: 4 });
      expect(turns).toBe(0);
      const { steps } = await model.fit(x, y, { epochs: 20, batchSize: 4 });
      expect(turns).toBeGreaterThanOrEqual(Math.floor(steps / 32));
    } finally {
      port1.close();
    }
  });

  test("dispose during fit ends it with an error, at its last step too", async () => {
    for (const hook of [
      "onTrainBegin",
      "onEpochBegin",
      "onBatchEnd",
      "onEpochEnd",
      "onTrainEnd",
    ] as const) {
      const model = classifier();
      const callbacks = { [hook]: () => model.dispose() };
      const said = "DisposedError: fit(): the model was disposed";
      expect([hook, await failure(() => model.fit(x, y, { callbacks }))]).toEqual([hook, said]);
    }
  });

  test("compile during fit is refused", async () => {
    using model = classifier();
    const onBatchEnd = () =>
      model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    expect(await failure(() => model.fit(x, y, { callbacks: { onBatchEnd } }))).toMatch(
      /^StateError: compile\(\): expected a model that is not training, got one in fit\(\)/,
    );
    expect(model.optimizer.name).toBe("adam");
  });
});

describe("a fit that is being prepared", () => {
  const refused =
    "StateError: fit(): expected a model that is not training, got one in fit(); await that call, or end it with model.stop()";
  const dollars = [[250_000], [260_000]];
  const net = (options: Partial<Omit<CompileOptions, "metrics">>): Model =>
    sequential([dense(1)], { inputShape: [1], seed: 1 }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      ...options,
    });

  test("is the only one: what warn begins is refused", async () => {
    const inner: Promise<string>[] = [];
    using model: Model = net({ warn: () => inner.push(failure(run)) });
    const run = () => model.fit([[1], [2]], dollars, { epochs: 2 });
    expect((await run()).epochs).toBe(2);
    expect(await Promise.all(inner)).toEqual([refused]);
  });

  test("is the only one: what a loss of one's own begins is refused, and the next works", async () => {
    let nested = false;
    const loss = (yTrue: Tensor, yPred: Tensor): Tensor => {
      if (nested) model.fitSync([[1]], [[1]]);
      return mean(squaredDifference(yTrue, yPred));
    };
    using model: Model = net({ loss });
    const run = () => model.fit([[1]], [[1]]);
    nested = true;
    expect(await failure(run)).toBe(refused.replace("fit():", "fitSync():"));
    nested = false;
    expect((await run()).epochs).toBe(1);
  });
});

describe("rows whose buffer goes to another thread during fit", () => {
  const rows = () => ({ data: Float32Array.of(1, 2, 3, 4), shape: [4, 1] });
  const detach = ({ data }: { data: Float32Array }) =>
    structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });

  test.each(["x", "y", "validation"])("end it, and are named: %s", async (which) => {
    using model = sequential([dense(1)], { inputShape: [1], seed: 1 }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const all = { x: rows(), y: rows(), validation: rows() };
    const onEpochEnd = () => detach(all[which as keyof typeof all]);
    const run = model.fit(all.x, all.y, {
      epochs: 2,
      validationData: [all.validation, rows()],
      callbacks: { onEpochEnd },
    });
    const name = which === "y" ? "y" : "x";
    expect(await failure(() => run)).toBe(
      `DataError: fit(): ${name}: expected its buffer until training ends, got a detached one; transfer a copy`,
    );
    expect(model.evaluate(rows(), rows()).loss).toBeLessThan(100);
  });

  test("end it where the buffer shrinks under them", async () => {
    using model = sequential([dense(1)], { inputShape: [1], seed: 1 }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    // The type comes with a later library than the one that is asked for.
    type Resizable = ArrayBuffer & { resize(bytes: number): void };
    const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as Resizable;
    const data = new Float32Array(buffer); // as long as the buffer is
    data.set([1, 2, 3, 4]);
    const callbacks = { onEpochEnd: () => buffer.resize(4) };
    const run = model.fit({ data, shape: [4, 1] }, rows(), { epochs: 2, callbacks });
    expect(await failure(() => run)).toMatch(/^DataError: fit\(\): x: expected its buffer until/);
  });
});
