import type { ActivationName } from "ferrograd";

export const UNITS = 64;
/** The two that start with the same weights. */
export const PLOTS = ["relu", "leakyRelu"] as const satisfies readonly ActivationName[];
export const PROBE_ROWS = 256;

export interface GraveyardInput {
  readonly learningRate: number;
  readonly seed: number;
  readonly steps: number;
  readonly stepsPerFrame: number;
}

export interface GraveyardPlot {
  /** For each unit the share of the probe's rows on which its input is positive. */
  readonly active: Float32Array; // (units)
  /** Units with slope 0 on every row of the probe. */
  readonly dead: readonly number[];
  readonly accuracy: number;
}

export interface GraveyardFrame {
  readonly step: number;
  readonly plots: readonly GraveyardPlot[];
}
