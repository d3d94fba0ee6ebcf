import {
  adam,
  averageWeights,
  batchNormalization,
  type Callbacks,
  chain,
  checkpoint,
  clipByGlobalNorm,
  cosineDecay,
  csvLogger,
  Dataset,
  dense,
  dropout,
  earlyStopping,
  type FitOptions,
  FormatError,
  gaussianNoise,
  lookahead,
  metrics,
  type Optimizer,
  reduceLROnPlateau,
  resume,
  sequential,
  sgd,
} from "ferrograd";
import { fromArrays } from "ferrograd/data";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { ours } from "./support/shares.ts";

const { x, y } = blobs();
/** Whether a training goes on from each of its checkpoints, or from some. */
const long = import.meta.env.FERROGRAD_LONG === "1";
const data = new Dataset({ x, y });

const net = (optimizer: Optimizer = adam({ learningRate: 0.01 })) =>
  sequential(
    [
      dense(6, { activation: "relu" }),
      batchNormalization(),
      dropout(0.2),
      gaussianNoise(0.1),
      dense(3),
    ],
    {
      inputShape: [4],
      seed: 2,
    },
  ).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy", metrics.auc(), metrics.confusionMatrix()],
  });
type Net = ReturnType<typeof net>;

/** What a training came to, all its numbers. */
interface Outcome {
  readonly result: object;
  readonly weights: number[];
  readonly seen: readonly unknown[];
}

/** Counts what it hears of, and says so in a checkpoint. */
function listener() {
  let heard: unknown[] = [];
  const hear =
    (hook: string) =>
    (...args: unknown[]) =>
      void heard.push(typeof args[0] === "number" ? [hook, ...args] : [hook]);
  const callback: Callbacks = {
    onEpochBegin: hear("onEpochBegin"),
    onBatchEnd: hear("onBatchEnd"),
    onEpochEnd: hear("onEpochEnd"),
    state: () => ({ heard }),
    restore: (state) => {
      heard = [...(state as { heard: unknown[] }).heard];
    },
  };
  return { callback, heard: () => heard };
}

type Train = (model: Net, callbacks: Callbacks[]) => Promise<object>;

/** A whole training. `at` makes a checkpoint in some function of the callback in the middle of three. */
async function whole(
  train: Train,
  optimizer: () => Optimizer,
  at: (save: () => void) => Callbacks,
) {
  using model = net(optimizer());
  const saved: Uint8Array[] = [];
  const [first, last] = [listener(), listener()];
  const between = at(() => saved.push(checkpoint(model)));
  const { ms: _, ...result } = (await train(model, [first.callback, between, last.callback])) as {
    ms: number;
  };
  const seen = [first.heard(), last.heard()];
  return { saved, outcome: { result, weights: flatWeights(model), seen } as Outcome };
}

/** The same, gone on with from a checkpoint, in another model. */
async function rest(train: Train, optimizer: () => Optimizer, bytes: Uint8Array): Promise<Outcome> {
  using model = net(optimizer());
  const [first, last] = [listener(), listener()];
  resume(model, bytes);
  const { ms: _, ...result } = (await train(model, [first.callback, {}, last.callback])) as {
    ms: number;
  };
  return { result, weights: flatWeights(model), seen: [first.heard(), last.heard()] };
}

async function expectSame(
  train: Train,
  optimizer: () => Optimizer,
  at: (save: () => void) => Callbacks,
): Promise<number> {
  const { saved, outcome } = await whole(train, optimizer, at);
  const some = saved.filter((_, i) => long || i % 3 === 1 || i === saved.length - 1);
  for (const bytes of some) expect(await rest(train, optimizer, bytes)).toEqual(outcome);
  return saved.length;
}

const options = { epochs: 3, batchSize: 25, validationSplit: 0.2 } as const;
const onRows: Train = (model, callbacks) =>
  model.fit(x, y, { ...options, callbacks } satisfies FitOptions);
const rates = () => cosineDecay({ initialLearningRate: 0.05, decaySteps: 8 });
const plain = () => adam({ learningRate: 0.01 });

describe("a training that goes on from a checkpoint has the bits of one that was not interrupted", () => {
  const hooks = [
    "onTrainBegin",
    "onEpochBegin",
    "onBatchBegin",
    "onBatchEnd",
    "onTestBegin",
  ].concat(["onTestEnd", "onEpochEnd", "onTrainEnd"]);
  test.each(ours(hooks))("made in %s, whatever callbacks stand before and behind", async (hook) => {
    const count = await expectSame(onRows, plain, (save) => ({ [hook]: save }));
    expect(count).toBe(hook.includes("Batch") ? 6 : hook.includes("Train") ? 1 : 3);
  });

  const optimizers: Record<string, () => Optimizer> = {
    "a schedule": () => adam({ learningRate: rates() }),
    momentum: () => sgd({ learningRate: 0.05, momentum: 0.9 }),
    "a chain": () =>
      chain(adam({ learningRate: 0.01 }), lookahead(), averageWeights({ decay: 0.9 })),
  };
  test.each(ours(Object.keys(optimizers)))("with %s", async (name) => {
    const at = (save: () => void) => ({ onBatchEnd: save });
    expect(await expectSame(onRows, optimizers[name]!, at)).toBe(6);
  });

  const ways: Record<string, Train> = {
    "an array of batches": (model, callbacks) =>
      model.fit([...data.batch(25)], { epochs: 3, callbacks }),
    "an iterable": (model, callbacks) => model.fit(data.batch(25), { epochs: 3, callbacks }),
    "a function of the epoch": (model, callbacks) =>
      model.fit((epoch) => data.shuffle(epoch).batch(25), { epochs: 3, callbacks }),
    "an async function without end": (model, callbacks) =>
      model.fit(
        async function* () {
          for (let epoch = 0; ; epoch++) yield* data.shuffle(epoch).batch(25);
        },
        { epochs: 3, stepsPerEpoch: 2, callbacks },
      ),
    "rows, some of each epoch": (model, callbacks) =>
      model.fit(data, { epochs: 3, batchSize: 10, stepsPerEpoch: 2, callbacks }),
    "steps one by one": async (model, callbacks) => {
      const steps = model.train(data, { epochs: 2, batchSize: 25, callbacks });
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return value;
      }
    },
    "a pipeline": (model, callbacks) => {
      const rows = fromArrays({ data: data.x.data, shape: data.x.shape }, data.y.data);
      return model.fit(rows.shuffle(3).batch(25), { epochs: 3, callbacks });
    },
    "a pipeline without end": (model, callbacks) => {
      const rows = fromArrays({ data: data.x.data, shape: data.x.shape }, data.y.data);
      const batches = rows.shuffle(3).repeat().batch(25);
      return model.fit(batches, { epochs: 3, stepsPerEpoch: 2, callbacks });
    },
    "a pipeline that another training walks through": async (model, callbacks) => {
      const rows = fromArrays({ data: data.x.data, shape: data.x.shape }, data.y.data);
      const batches = rows
        .shuffle(3)
        .batch(25)
        .map(async (batch) => batch);
      using other = net(plain());
      const beside = other.fit(batches, { epochs: 5 });
      const result = await model.fit(batches, { epochs: 3, callbacks });
      await beside;
      return result;
    },
    "a generator with a state": (model, callbacks) =>
      model.fit(counted(), { epochs: 3, stepsPerEpoch: 2, callbacks } as never),
  };
  test.each(ours(Object.keys(ways)))("from %s", async (name) => {
    const at = (save: () => void) => ({ onBatchEnd: save, onEpochEnd: save });
    expect(await expectSame(ways[name]!, plain, at)).toBeGreaterThan(5);
  });

  test("with our callbacks, which know where they were", async () => {
    const run = async (model: Net, callbacks: Callbacks[]) => {
      const stopping = earlyStopping({ monitor: "accuracy", patience: 3 });
      const reduce = reduceLROnPlateau({ monitor: "loss", patience: 1, minDelta: 1, factor: 0.5 });
      const all = [callbacks[0]!, stopping, reduce, ...callbacks.slice(1)];
      const result = await model.fit(x, y, { epochs: 20, batchSize: 30, callbacks: all });
      return { ...result, best: stopping.best, rate: model.optimizer.learningRate };
    };
    const at = (save: () => void) => ({
      onEpochEnd: (epoch: number) => epoch % 3 === 0 && void save(),
    });
    expect(await expectSame(run as Train, plain, at)).toBeGreaterThan(1);
  });

  test("with a log, from which lines of epochs that come again are cut", async () => {
    /** A file of text; bytes are counted, as files do. */
    const file = (text: string) => ({
      text,
      write(more: string) {
        this.text += more;
      },
      truncate(length: number) {
        this.text = new TextDecoder().decode(new TextEncoder().encode(this.text).slice(0, length));
      },
      stat() {
        return { size: new TextEncoder().encode(this.text).length };
      },
    });
    const run = (model: Net, log: ReturnType<typeof file>, ...callbacks: Callbacks[]) =>
      model.fit(x, y, {
        ...{ epochs: 4, batchSize: 30 },
        callbacks: [callbacks[0] ?? {}, csvLogger(log, { separator: "·" }), callbacks[1] ?? {}],
      });
    const before = "what was there\n";
    const whole = file(before);
    using model = net();
    const saved: Uint8Array[] = [];
    const save = { onEpochEnd: () => void saved.push(checkpoint(model)) };
    const inside = { ...save, onBatchEnd: () => void saved.push(checkpoint(model)) };
    await run(model, whole, inside, save); // before a line is written, and after
    expect(whole.text.split("\n").map((line) => line.split("·")[0])).toEqual([
      ...["what was there", "epoch", "1", "2", "3", "4", ""],
    ]);
    expect(saved).toHaveLength(16);
    for (const bytes of ours(saved)) {
      using again = net();
      resume(again, bytes);
      const log = file(whole.text);
      await run(again, log);
      expect(log.text).toBe(whole.text);
    }
    // A file that lost more than the checkpoint knows is not filled up.
    using again = net();
    resume(again, saved.at(-1)!);
    const lost = file("lost");
    await run(again, lost);
    expect(lost.text).toBe("lost");
    // Without a promise, fitSync does it too.
    using sync = net();
    resume(sync, saved[3]!);
    const log = file(whole.text);
    sync.fitSync(x, y, {
      epochs: 4,
      batchSize: 30,
      callbacks: [{}, csvLogger(log, { separator: "·" }), {}],
    });
    expect(log.text).toBe(whole.text);
  });

  test("between two trainings, and before any", async () => {
    using model = net();
    const before = checkpoint(model);
    await onRows(model, []);
    const between = checkpoint(model);
    await onRows(model, []);
    const expected = [flatWeights(model), model.epochs, model.optimizer.steps];
    for (const [bytes, times] of [
      [before, 2],
      [between, 1],
    ] as const) {
      resume(model, bytes); // of the same model, which has gone on
      for (let i = 0; i < times; i++) await onRows(model, []);
      expect([flatWeights(model), model.epochs, model.optimizer.steps]).toEqual(expected);
    }
  });

  test("gone on with twice, and made again before it goes on", async () => {
    const at = (save: () => void) => ({ onBatchEnd: (step: number) => step === 3 && void save() });
    const { saved, outcome } = await whole(onRows, plain, at);
    using model = net();
    resume(model, saved[0]!);
    const again = checkpoint(model);
    expect(await rest(onRows, plain, again)).toEqual(outcome);
    expect(await rest(onRows, plain, again)).toEqual(outcome);
  });

  test("of more epochs than it was begun with", async () => {
    const longer: Train = (model, callbacks) =>
      model.fit(x, y, { ...options, epochs: 5, callbacks });
    const at = (save: () => void) => ({
      onEpochEnd: (epoch: number) => epoch === 3 && void save(),
    });
    const { saved } = await whole(onRows, plain, at);
    const { outcome } = await whole(longer, plain, at);
    const got = await rest(longer, plain, saved[0]!);
    expect([got.weights, got.result]).toEqual([outcome.weights, outcome.result]);
  });
});

/** Batches that say where they are. */
function counted() {
  let at = 0;
  const batches = [...data.batch(25)];
  return {
    *[Symbol.iterator]() {
      for (;;) yield batches[at++ % batches.length]!;
    },
    state: () => ({ at }),
    restore: (state: { at: number }) => {
      at = state.at;
    },
  };
}

describe("what can't be gone on with is refused", () => {
  /** After the second step of two epochs. */
  async function saved(train: Train = onRows) {
    const at = (save: () => void) => ({ onBatchEnd: (step: number) => step === 2 && void save() });
    return (await whole(train, plain, at)).saved[0]!;
  }
  const goesOn = (bytes: Uint8Array, train: (model: Net) => Promise<unknown>, model = net()) => {
    resume(model, bytes);
    return failure(() => train(model));
  };
  const three = [{}, {}, {}].map(() => listener().callback);

  test("other data, options and callbacks, and then goes on with the right ones", async () => {
    const bytes = await saved();
    const wrong = (change: FitOptions, rows: object = { x, y }) =>
      goesOn(bytes, (model) =>
        model.fit(rows as Dataset, { ...options, callbacks: three, ...change }),
      );
    expect(await wrong({ batchSize: 20 })).toBe(
      "ArgumentError: fit(): batchSize: expected 25, as in the checkpoint, got 20; resume() is for the same call of fit",
    );
    expect(await wrong({ shuffle: false })).toContain(
      "shuffle: expected true, as in the checkpoint",
    );
    expect(await wrong({ seed: 5 })).toContain("seed: expected 2, as in the checkpoint, got 5");
    expect(await wrong({ validationSplit: 0.5 })).toMatch(/^(Argument|Data)Error: fit\(\): /);
    expect(await wrong({ callbacks: [] })).toContain("callbacks: expected 3, as in the checkpoint");
    expect(await wrong({ callbacks: [{}, {}, {}] })).toContain(
      "callbacks: 0: expected one with restore",
    );
    const others = blobs(60, 3, 9);
    expect(await wrong({}, others)).toBe(
      "DataError: fit(): data: expected the rows of the checkpoint, got others",
    );
    const batches = await goesOn(bytes, (model) => model.fit(data.batch(5), { callbacks: three }));
    expect(batches).toContain("data: expected rows, as in the checkpoint, got batches");
    const model = net();
    expect(await goesOn(bytes, (one) => one.fit(x, y), model)).toMatch(/^ArgumentError/);
    expect(await failure(() => onRows(model, three))).toBe("no error");
  });

  test("a generator that can be walked through once, by name", async () => {
    function* generated() {
      for (;;) yield* data.batch(25);
    }
    const run: Train = (model, callbacks) =>
      model.fit(generated(), { epochs: 2, stepsPerEpoch: 2, callbacks });
    expect(await goesOn(await saved(run), (model) => run(model, three) as Promise<never>)).toMatch(
      /^StateError: fit\(\): data: expected batches that resume\(\) can go on with, .* got a generator that can be walked through once$/,
    );
  });

  test("batches that are others, or fewer", async () => {
    const run =
      (batches: () => Iterable<never>): Train =>
      (model, callbacks) =>
        model.fit(batches, { epochs: 2, callbacks });
    const bytes = await saved(run(() => data.batch(25) as never));
    const fails = (batches: () => unknown) =>
      goesOn(bytes, (model) => run(batches as never)(model, three));
    expect(await fails(() => data.shuffle(3).batch(25))).toBe(
      "DataError: fit(): data: expected the batches of the checkpoint, got others",
    );
    expect(await fails(() => [[...data.batch(25)][0]])).toBe(
      "DataError: fit(): data: expected at least 2 batches, got 1, fewer than before the checkpoint",
    );
  });

  test("another model, another optimizer, and one that trains", async () => {
    const bytes = await saved();
    const onto = (model: Parameters<typeof resume>[0]) => failure(() => resume(model, bytes));
    expect(await onto(classifier() as never)).toMatch(
      /^ArgumentError: resume\(\): expected a model with "dense\/kernel" \[4, 6\], as in the checkpoint, got "dense\/kernel" \[4, 8\]/,
    );
    expect(await onto(net(sgd()))).toContain('optimizer: expected "adam", as in the checkpoint');
    expect(await onto(net(adam({ learningRate: rates() })))).toContain(
      "learningRate: expected a number, as in the checkpoint",
    );
    const bare = sequential([dense(1)], { inputShape: [1] });
    expect(await onto(bare as never)).toMatch(/^StateError: resume\(\): expected a compiled model/);
    using model = net();
    const inFit = model.fit(x, y, { callbacks: { onBatchEnd: () => resume(model, bytes) } });
    expect(await failure(() => inFit)).toMatch(
      /^StateError: resume\(\): expected a model that is not/,
    );
  });

  const clipped = (norm: number) => chain(clipByGlobalNorm(norm), adam({ learningRate: 0.01 }));
  const others: Record<string, [Optimizer, Optimizer]> = {
    "another flag": [sgd({ momentum: 0.9 }), sgd({ momentum: 0.9, nesterov: true })],
    "another number of a transform": [clipped(1), clipped(2)],
    "another rule": [
      chain(clipByGlobalNorm(1), sgd({ momentum: 0.9 })),
      chain(clipByGlobalNorm(1), sgd({ momentum: 0.8 })),
    ],
    "another order": [clipped(1), chain(adam({ learningRate: 0.01 }), clipByGlobalNorm(1))],
    "other slots": [adam(), adam({ amsgrad: true })],
  };

  test.each(Object.keys(others))("an optimizer with %s", async (name) => {
    const [made, other] = others[name]!;
    using model = net(made);
    using here = net(other);
    const bytes = checkpoint(model);
    expect(await failure(() => resume(here, bytes))).toMatch(
      /^ArgumentError: resume\(\): optimizer: expected \{.*\}, as in the checkpoint, got \{.*\}; compile the model as it was$/,
    );
  });

  test("no other numbers of the optimizer, which are those of the checkpoint", async () => {
    const chained = (learningRate: number) => chain(clipByGlobalNorm(1), sgd({ learningRate }));
    for (const [made, other] of [
      [sgd({ learningRate: 0.5, momentum: 0.9 }), sgd({ learningRate: 0.1, momentum: 0.8 })],
      [chained(0.5), chained(0.1)],
    ] as const) {
      using model = net(made);
      using here = net(other);
      model.trainOnBatch({ x, y });
      resume(here, checkpoint(model));
      for (const one of [model, here]) one.trainOnBatch({ x, y });
      expect(flatWeights(here)).toEqual(flatWeights(model));
    }
  });

  test("callbacks whose state no file can hold", async () => {
    using model = net();
    const fails = (state: () => unknown) =>
      failure(() =>
        model.fit(x, y, { callbacks: { state, onBatchEnd: () => void checkpoint(model) } }),
      );
    expect(await fails(() => ({ a: [() => 1] }))).toMatch(
      /^ArgumentError: checkpoint\(\): place: callbacks: 0: a: 0: expected data that a file can hold/,
    );
    expect(await fails(async () => 1)).toContain(
      "callbacks: 0: state: expected data, got a promise",
    );
    const loop: unknown[] = [];
    loop.push(loop);
    expect(await fails(() => loop)).toContain("objects in objects without end");
    expect(await fails(() => [Number.NaN, -0, undefined, new Int32Array(2), { $a: 1 }])).toBe(
      "no error",
    );
  });

  test("bytes that are cut off, changed or of something else, and nothing has changed then", async () => {
    const bytes = await saved();
    using model = net();
    const before = flatWeights(model);
    const others = [new Uint8Array(0), bytes.slice(0, -1), bytes.slice(8), net().save()];
    for (const other of others) expect(() => resume(model, other)).toThrow(FormatError);
    const { length } = bytes;
    for (let at = 8; at < length; at += 397) {
      const changed = bytes.slice();
      changed[at]! ^= 0x55;
      const error = await failure(() => resume(model, changed));
      expect(error).toMatch(/^(no error|(Format|Argument|Shape|Data)Error: resume\(\))/);
      if (error === "no error") resume(model, checkpoint(net()));
      expect(flatWeights(model)).toEqual(before);
    }
  });
});

describe("layers that are frozen", () => {
  const made = (frozen: boolean) => {
    const model = net();
    model.getLayer("dense").trainable = !frozen;
    return model;
  };
  const goOn = (model: Net) => {
    model.fitSync(data, { epochs: 1 });
    return flatWeights(model);
  };

  test.each([true, false])(
    "after they have been trained go on frozen in a model that has never trained them (%s)",
    (frozen) => {
      const model = made(false);
      model.fitSync(data, { epochs: 1 });
      model.getLayer("dense").trainable = false;
      model.fitSync(data, { epochs: 1 });
      const bytes = checkpoint(model);
      const other = made(frozen);
      resume(other, bytes);
      other.getLayer("dense").trainable = false;
      const [there, here] = [goOn(other), goOn(model)];
      expect(there).toEqual(here);
      // Thawed, they go on from what the optimizer knew of them.
      for (const each of [other, model]) each.getLayer("dense").trainable = true;
      expect(goOn(other)).toEqual(goOn(model));
    },
  );

  test("from the beginning are named where they are not frozen", async () => {
    const bytes = checkpoint(made(true));
    const other = made(false);
    const before = flatWeights(other);
    expect(await failure(() => resume(other, bytes))).toBe(
      'ArgumentError: resume(): optimizer: expected "dense/kernel" to be frozen, as in the checkpoint, got one that trains; set `trainable` as it was',
    );
    expect(flatWeights(other)).toEqual(before);
  });
});
