import type { Callbacks, FitRun } from "../callbacks/callback.ts";
import { boolean, checkOptions, positiveInteger, text } from "../options/index.ts";
import { checkpoint, resume } from "./checkpoint.ts";
import { modelOfRun } from "./run.ts";
import { type Store, storeOf } from "./store.ts";

/** Options of `backupAndRestore`. */
export interface BackupOptions {
  /** The name of the file (default "backup"). */
  readonly name?: string;
  /** After each epoch, or each so many steps (default "epoch"). */
  readonly every?: "epoch" | number;
  /** Take the file away when the training has come to its end (default true). */
  readonly deleteAtEnd?: boolean;
}

/**
 * Makes a training survive the end of its process, or of its page: it keeps a checkpoint in a store, and where it finds one
 * when `fit` begins, goes on from there, bit for bit as if nothing had been. The program is run again as it is. Keras's
 * BackupAndRestore.
 *
 * @example
 * const callbacks = backupAndRestore(fileStore("checkpoints"), { every: 100 });
 * await model.fit(x, y, { epochs: 3, callbacks });
 *
 * @throws ArgumentError for what is no store, and unknown options; from `fit` as `resume`, where the file is of another
 * training, and what the store rejects with
 */
export function backupAndRestore(store: Store, options: BackupOptions = {}): Callbacks {
  const where = "backupAndRestore()";
  const files = storeOf(where, store);
  checkOptions(where, options, ["name", "every", "deleteAtEnd"]);
  const name = text(where, "name", options.name ?? "backup");
  const deletes = boolean(where, "deleteAtEnd", options.deleteAtEnd ?? true);
  const { every = "epoch" } = options;
  if (every !== "epoch") positiveInteger(where, "every", every);
  let run: FitRun;
  const save = () => files.write(name, checkpoint(modelOfRun(where, run)));
  return {
    async onTrainBegin(started: FitRun) {
      run = started;
      const bytes = await files.read(name);
      if (bytes !== undefined) resume(modelOfRun(where, run), bytes);
    },
    ...(every === "epoch"
      ? { onEpochEnd: save }
      : { onBatchEnd: (step: number) => (step % every === 0 ? save() : undefined) }),
    onTrainEnd: () => (deletes ? files.delete(name) : undefined),
  };
}
