import * as ferrograd from "ferrograd";
import type { Door } from "./doors.ts";

const X = [[0], [1], [2], [3]];

/** Trains with a callback that is made; some options say how often something is done. */
function trains(callbacks: ferrograd.Callbacks): void {
  using model = ferrograd
    .sequential([ferrograd.dense(1)], { inputShape: [1] })
    .compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const onBatchEnd = (step: number) => (step === 3 ? "stop" : undefined);
  model.fitSync(X, X, { epochs: 2, batchSize: 2, callbacks: [callbacks, { onBatchEnd }] });
}

const door = (args: () => unknown[], rest: Partial<Door> = {}): Door => ({
  args,
  use: trains,
  ...rest,
});

const silent = () => {};

/** A store that forgets. */
const store = (): ferrograd.Store => ({ read: silent as never, write: silent, delete: silent });

/** One of the stores is for browsers, the other for all else. */
const isBrowser = typeof indexedDB !== "undefined";

const trained = () => {
  const model = ferrograd
    .sequential([ferrograd.dense(1)], { inputShape: [1] })
    .compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
};

/** What fit is given, and what goes on from where it was. */
export const CALLBACK_DOORS: Readonly<Record<string, Door>> = {
  earlyStopping: door(() => [
    {
      ...{ monitor: "loss", patience: 2, minDelta: 0, mode: "min", baseline: 1 },
      ...{ startFromEpoch: 0, restoreBestWeights: true },
    },
  ]),
  reduceLROnPlateau: door(() => [
    {
      ...{ monitor: "loss", factor: 0.5, patience: 1, minDelta: 0, mode: "min" },
      ...{ cooldown: 0, minLearningRate: 0 },
    },
  ]),
  learningRateScheduler: door(() => [() => 0.1]),
  csvLogger: door(() => [silent, { separator: ";", header: true }], { open: [0] }),
  terminateOnNaN: door(() => [{ onNaN: "restoreLastEpoch" }]),
  modelCheckpoint: door(
    () => [
      store(),
      {
        ...{ name: "a", every: "epoch", saveBestOnly: true, save: () => new Uint8Array(1) },
        ...{ monitor: "loss", minDelta: 0, mode: "min" },
      },
    ],
    { open: [0] },
  ),
  backupAndRestore: {
    args: () => [store(), { name: "a", every: 2, deleteAtEnd: true }],
    open: [0],
  },
  fileStore: { args: () => ["folder"], refused: isBrowser },
  indexedDbStore: { args: () => ["database"], refused: !isBrowser },
  checkpoint: { args: () => [trained()] },
  resume: {
    args: () => {
      const model = trained();
      return [model, ferrograd.checkpoint(model)];
    },
  },
  stratified: {
    args: () => [0.5],
    use: (split: ferrograd.RowSplit) =>
      split.held("stratified()", { data: new Int32Array(4), shape: [4] }),
  },
  progress: door(() => [silent, { width: 0 }], { open: [0] }),
};
