import type { DType, Shape, Tensor } from "ferrograd";
import { evaluateF64 } from "ferrograd/check";
import { expectAllclose } from "./allclose.ts";

/** Expects the core's values to be those of the float64 references. */
export function expectReference(
  result: Tensor<Shape, DType>,
  { tol = 2e-6, what = "" }: { tol?: number; what?: string } = {},
): void {
  const expected = evaluateF64(result);
  expectAllclose(result.data(), expected, tol, what);
}
