import type { Path } from "../../contour.ts";

/** The part of the plane that is drawn. */
export const VIEW = { x: [-7, 9], y: [-9, 5] } as const;
/** A loss that both reach. */
export const GOAL = 0.4;
export const STEPS = 400;
/** Losses whose lines are drawn. */
export const LEVELS = [0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.85, 1, 1.25, 1.5, 2, 2.5];

export interface PathsInput {
  readonly batchSize: number;
  readonly rate: number;
  readonly seed: number;
}

export interface PathFrame extends Path {
  readonly centered: boolean;
  /** Lines of equal loss, as segments: x, y, x, y one after another. */
  readonly lines: readonly { readonly level: number; readonly segments: readonly number[] }[];
}
