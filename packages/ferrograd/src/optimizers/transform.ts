import { Brand } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import type { TensorLike, Variable } from "../graph/leaf.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import {
  callable,
  checkConfig,
  positiveInteger,
  requireOptions,
  savedName,
} from "../options/index.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";

/** What a transform keeps for a variable: floats by name. */
export type TransformState = Readonly<Record<string, Tensor>>;

/** What a transform is told. */
export interface TransformInfo {
  /** The variable: as a tensor it has the values before the step. */
  readonly variable: Variable<Shape, DType>;
  /** The learning rate, a scalar. */
  readonly rate: Tensor;
  /** Steps done before this one, a scalar. */
  readonly step: Tensor;
  /** What comes to this transform for all variables of the step: a norm over all of them is made of these. */
  readonly updates: readonly Tensor[];
  /** A scalar: 1 in each n-th step, else 0. */
  every(n: number): Tensor;
}

/** What a transform makes. */
export interface Transformed<S extends string = string> {
  /** What goes to the next one: of the shape of the variable. At the end w −= rate · update. */
  readonly update: TensorLike;
  /** What it keeps now; what is left out stays as it was. */
  readonly state?: { readonly [slot in S]?: TensorLike };
}

/** What a transform makes of what a variable is about to become. */
export interface Applied<S extends string = string> {
  /** What it becomes in its place (default: that). */
  readonly next?: TensorLike;
  readonly state?: { readonly [slot in S]?: TensorLike };
}

type Kept<S extends string> = { readonly [slot in S]: Tensor };

/** What a transform of one's own is made of. */
export interface TransformParts<S extends string = string> {
  /** What files and `loadModel(bytes, { optimizers })` know it by, and its slots are named after. */
  readonly name: string;
  /** The options that make it again, which files hold (default none). */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it keeps for a variable, and its first values: float32 of any shape (default nothing). */
  init?(variable: Variable<Shape, DType>): { readonly [slot in S]: TensorLike };
  /** From the gradient, or what the transform before made of it, to what goes on (default: as it is). */
  update?(update: Tensor, state: Kept<S>, info: TransformInfo): Transformed<S>;
  /** From what the variable is about to become, when all updates are made. */
  apply?(next: Tensor, state: Kept<S>, info: TransformInfo): Applied<S>;
  /** What comes after it, and the variables, change in each n-th step only (default 1). */
  readonly every?: number;
}

/**
 * A part of an optimizer: it changes gradients on their way to the variables, with state of its own. Made by `transform`
 * or by functions such as `clipByNorm`.
 */
export interface Transform {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A transform with what is called of it. @internal */
export interface Link extends Transform {
  readonly own?: true;
  readonly every: number;
  /** Names in paths of variables that its options speak of. */
  readonly paths?: readonly string[];
  /** Are rows of tables nothing to each other, and do those stay as they are, state too, that have no gradient? */
  readonly byRows?: true;
  init(variable: Variable<Shape, DType>): Readonly<Record<string, TensorLike>>;
  update?(update: Tensor, state: TransformState, info: LinkInfo): Transformed;
  apply?(next: Tensor, state: TransformState, info: LinkInfo): Applied;
}

/** What transforms of ours are told beside. @internal */
export interface LinkInfo extends TransformInfo {
  /** Of the variable: its own, and those that models have for it, where links speak of paths. */
  readonly names: readonly string[];
  /** Steps done, as a word of the core. */
  readonly count: AnyTensor;
}

const brand = /* @__PURE__ */ new Brand("transform");

/** @internal */
export const isTransform = (value: unknown): value is Link => brand.has(value);

/** A transform of ours. @internal */
export const link = (parts: Partial<Link> & Transform): Link =>
  Object.freeze(brand.on({ every: 1, init: () => ({}), ...parts }));

/**
 * A transform of one's own, with the rights of ours: made of operations on tensors, committed with the step or not at
 * all, saved and loaded with its state. optax.GradientTransformation.
 *
 * @example
 * const trace = (decay: number) =>
 *   transform({
 *     name: "trace",
 *     options: { decay },
 *     init: (variable) => ({ mean: zeros(variable.shape) }),
 *     update(gradient, { mean }) {
 *       const next = add(mul(mean, decay), gradient);
 *       return { update: next, state: { mean: next } };
 *     },
 *   });
 * chain(trace(0.9), clipByNorm(1), sgd({ learningRate: 0.1 }))
 * @throws ArgumentError for parts that are not there, or of the wrong kind, and for options that JSON cannot hold
 */
export function transform<S extends string = never>(parts: TransformParts<S>): Transform {
  const where = "transform()";
  const names = ["name", "options", "init", "update", "apply", "every"];
  requireOptions(where, parts, names);
  return own(where, parts as unknown as TransformParts);
}

/** A transform of one's own from its parts, checked. @internal */
export function own(where: string, parts: TransformParts): Link {
  const { options = {}, init, update, apply, every = 1 } = parts;
  const name = savedName(where, parts.name);
  checkConfig(`${where}: options`, options);
  for (const part of ["init", "update", "apply"] as const) {
    if (parts[part] !== undefined) callable(where, part, parts[part]);
  }
  if (update === undefined && apply === undefined)
    throw new ArgumentError(`${where}: update: expected a function, got undefined`);
  positiveInteger(where, "every", every);
  return link({
    ...{ name, options: { ...options }, own: true, every },
    ...(init && { init: init.bind(parts) }),
    ...(update && { update: update.bind(parts) as NonNullable<Link["update"]> }),
    ...(apply && { apply: apply.bind(parts) as NonNullable<Link["apply"]> }),
  });
}
