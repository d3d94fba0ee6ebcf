import type { DType, Shape, Tensor } from "ferrograd";
import { evaluateF64 } from "ferrograd/check";
import { expectAllclose } from "./allclose.ts";

/** Expects the core's values to be those of the float64 references. */
export function expectReference(
  result: Tensor<Shape, DType>,
  { tol = 2e-6, what = "" }: { tol?: number; what?: string } = {},
): void {
  // What float32 does not hold is infinite in the core.
  const expected = evaluateF64(result).map((v) =>
    Number.isFinite(Math.fround(v)) ? v : Math.fround(v),
  );
  expectAllclose(result.data(), expected, tol, what);
}
