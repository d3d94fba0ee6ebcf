import { brandClass } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import { toTensor } from "../graph/leaf.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { isSymbolic } from "../layers/symbolic.ts";
import type { AnyKnown } from "../metrics/metric.ts";
import { show } from "../options/index.ts";
import type { XBatch } from "../training/batches.ts";
import {
  type BatchOptions,
  batchOfOptions,
  onlyFlat,
  type PredictInto,
  predictInto,
} from "../training/flat.ts";
import { type DataLike, type PerPort, perPort } from "../training/given.ts";
import { predictGiven } from "../training/predict.ts";
import type { Programs } from "../training/programs.ts";
import type { SavedProgress } from "../training/saved.ts";
import { type CallOptions, calledWith, trainingOf } from "./call.ts";
import { callModel, partOf } from "./compose.ts";
import { callGraph, type GraphSpec } from "./graph.ts";
import { formed, isSeveral, type SymbolicLike, type SymbolicPorts } from "./ports.ts";
import { type SaveOptions, saveModel } from "./save.ts";
import type { ModelOptions } from "./structure.ts";
import { summarize } from "./summary.ts";
import { Trainer } from "./trainer.ts";
import { ModelTraining } from "./training.ts";

/** A model, whatever it takes and gives. */
export type AnyModel = Model<never, unknown, unknown>;

/** A model that `compile` has not seen: it predicts, but cannot train. */
export type UncompiledModel<O = Tensor, I = DataLike> = Omit<
  Model<never, O, I>,
  "fit" | "fitSync" | "trainOnBatch" | "evaluate"
>;

/**
 * Layers that train, one after the other or as a graph. Made by `sequential`, `model` or `loadModel`. `M` names its
 * metrics, `O` is what it gives: a tensor, or several. `I` is what it takes: rows, where its inputs have names by these.
 *
 * @example
 * const model = sequential([dense(16, { activation: "relu" }), dense(3)], { inputShape: [4] });
 * model.layers // ["dense", "dense_1"]
 * model.parameterCount // 131
 */
export class Model<M extends AnyKnown = never, O = Tensor, I = DataLike> extends Trainer<M, O, I> {
  /** @internal */
  protected readonly training: ModelTraining;

  static {
    brandClass("model", Model);
  }

  /** @internal */
  constructor(spec: GraphSpec, options: ModelOptions) {
    super(spec, options);
    this.training = new ModelTraining(this);
    Object.preventExtensions(this); // `stopTraining` stops nothing
  }

  /** @internal All outputs, of all inputs. */
  forward(inputs: readonly AnyTensor[]): Tensor[] {
    return callGraph(this.graph, inputs) as Tensor[];
  }

  /**
   * The model as a function of a tensor, for use in `jit` and `grad`; of several inputs a list, or an object with their
   * names. Called on symbolic tensors it is part of the model that is made of them, with its layers and their weights.
   *
   * With `training: true` it does what it does in `fit`: dropout draws, and batch normalization takes the statistics of the batch,
   * which its own follow at the end of the step. Each call counts as a step, so that none draws the numbers of another. What layers
   * add to the loss in `fit`, as regularizers do, is not in it.
   *
   * @example
   * const x = input([4]);
   * const encoder = sequential([dense(2)], { inputShape: [4], name: "encoder" });
   * model({ inputs: x, outputs: dense(1)(encoder.call(x)) }).layers // ["encoder/dense", "dense"]
   * @example
   * const net = sequential([dropout(0.5), dense(1)], { inputShape: [2] });
   * net.call(tensor([[1, 2]]), { training: true }).shape // [1, 1]
   * @throws ShapeError for inputs of another shape; ArgumentError for options that are none, and for symbolic tensors with `training`,
   * which is said to the model made of them
   */
  call(x: SymbolicPorts): SymbolicLike<O>;
  call(x: PerPort<AnyTensor>, options?: CallOptions): O;
  call(x: unknown, options?: CallOptions): unknown {
    const where = "call()";
    this.check(where);
    const training = trainingOf(where, options);
    const names = this.inputs.map(({ name }) => name);
    const given = names.length === 1 && !isSeveral(x) ? [x] : perPort(where, "input", x, names);
    if (given.some(isSymbolic)) {
      if (training === undefined) return this.formed(callModel(where, this, given));
      throw new ArgumentError(
        `${where}: training: expected none for symbolic tensors, got ${training}; say it to the model made of them`,
      );
    }
    const inputs = given.map((one) => toTensor(where, one));
    return this.formed(calledWith(this, training, () => this.forward(inputs)));
  }

  /**
   * The model up to some of its layers: what these give, of one a tensor, of several an object with their names. It has
   * the layers in common with this one.
   *
   * @example
   * const model = sequential([dense(3), dense(1)], { inputShape: [2] });
   * model.outputsOf("dense").predict([[1, 2]]).shape // [1, 3]
   * @throws ArgumentError for names of layers that it does not have
   */
  outputsOf(name: string): UncompiledModel;
  outputsOf<const N extends string>(names: readonly N[]): UncompiledModel<{ [name in N]: Tensor }>;
  outputsOf(names: string | readonly string[]): unknown {
    const where = "outputsOf()";
    this.check(where);
    const { seed, metadata } = this;
    const spec = partOf(where, this.graph, names);
    return new Model<never, never>(spec, { where, seed, name: this.name, metadata });
  }

  /**
   * The outputs for each row, as a tensor (rows, …): of x, of the x of a data set, or of batches that come one after the other,
   * which are [x], [x, y], { x, y } or `{ data, shape }`, whatever y is; a promise where these have to be waited for.
   *
   * An array is rows, as it might be either, and one that comes as a batch is never rows; `array.values()` is batches.
   *
   * @example model.predict([[5.1, 3.5, 1.4, 0.2]]).array()
   * @example model.predict(test.batch(100)).shape
   * @throws ShapeError and DataError for bad data
   */
  predict(x: I): O;
  predict(data: { readonly x: I; readonly y: unknown }): O;
  predict(batches: AsyncIterable<XBatch<I>>): Promise<O>;
  predict(batches: Iterable<XBatch<I>>): O;
  predict(given: unknown): unknown {
    return predictGiven(this, given);
  }

  /** @internal */
  programs(where: string): Programs {
    this.check(where);
    return this.training.programs;
  }

  /**
   * `predict` for rows that come one after the other, or a few at a time: a function of an array with their numbers and
   * one for the outputs, as the core has them (float32; int32 for an input of integers). It makes no objects; the bits are
   * those of `predict`. For models of one input and one output.
   *
   * @param options `batch`: rows of each call (default 1)
   * @example
   * const net = sequential([dense(3, { activation: "softmax" })], { inputShape: [2] });
   * const [predict, scores] = [net.compilePredict({ batch: 1 }), new Float32Array(3)];
   * predict(Float32Array.of(1, 2), scores);
   * @throws ShapeError for other arrays and sizes, DataError for numbers that are not finite; ArgumentError for a model of
   * several inputs or outputs, or of sizes that differ
   */
  compilePredict(options: BatchOptions = {}): PredictInto {
    const where = "compilePredict()";
    this.check(where);
    const rows = batchOfOptions(where, options);
    const input = onlyFlat(where, "input", this.inputs);
    const output = onlyFlat(where, "output", this.outputs);
    return predictInto(where, rows, [input, output], () => this.programs(where));
  }

  /**
   * A table of the layers, their output shapes and parameters; of a compiled model also how it
   * trains, and the memory of a training step with a batch of 32: parameters, the optimizer's state,
   * gradients, and activations (the inputs and every layer's outputs). A step takes at most 1.25
   * times that and 1 MiB, as `memory()` counts, unless activations outweigh all else.
   */
  summary(): string {
    this.check("summary()");
    return summarize(this, this.training.compiled?.training);
  }

  /** @internal What `console.log` shows in Node, Deno and Bun. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    try {
      return this.summary();
    } catch (error) {
      return `model "${this.name}" (${(error as Error).message})`;
    }
  }

  /**
   * The model as bytes: weights in safetensors, the architecture and how it was compiled in the
   * file's metadata. With `includeOptimizer` training goes on from the file as if never interrupted.
   *
   * @example fs.writeFileSync("digits.safetensors", model.save());
   * @throws StateError for layers that are plain functions; DataError for weights that are not finite;
   * ArgumentError for metadata that is no text
   */
  save(options: SaveOptions = {}): Uint8Array {
    this.check("save()");
    return saveModel(this, this.training.compiled?.training, this.training.progresses, options);
  }

  /**
   * Gives all memory back but that of layers which another model has too; any later use throws a DisposedError.
   * A `fit` under way ends after its step and rejects with one.
   */
  dispose(): void {
    this.training.dispose();
    this.stepVariable.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal What a file says of its training, until `compile` says how it goes on. */
  keep(progress: SavedProgress, step: Int32Array): void {
    this.stepVariable.set(step);
    this.training.progresses.keep(progress);
  }

  /** @internal The outputs in the form that they have. */
  formed<T>(outputs: readonly T[]) {
    return formed(this.graph.form, this.outputs, outputs);
  }

  protected check(where: string): void {
    this.training.checkLive(where);
  }
}

/** A model that someone gave. @internal */
export function modelOf<T>(where: string, model: T): T {
  if (model instanceof Model) return model;
  throw new ArgumentError(`${where}: expected a model, got ${show(model)}`);
}
