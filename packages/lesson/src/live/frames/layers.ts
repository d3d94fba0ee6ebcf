import type { ActivationName } from "ferrograd";

export const DEPTH = 10;
export const WIDTH = 64;
/** Deviations of Glorot's and He's normal distributions for layers of 64. */
export const GLOROT = 0.125;
export const HE = Math.sqrt(2 / WIDTH);
export const BINS = 31;

export interface LayersInput {
  readonly name: ActivationName;
  /** Of the hidden layers' weights. */
  readonly stddev: number;
  readonly seed: number;
}

export interface LayerFrame {
  /** Shares of the activations, from `low` to `high` in equal bins. */
  readonly shares: readonly number[];
  /** Shares outside. */
  readonly below: number;
  readonly above: number;
  readonly deviation: number;
  readonly saturated: number;
  /** Units with slope 0 on every row. */
  readonly dead: number;
  /** Of the loss by the layer's weights. */
  readonly gradientNorm: number;
  readonly log10Gradient: number;
}

export interface LayersFrame {
  readonly low: number;
  readonly high: number;
  readonly layers: readonly LayerFrame[];
}
