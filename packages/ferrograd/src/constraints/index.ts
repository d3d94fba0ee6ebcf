import { ArgumentError } from "../errors.ts";
import { add, div, maximum, minimum, mul, sqrt, square } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { axesOf } from "../graph/ops/require.ts";
import type { Constraint } from "../graph/rule.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, nonNegativeFloat32, show } from "../options/index.ts";
import { constraintFrom } from "./constraint.ts";

/** Options of constraints of norms. */
export interface ConstraintOptions {
  /**
   * The axes that are one vector (default 0): of a kernel (in, units) 0 are the weights of a unit, of a table (ids, width)
   * 1 are the numbers of an id.
   */
  readonly axis?: number | readonly number[];
}

/** Added to norms that are divided by, as in Keras. */
const EPSILON = 1e-7;

/** The axes that are asked for, copied. */
function axisOf(where: string, axis: unknown = 0): number | number[] {
  const axes: unknown[] = Array.isArray(axis) ? Array.from(axis as unknown[]) : [axis];
  if (axes.length > 0 && axes.every(Number.isInteger)) {
    return Array.isArray(axis) ? (axes as number[]) : (axis as number);
  }
  throw new ArgumentError(
    `${where}: axis: expected an integer or a list of them, got ${show(axis)}`,
  );
}

/** w with other norms along the axes. */
function withNorms(
  name: string,
  w: Tensor,
  axis: number | readonly number[],
  wanted: (norms: Tensor) => Tensor | number,
): Tensor {
  const norms = sqrt(sum(square(w), { axis: axesOf(name, axis, w.rank), keepDims: true }));
  return mul(w, div(wanted(norms), add(norms, EPSILON)));
}

/**
 * Norms along the axes are at most this (default 2): w · min(|w|₂, maxValue) / (|w|₂ + 1e-7) (Srivastava et al. 2014).
 * Keras's MaxNorm.
 *
 * @example dense(8, { kernelConstraint: constraints.maxNorm(2) })
 * @throws ArgumentError for a norm that is no number of 0 or more, and axes that are no integers; where a variable is made
 * for it, for axes that it does not have
 */
export function maxNorm(maxValue = 2, options: ConstraintOptions = {}): Constraint {
  const where = "maxNorm()";
  const most = nonNegativeFloat32(where, "maxValue", maxValue);
  checkOptions(where, options, ["axis"]);
  const axis = axisOf(where, options.axis);
  return constraintFrom({
    name: "maxNorm",
    config: { maxValue: most, axis },
    call: (w) => withNorms("maxNorm", w, axis, (norms) => minimum(norms, most)),
  });
}

/**
 * Norms along the axes are 1: w / (|w|₂ + 1e-7); zeros stay zeros. Keras's UnitNorm.
 *
 * @example embedding(1000, 8, { embeddingsConstraint: constraints.unitNorm({ axis: 1 }) })
 * @throws ArgumentError as `maxNorm`
 */
export function unitNorm(options: ConstraintOptions = {}): Constraint {
  checkOptions("unitNorm()", options, ["axis"]);
  const axis = axisOf("unitNorm()", options.axis);
  const call = (w: Tensor) => withNorms("unitNorm", w, axis, () => 1);
  return constraintFrom({ name: "unitNorm", config: { axis }, call });
}

/**
 * No weight is below 0: max(w, 0). Keras's NonNeg.
 *
 * @example dense(8, { kernelConstraint: constraints.nonNeg() })
 */
export const nonNeg = (): Constraint =>
  constraintFrom({ name: "nonNeg", call: (w) => maximum(w, 0) });

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions extends ConstraintOptions {
  /** Default 0. */
  readonly minValue?: number;
  /** Default 1. */
  readonly maxValue?: number;
  /** How far a step goes towards them, from 0 to 1 (default 1: all the way). */
  readonly rate?: number;
}

/**
 * Norms along the axes go towards the range: w · (rate · min(max(|w|₂, minValue), maxValue) + (1 − rate) · |w|₂) / (|w|₂ +
 * 1e-7). Keras's MinMaxNorm.
 *
 * @example dense(8, { kernelConstraint: constraints.minMaxNorm({ minValue: 0.5, maxValue: 2 }) })
 * @throws ArgumentError as `maxNorm`, for a rate outside 0..1 and where the least is above the most
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): Constraint {
  const where = "minMaxNorm()";
  checkOptions(where, options, ["minValue", "maxValue", "rate", "axis"]);
  const minValue = nonNegativeFloat32(where, "minValue", options.minValue ?? 0);
  const maxValue = nonNegativeFloat32(where, "maxValue", options.maxValue ?? 1);
  const rate = nonNegativeFloat32(where, "rate", options.rate ?? 1);
  const axis = axisOf(where, options.axis);
  if (rate > 1)
    throw new ArgumentError(`${where}: rate: expected a number from 0 to 1, got ${rate}`);
  if (minValue > maxValue) {
    throw new ArgumentError(
      `${where}: minValue: expected at most maxValue, ${maxValue}, got ${minValue}`,
    );
  }
  const wanted = (norms: Tensor) => {
    const inside = minimum(maximum(norms, minValue), maxValue);
    return rate === 1 ? inside : add(mul(inside, rate), mul(norms, 1 - rate));
  };
  return constraintFrom({
    name: "minMaxNorm",
    config: { minValue, maxValue, rate, axis },
    call: (w) => withNorms("minMaxNorm", w, axis, wanted),
  });
}
