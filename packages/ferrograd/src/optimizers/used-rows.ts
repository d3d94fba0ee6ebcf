import { leaf } from "../graph/constants.ts";
import { apply, madeBy } from "../graph/op.ts";
import { putAlongOp } from "../graph/ops/along.ts";
import { gatherOp, scatterAddOp } from "../graph/ops/indexing.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { INT } from "../values/dtype.ts";

/** The rows of a table that a batch has used. */
export interface UsedRows {
  /** Their numbers as the batch has them, so that one may come more than once: (count). */
  readonly indices: AnyTensor;
  /** The whole gradient of each: (count, …). */
  readonly gradient: Tensor;
}

/**
 * The rows that a gradient is of, where it is that of a table of which a batch took rows, and fewer than it has: those of all
 * others are 0. What a row has of several places is added in the order of the batch, as in the whole table.
 */
export function usedRows(gradient: Tensor): UsedRows | undefined {
  const made = madeBy(gradient as AnyTensor, scatterAddOp);
  if (made === null) return undefined;
  const [taken, dy] = made.inputs as [AnyTensor, Tensor];
  const [rows, ...rest] = gradient.shape as [number, ...number[]];
  const count = taken.size;
  if (rest.length === 0 || count >= rows || gradient.size === 0 || count === 0) return undefined;
  const indices = reshape(taken as Tensor, [count]) as AnyTensor;
  // Each row that was taken has one place among the places that took it: the last.
  const places = leaf(
    Int32Array.from({ length: count }, (_, i) => i),
    [count],
    INT,
  ) as AnyTensor;
  const none = leaf(new Int32Array(rows), [rows], INT) as AnyTensor;
  const last = apply(putAlongOp, [none, indices, places], { axis: 0, adds: false }) as AnyTensor;
  const own = apply(gatherOp, [last, indices], null) as AnyTensor; // (count)
  const each = reshape(dy, [count, ...rest]);
  const sums = apply(scatterAddOp, [own, each], { shape: each.shape });
  return { indices, gradient: rowsOf(sums, own) };
}

/** Rows of a table by number. */
export const rowsOf = (table: Tensor, indices: AnyTensor): Tensor =>
  apply(gatherOp, [table as AnyTensor, indices], null);
