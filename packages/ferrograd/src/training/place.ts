import type { Hook, Logs } from "../callbacks/callback.ts";
import type { MetricResult } from "../metrics/metric.ts";
import type { Measures } from "./heads.ts";

/** What is to be waited for: what a function of a callback returned, or a batch. */
export interface Pending {
  readonly of: Hook | "data" | "validationData";
  readonly promise: PromiseLike<unknown>;
}

/** How far a call of `fit` has come: with the weights, the optimizer and the callbacks all that its rest depends on. */
export interface Place {
  /** Epochs that the model had done before. */
  initialEpoch: number;
  /** Epochs of the call that are done. */
  epochs: number;
  /** Steps of the call. */
  steps: number;
  /** Steps of the epoch under way. */
  batch: number;
  /** What comes next: a new epoch, steps of one, its validation, or `onEpochEnd`. */
  next: "epoch" | "steps" | "test" | "end";
  /** The function that callbacks are called with now, if any, and how many have been. */
  calling: { readonly hook: Hook; readonly args: readonly unknown[]; done: number } | undefined;
  /** Rows that a step is about to be taken on. */
  isBetween: boolean;
  /** What the last epoch said. */
  said: Measures;
  history: Record<string, MetricResult[]>;
}

/** A step of a training, or the end of an epoch. */
export interface TrainingStep {
  /** Is it a step, or has an epoch ended? */
  readonly event: "batch" | "epoch";
  /** Counted from 1, on from one call to the next. */
  readonly epoch: number;
  /** Steps of this call. */
  readonly step: number;
  /** Steps of the epoch. */
  readonly batch: number;
  /** The loss and the metrics: of the batch before its update, or the means of the epoch with those of validation. */
  readonly logs: Logs & { readonly loss: number };
}
