import type { LossRow, SavedLoss } from "../losses/loss.ts";
import type { SavedMetric } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { OptimizerState } from "../optimizers/state.ts";
import type { Head, Training } from "./heads.ts";

/** How an output is trained, in the file's metadata. */
export interface SavedHead {
  /**
   * A name, or with its options and the default that outputs are taken for what they mean; absent for a loss of one's own
   * without a name, which a file cannot hold.
   */
  readonly loss?: string | SavedLoss;
  readonly metrics: readonly (string | SavedMetric)[];
}

/** How a model was compiled, in the file's metadata; of several outputs, `heads` says how. */
export interface SavedTraining extends SavedHead {
  readonly optimizer: string;
  /** Is the optimizer one's own, made again by what `loadModel` is given? */
  readonly own?: true;
  /** Makes the optimizer again, in this process: in no file. */
  readonly again?: () => Optimizer;
  /** A schedule is its name and its options. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly heads?: readonly (SavedHead & { readonly name: string; readonly lossWeight: number })[];
  /** Epochs finished; absent without the optimizer's state, and in the first files. */
  readonly epochs?: number;
}

/** Another numerics version, that training goes on from, and what is to be said of it then. */
export interface OtherNumerics {
  readonly numerics: number;
  readonly warning: string;
}

/** How far training has come, apart from the model: what a file holds of it. */
export interface SavedProgress extends OptimizerState {
  /** Epochs finished. */
  readonly epochs: number;
  /** Where the file that it is from is of another numerics version. */
  readonly from?: OtherNumerics | undefined;
  /** Absent in the first files of losses of one's own. */
  readonly training: SavedTraining | undefined;
}

/** How a model was compiled, as a file words it. */
export function savedTraining({ optimizer, heads }: Training): SavedTraining {
  const { givenRate, spec, schedule } = optimizer;
  const { hyper, fixed, own, again } = spec;
  const numbers = Object.keys(hyper).map((hyper) => [hyper, optimizer.getHyper(hyper)] as const);
  const saved = heads.map((head) => ({
    ...{ name: head.name, lossWeight: head.lossWeight },
    ...savedHead(head),
  }));
  return {
    optimizer: optimizer.name,
    ...(own && { own }),
    ...(again && { again: () => again(givenRate) }),
    options: {
      ...Object.fromEntries(numbers),
      ...fixed,
      ...(schedule && { learningRate: schedule }),
    },
    ...(heads.length === 1 ? savedHead(heads[0]!) : { metrics: [], heads: saved }),
  };
}

function savedHead({ loss, reading, metrics, streams }: Head): SavedHead {
  const saved = savedLoss(loss, reading);
  const all = [...metrics, ...streams].map(([name, { value }]) => value?.spec.saved ?? name);
  return { ...(saved && { loss: saved }), metrics: all };
}

function savedLoss({ name, options, saved }: LossRow, reading: Head["reading"]): SavedHead["loss"] {
  if (name === "") return saved;
  const plain = Object.keys(options).length === 0 && reading?.direct !== false;
  return plain ? name : { name, options };
}

const headsOf = (saved: SavedTraining): readonly SavedHead[] => saved.heads ?? [saved];

/** Is a loss of it one's own and without a name, so that a file cannot say how it is compiled? */
export const isUnsayable = (saved: SavedTraining): boolean =>
  headsOf(saved).some(({ loss }) => loss === undefined);

/** Is something of it one's own, so that it is not made again from what the file says alone? */
export const hasOwn = (saved: SavedTraining): boolean =>
  headsOf(saved).some(({ loss, metrics }) => isOwn(loss) || metrics.some(isOwn)) ||
  hasOwnOptimizer(saved);

/** Is the optimizer one's own, or something in it? */
export const hasOwnOptimizer = ({ own, options }: SavedTraining): boolean =>
  holdsOwn({ own, options });

/** Is an optimizer, or a schedule or transform among its options, one's own? */
const holdsOwn = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ((value as { own?: unknown }).own === true || Object.values(value).some(holdsOwn));

/** Is a loss or a metric one's own? */
export const isOwn = (saved: SavedHead["loss"] | SavedMetric | null): boolean =>
  saved === undefined || (saved as { own?: unknown } | null)?.own === true;
