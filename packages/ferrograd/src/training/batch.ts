import type { Features, Labels } from "../values/rows.ts";
import type { Shape } from "../values/shape.ts";
import type { Training } from "./heads.ts";

/** Inputs and targets of some rows, and how much the rows count where that differs: what a program is made for. */
export interface Batch {
  readonly inputs: readonly Labels[];
  readonly targets: readonly Labels[];
  readonly weights: readonly (Features | undefined)[];
  /** All of them that there are, in this order. */
  readonly all: readonly Labels[];
}

/** What a program is made for. */
export interface Made {
  readonly rows: number;
  /** Of all of them, whose first axis may be longer. */
  readonly shapes: readonly Shape[];
  readonly weighted: readonly boolean[];
}

/** Is what was made for these rows? */
export function isFor(made: Made, rows: number, { all, weights }: Batch): boolean {
  if (made.rows !== rows) return false;
  // Loops by number, because a step of a small net takes a microsecond.
  for (let i = 0; i < weights.length; i++) {
    if (made.weighted[i] !== (weights[i] !== undefined)) return false;
  }
  for (let i = 0; i < all.length; i++) if (!sameRow(made.shapes[i]!, all[i]!.shape)) return false;
  return true;
}

/** Have rows of these shapes the same shape? */
function sameRow(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 1; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** A text for the shapes of rows. */
export const rowShapes = (rows: readonly Labels[]): string =>
  rows.map(({ shape }) => shape.slice(1)).join("/");

/** A text for what a program is made for beside the number of rows. */
export const keyOf = ({ inputs, targets, weights }: Batch, { heads }: Training): string =>
  [
    rowShapes(inputs),
    rowShapes(targets),
    heads.map(({ loss }) => loss.labels),
    weights.map((rows) => rows !== undefined),
  ].join("/");
