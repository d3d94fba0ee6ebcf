import { leaf } from "../graph/constants.ts";
import { Variable } from "../graph/leaf.ts";
import { madeBy, type Tensor } from "../graph/tensor.ts";
import type { Layer, OneOrList } from "../layers/layer.ts";
import { copiesByName, copiesOf, replaceWeights, type WeightsLike } from "../layers/weights.ts";
import type { Named } from "../optimizers/state.ts";
import { isPlain, oneOf } from "../options/index.ts";
import type { Port as TrainedPort } from "../training/heads.ts";
import { type DType, INT } from "../values/dtype.ts";
import type { Dims, Shape } from "../values/shape.ts";
import { checkClassNames } from "./class-names.ts";
import {
  type BuiltLayer,
  buildGraph,
  type Graph,
  type GraphOptions,
  type GraphSpec,
  namedWeights,
} from "./graph.ts";
import { Unclonable } from "./unclonable.ts";

/** What a model is beside its layers. */
export interface ModelOptions extends GraphOptions {
  readonly name: string;
  readonly classNames?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a model is made of: its layers and their variables. */
export abstract class Structure extends Unclonable {
  readonly name: string;
  readonly seed: number;
  /** Name of each class, in the order of the outputs. */
  readonly classNames: readonly string[] | undefined;
  /** Texts that `save({ metadata })` put into the file this model was loaded from; else empty. */
  readonly metadata: Readonly<Record<string, string>>;
  /** @internal */
  readonly graph: Graph;
  /** @internal All that its layers have, in their order, with the names that files have for them. */
  readonly named: readonly Named[];
  /** @internal */
  readonly weights: readonly Variable<Shape, DType>[];
  /** @internal Steps trained so far, for files. */
  readonly stepVariable: Variable<Shape, "int32">;
  /** @internal */
  constructor(spec: GraphSpec, options: ModelOptions) {
    super();
    if (!isPlain(options) || typeof options.seed !== "number")
      throw madeBy("Model", "sequential(), model() or loadModel()");
    const { name, seed, classNames, metadata, where } = options;
    this.name = name;
    this.seed = seed;
    this.graph = buildGraph(spec, options, ({ outputs }) => {
      if (classNames !== undefined) checkClassNames(where, classNames, outputs[0]!.shape);
    });
    this.classNames = classNames && [...classNames];
    this.metadata = { ...metadata };
    this.named = namedWeights(this.graph);
    this.weights = this.named.map(({ variable }) => variable);
    this.stepVariable = new Variable(leaf(new Int32Array(1), [1], INT), "step", false);
  }

  /** Shape of one row of inputs, `null` where any size will do; of the first, where there are several. */
  get inputShape(): Dims {
    return this.graph.inputs[0]!.shape;
  }

  /** Shape of one row of outputs, `null` where the inputs decide; of the first, where there are several. */
  get outputShape(): Dims {
    return this.graph.outputs[0]!.shape;
  }

  /** @internal */
  get built(): readonly BuiltLayer[] {
    return this.graph.calls;
  }

  /** Names of the layers, in order. */
  get layers(): readonly string[] {
    return this.built.map(({ name }) => name);
  }

  /**
   * What training changes: the layers' own, but for what is frozen and what gradients don't change, and those that
   * functions among the layers read. For loops of one's own: `optimizer.minimize(loss, model.variables)`.
   */
  get variables(): readonly Variable<Shape, DType>[] {
    return this.weights.filter(({ trainable }) => trainable);
  }

  /** @internal What training changes now, for keys of programs. */
  get trained(): string {
    const parts = this.parts.map(({ trainable }) => (trainable ? 1 : 0));
    return `${this.variables.map(({ id }) => id)}/${parts}`;
  }

  /** @internal */
  get hasStatistics(): boolean {
    return this.parts.some((part) => part.trainable && part.own.some(({ trains }) => !trains));
  }

  private get parts() {
    return this.built.flatMap(({ layer }) => layer.parts);
  }

  /** Numbers that training changes. */
  get parameterCount(): number {
    return this.variables.reduce((total, variable) => total + variable.size, 0);
  }

  /** @internal */
  get inputs(): readonly TrainedPort[] {
    return this.graph.inputs;
  }

  /** @internal */
  get outputs(): readonly TrainedPort[] {
    return this.graph.outputs;
  }

  /** Does training change its layers? Setting it sets it for all of them. */
  get trainable(): boolean {
    return this.built.some(({ layer }) => layer.trainable);
  }

  set trainable(value: boolean) {
    for (const { layer } of this.built) layer.trainable = value;
  }

  /**
   * One of its layers, by its name in it: to freeze it, to read its weights, or to call it in another model.
   *
   * @example
   * const model = sequential([dense(3), dense(1)], { inputShape: [2] });
   * model.getLayer("dense").trainable = false;
   * model.parameterCount // 4
   * @throws ArgumentError for a name that no layer has
   */
  getLayer<O extends OneOrList = Tensor>(name: string): Layer<O> {
    const where = "getLayer()";
    this.check(where);
    const found = oneOf(where, "layer", name, this.layers);
    return this.built.find((one) => one.name === found)!.layer as unknown as Layer<O>;
  }

  /** Copies of all variables, layer by layer: kernel, then bias. */
  getWeights(): Float32Array[] {
    this.check("getWeights()");
    return copiesOf(this.named);
  }

  /** The same by name, as files have them: `dense/kernel`. torch.nn.Module.state_dict. */
  namedWeights(): Record<string, Float32Array> {
    this.check("namedWeights()");
    return copiesByName(this.named);
  }

  /**
   * Replaces all variables, in the order of `getWeights`, or some of them by their names: flat values, nested arrays, or
   * tensors.
   *
   * @example
   * const model = sequential([dense(1)], { inputShape: [2] });
   * model.setWeights({ "dense/kernel": [[1], [2]] });
   * model.predict([[3, 4]]).array() // [[11]]
   * @throws ShapeError, DataError (NaN, infinity), ArgumentError (names that no variable has) before anything changes
   */
  setWeights(weights: WeightsLike): void {
    this.check("setWeights()");
    replaceWeights("setWeights()", this.named, weights);
  }

  /** Refuses a model that was disposed. */
  protected abstract check(where: string): void;
}
