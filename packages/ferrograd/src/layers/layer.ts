import { Brand } from "../copies/shared.ts";
import type { ActivationName } from "../engine/ops.generated.ts";
import { ArgumentError } from "../errors.ts";
import type { TensorLike, Variable } from "../graph/leaf.ts";
import type { RandomSource } from "../graph/ops/random.ts";
import type { VariableRules } from "../graph/rule.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import type { InitializerName } from "../initializers/by-name.ts";
import type { Fans, Initializer } from "../initializers/initializers.ts";
import { show } from "../options/index.ts";
import type { DType } from "../values/dtype.ts";
import type { Dims, Shape } from "../values/shape.ts";
import type { Described, Spec, SymbolicTensor } from "./symbolic.ts";
import type { WeightsLike } from "./weights.ts";

/** What a layer's options look like on disk. */
export type Config = Readonly<Record<string, unknown>>;

/** What a variable of a layer is, beside its name, shape and first values. */
export interface VariableOptions<D extends DType = DType> extends VariableRules {
  /** Do gradients change it (default true for float32)? Statistics, seeds and counters they don't. */
  readonly trainable?: boolean;
  /** Default "float32". */
  readonly dtype?: D;
  /** Inputs and outputs of one of its units, which initializers and `diagnose` go by (default: by the shape). */
  readonly fans?: Fans;
  /** Of a kernel whose units are not its last axis: the same numbers with them last (default: as it is). */
  readonly unitsLast?: (kernel: Tensor) => Tensor;
}

/** Adds a variable to the layer being built: its name in the layer, its shape, its first values. */
export type AddVariable = <D extends DType = "float32">(
  name: string,
  shape: Shape,
  initializer: InitializerName | Initializer,
  options?: VariableOptions<D>,
) => Variable<Shape, D>;

/** What a layer is told when it is called, and what it can do beside giving its outputs. */
export interface LayerCall {
  /** Training, or predicting and evaluating? */
  readonly training: boolean;
  /** False of a layer that is frozen. */
  readonly trainable: boolean;
  /**
   * Numbers for what is drawn at random: the model's seed, a stream of the layer's own, the step.
   * `randomNormal(x.shape, random)` draws anew at each.
   */
  readonly random: RandomSource & { readonly step?: Tensor<Shape, "int32"> };
  /**
   * Gives a variable other values at the end of the step, from those it has by then; a step that fails leaves it as it was. In
   * training nothing of a frozen layer changes. Predictions and evaluations are of up to 256 rows at a time.
   */
  update<D extends DType>(
    variable: Variable<Shape, D>,
    next: (now: Tensor<Shape, D>) => TensorLike,
  ): void;
  /** Adds one number to the loss, as regularizers do. */
  addLoss(loss: Tensor): void;
}

/** A layer that outside training is affine in the last axis of its inputs, and may end in an activation. */
export interface Affine {
  /** One row, (in) → (out), in float64, before the activation. */
  map(x: Float64Array): Float64Array;
  /** Does it add anything? */
  readonly shifts: boolean;
  /** Does it learn from batches while training, so that no other layer does its work? */
  readonly learns?: boolean;
  /** Does each feature depend on itself alone? */
  readonly diagonal?: boolean;
  /** The activation behind it, as options of `dense`; absent where there is none. */
  readonly activation?: Config;
}

/** The affine layer that changes nothing. */
export const IDENTITY: Affine = { map: (x) => x, shifts: false, diagonal: true };

/** One tensor, or a list of them. */
export type OneOrList = Tensor<Shape, DType> | readonly Tensor<Shape, DType>[];

/** What a layer is made of; one file per layer gives one of these. */
export interface LayerSpec {
  /** Its name in files and, with a number, in models: `dense`, `dense_1`. */
  readonly type: string;
  readonly name?: string | undefined;
  /** The options that make it again; undefined where it cannot be saved. */
  readonly config?: Config | undefined;
  /** Was it made by `layer`, whatever ours are called? */
  readonly isOwn?: boolean;
  /** Of a layer that does the same to every element, wherever it puts it: the row of the activation table. */
  readonly elementwise?: ActivationName;
  /** Does it take one tensor (default), a list of them, or whatever it is called with? */
  readonly inputs?: "one" | "list" | "any";
  /** Layers that it calls: built when it is, their paths in its own. */
  readonly layers?: readonly AnyLayer[];
  /** Creates the variables for inputs of this shape, without the batch; its outputs go into `ahead`. */
  build?(inputShape: never, add: AddVariable, ahead: ActivationName): void;
  /** The layer's outputs. */
  call(inputs: never, info: LayerCall): unknown;
  /** What it is once built, for inputs of this shape without the batch; undefined where not affine. */
  affine?(inputShape: Shape): Affine | undefined;
  /**
   * Of a layer that is linear in its last kernel, but for a bias: the axis of that kernel which has its outputs, −1 or −2, where
   * what scales and shifts each of them can be folded into both.
   */
  readonly outputsAxis?: number | undefined;
  /** Of a layer that is linear in its inputs along several axes, but for a bias: does an activation end it? */
  readonly sums?: "linear" | "activated";
  /**
   * What is likely wrong with it in its place in a model, in sentences for `compile`: `joined` is the next layer with weights,
   * where nothing stands between them that is not linear, `inputs` are the model's.
   */
  doubts?(place: Placed, joined: Placed | undefined, inputs: readonly Spec[]): string[];
}

/** A layer in its place in a model. */
export interface Placed {
  readonly layer: AnyLayer;
  readonly name: string;
  readonly inputSpecs: readonly Spec[];
  readonly outputShape: Dims;
}

/** A layer of one input and one output, as most are. */
export interface PlainLayerSpec extends LayerSpec {
  build?(inputShape: Dims, add: AddVariable, ahead: ActivationName): void;
  call(x: Tensor, info: LayerCall): Tensor;
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
export type Weights = (name: string, shape: Shape, dtype: DType) => AnyTensor;

/** A variable of a layer: its name in the layer, and what makes the values that it began with again. */
export interface Owned {
  readonly name: string;
  readonly variable: Variable<Shape, DType>;
  readonly start: () => AnyTensor;
  /** Do gradients change it, where the layer is not frozen? */
  readonly trains: boolean;
  /** What was said of it as it was added. */
  readonly options: VariableOptions | undefined;
}

/** What a layer gives for symbolic tensors: one, or a list. */
export type SymbolicOf<O> = O extends readonly unknown[] ? SymbolicTensor[] : SymbolicTensor;

/**
 * A layer: a specification until it is built, after that the owner of its variables. It can be
 * called on a tensor, in a model or by itself; by itself it is built at its first call, with seed 0. Called on a
 * symbolic tensor it becomes part of what `model` makes a model of. One that takes several inputs is called on a list.
 */
export interface Layer<O extends OneOrList = Tensor> {
  (x: SymbolicTensor | readonly SymbolicTensor[]): SymbolicOf<O>;
  (x: TensorLike | readonly AnyTensor[]): O;
  readonly type: string;
  /** The name asked for, or the path it was built under. */
  readonly path: string;
  readonly config: Config | undefined;
  /**
   * Does training change it (default true)? May be set at any time; a layer or model that contains others sets it
   * for all of them. What is frozen keeps its values, statistics too, and costs no gradient.
   */
  trainable: boolean;
  /** @internal Was it made by `layer`? */
  readonly isOwn: boolean;
  /** @internal */
  readonly elementwise: ActivationName | undefined;
  /** Its variables, in Keras's order, those of layers in it last; empty before it is built. */
  readonly variables: readonly Variable<Shape, DType>[];
  /** Copies of its variables, in their order, but for counters; none before it is built. */
  getWeights(): Float32Array[];
  /**
   * Replaces its variables: all in the order of `getWeights`, or some by their names in the layer, `kernel`.
   *
   * @throws ShapeError, DataError and ArgumentError before anything changes; StateError before it is built
   */
  setWeights(weights: WeightsLike): void;
  /** @internal Of `variables`, with their names in the layer. */
  readonly owned: readonly Owned[];
  /** @internal Those of them that are of no layer in it. */
  readonly own: readonly Owned[];
  /** @internal Itself and the layers in it, in these too. */
  readonly parts: readonly AnyLayer[];
  /** @internal Has it its variables? */
  readonly isBuilt: boolean;
  /** @internal What it gives for such inputs, under a name; nothing is made for it. */
  describe(
    inputs: readonly Spec[],
    name: string,
    options?: { where?: string; ahead?: ActivationName },
  ): Described;
  /** @internal */
  build(inputs: readonly Spec[], options: BuildOptions): void;
  /** @internal The layer's output under the name that it has in a model, where it may stand twice. */
  at(name: string, inputs: readonly AnyTensor[]): unknown;
  /** @internal */
  affine(inputShape: Shape): Affine | undefined;
  /** @internal */
  readonly outputsAxis: number | undefined;
  /** @internal */
  readonly sums: LayerSpec["sums"];
  /** @internal */
  readonly doubts: LayerSpec["doubts"];
  /** @internal Gives its variables back and is a specification again. */
  release(): void;
}

/** A layer, whatever it gives. */
export type AnyLayer = Layer<OneOrList>;

/** @internal */
export const brand = new Brand("layer");

/** Is it a layer, rather than a plain function? */
export function isLayer(value: unknown): value is AnyLayer {
  return brand.has(value);
}

/** A name is one part of a path. */
export function checkName(where: string, name: unknown): void {
  if (name === undefined || (typeof name === "string" && name !== "" && !name.includes("/")))
    return;
  throw new ArgumentError(`${where}: name: expected text without "/", got ${show(name)}`);
}
