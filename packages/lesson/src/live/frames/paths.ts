import type { Path } from "../../contour.ts";

/** The part of the plane that is drawn. */
export const VIEW = { x: [-6, 8], y: [-8, 6] } as const;
/** A walk ends at a loss of so many times the lowest. */
export const NEAR = 1.05;
export const STEPS = 400;
/** Losses whose lines are drawn. */
export const LEVELS = [0.47, 0.5, 0.55, 0.6, 0.7, 0.85, 1, 1.25, 1.5, 2, 2.5];

export interface PathsInput {
  readonly batchSize: number;
  readonly rate: number;
  readonly seed: number;
}

/** What two weights walk on. */
export interface Landscape {
  readonly lowest: { readonly weights: readonly [number, number]; readonly loss: number };
  /** Lines of equal loss, as segments: x, y, x, y one after another. */
  readonly lines: readonly { readonly level: number; readonly segments: readonly number[] }[];
}

export interface PathFrame extends Path, Landscape {
  readonly centered: boolean;
}
