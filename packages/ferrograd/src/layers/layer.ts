import { Brand } from "../copies/shared.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import { ArgumentError, DisposedError, ShapeError, StateError } from "../errors.ts";
import { type TensorLike, toTensor, Variable } from "../graph/leaf.ts";
import { inScope } from "../graph/scope.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Initializer } from "../initializers/initializers.ts";
import { show } from "../options/index.ts";
import type { DType } from "../values/dtype.ts";
import { fnv1a } from "../values/hash.ts";
import type { Shape } from "../values/shape.ts";
import { sameShape, showShape } from "../values/shape.ts";
import { context } from "./context.ts";

/** What a layer's options look like on disk. */
export type Config = Readonly<Record<string, unknown>>;

/** Adds a variable to the layer being built: its name in the layer, its shape, its first values. */
export type AddVariable = (name: string, shape: Shape, initializer: Initializer) => Variable;

/** A layer that outside training is affine in the last axis of its inputs, and may end in an activation. */
export interface Affine {
  /** One row, (in) → (out), in float64, before the activation. */
  map(x: Float64Array): Float64Array;
  /** Does it add anything? */
  readonly shifts: boolean;
  /** The activation behind it, as options of `dense`; absent where there is none. */
  readonly activation?: Config;
}

/** The affine layer that changes nothing. */
export const IDENTITY: Affine = { map: (x) => x, shifts: false };

/** What a layer is made of; one file per layer gives one of these. */
export interface LayerSpec {
  /** Its name in files and, with a number, in models: `dense`, `dense_1`. */
  readonly type: string;
  readonly name?: string | undefined;
  /** The options that make it again; undefined where it cannot be saved. */
  readonly config?: Config;
  /** Of a layer that does the same to every element, wherever it puts it: the row of the activation table. */
  readonly elementwise?: ActivationName;
  /** Creates the variables for inputs of this shape, without the batch; its outputs go into `ahead`. */
  build?(inputShape: Shape, add: AddVariable, ahead: ActivationName): void;
  /** The layer's output. */
  call(x: Tensor): Tensor;
  /** What it is once built, for inputs of this shape without the batch; undefined where not affine. */
  affine?(inputShape: Shape): Affine | undefined;
}

/** The activation that a layer's products go through: its own, or else the one that its outputs go into. */
export const activeRow = (own: ActivationName, ahead: ActivationName): ActivationName =>
  own === "linear" ? ahead : own;

/** How a layer is built. */
export interface BuildOptions {
  readonly path: string;
  readonly seed: number;
  /** The activation that its outputs go into as they are (default "linear": none). */
  readonly ahead?: ActivationName;
  /** What its variables begin with, instead of what their initializers draw. */
  readonly weights?: Weights;
}

/** The values of a variable, by its full name; throws where there are none of this shape. */
export type Weights = (name: string, shape: Shape) => Tensor;

/**
 * A layer: a specification until it is built, after that the owner of its variables. It can be
 * called on a tensor, in a model or by itself; by itself it is built at its first call, with seed 0.
 */
export interface Layer {
  (x: TensorLike): Tensor;
  readonly type: string;
  /** The name asked for, or the path it was built under. */
  readonly path: string;
  readonly config: Config | undefined;
  /** @internal */
  readonly elementwise: ActivationName | undefined;
  /** Its variables, in Keras's order; empty before it is built. */
  readonly variables: readonly Variable<Shape, DType>[];
  /** @internal */
  build(inputShape: Shape, options: BuildOptions): void;
  /** @internal The layer's output under the name that it has in a model, where it may stand twice. */
  at(name: string, x: Tensor): Tensor;
  /** @internal */
  affine(inputShape: Shape): Affine | undefined;
  /** @internal Makes the values that each of its variables began with again. */
  readonly starts: readonly (() => Tensor)[];
  /** @internal Gives its variables back and is a specification again. */
  release(): void;
}

const brand = new Brand("layer");

/** Is it a layer, rather than a plain function? */
export function isLayer(value: unknown): value is Layer {
  return brand.has(value);
}

/** A name is one part of a path. */
function checkName(where: string, name: unknown): void {
  if (name === undefined || (typeof name === "string" && name !== "" && !name.includes("/")))
    return;
  throw new ArgumentError(`${where}: name: expected text without "/", got ${show(name)}`);
}

/** What an initializer gave, which is anyone's function, as values for a variable of this shape. */
function firstValues(path: string, shape: Shape, given: unknown): Tensor {
  const values = toTensor(path, given);
  if (values.dtype === "float32" && sameShape(values.shape, shape)) return values as Tensor;
  throw new ShapeError(
    `${path}: expected an initializer that gives float32 ${showShape(shape)}, ` +
      `got ${values.dtype} ${showShape(values.shape)}`,
  );
}

/** Makes a layer from its parts; `where` is the function that does. */
export function createLayer(spec: LayerSpec, where = `${spec.type}()`): Layer {
  checkName(where, spec.name);
  const variables: Variable<Shape, DType>[] = [];
  const starts: (() => Tensor)[] = []; // of each variable
  let path = spec.name ?? spec.type;
  let built = false;

  const release = (): void => {
    for (const variable of variables.splice(0)) variable.dispose();
    starts.splice(0);
    path = spec.name ?? spec.type;
    built = false;
  };

  /** The variables of a layer go with its last model. */
  const checkLive = (): void => {
    if (!variables.some(({ source }) => source.kind === "disposed")) return;
    throw new DisposedError(
      `${path}: expected a layer of a model that is not disposed; make a new layer`,
    );
  };

  const build = (inputShape: Shape, options: BuildOptions): void => {
    checkLive();
    if (built) return;
    path = options.path;
    const add: AddVariable = (name, shape, initializer) => {
      const full = `${path}/${name}`;
      const start = () => initializer(shape, { seed: options.seed, stream: fnv1a(full) });
      starts.push(start);
      const first = options.weights?.(full, shape) ?? firstValues(full, shape, start());
      const variable = new Variable(first as Tensor, full, true);
      variables.push(variable as unknown as Variable<Shape, DType>);
      return variable;
    };
    try {
      spec.build?.(inputShape, add, options.ahead ?? "linear");
      built = true;
    } finally {
      if (!built) release();
    }
  };

  const call = (x: TensorLike): Tensor => {
    const input = toTensor(`${path}()`, x) as Tensor;
    if (!built) {
      if (context.tracing()) {
        throw new StateError(
          `${path}: expected a built layer inside the function that jit traces; call it once outside, or put it into a model`,
        );
      }
      build(input.shape.slice(1), { path, seed: 0 });
    }
    checkLive();
    return at(path, input);
  };

  const at = (name: string, input: Tensor): Tensor => inScope(name, () => spec.call(input));

  const layer = Object.assign(call, {
    type: spec.type,
    config: spec.config,
    elementwise: spec.elementwise,
    variables,
    build,
    at,
    affine: (inputShape: Shape) => spec.affine?.(inputShape),
    starts,
    release,
  });
  Object.defineProperty(layer, "path", { get: () => path });
  Object.defineProperty(layer, "name", { value: spec.name ?? "" });
  return brand.on(layer) as unknown as Layer;
}

/** A plain function as a layer: the variables it uses are those its graph reaches. */
export function functionLayer(fn: (x: Tensor) => Tensor): Layer {
  return createLayer({ type: fn.name || "function", call: fn });
}
