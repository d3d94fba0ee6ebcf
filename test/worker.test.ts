import {
  ArgumentError,
  adam,
  type Callbacks,
  concatenateLayer,
  type Dataset,
  DisposedError,
  dense,
  earlyStopping,
  type FitRun,
  FormatError,
  input,
  loadModel,
  model as modelOf,
  NumericError,
  StateError,
  sequential,
  sgd,
  tensor,
} from "ferrograd";
import { fromArrays } from "ferrograd/data";
import { digits } from "ferrograd/datasets";
import { inWorker, serve, WorkerError, type WorkerModel } from "ferrograd/worker";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addressOf, moduleOf } from "./support/worker-files.ts";
import { centered } from "./support/worker-layers.ts";

const { train, test: held } = digits();
const rows = train.take(400);
const build = (optimizer = adam()) =>
  sequential([dense(16, { activation: "relu" }), dense(10)], { inputShape: [64], seed: 3 }).compile(
    {
      optimizer,
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    },
  );
type Remote = WorkerModel<"accuracy">;

/** The same done with a model here and one in a worker: what came of it, and the weights after it. */
async function both(
  body: (
    model: Pick<Remote, "fit"> & { setWeights(weights: Float32Array[]): unknown },
  ) => Promise<unknown>,
) {
  using here = build();
  await using there = await inWorker(build());
  const strip = (value: unknown) => ({ ...(value as object), ms: 0 });
  const results = [strip(await body(here as never)), strip(await body(there as never))];
  return { results, weights: [here.getWeights(), await there.getWeights()] };
}

function expectSame({ results, weights }: Awaited<ReturnType<typeof both>>): void {
  expect(results[1]).toEqual(results[0]);
  expect(weights[1]).toEqual(weights[0]);
}

describe("a model in a worker has the bits of one here", () => {
  test("in all that it does", async () => {
    using model = build();
    await using remote = await inWorker(model);
    const options = { epochs: 3, batchSize: 32, validationData: held } as const;
    const [here, there] = [await model.fit(rows, options), await remote.fit(rows, options)];
    expect(there).toEqual({ ...here, ms: there.ms });
    expect(await remote.getWeights()).toEqual(model.getWeights());
    expect((await remote.predict(held.x)).data()).toEqual(model.predict(held.x).data());
    expect((await remote.predict(tensor([Array(64).fill(1)]))).shape).toEqual([1, 10]);
    expect(await remote.evaluate(held)).toEqual(model.evaluate(held));
    const batch = [held.x, held.y] as const;
    expect(await remote.trainOnBatch(...batch)).toEqual(model.trainOnBatch(...batch));
    using loaded = loadModel(await remote.save({ includeOptimizer: true }));
    expect(loaded.getWeights()).toEqual(model.getWeights());
    const zeros = model.getWeights().map((values) => values.fill(0));
    await remote.setWeights(zeros);
    expect(await remote.getWeights()).toEqual(zeros);
  });

  test("going on from where the model is", async () => {
    using model = build();
    await model.fit(rows, { epochs: 2 });
    await using remote = await inWorker(model);
    await Promise.all([model, remote].map((one) => one.fit(rows, { epochs: 2 })));
    expect(await remote.getWeights()).toEqual(model.getWeights());
  });

  test("with batches that stay here: pipelines, generators, a function of the epoch", async () => {
    const batches = () => fromArrays(rows).shuffle(4).batch(50);
    expectSame(
      await both((model) => model.fit(batches().prefetch(), { epochs: 2, validationData: held })),
    );
    const closed = vi.fn();
    const endless = async function* () {
      try {
        for (;;) yield* batches();
      } finally {
        closed();
      }
    };
    expectSame(await both((model) => model.fit(() => endless(), { stepsPerEpoch: 5, epochs: 2 })));
    expect(closed).toHaveBeenCalledTimes(2);
    const failing = async (model: Pick<Remote, "fit">) => {
      const boom = new RangeError("boom");
      const source = function* () {
        yield* batches().take(2);
        throw boom;
      };
      const error = await model.fit(source as never).catch((e: unknown) => e);
      return { message: (error as Error).message };
    };
    expectSame(await both(failing));
  });

  test("with callbacks, which may wait, change weights and rate, and stop", async () => {
    const hooked = async (model: Pick<Remote, "fit">) => {
      const calls: unknown[] = [];
      let fitted: Parameters<NonNullable<Callbacks["onTrainBegin"]>>[0]["model"];
      const callbacks: Callbacks[] = [
        earlyStopping({ monitor: "loss", patience: 1, minDelta: 0.2 }),
        {
          onTrainBegin: ({ model, logged, epochs, initialEpoch }) => {
            fitted = model;
            calls.push(logged, epochs, initialEpoch);
          },
          onEpochBegin: async (epoch) => {
            await Promise.resolve();
            if (epoch === 2) fitted.optimizer.learningRate = 0.01;
            if (epoch === 3) fitted.setWeights(fitted.getWeights().map((w) => w.map((v) => v / 2)));
          },
          onBatchEnd: (step, { loss }) => void calls.push(step, loss),
          onEpochEnd: (epoch, logs) => {
            calls.push(epoch, logs, fitted.optimizer.learningRate, fitted.getWeights()[1]![0]);
            return epoch === 5 ? "stop" : undefined;
          },
          onTrainEnd: () => void calls.push("end"),
        },
      ];
      return { ...(await model.fit(rows, { epochs: 20, batchSize: 100, callbacks })), calls };
    };
    const outcome = await both(hooked);
    expectSame(outcome);
    expect(outcome.results[0]).toMatchObject({ stopReason: "stopped" });
  });

  test("with steps one by one, which may be dropped", async () => {
    using model = build();
    await using remote = await inWorker(model);
    const options = { epochs: 2, batchSize: 100, validationData: held } as const;
    const walk = async (one: Pick<Remote, "train">) => {
      const steps: unknown[] = [];
      for await (const step of one.train(rows.batch(100), { epochs: 1 })) steps.push(step);
      const training = one.train(rows, options);
      for (;;) {
        const { done, value } = await training.next();
        steps.push({ ...value, ms: 0 });
        if (done) break;
      }
      for await (const step of one.train(rows, options)) if (step.step === 3) break;
      return steps;
    };
    expect(await walk(remote)).toEqual(await walk(model));
    expect(await remote.getWeights()).toEqual(model.getWeights());
    const dropped = [model.train(rows, options), remote.train(rows, options)];
    for (const steps of dropped) await steps.next();
    for (const one of [model, remote]) expect((await one.fit(rows, options)).steps).toBe(8);
    expect(await remote.getWeights()).toEqual(model.getWeights());
    for (const steps of dropped) {
      await expect(steps.next()).rejects.toThrow("train(): expected a training that may go on");
    }
    const controller = new AbortController();
    const aborted = remote.train(rows, { ...options, signal: controller.signal });
    await aborted.next();
    controller.abort(new RangeError("enough"));
    await expect(aborted.next()).rejects.toThrow(RangeError);
    await expect(remote.train([[1]] as never, rows.y).next()).rejects.toThrow("train(): x");
    const ended = remote.train(rows, options);
    await ended.next();
    await remote.dispose();
    await expect(ended.next()).rejects.toThrow(DisposedError);
  });

  test("with warnings, which are said here", async () => {
    const warned: string[] = [];
    const compiled = (warn: (message: string) => void) =>
      sequential([dense(2)], { inputShape: [1], seed: 1 }).compile({
        optimizer: "sgd",
        loss: "sparseCategoricalCrossentropy",
        warn,
      });
    const alike = { x: [[1], [1], [1], [1]], y: [0, 0, 0, 0] };
    using here = compiled((message) => warned.push(`here ${message}`));
    await here.fit(alike);
    const said = warned.splice(0).map((message) => message.slice(5));
    expect(said.length).toBeGreaterThan(0);
    await using there = await inWorker(compiled((message) => warned.push(message)));
    await there.fit(alike);
    expect(warned).toEqual(said);
  });

  test("with steps that cost no copy of the weights, unless a callback takes the model", async () => {
    await using remote = await inWorker(build());
    const sizes: (number | string)[] = [];
    const look = (run: FitRun) => {
      try {
        sizes.push(run.model.getWeights().length);
      } catch (error) {
        sizes.push((error as Error).message.split(",")[0]!);
      }
    };
    let run: FitRun;
    const late: Callbacks = {
      onTrainBegin: (begun) => {
        run = begun;
      },
      onBatchEnd: () => look(run),
      onEpochEnd: () => look(run),
    };
    await remote.fit(rows, { batchSize: 200, callbacks: late });
    expect(sizes.splice(0)).toEqual([
      "getWeights(): expected a callback that takes run.model in onTrainBegin",
      ...[4, 4], // it has asked now
    ]);
    let model: FitRun["model"];
    const early: Callbacks = {
      onTrainBegin: (begun) => {
        model = begun.model;
      },
      onBatchEnd: () => void sizes.push(model.getWeights()[1]![0]!),
    };
    await remote.fit(rows, { batchSize: 200, callbacks: early });
    expect(new Set(sizes).size).toBe(2);
    expect(sizes[1]).toBe((await remote.getWeights())[1]![0]);
  });

  test("with several inputs by name, and outputs", async () => {
    const make = () => {
      const [left, right] = [input([2], { name: "left" }), input([3], { name: "right" })];
      const joined = dense(4, { activation: "tanh" })(concatenateLayer()([left, right]));
      return modelOf({
        inputs: { left, right },
        outputs: { a: dense(1)(joined), b: dense(2)(joined) },
        seed: 1,
      }).compile({
        optimizer: "sgd",
        loss: { a: "meanSquaredError", b: "meanSquaredError" },
      });
    };
    using here = make();
    await using there = await inWorker(here);
    const x = {
      left: [
        [1, 2],
        [3, 4],
      ],
      right: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    };
    const y = {
      a: [[1], [2]],
      b: [
        [1, 2],
        [3, 4],
      ],
    };
    await here.fit(x, y, { epochs: 3 });
    await there.fit(x, y, { epochs: 3 });
    const [a, b] = [here.predict(x), await there.predict(x)];
    expect([b.a.array(), b.b.array()]).toEqual([a.a.array(), a.b.array()]);
  });
});

describe("what goes wrong", () => {
  let remote: Remote;
  beforeAll(async () => {
    using model = build();
    remote = await inWorker(model);
  });
  afterAll(() => remote.dispose());
  const fails = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  test("aborts with the reason, and the history so far", async () => {
    const reason = new RangeError("enough");
    const controller = new AbortController();
    const before = await remote.getWeights();
    const callbacks = {
      onEpochEnd: (epoch: number) => void (epoch === 2 && controller.abort(reason)),
    };
    const options = { epochs: 1e6, signal: controller.signal, callbacks };
    expect(await fails(remote.fit(rows, options))).toBe(reason);
    expect((reason as unknown as { history: { loss: number[] } }).history.loss.length).toBe(2);
    expect(await remote.getWeights()).not.toEqual(before);
    expect(await fails(remote.fit(rows, options))).toBe(reason);
    expect(await fails(remote.fit(rows, { signal: AbortSignal.abort("text") }))).toBe("text");
    const hanging = new AbortController();
    const never = {
      onEpochEnd: () => {
        hanging.abort();
        return new Promise(() => {});
      },
    };
    expect(
      await fails(remote.fit(rows, { signal: hanging.signal, callbacks: never })),
    ).toMatchObject({ name: "AbortError" });
    expect((await remote.fit(rows)).epochs).toBe(1);
  });

  test("in a callback comes back as what was thrown, and training goes on afterwards", async () => {
    const boom = { own: "boom" };
    for (const hook of ["onTrainBegin", "onBatchEnd", "onEpochEnd", "onTrainEnd"]) {
      for (const callback of [
        () => {
          throw boom;
        },
        async () => {
          throw boom;
        },
      ]) {
        expect(await fails(remote.fit(rows, { callbacks: { [hook]: callback } }))).toBe(boom);
      }
    }
    expect((await remote.fit(rows, { epochs: 2 })).epochs).toBe(2);
  });

  test("in callbacks that call fit, never end and dispose, as with a model here", async () => {
    const refused: unknown[] = [];
    const onEpochEnd = async () => void refused.push(await fails(remote.fit(rows)));
    expect((await remote.fit(rows, { epochs: 2, callbacks: { onEpochEnd } })).epochs).toBe(2);
    expect(refused.map((error) => (error as Error).message.slice(0, 40))).toEqual([
      ...["fit(): expected a model that is not trai", "fit(): expected a model that is not trai"],
    ]);
    for (const hook of ["onTrainBegin", "onBatchEnd", "onTestBegin"]) {
      const controller = new AbortController();
      const hangs = () => {
        controller.abort(new RangeError("enough"));
        return new Promise(() => {});
      };
      const options = { validationData: held, signal: controller.signal };
      const ended = remote.fit(rows, { ...options, callbacks: { [hook]: hangs } });
      expect(await fails(ended)).toMatchObject({ name: "RangeError", message: "enough" });
    }
    await using other = await inWorker(build());
    const disposing = { onBatchEnd: () => void other.dispose() };
    expect(await fails(other.fit(rows, { callbacks: disposing }))).toBeInstanceOf(DisposedError);
    expect((await remote.fit(rows)).stopReason).toBe("completed");
  });

  test("in batches that end early, change their shape, throw, and hold NaN, as with a model here", async () => {
    const first = [...rows.take(40).batch(20)][0]!;
    const giving = (second: () => unknown) =>
      async function* () {
        yield first;
        const value = second();
        if (value !== undefined) yield value as never;
      };
    const nan = Array.from({ length: 64 }, () => Number.NaN);
    const troubled = [
      giving(() => undefined),
      giving(() => [[[1, 2]], [0]]),
      giving(() => [[nan], [0]]),
      giving(() => 7),
      giving(() => [[], []]),
      giving(() => {
        throw new RangeError("no more");
      }),
    ];
    for (const batches of troubled) {
      using here = build();
      const options = { stepsPerEpoch: 2 } as const;
      const [ours, theirs] = [
        await fails(here.fit(batches, options)),
        await fails(remote.fit(batches, options)),
      ];
      expect(theirs).toBeInstanceOf((ours as Error).constructor);
      // That model has done epochs before.
      const atFirst = (error: unknown) => (error as Error).message.replace(/epoch \d+/, "epoch 1");
      expect(atFirst(theirs)).toBe(atFirst(ours));
      const [said, told] = [
        await fails(here.evaluate(batches)),
        await fails(remote.evaluate(batches)),
      ];
      expect((told as Error | undefined)?.message).toBe((said as Error | undefined)?.message);
    }
    expect((await remote.evaluate(rows.batch(100))).accuracy).toBe(
      (await remote.evaluate(rows)).accuracy,
    );
    expect((await remote.fit(rows)).stopReason).toBe("completed");
  });

  test("is refused with the errors of a model here, at once for what is checked here", async () => {
    using here = build();
    const calls: ((model: Pick<Remote, "fit" | "evaluate" | "predict">) => unknown)[] = [
      (model) => model.fit([[1]], [1]),
      (model) => model.fit(rows, { epochs: -1 }),
      (model) => model.fit(rows, { epoch: 1 } as never),
      (model) => model.fit(rows, { callbacks: { onEpoch: () => {} } as never }),
      (model) => model.fit(rows, { signal: 1 as never }),
      (model) => model.evaluate(rows.x, undefined as never),
      (model) => model.predict([[Number.NaN]]),
    ];
    for (const call of calls) {
      const [ours, theirs] = [
        await fails((async () => call(here as never))()),
        await fails((async () => call(remote))()),
      ];
      expect(theirs).toBeInstanceOf((ours as Error).constructor);
      expect((theirs as Error).message).toBe((ours as Error).message);
    }
    expect(await fails(remote.save({ metadata: { f: (() => {}) as never } }))).toBeInstanceOf(
      ArgumentError,
    );
    expect(await fails(remote.predict({ data: () => {} } as never))).toBeInstanceOf(ArgumentError);
  });

  test("while it trains, as with a model here; the rest goes on", async () => {
    const running = remote.fit(rows, { epochs: 1e6 });
    expect(await fails(remote.fit(rows))).toBeInstanceOf(StateError);
    expect((await remote.predict(held.x)).shape).toEqual([held.length, 10]);
    remote.stop();
    expect((await running).stopReason).toBe("stopped");
  });

  test("as numbers is a NumericError, of which hooks are told", async () => {
    using model = build(sgd({ learningRate: 1e30 }));
    await using wild = await inWorker(model);
    let told: unknown;
    const callbacks = {
      onNumericError: (error: NumericError) => {
        told = error;
      },
    };
    const error = await fails(wild.fit(rows, { callbacks }));
    expect(error).toBeInstanceOf(NumericError);
    expect(error).toEqual(told);
    expect((await wild.fit(rows, { callbacks: { onNumericError: () => "stop" } })).stopReason).toBe(
      "stopped",
    );
  });
});

describe("workers", () => {
  test("know layers of one's own by the address of a module", async () => {
    using model = sequential([centered(), dense(2)], { inputShape: [3], seed: 1 });
    await expect(inWorker(model)).rejects.toThrow(FormatError);
    await using remote = await inWorker(model, { modules: [await addressOf("worker-layers.ts")] });
    expect((await remote.predict([[1, 2, 4]])).array()).toEqual(model.predict([[1, 2, 4]]).array());
  });

  test("that end are a WorkerError for all that waits, and from then on", async () => {
    const late = moduleOf(
      'globalThis.process?.on?.("x", () => {}); setTimeout(() => { throw new Error("late"); }, 300);',
    );
    const remote = await inWorker(build(), { modules: [late] });
    await expect(remote.fit(rows, { epochs: 1e6 })).rejects.toThrow(
      /expected a worker that goes on, got an error: .*late/,
    );
    await expect(remote.predict(held.x)).rejects.toThrow(WorkerError);
    await remote.dispose();
    await expect(
      inWorker(build(), { modules: [moduleOf('throw new RangeError("no module")')] }),
    ).rejects.toThrow("no module");
  });

  test("that are disposed end what is under way with a DisposedError", async () => {
    const remote = await inWorker(build());
    const running = remote.fit(rows, { epochs: 1e6 });
    const [rejected] = await Promise.all([
      running.catch((error: unknown) => error),
      remote.dispose(),
    ]);
    expect(rejected).toBeInstanceOf(DisposedError);
    await expect(remote.getWeights()).rejects.toThrow(DisposedError);
    await remote.dispose();
  });

  test("are made of what makes workers, with options that exist", async () => {
    using model = build();
    const wrong: [object, string][] = [
      [{ worker: 1 }, "inWorker(): worker: expected a function, got 1"],
      [
        { worker: () => 1 },
        "inWorker(): worker: expected a worker of a page or of node:worker_threads, got 1",
      ],
      [{ modules: ["./layers.js"] }, "inWorker(): modules[0]: expected an absolute address"],
      [{ module: [] }, 'inWorker(): unknown option "module"; did you mean "modules"?'],
    ];
    for (const [options, message] of wrong)
      await expect(inWorker(model, options as never)).rejects.toThrow(message);
    await expect(inWorker(1 as never)).rejects.toThrow("inWorker(): expected a model, got 1");
    expect(() => serve()).toThrow(StateError);
    const boom = new Error("mine");
    await expect(
      inWorker(model, {
        worker: () => {
          throw boom;
        },
      }),
    ).rejects.toBe(boom);
  });

  test("get a data set once", async () => {
    const sent: unknown[] = [];
    const data: Dataset = rows.take(40);
    await using remote = await inWorker(build());
    const connection = Reflect.get(remote, "connection") as {
      thread: { post(message: unknown, transfer: unknown): void };
    };
    const post = connection.thread.post;
    connection.thread.post = (message, transfer) => {
      sent.push(message);
      post(message, transfer);
    };
    await remote.fit(data, { epochs: 2, validationData: data });
    await remote.evaluate(data);
    expect(
      JSON.stringify(sent, (key, value) => (key === "data" ? "numbers" : value)).match(/"parts"/g)
        ?.length,
    ).toBe(1);
  });
});
