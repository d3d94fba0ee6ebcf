import type { LossRow } from "../losses/loss.ts";
import type { Reading } from "../losses/reading.ts";
import type { AnyKnown, NameOf, SaidBy } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Batch, Batches, Walked } from "../training/batches.ts";
import { drive, driveBySteps, driveSync } from "../training/drive.ts";
import type {
  EvaluateOptions,
  FitOptions,
  FitResult,
  Validates,
  ValidationData,
  ValidationShare,
} from "../training/fit.ts";
import { type BatchOptions, batchOfOptions, type TrainOnRows } from "../training/flat.ts";
import { type DatasetLike, samplesAndOptions, type TargetsOf } from "../training/given.ts";
import type { Training } from "../training/heads.ts";
import type { MeasuresOf, MetricLike, MetricsByOutput } from "../training/names-of.ts";
import type { TrainingStep } from "../training/place.ts";
import { hopeless, readOutput } from "../training/readings.ts";
import type { Model } from "./model.ts";
import { Structure } from "./structure.ts";
import type { CompileOptions, ModelTraining } from "./training.ts";

type Share = ValidationShare | undefined;
type Held = ValidationData | undefined;

/** The loss and the metrics asked for, by name. */
export type Logged<M extends AnyKnown> = {
  readonly [name in NameOf<M> | "loss"]: SaidBy<M, name>;
};

/** How a model trains and is measured. */
export abstract class Trainer<M extends AnyKnown, O, I> extends Structure {
  /** @internal */
  protected abstract readonly training: ModelTraining;

  /** The optimizer, once compiled: `model.optimizer.learningRate = 1e-4`. */
  get optimizer(): Optimizer {
    return this.training.trainerFor("optimizer").training.optimizer;
  }

  /**
   * Epochs finished with its optimizer, in all calls of `fit`; saved with the optimizer's state. One that
   * was stopped or aborted half-way does not count, and neither does `trainOnBatch`.
   */
  get epochs(): number {
    return this.training.progresses.epochs(this.training.compiled?.training);
  }

  /**
   * Decides how the model trains, and returns the same model with `fit`, `evaluate` and their types.
   *
   * @example sequential([dense(10)], { inputShape: [64] })
   *   .compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] })
   * @throws ArgumentError `compile(): unknown loss "mse"; ...`; StateError in `fit`
   */
  compile<
    const N extends MetricLike = never,
    const Q extends MetricsByOutput = Record<never, never>,
  >(options: CompileOptions<N, Q>): Model<MeasuresOf<O, N, Q>, O, I> {
    this.training.compile(options as CompileOptions);
    return this as unknown as Model<MeasuresOf<O, N, Q>, O, I>;
  }

  /**
   * Trains. Takes x and y, or a data set; x as nested arrays or flat values with a shape, y as the
   * loss needs them; of several inputs or outputs a list in their order, or an object with their names. A data set's
   * `sampleWeight` says how much each row counts in the loss, which is Σ weight·loss / Σ weight of a batch: a row with
   * 2 is as good as the same row twice (PyTorch's mean; Keras divides by the number of rows). Gives way to the event loop every 16 ms. A second call goes on where the first
   * ended: two of 3 epochs have the bits of one of 6.
   *
   * One `fit` at a time: until it ends, the model predicts, evaluates, is saved and given other weights, but
   * `fit`, `trainOnBatch` and `compile` are refused.
   *
   * @example const { history } = await model.fit(x, y, { epochs: 10, batchSize: 32 });
   * @example await model.fit({ x, y, sampleWeight: Array.from(y.data, (label) => (label === 0 ? 2 : 1)) });
   * @example await model.fit(x, y, { classWeight: "balanced" });
   * @throws StateError before `compile` and in another `fit`; DataError, ShapeError and ArgumentError for bad data and
   * options, before anything runs; NumericError when a loss is not finite, the model being as it was
   * before that step; the signal's reason when aborted
   */
  fit<S extends Share = undefined, H extends Held = undefined>(
    data: DatasetLike<I, TargetsOf<O>>,
    options?: FitOptions<S, H>,
  ): Promise<FitResult<M, Validates<S, H>>>;
  fit<S extends Share = undefined, H extends Held = undefined>(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions<S, H>,
  ): Promise<FitResult<M, Validates<S, H>>>;
  fit<H extends Held = undefined>(
    batches: Batches<I, TargetsOf<O>>,
    options?: FitOptions<undefined, H>,
  ): Promise<FitResult<M, Validates<undefined, H>>>;
  async fit(...args: unknown[]): Promise<FitResult<M>> {
    const prepared = this.training.begin("fit()", args);
    try {
      return (await drive(prepared)) as FitResult<M>;
    } finally {
      this.training.end(prepared.loop);
    }
  }

  /**
   * As `fit`, one step at a time: `for await` gets each step and the end of each epoch, and trains on when it asks for the
   * next. Between two the model may be looked at, given another rate or other weights. Whoever breaks off ends the training, and
   * so does a call that trains or compiles the model between two steps: what is dropped half-way is in nobody's way.
   *
   * @example
   * for await (const { event, logs } of model.train(x, y, { epochs: 5 })) {
   *   if (event === "epoch" && logs.loss < 0.1) break;
   * }
   * @throws as `fit`, when the first step is asked for; StateError for a step after another call ended it
   */
  train(
    data: DatasetLike<I, TargetsOf<O>> | Batches<I, TargetsOf<O>>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  train(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  async *train(...args: unknown[]): AsyncGenerator<TrainingStep, FitResult<M>, void> {
    const prepared = this.training.begin("train()", args);
    try {
      return (yield* driveBySteps(prepared)) as FitResult<M>;
    } finally {
      this.training.end(prepared.loop);
    }
  }

  /** As `fit`, keeping the thread until it is done: callbacks must not return promises. */
  fitSync<S extends Share = undefined, H extends Held = undefined>(
    data: DatasetLike<I, TargetsOf<O>>,
    options?: FitOptions<S, H>,
  ): FitResult<M, Validates<S, H>>;
  fitSync<S extends Share = undefined, H extends Held = undefined>(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions<S, H>,
  ): FitResult<M, Validates<S, H>>;
  fitSync<H extends Held = undefined>(
    batches: Batches<I, TargetsOf<O>>,
    options?: FitOptions<undefined, H>,
  ): FitResult<M, Validates<undefined, H>>;
  fitSync(...args: unknown[]): FitResult<M> {
    const prepared = this.training.begin("fitSync()", args);
    try {
      return driveSync(prepared) as FitResult<M>;
    } finally {
      this.training.end(prepared.loop);
    }
  }

  /** Ends a running `fit` after the step under way: it resolves with `stopReason: "stopped"`. Else it does nothing. */
  stop(): void {
    this.training.compiled?.stop();
  }

  /**
   * One step on one batch, x and y or a data set of them; returns the loss and the metrics before the update.
   *
   * @example const { loss } = model.trainOnBatch(x, y);
   * @throws as `fit`
   */
  trainOnBatch(data: DatasetLike<I, TargetsOf<O>>): Logged<M>;
  trainOnBatch(x: I, y: TargetsOf<O>): Logged<M>;
  trainOnBatch(x: unknown, y?: unknown): Logged<M> {
    const where = "trainOnBatch()";
    const trainer = this.training.trainerFor(where);
    this.training.checkIdle(where);
    const given = y === undefined ? samplesAndOptions(where, [x]).given : { x, y };
    return trainer.trainOnBatch(given) as Logged<M>;
  }

  /**
   * `trainOnBatch` for rows that come one after the other, or a few at a time: a function of arrays with their numbers and
   * their targets, as the core has them (float32; int32 for class numbers), which takes a step and returns the loss before
   * it. It makes no objects, and is as fast as a loop written for the net, with `unrollPrograms()`; the bits are those of
   * `trainOnBatch`. For models of one input and one output, however they are compiled later.
   *
   * @param options `batch`: rows of each call (default 1)
   * @example
   * const net = sequential([dense(1)], { inputShape: [2] }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
   * const step = net.compileTrainOnBatch({ batch: 1 });
   * const loss = step(Float32Array.of(1, 2), Float32Array.of(3));
   * @throws ShapeError for other arrays and sizes; else as `trainOnBatch`; ArgumentError for a model of several inputs or outputs
   */
  compileTrainOnBatch(options: BatchOptions = {}): TrainOnRows {
    const where = "compileTrainOnBatch()";
    const rows = batchOfOptions(where, options);
    let trainer = this.training.trainerFor(where);
    let step = trainer.flatStep(where, rows);
    return (x, y) => {
      this.training.checkIdle(where);
      const now = this.training.trainerFor(where);
      if (now !== trainer) step = now.flatStep(where, rows);
      trainer = now;
      return step(x, y);
    };
  }

  /**
   * The loss and the metrics over all rows: means over what counts, whatever the number of rows and their batches. Of batches that
   * come one after the other it takes what `fit` does, and gives a promise where these have to be waited for.
   *
   * @example model.evaluate(test).accuracy
   * @example model.evaluate(test.batch(100)).accuracy
   * @throws as `fit`
   */
  evaluate(data: DatasetLike<I, TargetsOf<O>>, options?: EvaluateOptions): Logged<M>;
  evaluate(x: I, y: TargetsOf<O>, options?: EvaluateOptions): Logged<M>;
  evaluate(batches: Walked<AsyncIterable<Batch<I, TargetsOf<O>>>>): Promise<Logged<M>>;
  evaluate(batches: Walked<Iterable<Batch<I, TargetsOf<O>>>>): Logged<M>;
  evaluate(...args: unknown[]): unknown {
    return this.training.trainerFor("evaluate()").evaluateArguments(args);
  }

  /** @internal Why nothing can be learned with this loss, whatever the data. */
  hopeless(output: number, loss: LossRow): string | undefined {
    return hopeless(this.training.programs, output, this.outputs[output]!, loss);
  }

  /** @internal How a loss would take the outputs. */
  readingOf(output: number, loss: LossRow): Reading | undefined {
    return readOutput(this.training.programs, "compile()", output, loss, []);
  }

  /** @internal What of its life it is in, for checkpoints. */
  get life(): ModelTraining {
    return this.training;
  }

  /** @internal How it was compiled, for diagnostics. */
  trainingOf(where: string): Training {
    return this.training.trainerFor(where).training;
  }

  /** @internal Why a file did not compile it, and what does. */
  explain(why: string): void {
    this.training.remedy = `${why}; or ${this.training.remedy}`;
  }
}
