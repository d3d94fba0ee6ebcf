import type { OptimizerState } from "../optimizers/state.ts";
import type { Training } from "./programs.ts";

/** How a model was compiled, in the file's metadata. */
export interface SavedTraining {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, number | boolean>>;
  /**
   * A name, or with its options and the default that outputs are taken for what they mean; absent for a loss of one's own, which a file
   * cannot hold.
   */
  readonly loss?: string | { readonly name: string; readonly options: object };
  readonly metrics: readonly string[];
  /** Epochs finished; absent without the optimizer's state, and in the first files. */
  readonly epochs?: number;
}

/** How far training has come, apart from the model: what a file holds of it. */
export interface SavedProgress extends OptimizerState {
  /** Epochs finished. */
  readonly epochs: number;
  /** Absent in the first files of losses of one's own. */
  readonly training: SavedTraining | undefined;
}

/** How a model was compiled, as a file words it. */
export function savedTraining(training: Training): SavedTraining {
  const { optimizer, loss, reading, metrics } = training;
  const { hyper, fixed } = optimizer.spec;
  const { name, options } = loss;
  const plain = Object.keys(options).length === 0 && reading?.direct !== false;
  const numbers = Object.keys(hyper).map((hyper) => [hyper, optimizer.getHyper(hyper)] as const);
  return {
    optimizer: optimizer.name,
    options: { ...Object.fromEntries(numbers), ...fixed },
    ...(name !== "" && { loss: plain ? name : { name, options } }),
    metrics: [...metrics.keys()],
  };
}
