import { ArgumentError, ShapeError } from "../../errors.ts";
import { type AnyTensor, type DType, showShape } from "../tensor.ts";

/** The tensor, if its type is the one the op works on. */
export function requireType(op: string, x: AnyTensor, dtype: DType): AnyTensor {
  if (x.dtype !== dtype) {
    const article = dtype === "int32" ? "an" : "a";
    throw new ArgumentError(
      `${op}(): expected ${article} ${dtype} tensor, got ${x.dtype}; cast() converts`,
    );
  }
  return x;
}

export const requireFloat = (op: string, x: AnyTensor): AnyTensor => requireType(op, x, "float32");

/** An axis counted from the front; negative ones count from the end. */
export function axisOf(op: string, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank) {
    throw new ArgumentError(
      `${op}(): axis: expected an integer from ${-rank} to ${rank - 1}, got ${axis}`,
    );
  }
  return at;
}

/** The tensor, if it has at least this many axes. */
export function requireRank(op: string, x: AnyTensor, rank: number): AnyTensor {
  if (x.rank < rank) {
    throw new ShapeError(
      `${op}(): expected at least ${rank} axes, got shape ${showShape(x.shape)}`,
    );
  }
  return x;
}
