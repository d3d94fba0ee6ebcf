import type { OptimizerState } from "../optimizers/state.ts";
import type { Head, Training } from "./heads.ts";

/** How an output is trained, in the file's metadata. */
export interface SavedHead {
  /**
   * A name, or with its options and the default that outputs are taken for what they mean; absent for a loss of one's own, which a file
   * cannot hold.
   */
  readonly loss?: string | { readonly name: string; readonly options: object };
  readonly metrics: readonly string[];
}

/** How a model was compiled, in the file's metadata; of several outputs, `heads` says how. */
export interface SavedTraining extends SavedHead {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly heads?: readonly (SavedHead & { readonly name: string; readonly lossWeight: number })[];
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
export function savedTraining({ optimizer, heads }: Training): SavedTraining {
  const { hyper, fixed } = optimizer.spec;
  const numbers = Object.keys(hyper).map((hyper) => [hyper, optimizer.getHyper(hyper)] as const);
  const saved = heads.map((head) => ({
    ...{ name: head.name, lossWeight: head.lossWeight },
    ...savedHead(head),
  }));
  return {
    optimizer: optimizer.name,
    options: { ...Object.fromEntries(numbers), ...fixed },
    ...(heads.length === 1 ? savedHead(heads[0]!) : { metrics: [], heads: saved }),
  };
}

function savedHead({ loss: { name, options }, reading, metrics }: Head): SavedHead {
  const plain = Object.keys(options).length === 0 && reading?.direct !== false;
  return {
    ...(name !== "" && { loss: plain ? name : { name, options } }),
    metrics: [...metrics.keys()],
  };
}

/** Has it a loss of one's own, so that a file cannot say how it is compiled? */
export const hasOwnLoss = ({ loss, heads }: SavedTraining): boolean =>
  heads === undefined ? loss === undefined : heads.some((head) => head.loss === undefined);
