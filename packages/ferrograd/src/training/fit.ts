import { type Callbacks, checkCallback } from "../callbacks/callback.ts";
import { ArgumentError } from "../errors.ts";
import type { AnyKnown, NameOf, SaidBy } from "../metrics/metric.ts";
import {
  boolean,
  checkOptions,
  fraction,
  isCallable,
  isPlain,
  nonNegativeInteger,
  positiveInteger,
  show,
} from "../options/index.ts";
import type { RowsLike } from "../values/rows.ts";
import type { Batches } from "./batches.ts";
import type { ClassWeights } from "./class-weight.ts";
import type { DataLike, DatasetLike, PerPort } from "./given.ts";
import type { RowSplit } from "./stratified.ts";

/** Rows that only validate: [x, y], a data set, or batches that can be walked through again and again. */
export type ValidationData = readonly [DataLike, DataLike] | DatasetLike | Batches;

/** A share of the rows, taken from the end, or of each class: `stratified(0.2)`. */
export type ValidationShare = number | RowSplit;

/** Options of `fit`; its parameters tell the type of `history` whether there is validation. */
export interface FitOptions<
  Share extends ValidationShare | undefined = ValidationShare | undefined,
  Held extends ValidationData | undefined = ValidationData | undefined,
> {
  /** Passes over the data (default 1), beside those of earlier calls. */
  readonly epochs?: number;
  /** Rows per step (default 32); the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /**
   * Steps of an epoch (default all that there are). Of rows it takes so many batches of each order; batches that come
   * one after the other go on where the last epoch ended.
   */
  readonly stepsPerEpoch?: number;
  /** Share of the rows, taken from the end before shuffling, that only validates; of each class with `stratified(0.1)`. */
  readonly validationSplit?: Share;
  /** What only validates: [x, y], a data set, or batches that can be walked through in each epoch. */
  readonly validationData?: Held;
  /** Validate after each so many epochs of this call (default 1); `history` has what was measured. */
  readonly validationFreq?: number;
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

/** Those that say how rows are cut into batches. */
const OF_ROWS = ["batchSize", "shuffle", "validationSplit", "sampleWeight"] as const;
const OPTIONS = [
  ...OF_ROWS,
  "epochs",
  "stepsPerEpoch",
  "validationData",
  "classWeight",
  "validationFreq",
  "seed",
  "signal",
  "callbacks",
];

/** May these be options, rather than targets? */
export const areOptions = (value: unknown): boolean =>
  value === undefined ||
  (isPlain(value) && Object.keys(value).every((name) => OPTIONS.includes(name)));

/** Refuses what is said of rows where there are batches. */
export function checkBatchOptions(options: FitOptions): void {
  const wrong = OF_ROWS.find((name) => options[name] !== undefined);
  if (JSON.stringify(options.classWeight)?.includes('"balanced"')) {
    throw new ArgumentError(
      'fit(): classWeight: expected rows that can be counted, got "balanced" with batches as they come; give numbers',
    );
  }
  if (wrong === undefined) return;
  const remedy = REMEDY[wrong];
  throw new ArgumentError(
    `fit(): ${wrong}: expected rows that fit cuts into batches, got batches as they come${remedy}`,
  );
}

const REMEDY: { readonly [name in (typeof OF_ROWS)[number]]: string } = {
  batchSize: "",
  shuffle: "",
  validationSplit: "; give validationData",
  sampleWeight: "; put the weights into the batches: [x, y, sampleWeight]",
};

/** Options with their defaults, checked. */
export function fitOptions(options: FitOptions, seed: number) {
  const where = "fit()";
  checkOptions(where, options, OPTIONS);
  const given: unknown = options.callbacks ?? [];
  const callbacks = (Array.isArray(given) ? Array.from(given) : [given]) as Callbacks[];
  for (const callback of callbacks) {
    checkCallback(where, callback);
  }
  const { stepsPerEpoch } = options;
  return {
    epochs: positiveInteger(where, "epochs", options.epochs ?? 1),
    batchSize: positiveInteger(where, "batchSize", options.batchSize ?? 32),
    stepsPerEpoch:
      stepsPerEpoch === undefined
        ? undefined
        : positiveInteger(where, "stepsPerEpoch", stepsPerEpoch),
    validationSplit: shareOf(where, options.validationSplit ?? 0),
    validationFreq: positiveInteger(where, "validationFreq", options.validationFreq ?? 1),
    shuffle: boolean(where, "shuffle", options.shuffle ?? true),
    seed: nonNegativeInteger(where, "seed", options.seed ?? seed),
    signal: signalOf(where, options.signal),
    callbacks,
  };
}

function shareOf(where: string, share: unknown): ValidationShare {
  const isSplit = isPlain(share) && isCallable(share.held);
  return isSplit ? (share as unknown as RowSplit) : fraction(where, "validationSplit", share);
}

/** A signal, where one was given. */
export function signalOf(where: string, signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new ArgumentError(`${where}: signal: expected an AbortSignal, got ${show(signal)}`);
}
