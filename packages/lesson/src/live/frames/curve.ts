/** The curves are drawn from -REACH to REACH. */
export const REACH = 8;
export const POINTS = 641;

/** Where a unit is: it learns, its f is flat, or it is off because f' is 0. */
export type State = "open" | "saturated" | "off";

export interface CurveFrame {
  readonly x: readonly number[];
  readonly y: Float32Array;
  readonly slope: Float32Array;
  /** Of the slope's magnitude. */
  readonly log10Slope: Float32Array;
  readonly states: readonly State[];
  /** 2.7 % of the largest slope: below it a flat end counts as saturated. */
  readonly threshold: number;
  /** Of outputs for normal inputs (mean 0, deviation 1). */
  readonly outputs: { readonly mean: number; readonly positive: number };
}
