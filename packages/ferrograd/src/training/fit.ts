import { type Callbacks, checkCallback } from "../callbacks/callback.ts";
import { ArgumentError } from "../errors.ts";
import type { AnyKnown, NameOf, SaidBy } from "../metrics/metric.ts";
import {
  boolean,
  checkOptions,
  fraction,
  nonNegativeInteger,
  positiveInteger,
  show,
} from "../options/index.ts";
import type { RowsLike } from "../values/rows.ts";
import type { ClassWeights } from "./class-weight.ts";
import type { DataLike, DatasetLike, PerPort } from "./given.ts";

/** Rows that only validate: [x, y] or a data set. */
export type ValidationData = readonly [DataLike, DataLike] | DatasetLike;

/** Options of `fit`; its parameters tell the type of `history` whether there is validation. */
export interface FitOptions<
  Share extends number | undefined = number | undefined,
  Held extends ValidationData | undefined = ValidationData | undefined,
> {
  /** Passes over the data (default 1), beside those of earlier calls. */
  readonly epochs?: number;
  /** Rows per step (default 32); the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Share of the rows, taken from the end before shuffling, that only validates. */
  readonly validationSplit?: Share;
  /** Rows that only validate: [x, y] or a data set. */
  readonly validationData?: Held;
  /** Draw the rows in a new order each epoch (default true). */
  readonly shuffle?: boolean;
  /**
   * How much the rows that train count by their class: `{ 0: 1, 1: 5 }`, by class number or by the data's or model's
   * `classNames` (a class that is not there counts 1), a list of all classes', or "balanced", rows / (classes · rows of
   * the class). Of several outputs by name. Beside `sampleWeight` both count; the loss is the mean over the weights.
   */
  readonly classWeight?: ClassWeights;
  /** How much each row counts in the loss, where the data set does not say. */
  readonly sampleWeight?: PerPort<RowsLike | undefined>;
  /** Decides the orders, one for each epoch as the model counts them (default: the model's seed). */
  readonly seed?: number;
  /** Aborting rejects with the signal's reason, which then carries `history`; the next `fit` begins that epoch again. */
  readonly signal?: AbortSignal;
  readonly callbacks?: Callbacks | readonly Callbacks[];
}

/** Is there certainly validation, with a share of the rows or rows held out of these types? */
export type Validates<Share, Held> = undefined extends Share
  ? undefined extends Held
    ? false
    : true
  : true;

/** Numbers of validation: there where `fit` certainly validates. */
type Validation<M extends AnyKnown, Validated extends boolean> = Validated extends true
  ? { readonly [name in NameOf<M> | "loss" as `val_${name}`]: SaidBy<M, name>[] }
  : { readonly [name in NameOf<M> | "loss" as `val_${name}`]?: SaidBy<M, name>[] };

/** What `fit` returns. */
export interface FitResult<M extends AnyKnown = string, Validated extends boolean = false> {
  /** One number per epoch of this call, of metrics that say more than a number what they say. */
  readonly history: { readonly [name in NameOf<M> | "loss"]: SaidBy<M, name>[] } & Validation<
    M,
    Validated
  >;
  /** Epochs that the model had done before this call. */
  readonly initialEpoch: number;
  /** Epochs finished in this call. */
  readonly epochs: number;
  /** Steps done in this call. */
  readonly steps: number;
  /** From the first step to the last. */
  readonly ms: number;
  /** "stopped" after `model.stop()`, which `earlyStopping` calls too. */
  readonly stopReason: "completed" | "stopped";
}

/** Options of `evaluate`. */
export type EvaluateOptions = Pick<FitOptions, "sampleWeight">;

const OPTIONS = [
  "epochs",
  "batchSize",
  "validationSplit",
  "validationData",
  "shuffle",
  "classWeight",
  "sampleWeight",
  "seed",
  "signal",
  "callbacks",
];

/** Options with their defaults, checked. */
export function fitOptions(options: FitOptions, seed: number) {
  const where = "fit()";
  checkOptions(where, options, OPTIONS);
  const given: unknown = options.callbacks ?? [];
  const callbacks = (Array.isArray(given) ? Array.from(given) : [given]) as Callbacks[];
  for (const callback of callbacks) {
    checkCallback(where, callback);
  }
  const { validationSplit } = options;
  return {
    epochs: positiveInteger(where, "epochs", options.epochs ?? 1),
    batchSize: positiveInteger(where, "batchSize", options.batchSize ?? 32),
    validationSplit:
      validationSplit === undefined ? 0 : fraction(where, "validationSplit", validationSplit),
    shuffle: boolean(where, "shuffle", options.shuffle ?? true),
    seed: nonNegativeInteger(where, "seed", options.seed ?? seed),
    signal: signalOf(where, options.signal),
    callbacks,
  };
}

function signalOf(where: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new ArgumentError(`${where}: signal: expected an AbortSignal, got ${show(signal)}`);
}
