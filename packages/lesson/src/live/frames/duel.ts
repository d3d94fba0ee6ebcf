import type { ActivationName } from "ferrograd";

export interface DuelInput {
  readonly names: readonly [ActivationName, ActivationName];
  /** Hidden layers of 32 units. */
  readonly depth: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly epochs: number;
  readonly stepsPerFrame: number;
}

/** Batches of an epoch: 1,437 rows in batches of 32. */
export const STEPS_PER_EPOCH = 45;

export interface Side {
  /** Mean over the batches since the last frame; NaN where numbers left float32. */
  readonly loss: number;
  /** On the rows that nobody trains on. */
  readonly accuracy: number;
  /** Time of a training step so far, in microseconds. */
  readonly stepTime: number;
}

export interface DuelFrame {
  readonly step: number;
  readonly sides: readonly [Side, Side];
}
