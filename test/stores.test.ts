import {
  backupAndRestore,
  checkpoint,
  fileStore,
  indexedDbStore,
  loadModel,
  modelCheckpoint,
  NumericError,
  resume,
  StateError,
  terminateOnNaN,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { memoryStore, STEPS, survivor } from "./support/stores.ts";

const { x, y } = blobs();

describe("modelCheckpoint", () => {
  test("writes the model after each epoch, under the names that it is given", async () => {
    using model = classifier();
    const { store, files } = memoryStore();
    const name = (epoch: number, { loss }: Readonly<Record<string, number>>) =>
      `${epoch} ${loss! < 9}`;
    const kept: number[][] = [];
    const onEpochEnd = () => void kept.push(flatWeights(model));
    const callbacks = [modelCheckpoint(store, { name }), { onEpochEnd }];
    await model.fit(x, y, { epochs: 2, callbacks });
    expect([...files.keys()]).toEqual(["1 true", "2 true"]);
    [...files.values()].forEach((file, i) => {
      using loaded = loadModel(file);
      expect(flatWeights(loaded)).toEqual(kept[i]);
    });
  });

  test("writes only what is better, and goes on so from a checkpoint", async () => {
    const { store, files } = memoryStore();
    const callback = modelCheckpoint(store, {
      monitor: "loss",
      saveBestOnly: true,
      name: (epoch) => `${epoch}`,
    });
    using model = classifier();
    const told = (losses: number[], from = 0) =>
      losses.forEach((loss, i) => void callback.onEpochEnd?.(from + i + 1, { loss }));
    const begin = () => callback.onTrainBegin?.({ model, logged: ["loss"] } as never);
    begin();
    told([3, 2, 4, 2, 1]);
    expect([...files.keys()]).toEqual(["1", "2", "5"]);
    const state = callback.state?.();
    begin();
    callback.restore?.(state);
    told([2, 0.5], 5);
    expect([...files.keys()].slice(3)).toEqual(["7"]);
    const missing = model.fit(x, y, { callbacks: modelCheckpoint(store, { saveBestOnly: true }) });
    await expect(missing).rejects.toThrow("modelCheckpoint(): monitor: expected what fit logs");
  });

  test("writes each so many steps what it is told to", async () => {
    using model = classifier();
    const { store, files } = memoryStore();
    const options = { every: 2, save: checkpoint as never, name: (step: number) => `at ${step}` };
    const callbacks = modelCheckpoint(store, options);
    await model.fit(x, y, { batchSize: 12, callbacks });
    expect([...files.keys()]).toEqual(["at 2", "at 4"]);
    resume(model, files.get("at 2")!);
    expect(model.optimizer.steps).toBe(2);
  });

  test("is waited for, and ends fit where a store refuses", async () => {
    using model = classifier();
    const { store } = memoryStore();
    const full = { ...store, write: () => Promise.reject(new Error("full")) };
    expect(await failure(() => model.fit(x, y, { callbacks: modelCheckpoint(full) }))).toBe(
      "Error: full",
    );
    const wrong: readonly (readonly [() => unknown, string])[] = [
      [() => modelCheckpoint({} as never), "modelCheckpoint(): store: expected read, write and"],
      [() => modelCheckpoint(store, { every: 0 }), "modelCheckpoint(): every: expected a positive"],
      [() => modelCheckpoint(store, { every: 2, saveBestOnly: true }), 'every: expected "epoch"'],
      [() => backupAndRestore(store, { evry: 1 } as never), "backupAndRestore(): unknown option"],
      [() => terminateOnNaN({ onNaN: "go on" as never }), "terminateOnNaN(): unknown onNaN"],
    ];
    for (const [call, message] of wrong) expect(call).toThrow(message);
  });
});

describe("backupAndRestore", () => {
  test("goes on where a training was, and takes the file away at its end", async () => {
    const { store, files } = memoryStore();
    const whole = await survivor(memoryStore().store);
    for (const last of [1, 7, STEPS]) {
      const dies = (step: number) => {
        if (step === last) throw new Error("killed");
      };
      expect(await failure(() => survivor(store, dies))).toBe("Error: killed");
      expect([...files.keys()]).toEqual(["backup"]);
      expect(await survivor(store)).toBe(whole);
      expect(files.size).toBe(0);
    }
  });

  test("refuses the file of another training", async () => {
    const { store } = memoryStore();
    const dies = () => {
      throw new Error("killed");
    };
    await failure(() => survivor(store, dies));
    using model = classifier();
    expect(await failure(() => model.fit(x, y, { callbacks: backupAndRestore(store) }))).toMatch(
      /^ArgumentError: resume\(\): expected a model with/,
    );
  });
});

describe("terminateOnNaN", () => {
  /** Trains; in the second epoch the rate is one that overflows. */
  async function overflow(onNaN: "stop" | "restoreLastEpoch") {
    using model = classifier();
    const nan = terminateOnNaN({ onNaN });
    const weights: number[][] = [];
    const breaks = {
      onEpochEnd: () => void weights.push(flatWeights(model)),
      onBatchEnd(step: number) {
        if (step === 4) model.optimizer.learningRate = 3e38;
        if (step > 4) weights.push(flatWeights(model));
      },
    };
    const options = { epochs: 5, batchSize: 20, callbacks: [nan, breaks] };
    const result = await model.fit(x, y, options);
    const { steps, learningRate } = model.optimizer;
    return { result, nan, weights, model: [flatWeights(model), steps, model.epochs, learningRate] };
  }

  test("ends the training without an error, the model as it was before the step", async () => {
    const { result, nan, model } = await overflow("stop");
    expect(result).toMatchObject({ epochs: 1, steps: 4, stopReason: "stopped" });
    expect(nan.error).toBeInstanceOf(NumericError);
    expect(model.slice(1)).toEqual([4, 1, 3e38]);
  });

  test("or as it was at the end of the last epoch, with the optimizer's state", async () => {
    const { result, weights, model } = await overflow("restoreLastEpoch");
    expect(result).toMatchObject({ epochs: 1, stopReason: "stopped" });
    expect(model).toEqual([weights[0], 3, 1, 0.01]);
  });
});

describe("IndexedDB", () => {
  const isThere = typeof indexedDB !== "undefined";

  test.skipIf(isThere)("is refused where there is none", () => {
    expect(() => indexedDbStore()).toThrow(StateError);
  });

  test.runIf(isThere)("keeps files, and fileStore says that it is for other hosts", async () => {
    const store = indexedDbStore("ferrograd test");
    await store.delete("a");
    expect(await store.read("a")).toBeUndefined();
    await store.write("a", Uint8Array.of(1, 2, 3));
    await store.write("a", Uint8Array.of(4));
    expect(await indexedDbStore("ferrograd test").read("a")).toEqual(Uint8Array.of(4));
    await store.delete("a");
    expect(await store.read("a")).toBeUndefined();
    expect(await failure(() => store.read(5 as never))).toMatch(/^\w+Error: indexedDbStore\(\)/);
    expect(() => fileStore("here")).toThrow("fileStore(): expected Node");
  });

  test.runIf(isThere)("a training whose worker is ended goes on bit for bit", async () => {
    const whole = await survivor(memoryStore().store);
    const name = "ferrograd survivor";
    for (const last of [6, 14]) {
      expect(await inWorker(name, last)).toBeUndefined();
      expect(await indexedDbStore(name).read("backup")).toBeInstanceOf(Uint8Array);
    }
    expect(await inWorker(name, STEPS + 1)).toBe(whole);
    expect(await indexedDbStore(name).read("backup")).toBeUndefined();
  });
});

/** Trains in a worker, which is ended at a step. */
function inWorker(name: string, last: number): Promise<string | undefined> {
  const worker = new Worker(new URL("./support/survivor-worker.ts", import.meta.url), {
    type: "module",
  });
  return new Promise<string | undefined>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<number | string>) => {
      if (typeof data === "string") resolve(data);
      else if (data === last) resolve(undefined);
      else worker.postMessage(null);
    };
    worker.postMessage(name);
  }).finally(() => worker.terminate());
}
