import type { RowsLike } from "../data/rows.ts";
import { brandClass } from "../engine/shared.ts";
import { DisposedError, ShapeError, StateError } from "../errors.ts";
import { leaf, Variable } from "../graph/leaf.ts";
import type { AnyTensor, DType, Shape, Tensor } from "../graph/tensor.ts";
import { type SavedProgress, type SaveOptions, saveModel } from "../io/model-file.ts";
import { type LossName, lossOf } from "../losses/index.ts";
import type { LossFunction, LossRow } from "../losses/loss.ts";
import type { Reading } from "../losses/reading.ts";
import { type MetricName, metricsOf } from "../metrics/index.ts";
import { type OptimizerName, optimizerOf } from "../optimizers/index.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { callable, checkOptions } from "../suggest.ts";
import {
  type BuiltLayer,
  buildLayers,
  callLayers,
  inputShapeOf,
  type LayerLike,
  type ModelOptions,
} from "./build.ts";
import { checkInputs, type DatasetLike } from "./data.ts";
import { drive, driveSync } from "./drive.ts";
import type { FitOptions, FitResult } from "./fit.ts";
import { linearStacks } from "./linear.ts";
import { predictRows } from "./measure.ts";
import { Programs, type Training } from "./programs.ts";
import { Progresses } from "./progress.ts";
import { summarize } from "./summary.ts";
import { CompiledTrainer } from "./trainer.ts";
import { weightsFor } from "./weights.ts";

/** Options of `compile`. */
export interface CompileOptions<M extends MetricName = never> {
  /** A name, with default options, or an optimizer such as `adam({ learningRate: 1e-3 })`. */
  readonly optimizer: OptimizerName | Optimizer;
  /**
   * A name, with default options; a loss with options, such as `binaryCrossentropy({ fromLogits: false })`;
   * or a function (yTrue, yPred) of tensors that gives the loss of each row, or one number.
   */
  readonly loss: LossName | LossFunction;
  /** Measured beside the loss, by `fit` and `evaluate`. */
  readonly metrics?: readonly M[];
  /** Hears of layers that multiply out to one, and of a file's optimizer that is not gone on with (default `console.warn`). */
  readonly warn?: (message: string) => void;
}

/** The loss and the metrics asked for, by name. */
export type Logged<M extends string> = { readonly [name in M | "loss"]: number };

/** A model that `compile` has not seen: it predicts, but cannot train. */
export type UncompiledModel = Omit<Model<never>, "fit" | "fitSync" | "trainOnBatch" | "evaluate">;

/**
 * A stack of layers that trains. Made by `sequential` or `loadModel`.
 */
export class Model<M extends MetricName = never> {
  readonly name: string;
  /** Shape of one row of inputs. */
  readonly inputShape: Shape;
  /** Shape of one row of outputs. */
  readonly outputShape: Shape;
  readonly seed: number;
  /** Name of each class, in the order of the outputs. */
  readonly classNames: readonly string[] | undefined;
  /** Texts that `save({ metadata })` put into the file this model was loaded from; else empty. */
  readonly metadata: Readonly<Record<string, string>>;
  /** @internal */
  readonly built: readonly BuiltLayer[];
  /** @internal Variables that training changes, in the order of `getWeights`. */
  readonly variables: readonly Variable<Shape, DType>[];
  private readonly step: Variable<Shape, "int32">;
  private programs: Programs;
  private trainer: CompiledTrainer | undefined;
  private ownsOptimizer = false;
  private readonly progresses: Progresses;
  private disposed = false;

  static {
    brandClass("model", Model);
  }

  /** @internal */
  constructor(layers: readonly LayerLike[], options: ModelOptions) {
    this.name = options.name;
    this.seed = options.seed;
    this.inputShape = inputShapeOf(layers, options.inputShape);
    const { classNames, metadata } = options;
    this.built = buildLayers(layers, this.inputShape, options);
    this.classNames = classNames && [...classNames];
    this.metadata = { ...metadata };
    this.outputShape = this.built.at(-1)?.outputShape ?? this.inputShape;
    this.variables = [...new Set(this.built.flatMap(({ variables }) => variables))];
    this.progresses = new Progresses(this.variables);
    this.step = new Variable(leaf(new Int32Array(1), [1], "int32"), "step", false);
    this.programs = this.newPrograms();
  }

  /** Names of the layers, in order. */
  get layers(): readonly string[] {
    return this.built.map(({ name }) => name);
  }

  /** Numbers that training changes. */
  get parameterCount(): number {
    return this.variables.reduce((total, variable) => total + variable.size, 0);
  }

  /** The optimizer, once compiled: `model.optimizer.learningRate = 1e-4`. */
  get optimizer(): Optimizer {
    return this.compiled("optimizer").training.optimizer;
  }

  /**
   * Epochs finished with its optimizer, in all calls of `fit`; saved with the optimizer's state. One that
   * was stopped or aborted half-way does not count, and neither does `trainOnBatch`.
   */
  get epochs(): number {
    return this.progresses.epochs(this.trainer?.training);
  }

  /** The model as a function of a tensor, for use in `jit` and `grad`. */
  call(x: AnyTensor): Tensor {
    this.check("call()");
    return callLayers(this.built, x);
  }

  /**
   * Decides how the model trains, and returns the same model with `fit`, `evaluate` and their types.
   *
   * @example sequential([dense(10)], { inputShape: [64] })
   *   .compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] })
   * @throws ArgumentError `compile(): unknown loss "mse"; ...`
   */
  compile<const N extends MetricName = never>(options: CompileOptions<N>): Model<N> {
    this.check("compile()");
    checkOptions("compile()", options, ["optimizer", "loss", "metrics", "warn"]);
    const { warn = console.warn } = options;
    callable("compile()", "warn", warn);
    const loss = lossOf("compile()", options.loss);
    const metrics = metricsOf("compile()", options.metrics ?? [], loss);
    const optimizer = optimizerOf("compile()", options.optimizer);
    const programs = this.newPrograms();
    const reading = programs.readOutputs("compile()", loss, metrics.values());
    for (const message of linearStacks(this)) warn(message);
    const progress = this.progresses.with(optimizer, warn);
    this.releaseTraining(optimizer);
    this.ownsOptimizer ||= typeof options.optimizer === "string";
    this.programs = programs;
    this.trainer = new CompiledTrainer(
      this,
      { optimizer, loss, reading, metrics },
      progress,
      this.programs,
    );
    return this as unknown as Model<N>;
  }

  /**
   * Trains. Takes x and y, or a data set; x as nested arrays or flat values with a shape, y as the
   * loss needs them. Gives way to the event loop every 16 ms. A second call goes on where the first
   * ended: two of 3 epochs have the bits of one of 6.
   *
   * @example const { history } = await model.fit(x, y, { epochs: 10, batchSize: 32 });
   * @throws StateError before `compile`; DataError, ShapeError and ArgumentError for bad data and
   * options, before anything runs; NumericError when a loss is not finite, the model being as it was
   * before that step; the signal's reason when aborted
   */
  fit(data: DatasetLike, options?: FitOptions): Promise<FitResult<M>>;
  fit(x: RowsLike, y: RowsLike, options?: FitOptions): Promise<FitResult<M>>;
  async fit(...args: unknown[]): Promise<FitResult<M>> {
    const { loop, signal } = this.compiled("fit()").prepare(args);
    return (await drive(loop, signal)) as FitResult<M>;
  }

  /** As `fit`, keeping the thread until it is done. Promises that callbacks return are not waited for. */
  fitSync(data: DatasetLike, options?: FitOptions): FitResult<M>;
  fitSync(x: RowsLike, y: RowsLike, options?: FitOptions): FitResult<M>;
  fitSync(...args: unknown[]): FitResult<M> {
    return driveSync(this.compiled("fit()").prepare(args).loop) as FitResult<M>;
  }

  /** Ends a running `fit` after the step under way: it resolves with `stopReason: "stopped"`. */
  stop(): void {
    this.trainer?.stop();
  }

  /**
   * One step on one batch; returns the loss and the metrics before the update.
   *
   * @example const { loss } = model.trainOnBatch(x, y);
   * @throws as `fit`
   */
  trainOnBatch(x: RowsLike, y: RowsLike): Logged<M> {
    return this.compiled("trainOnBatch()").trainOnBatch(x, y) as Logged<M>;
  }

  /**
   * The loss and the metrics over all rows.
   *
   * @example model.evaluate(test).accuracy
   * @throws as `fit`
   */
  evaluate(data: DatasetLike): Logged<M>;
  evaluate(x: RowsLike, y: RowsLike): Logged<M>;
  evaluate(...args: unknown[]): Logged<M> {
    return this.compiled("evaluate()").evaluateArguments(args) as Logged<M>;
  }

  /**
   * The outputs for each row, as a tensor (rows, …).
   *
   * @example model.predict([[5.1, 3.5, 1.4, 0.2]]).array()
   * @throws ShapeError and DataError for bad data
   */
  predict(x: RowsLike): Tensor {
    this.check("predict()");
    const features = checkInputs("predict(): x", x, this.inputShape);
    return predictRows(this.programs, features, this.outputShape);
  }

  /**
   * A table of the layers, their output shapes and parameters; of a compiled model also how it
   * trains, and the memory of a training step with a batch of 32: parameters, the optimizer's state,
   * gradients, and activations (the inputs and every layer's outputs). A step takes at most 1.25
   * times that and 1 MiB, as `memory()` counts, unless activations outweigh all else.
   */
  summary(): string {
    this.check("summary()");
    const { name, inputShape, built, parameterCount, trainer } = this;
    return summarize(name, inputShape, built, parameterCount, trainer?.training);
  }

  /** Copies of all variables, layer by layer: kernel, then bias. */
  getWeights(): Float32Array[] {
    this.check("getWeights()");
    return this.variables.map((variable) => variable.data() as Float32Array);
  }

  /**
   * Replaces all variables, in the order of `getWeights`: flat values or nested arrays.
   *
   * @throws ShapeError, DataError (NaN, infinity) before anything changes
   */
  setWeights(weights: readonly (RowsLike | Float32Array)[]): void {
    this.check("setWeights()");
    if (!Array.isArray(weights) || weights.length !== this.variables.length) {
      throw new ShapeError(
        `setWeights(): expected ${this.variables.length} arrays, got ${weights?.length}`,
      );
    }
    const values = this.variables.map((variable, i) => weightsFor(variable, weights[i]));
    this.variables.forEach((variable, i) => variable.set(values[i]!));
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
    return saveModel(this, this.trainer?.training, this.progresses, options);
  }

  /** Gives all memory back; any later use throws a DisposedError. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.releaseTraining();
    this.programs.dispose();
    this.step.dispose();
    const own = this.built.flatMap(({ layer }) => layer.variables);
    this.progresses.forget(own);
    for (const variable of own) variable.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal How a loss would take the outputs. */
  readingOf(loss: LossRow): Reading | undefined {
    return this.programs.readOutputs("compile()", loss, []);
  }

  /** @internal How it was compiled, for diagnostics. */
  trainingOf(where: string): Training {
    return this.compiled(where).training;
  }

  /** @internal Steps trained so far, for files. */
  get stepVariable(): Variable<Shape, "int32"> {
    return this.step;
  }

  /** @internal What a file says of its training, until `compile` says how it goes on. */
  keep(progress: SavedProgress, step: Int32Array): void {
    this.step.set(step);
    this.progresses.keep(progress);
  }

  /** Ends how it was compiled; an optimizer that it made goes too, unless it is the next one. */
  private releaseTraining(next?: Optimizer): void {
    this.programs.dispose();
    this.trainer?.dispose();
    const optimizer = this.trainer?.training.optimizer;
    this.trainer = undefined;
    if (optimizer === next) return;
    if (this.ownsOptimizer && optimizer !== undefined) {
      this.progresses.delete(optimizer);
      optimizer.dispose();
    }
    this.ownsOptimizer = false;
  }

  private newPrograms(): Programs {
    const { inputShape, outputShape, seed, variables, step } = this;
    const call = (x: AnyTensor) => callLayers(this.built, x);
    return new Programs({ inputShape, outputShape, seed, variables, step, call });
  }

  private check(where: string): void {
    if (this.disposed) throw new DisposedError(`${where}: the model was disposed`);
  }

  private compiled(where: string): CompiledTrainer {
    this.check(where);
    if (this.trainer === undefined) {
      throw new StateError(
        `${where}: expected a compiled model; call model.compile({ optimizer: "adam", loss: "..." }) first`,
      );
    }
    return this.trainer;
  }
}
