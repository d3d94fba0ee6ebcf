import { abs, add, mul, square } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { Regularizer } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, nonNegativeFloat32 } from "../options/index.ts";
import { regularizerFrom } from "./regularizer.ts";

const ofMagnitudes = (x: Tensor, rate: number): Tensor => mul(rate, sum(abs(x)));
const ofSquares = (x: Tensor, rate: number): Tensor => mul(rate, sum(square(x)));

/**
 * rate · Σ|w|, which draws weights to 0 that do little. Default rate 0.01. Keras's L1.
 *
 * @example dense(8, { kernelRegularizer: regularizers.l1(1e-3) })
 * @throws ArgumentError for all but a finite number of 0 or more
 */
export function l1(rate = 0.01): Regularizer {
  const l1 = nonNegativeFloat32("l1()", "rate", rate);
  return regularizerFrom({ name: "l1", config: { l1 }, call: (x) => ofMagnitudes(x, l1) });
}

/**
 * rate · Σw², which keeps weights small. Default rate 0.01. Keras's L2; PyTorch's weight_decay of d is a rate of d / 2.
 *
 * @example dense(8, { kernelRegularizer: regularizers.l2(1e-4) })
 * @throws ArgumentError for all but a finite number of 0 or more
 */
export function l2(rate = 0.01): Regularizer {
  const l2 = nonNegativeFloat32("l2()", "rate", rate);
  return regularizerFrom({ name: "l2", config: { l2 }, call: (x) => ofSquares(x, l2) });
}

/** Options of `l1l2`. */
export interface L1L2Options {
  /** Of the magnitudes (default 0). */
  readonly l1?: number;
  /** Of the squares (default 0). */
  readonly l2?: number;
}

/**
 * l1 · Σ|w| + l2 · Σw², the elastic net. Keras's L1L2.
 *
 * @example dense(8, { kernelRegularizer: regularizers.l1l2({ l1: 1e-4, l2: 1e-3 }) })
 * @throws ArgumentError for all but finite numbers of 0 or more
 */
export function l1l2(options: L1L2Options = {}): Regularizer {
  const where = "l1l2()";
  checkOptions(where, options, ["l1", "l2"]);
  const l1 = nonNegativeFloat32(where, "l1", options.l1 ?? 0);
  const l2 = nonNegativeFloat32(where, "l2", options.l2 ?? 0);
  const call = (x: Tensor) => add(ofMagnitudes(x, l1), ofSquares(x, l2));
  return regularizerFrom({ name: "l1l2", config: { l1, l2 }, call });
}
