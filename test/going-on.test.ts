import {
  adam,
  type Callbacks,
  dense,
  dropout,
  earlyStopping,
  type FitOptions,
  loadModel,
  mean,
  type Optimizer,
  sequential,
  sgd,
  square,
  sub,
  type Tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const floats = { data: Float32Array.from(y), shape: [60, 1] };

const layers = (units: number) => [dense(8, { activation: "relu" }), dropout(0.3), dense(units)];
const net = (optimizer: Optimizer = adam({ learningRate: 0.01 })) =>
  sequential(layers(3), { inputShape: [4], seed: 11 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
  });

const ownLoss = (yTrue: Tensor, yPred: Tensor) => mean(square(sub(yTrue, yPred)), { axis: -1 });
const ownNet = (optimizer: Optimizer = adam({ learningRate: 0.01 })) =>
  sequential(layers(1), { inputShape: [4], seed: 11 }).compile({ optimizer, loss: ownLoss });

type Net = Pick<ReturnType<typeof net>, "fitSync" | "epochs" | "getWeights">;

/** Epoch numbers that callbacks see. */
function epochsSeen(model: Net, options: FitOptions): number[] {
  const seen: number[] = [];
  const callbacks: Callbacks = { onEpochEnd: (epoch) => seen.push(epoch) };
  model.fitSync(x, y, { batchSize: 16, ...options, callbacks });
  return seen;
}

describe("a fit goes on where the last one ended", () => {
  test("fit(3) twice has the bits of fit(6)", () => {
    using whole = net();
    using halves = net();
    expect(epochsSeen(whole, { epochs: 6 })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(epochsSeen(halves, { epochs: 3 })).toEqual([1, 2, 3]);
    expect(epochsSeen(halves, { epochs: 3 })).toEqual([4, 5, 6]);
    expect(flatWeights(halves)).toEqual(flatWeights(whole));
    expect([whole.epochs, halves.epochs]).toEqual([6, 6]);
  });

  test("fit(3), save, load, fit(3) too", () => {
    using whole = net();
    const { loss } = whole.fitSync(x, y, { epochs: 6, batchSize: 16 }).history;
    using half = net();
    half.fitSync(x, y, { epochs: 3, batchSize: 16 });
    using loaded = loadModel(half.save({ includeOptimizer: true }));
    expect(loaded.epochs).toBe(3);
    const second = loaded.fitSync(x, y, { epochs: 3, batchSize: 16 });
    expect([second.initialEpoch, second.epochs, loaded.epochs]).toEqual([3, 3, 6]);
    expect(second.history.loss).toEqual(loss.slice(3));
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
  });

  test("a seed of its own counts on in its own orders", () => {
    using whole = net();
    whole.fitSync(x, y, { epochs: 5, batchSize: 16, seed: 99 });
    using parts = net();
    parts.fitSync(x, y, { epochs: 2, batchSize: 16, seed: 99 });
    parts.fitSync(x, y, { epochs: 3, batchSize: 16, seed: 99 });
    expect(flatWeights(parts)).toEqual(flatWeights(whole));
    using mixed = net();
    mixed.fitSync(x, y, { epochs: 2, batchSize: 16, seed: 99 });
    mixed.fitSync(x, y, { epochs: 3, batchSize: 16 });
    expect(flatWeights(mixed)).not.toEqual(flatWeights(whole));
  });

  test("callbacks hear how many epochs were before, and from which on these count", () => {
    using model = net();
    const runs: number[][] = [];
    const callbacks: Callbacks = {
      onTrainBegin: ({ initialEpoch, epochs }) => runs.push([initialEpoch, epochs]),
    };
    model.fitSync(x, y, { epochs: 2, callbacks });
    model.fitSync(x, y, { callbacks });
    expect(runs).toEqual([
      [0, 2],
      [2, 1],
    ]);
  });

  test("what onEpochEnd saves has that epoch", () => {
    using whole = net();
    whole.fitSync(x, y, { epochs: 4, batchSize: 16 });
    using model = net();
    const files: Uint8Array[] = [];
    const callbacks: Callbacks = {
      onEpochEnd: () => files.push(model.save({ includeOptimizer: true })),
    };
    model.fitSync(x, y, { epochs: 4, batchSize: 16, callbacks });
    files.forEach((file, i) => {
      using loaded = loadModel(file);
      expect(loaded.epochs).toBe(i + 1);
      if (i < 3) loaded.fitSync(x, y, { epochs: 3 - i, batchSize: 16 });
      expect(flatWeights(loaded)).toEqual(flatWeights(whole));
    });
  });
});

describe("what counts as an epoch", () => {
  test("one that was stopped half-way does not: the next fit begins it again", () => {
    using model = net();
    const callbacks: Callbacks = { onBatchEnd: (step) => step === 6 && model.stop() };
    const { epochs } = model.fitSync(x, y, { epochs: 5, batchSize: 16, callbacks });
    expect([epochs, model.epochs]).toEqual([1, 1]);
    expect(epochsSeen(model, { epochs: 2 })).toEqual([2, 3]);
  });

  test("nor does one that was aborted", async () => {
    using model = net();
    const abort = new AbortController();
    const callbacks: Callbacks = { onBatchEnd: (step) => step === 6 && abort.abort() };
    const { signal } = abort;
    const run = model.fit(x, y, { epochs: 5, batchSize: 16, callbacks, signal });
    await expect(run).rejects.toMatchObject({ history: { loss: [expect.any(Number)] } });
    expect(model.epochs).toBe(1);
    expect(epochsSeen(model, {})).toEqual([2]);
  });

  test("nor one whose step failed, nor trainOnBatch", () => {
    using model = net(sgd());
    model.trainOnBatch(x, y);
    expect(model.epochs).toBe(0);
    model.fitSync(x, y);
    const huge = { data: x.data.map((value) => value * 1e38), shape: x.shape };
    expect(() => model.fitSync(huge, y)).toThrow(/\(epoch 2, batch 1\)/);
    expect(model.epochs).toBe(1);
  });

  test("one that validates does, and one after which early stopping ends the training", () => {
    using model = net(sgd({ learningRate: 0 }));
    const stopping = earlyStopping({ patience: 2 });
    const options = { epochs: 9, validationSplit: 0.2, callbacks: stopping };
    expect(model.fitSync(x, y, options).epochs).toBe(3);
    expect([model.epochs, stopping.bestEpoch]).toEqual([3, 1]);
    // The next run finds its own best epoch, among its own.
    expect(model.fitSync(x, y, options).epochs).toBe(3);
    expect([model.epochs, stopping.bestEpoch]).toEqual([6, 4]);
  });
});

describe("the count is that of the optimizer", () => {
  test("another one starts at 0, and the first goes on when it comes back", () => {
    const first = adam();
    using model = net(first);
    const compile = (optimizer: Optimizer | "sgd") =>
      model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
    model.fitSync(x, y, { epochs: 2 });
    expect(epochsSeen(compile("sgd"), {})).toEqual([1]);
    expect(epochsSeen(compile(first), {})).toEqual([3]);
    expect(epochsSeen(compile(model.optimizer), {})).toEqual([4]);
  });

  test("compiled by name, it may be compiled with again", () => {
    using model = sequential([dense(3)], { inputShape: [4] }).compile({
      optimizer: "adam",
      loss: "sparseCategoricalCrossentropy",
    });
    model.fitSync(x, y);
    model.compile({ optimizer: model.optimizer, loss: "sparseCategoricalCrossentropy" });
    model.fitSync(x, y);
    expect([model.optimizer.steps, model.epochs]).toEqual([4, 2]);
  });

  test("a file without its state starts at 0, as does a model that is not compiled", () => {
    using model = net();
    model.fitSync(x, y, { epochs: 2 });
    using loaded = loadModel(model.save());
    expect(epochsSeen(loaded, {})).toEqual([1]);
    using fresh = sequential([dense(1)], { inputShape: [1] });
    expect(fresh.epochs).toBe(0);
  });
});

describe("a model with a loss of its own, saved with its optimizer", () => {
  /** Trains 3 epochs and saves. */
  function file(optimizer?: Optimizer): Uint8Array {
    using model = ownNet(optimizer);
    model.fitSync(x, floats, { epochs: 3, batchSize: 16 });
    return model.save({ includeOptimizer: true });
  }

  /** Compiles what is in a file, and goes on; what it says meanwhile. */
  function goOn(bytes: Uint8Array, optimizer: Optimizer | "adam") {
    const model = loadModel(bytes);
    const said: string[] = [];
    const warn = (message: string) => said.push(message);
    const compiled = model.compile({ optimizer, loss: ownLoss, warn });
    const { epochs } = compiled;
    const { steps } = compiled.optimizer;
    compiled.fitSync(x, floats, { epochs: 3, batchSize: 16 });
    const weights = flatWeights(compiled);
    compiled.dispose();
    return { said, epochs, steps, weights };
  }

  test("loads uncompiled, and goes on when it is compiled as it was", () => {
    using whole = ownNet();
    whole.fitSync(x, floats, { epochs: 6, batchSize: 16 });
    const bytes = file();
    using loaded = loadModel(bytes);
    expect(loaded.summary()).toContain("not compiled");
    expect(loaded.epochs).toBe(3);
    const { weights, ...rest } = goOn(bytes, adam({ learningRate: 0.01 }));
    expect(rest).toEqual({ said: [], epochs: 3, steps: 12 });
    expect(weights).toEqual(flatWeights(whole));
  });

  test("may go on with another rate", () => {
    expect(goOn(file(), "adam")).toMatchObject({ said: [], epochs: 3, steps: 12 });
  });

  test("is the same file when it is saved again before that", () => {
    const bytes = file();
    using loaded = loadModel(bytes);
    expect(loaded.save({ includeOptimizer: true })).toEqual(bytes);
    using without = loadModel(loaded.save());
    expect(without.epochs).toBe(0);
  });

  test("starts anew with another optimizer, and says so", () => {
    const remedy =
      "to go on from there, load it again and compile with a new optimizer of that kind";
    expect(goOn(file(), sgd())).toMatchObject({
      said: [
        `compile(): sgd starts anew: the file keeps the state of adam (m, v) after 12 steps; ${remedy}`,
      ],
      epochs: 0,
      steps: 0,
    });
    expect(goOn(file(), adam({ amsgrad: true })).said).toEqual([
      `compile(): adam (m, v, vMax) starts anew: the file keeps the state of adam (m, v) after 12 steps; ${remedy}`,
    ]);
    expect(goOn(file(sgd()), "adam").said).toEqual([
      `compile(): adam (m, v) starts anew: the file keeps the state of sgd after 12 steps; ${remedy}`,
    ]);
  });

  test("leaves an optimizer alone that trains another model", () => {
    const optimizer = adam();
    using other = ownNet(optimizer);
    other.trainOnBatch(x, floats);
    const { said, epochs, steps } = goOn(file(), optimizer);
    expect(said[0]).toMatch(/^compile\(\): adam \(m, v\), with 1 step of its own, starts anew: /);
    expect([epochs, steps]).toEqual([0, 1]);
  });

  test("a refused compile loses nothing", async () => {
    using loaded = loadModel(file());
    const disposed = adam();
    disposed.dispose();
    const compile = (optimizer: Optimizer, loss: never) => loaded.compile({ optimizer, loss });
    expect(await failure(() => compile(adam(), "mse" as never))).toMatch(/^ArgumentError/);
    expect(await failure(() => compile(disposed, ownLoss as never))).toMatch(/^DisposedError/);
    expect(compile(adam(), ownLoss as never).epochs).toBe(3);
  });
});
