import {
  adam,
  type Callbacks,
  cosineDecay,
  csvLogger,
  earlyStopping,
  learningRateScheduler,
  NumericError,
  progress,
  reduceLROnPlateau,
  StateError,
} from "ferrograd";
import { health } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();

/** Hands a callback numbers as if they were measured; gives the epochs after which it did `what`. */
function told(callback: Callbacks, losses: readonly number[], what: () => unknown) {
  const done: number[] = [];
  using model = classifier();
  const run = { model, logged: ["loss"], initialEpoch: 0, epochs: 9, stepsPerEpoch: 1 };
  callback.onTrainBegin?.(run as never);
  losses.forEach((loss, i) => {
    const before = what();
    const said = callback.onEpochEnd?.(i + 1, { loss });
    if (said === "stop" || what() !== before) done.push(i + 1);
  });
  return { done, rate: model.optimizer.learningRate };
}

describe("the functions of callbacks", () => {
  test("are called in Keras's order, steps and epochs counted from 1", async () => {
    using model = classifier();
    const events: string[] = [];
    const says =
      (name: string) =>
      (...[at]: unknown[]) =>
        void events.push(typeof at === "number" ? `${name} ${at}` : name);
    const hooks = ["Epoch", "Batch", "Test", "Train"].flatMap((what) => [
      `on${what}Begin`,
      `on${what}End`,
    ]);
    const callbacks = Object.fromEntries(hooks.map((name) => [name, says(name)]));
    await model.fit(x, y, { batchSize: 30, validationData: [x, y], callbacks });
    expect(events).toEqual([
      ...["onTrainBegin", "onEpochBegin 1"],
      ...["onBatchBegin 1", "onBatchEnd 1", "onBatchBegin 2", "onBatchEnd 2"],
      ...["onTestBegin 1", "onTestEnd 1", "onEpochEnd 1", "onTrainEnd"],
    ]);
  });

  test("of any kind may give stop, or a promise of it", async () => {
    const steps = async (callbacks: Callbacks) => {
      using model = classifier();
      const options = { epochs: 3, batchSize: 30, validationData: [x, y] as const, callbacks };
      const result = await model.fit(x, y, options);
      return [result.steps, result.stopReason];
    };
    expect(await steps({ onTrainBegin: () => "stop" })).toEqual([0, "stopped"]);
    expect(await steps({ onEpochBegin: () => "stop" })).toEqual([0, "stopped"]);
    expect(await steps({ onBatchBegin: async (step) => step === 3 && "stop" })).toEqual([
      2,
      "stopped",
    ]);
    expect(await steps({ onBatchEnd: (step) => step === 3 && "stop" })).toEqual([3, "stopped"]);
    expect(await steps({ onTestBegin: async () => "stop" })).toEqual([2, "stopped"]);
    expect(await steps({ onTestEnd: () => "stop" })).toEqual([2, "stopped"]);
    expect(await steps({ onEpochEnd: (epoch) => epoch === 2 && "stop" })).toEqual([4, "stopped"]);
    expect(await steps({ onTrainEnd: () => "stop" })).toEqual([6, "completed"]);
    expect(await steps({ onBatchEnd: () => "go on" })).toEqual([6, "completed"]);
  });

  test("may call fit, which is refused, dispose and abort", async () => {
    for (const hook of ["onTrainBegin", "onBatchBegin", "onTestEnd", "onTrainEnd"] as const) {
      const run = (body: () => unknown, signal?: AbortSignal) =>
        model.fit(x, y, {
          ...{ validationData: [x, y] as const, callbacks: { [hook]: body } },
          ...(signal && { signal }),
        });
      const model = classifier();
      expect(await failure(() => run(() => model.fit(x, y)))).toMatch(/^StateError: fit\(\)/);
      const controller = new AbortController();
      const hangs = () => {
        controller.abort(new Error("enough"));
        return new Promise(() => {});
      };
      expect(await failure(() => run(hangs, controller.signal))).toBe("Error: enough");
      expect((await model.fit(x, y)).stopReason).toBe("completed");
      expect(await failure(() => run(() => model.dispose()))).toMatch(/^DisposedError: fit\(\)/);
    }
  });

  test("hear of a step that would make NaN, and may end the training there", async () => {
    using model = classifier();
    const errors: unknown[] = [];
    const poison = { onBatchEnd: (step: number) => step === 3 && void breakRate(model) };
    const run = (onNumericError: NonNullable<Callbacks["onNumericError"]>) => {
      model.optimizer.learningRate = 0.01;
      const callbacks = [poison, { onNumericError }];
      return model.fit(x, y, { epochs: 4, batchSize: 20, callbacks });
    };
    const result = await run(async (error) => {
      errors.push(error, flatWeights(model));
      return "stop";
    });
    expect([result.steps, result.epochs, result.stopReason]).toEqual([3, 1, "stopped"]);
    expect(errors[0]).toBeInstanceOf(NumericError);
    expect(flatWeights(model)).toEqual(errors[1]);
    expect(await failure(() => run(() => "no"))).toMatch(/^NumericError: fit\(\)/);
  });

  test("a diagnosis may act on the model and end the training", async () => {
    using model = classifier({ learningRate: 0.5 });
    const watch = health({
      every: 2,
      onDiagnosis: ({ step }, { optimizer }) => {
        optimizer.learningRate /= 2;
        return step >= 4 ? "stop" : undefined;
      },
    });
    const { steps } = await model.fit(x, y, { epochs: 9, batchSize: 20, callbacks: watch });
    expect([steps, watch.history.length, model.optimizer.learningRate]).toEqual([4, 2, 0.125]);
  });
});

/** From here on a step overflows. */
const breakRate = (model: { optimizer: { learningRate: number } }) => {
  model.optimizer.learningRate = 3e38;
};

describe("earlyStopping", () => {
  const stopsAfter = (options: object, losses: number[]) =>
    told(earlyStopping({ monitor: "loss", patience: 2, ...options }), losses, () => 0).done[0];

  test("waits until it is better than the baseline", () => {
    expect(stopsAfter({}, [5, 4, 3, 2, 1])).toBeUndefined();
    expect(stopsAfter({ baseline: 4.5 }, [5, 4, 3, 2, 1])).toBeUndefined();
    expect(stopsAfter({ baseline: 3 }, [5, 4, 3, 2, 1])).toBe(2);
  });

  test("does not count the first epochs", () => {
    expect(stopsAfter({}, [1, 2, 3, 2.5, 4])).toBe(3);
    expect(stopsAfter({ startFromEpoch: 2 }, [1, 2, 3, 2.5, 4, 3, 5])).toBe(6);
  });

  test("NaN is no improvement, and anything is better than it", () => {
    expect(stopsAfter({}, [Number.NaN, 3, 2, Number.NaN, Number.NaN])).toBe(5);
  });
});

describe("reduceLROnPlateau", () => {
  /** The epochs after which the rate changes. */
  const reduced = (options: object, losses: number[]) => {
    using model = classifier({ learningRate: 0.8 });
    const callback = reduceLROnPlateau({ monitor: "loss", factor: 0.5, patience: 2, ...options });
    callback.onTrainBegin?.({ model, logged: ["loss"] } as never);
    const rates = losses.map((loss, i) => {
      callback.onEpochEnd?.(i + 1, { loss });
      return model.optimizer.learningRate;
    });
    return rates;
  };

  test("makes the rate smaller after `patience` epochs, waits while it cools, and keeps to the least", () => {
    expect(reduced({}, [1, 1, 1, 1, 1])).toEqual([0.8, 0.8, 0.4, 0.4, 0.2]);
    expect(reduced({}, [5, 4, 3, 3, 2])).toEqual([0.8, 0.8, 0.8, 0.8, 0.8]);
    // Keras 3: `cooldown` epochs after a reduction don't count.
    expect(reduced({ cooldown: 2 }, [1, 1, 1, 1, 1, 1, 1])).toEqual([
      ...[0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2],
    ]);
    expect(reduced({ minLearningRate: 0.3 }, [1, 1, 1, 1, 1])).toEqual([0.8, 0.8, 0.4, 0.4, 0.3]);
    expect(reduced({ minDelta: 0.5 }, [1, 0.8, 0.6])).toEqual([0.8, 0.8, 0.4]);
    expect(reduced({ minLearningRate: 1 }, [1, 1, 1])[2]).toBe(1);
  });

  test("refuses a schedule, and what fit does not log", async () => {
    using model = classifier();
    const trains = (options = {}) => model.fit(x, y, { callbacks: reduceLROnPlateau(options) });
    await expect(trains()).rejects.toThrow("monitor: expected what fit logs");
    model.optimizer.learningRate = cosineDecay({
      initialLearningRate: 0.1,
      decaySteps: 9,
    }) as never;
    await expect(trains({ monitor: "loss" })).rejects.toThrow(StateError);
  });
});

describe("learningRateScheduler", () => {
  test("sets the rate before each epoch, of the epoch and the rate until then", async () => {
    using model = classifier();
    const seen: number[] = [];
    const callbacks = [
      learningRateScheduler((epoch, rate) => (epoch === 1 ? 0.5 : rate / 2)),
      { onBatchEnd: () => seen.push(model.optimizer.learningRate) },
    ];
    await model.fit(x, y, { epochs: 3, batchSize: 60, callbacks });
    expect(seen).toEqual([0.5, 0.25, 0.125]);
  });

  test("a rate that is none ends fit with an error", async () => {
    using model = classifier();
    const run = (rate: unknown) =>
      failure(() => model.fit(x, y, { callbacks: learningRateScheduler(() => rate as number) }));
    for (const rate of [-1, Number.NaN, "0.1", 1e39])
      expect(await run(rate)).toMatch(/^ArgumentError: adam\(\): learningRate: expected/);
  });
});

describe("csvLogger", () => {
  test("writes what fit logs, with nothing where nothing was measured", async () => {
    using model = classifier();
    let text = "";
    const write = (more: string) => {
      text += more;
    };
    const { history } = await model.fit(x, y, {
      ...{ epochs: 2, validationData: [x, y] },
      callbacks: csvLogger(write, { separator: ";" }),
    });
    await model.fit(x, y, { callbacks: csvLogger({ write }, { separator: ";", header: false }) });
    const [header, first, second, third, end] = text.split("\n");
    expect(header).toBe("epoch;loss;accuracy;val_loss;val_accuracy");
    expect(first).toBe(
      ["1", history.loss, history.accuracy, history.val_loss, history.val_accuracy]
        .map((value) => (typeof value === "string" ? value : value![0]))
        .join(";"),
    );
    expect(second!.startsWith(`2;${history.loss[1]}`)).toBe(true);
    expect([third!.split(";")[0], third!.split(";").length, end]).toEqual(["3", 3, ""]);
  });

  test("waits for what the writer gives, and ends fit with what it rejects with", async () => {
    using model = classifier();
    let written = 0;
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve));
      written++;
    };
    await model.fit(x, y, { epochs: 2, callbacks: csvLogger(slow) });
    expect(written).toBe(2);
    const full = () => Promise.reject(new Error("disk full"));
    expect(await failure(() => model.fit(x, y, { callbacks: csvLogger(full) }))).toBe(
      "Error: disk full",
    );
    const stream = { write: () => false }; // as a stream that wants no more for now
    expect(model.fitSync(x, y, { callbacks: csvLogger(stream) }).stopReason).toBe("completed");
  });
});

describe("progress", () => {
  test("draws a bar cell by cell, and what an epoch logs", async () => {
    using model = classifier();
    const texts: string[] = [];
    const callbacks = progress((text) => texts.push(text), { width: 3 });
    const { history } = await model.fit(x, y, { epochs: 2, batchSize: 10, callbacks });
    expect(texts).toHaveLength(8);
    expect(texts.map((text) => text.split("]")[0])).toEqual([
      ...["\repoch 1/2 [=  ", "\repoch 1/2 [== ", "\repoch 1/2 [===", "\repoch 1/2 [==="],
      ...["\repoch 2/2 [=  ", "\repoch 2/2 [== ", "\repoch 2/2 [===", "\repoch 2/2 [==="],
    ]);
    const [loss, accuracy] = [history.loss[1]!, history.accuracy[1]!].map((v) => v.toFixed(4));
    expect(texts[7]).toBe(`\repoch 2/2 [===]  loss ${loss}  accuracy ${accuracy}\n`);
  });

  test("of no width writes a line for each epoch, and numbers on after those of an earlier fit", async () => {
    using model = classifier();
    const texts: string[] = [];
    const callbacks = progress((text) => texts.push(text), { width: 0 });
    await model.fit(x, y, { epochs: 1, callbacks });
    await model.fit(x, y, { epochs: 2, callbacks });
    expect(texts.map((text) => text.split("  ")[0])).toEqual([
      "epoch 1/1",
      "epoch 2/3",
      "epoch 3/3",
    ]);
  });
});

test("what they are given is checked", () => {
  const wrong: readonly (readonly [() => unknown, string])[] = [
    [() => earlyStopping({ baseline: Number.NaN }), "earlyStopping(): baseline: expected a finite"],
    [() => earlyStopping({ startFromEpoch: -1 }), "earlyStopping(): startFromEpoch: expected an"],
    [() => reduceLROnPlateau({ factor: 1 }), "reduceLROnPlateau(): factor: expected a number from"],
    [() => reduceLROnPlateau({ cooldown: 0.5 }), "reduceLROnPlateau(): cooldown: expected"],
    [() => learningRateScheduler(adam() as never), "learningRateScheduler(): schedule: expected a"],
    [() => csvLogger("log.csv" as never), "csvLogger(): writer: expected a function of a text"],
    [() => csvLogger(() => 0, { separator: 1 as never }), "csvLogger(): separator: expected"],
    [() => progress(undefined as never), "progress(): writer: expected a function of a text"],
    [() => progress(() => 0, { width: -1 }), "progress(): width: expected"],
    [() => progress(() => 0, { wide: 1 } as never), "progress(): unknown option"],
  ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
});
