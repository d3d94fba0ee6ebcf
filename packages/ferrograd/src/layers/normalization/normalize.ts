import { ArgumentError } from "../../errors.ts";
import type { Variable } from "../../graph/leaf.ts";
import { add, div, maximum, mul, sqrt, square } from "../../graph/ops/elementwise.ts";
import { sum } from "../../graph/ops/reduce.ts";
import { axesOf, axisOf } from "../../graph/ops/require.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Constraint, Regularizer } from "../../graph/rule.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  type InitializerName,
  initializerOf,
  namedInitializers,
} from "../../initializers/by-name.ts";
import type { Initializer } from "../../initializers/initializers.ts";
import { boolean, nonNegativeFloat32, show } from "../../options/index.ts";
import { type Dims, type Shape, showShape } from "../../values/shape.ts";
import type { AddVariable, Config } from "../layer.ts";
import { rulesOf } from "../rules.ts";

/** What the layers that normalize have in common. */
export interface NormalizeOptions {
  /** Added to the variance, so that nothing is divided by 0 (default 0.001, as Keras; PyTorch has 1e-5). */
  readonly epsilon?: number;
  /** Add a trained shift, beta (default true). */
  readonly center?: boolean;
  /** Multiply by a trained factor, gamma (default true). */
  readonly scale?: boolean;
  /** Default zeros. */
  readonly betaInitializer?: InitializerName | Initializer;
  /** Default ones. */
  readonly gammaInitializer?: InitializerName | Initializer;
  /** What is added to the loss for beta, such as `regularizers.l2(1e-4)` (default none). */
  readonly betaRegularizer?: Regularizer;
  /** The same for gamma. */
  readonly gammaRegularizer?: Regularizer;
  /** What each step makes of beta, such as `constraints.maxNorm(2)` (default nothing). */
  readonly betaConstraint?: Constraint;
  /** The same of gamma. */
  readonly gammaConstraint?: Constraint;
  readonly name?: string;
}

/** Names of the options that all of them have. */
export const COMMON = [
  "epsilon",
  "center",
  "scale",
  "betaInitializer",
  "gammaInitializer",
  "betaRegularizer",
  "gammaRegularizer",
  "betaConstraint",
  "gammaConstraint",
  "name",
] as const;

/** What gamma and beta are once asked for: of options, and for files. */
export interface Affines {
  readonly epsilon: number;
  readonly config: Config;
  /** Makes those that there are, of this shape. */
  build(shape: Shape, add: AddVariable): void;
  /** x · gamma + beta, with these sizes of the axes that they broadcast along. */
  readonly gamma: (shape: Shape) => Tensor | undefined;
  readonly beta: (shape: Shape) => Tensor | undefined;
  /** Their values; 1 and 0 where there are none. */
  values(size: number): { gamma: Float32Array; beta: Float32Array };
}

/** The checked options that the layers have in common, with their gamma and beta. */
export function affinesOf(where: string, options: NormalizeOptions): Affines {
  const { center = true, scale = true, betaInitializer, gammaInitializer } = options;
  const epsilon = nonNegativeFloat32(where, "epsilon", options.epsilon ?? 1e-3);
  boolean(where, "center", center);
  boolean(where, "scale", scale);
  const gammaStart = initializerOf(where, "gammaInitializer", gammaInitializer ?? "ones");
  const betaStart = initializerOf(where, "betaInitializer", betaInitializer ?? "zeros");
  const { betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint } = options;
  const rules = rulesOf(where, {
    ...{ betaRegularizer, gammaRegularizer, betaConstraint, gammaConstraint },
  });
  const ofGamma = { regularizer: gammaRegularizer, constraint: gammaConstraint };
  const ofBeta = { regularizer: betaRegularizer, constraint: betaConstraint };
  let gamma: Variable | undefined;
  let beta: Variable | undefined;
  const along = (variable: Variable | undefined, shape: Shape) =>
    variable && reshape(variable, shape);
  return {
    epsilon,
    config: {
      ...{ epsilon, center, scale },
      ...namedInitializers({ betaInitializer, gammaInitializer }),
      ...rules,
    },
    build(shape, add) {
      gamma = scale ? add("gamma", shape, gammaStart, ofGamma) : undefined;
      beta = center ? add("beta", shape, betaStart, ofBeta) : undefined;
    },
    gamma: (shape) => along(gamma, shape),
    beta: (shape) => along(beta, shape),
    values: (size) => ({
      gamma: gamma?.data() ?? new Float32Array(size).fill(1),
      beta: beta?.data() ?? new Float32Array(size),
    }),
  };
}

/** gamma / sqrt(variance + epsilon), or 1 over it. */
export const factorOf = (variance: Tensor, epsilon: number, gamma: Tensor | undefined): Tensor =>
  div(gamma ?? 1, sqrt(add(variance, epsilon)));

/** The least sum of squares that is divided by, as in Keras: what is shorter than 1e-6 does not reach length 1. */
const LEAST = 1e-12;

/** x / |x|₂ over the axes. */
export const unitVectors = (x: Tensor, axis: readonly number[]): Tensor =>
  div(x, sqrt(maximum(sum(square(x), { axis, keepDims: true }), LEAST)));

/** x · gamma + beta, of those that there are. */
export function scaled(x: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined): Tensor {
  const product = gamma === undefined ? x : mul(x, gamma);
  return beta === undefined ? product : add(product, beta);
}

/** An axis of a whole batch, not the batch's; counted from the front. */
export const featureAxis = (where: string, axis: unknown, rank: number): number =>
  behindBatch(where, axis, rank, [axisOf(opOf(where), axis, rank)])[0]!;

/** One such axis, or several, in order. */
export const featureAxes = (where: string, axis: unknown, rank: number): number[] =>
  behindBatch(where, axis, rank, axesOf(opOf(where), axis, rank)).sort((a, b) => a - b);

const opOf = (where: string): string => where.replace(/\(\)$/, "");

function behindBatch(where: string, axis: unknown, rank: number, axes: number[]): number[] {
  if (axes.length > 0 && !axes.includes(0)) return axes;
  throw new ArgumentError(
    `${where}: axis: expected axes behind the batch, got ${show(axis)} of ${rank} axes`,
  );
}

/** The sizes of axes of rows, which variables are made for: they must be known. */
export const knownSizes = (where: string, rows: Dims, axes: readonly number[]): number[] =>
  axes.map((axis) => {
    const size = rows[axis - 1];
    if (size) return size;
    throw new ArgumentError(
      `${where}: expected a known size along axis ${axis}, got rows of shape ${showShape(rows)}`,
    );
  });

/** The shape with 1 in the place of all axes but these. */
export const keeping = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((size, i) => (axes.includes(i) ? size : 1));
