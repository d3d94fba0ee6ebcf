import { brandClass } from "../copies/shared.ts";
import type { Tensor } from "../graph/tensor.ts";
import { madeBy } from "../graph/tensor.ts";
import type { AnyKnown } from "../metrics/metric.ts";
import { type Model, modelOf, type UncompiledModel } from "../model/model.ts";
import type { SaveOptions } from "../model/save.ts";
import type { Logged } from "../model/trainer.ts";
import { net } from "../platform/collected.ts";
import type { Batches, XBatch } from "../training/batches.ts";
import type {
  EvaluateOptions,
  FitOptions,
  FitResult,
  Validates,
  ValidationData,
  ValidationShare,
} from "../training/fit.ts";
import type { DataLike, DatasetLike, TargetsOf } from "../training/given.ts";
import type { TrainingStep } from "../training/place.ts";
import type { RowsLike } from "../values/rows.ts";
import { Connection, type WorkerOptions } from "./connection.ts";
import { unpackTensors } from "./packing.ts";

type Share = ValidationShare | undefined;
type Held = ValidationData | undefined;

/** Workers of models that nobody has any more. */
const forgotten = /* @__PURE__ */ net<Connection>(
  (connection) => void connection.dispose("inWorker()"),
);

/**
 * A model in a worker: what it is asked it answers with promises, what it computes has the bits of a model in this thread.
 * `inWorker` makes it; `dispose` ends its worker.
 *
 * Data go to it with each call; a `Dataset` once, however often it is given, into memory that threads share where there is
 * such. Batches that `fit` is given stay here and are asked for one by one. Callbacks are called here, with the weights
 * as they are then (with each step for those that took `run.model` in `onTrainBegin`), and may change weights and rate as
 * always. What there is to warn of is said to `warn` of the model that was given.
 *
 * @example
 * const remote = await inWorker(model);
 * (await remote.predict([[5.1, 3.5, 1.4, 0.2]])).shape; // [1, 3]
 * await remote.dispose();
 */
export class WorkerModel<M extends AnyKnown = never, O = Tensor, I = DataLike> {
  private readonly connection: Connection;

  static {
    brandClass("workerModel", WorkerModel);
  }

  /** @internal */
  constructor(connection: Connection) {
    if (!(connection instanceof Connection)) throw madeBy("WorkerModel", "inWorker()");
    this.connection = connection;
    forgotten.register(this, connection, this);
  }

  /**
   * Trains, as `model.fit` does, with its options, callbacks and errors.
   *
   * @throws as `model.fit`; WorkerError when the worker ends, DisposedError when it is disposed
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
    return await this.connection.fit<FitResult<M>>("fit", args, (call) => call);
  }

  /**
   * As `fit`, one step at a time: `for await` gets each step and the end of each epoch, as of `model.train`, and the worker trains on
   * when it asks for the next.
   *
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
    return yield* this.connection.train<TrainingStep, FitResult<M>>(args);
  }

  /** Ends a running `fit` after the step under way. */
  stop(): void {
    this.connection.tell("stop");
  }

  /** One step on one batch, as `model.trainOnBatch`. */
  trainOnBatch(data: DatasetLike<I, TargetsOf<O>>): Promise<Logged<M>>;
  trainOnBatch(x: I, y: TargetsOf<O>): Promise<Logged<M>>;
  async trainOnBatch(...args: unknown[]): Promise<Logged<M>> {
    return await this.call<Logged<M>>("trainOnBatch", args);
  }

  /** The loss and the metrics over all rows, as `model.evaluate`; while `fit` runs too. */
  evaluate(data: DatasetLike<I, TargetsOf<O>>, options?: EvaluateOptions): Promise<Logged<M>>;
  evaluate(x: I, y: TargetsOf<O>, options?: EvaluateOptions): Promise<Logged<M>>;
  evaluate(batches: Batches<I, TargetsOf<O>>): Promise<Logged<M>>;
  async evaluate(...args: unknown[]): Promise<Logged<M>> {
    return await this.call<Logged<M>>("evaluate", args);
  }

  /** The outputs for each row of what `model.predict` takes; while `fit` runs too. */
  async predict(
    x: I | { readonly x: I; readonly y: unknown } | Iterable<XBatch<I>> | AsyncIterable<XBatch<I>>,
  ): Promise<O> {
    return unpackTensors(await this.call("predict", [x])) as O;
  }

  /** Copies of all variables, as `model.getWeights`. */
  async getWeights(): Promise<Float32Array[]> {
    return await this.connection.ask<Float32Array[]>("getWeights");
  }

  /** Replaces all variables, as `model.setWeights`. */
  async setWeights(weights: readonly (RowsLike | Float32Array)[]): Promise<void> {
    await this.connection.ask("setWeights", this.connection.packer.pack(weights));
  }

  /**
   * The model as bytes, for `loadModel` here: `loadModel(await remote.save({ includeOptimizer: true }))` goes on as it would there.
   */
  async save(options: SaveOptions = {}): Promise<Uint8Array> {
    const [bytes] = await this.connection.ask<Uint8Array[]>("save", options);
    return bytes!;
  }

  /** Ends the worker, and with a DisposedError what is under way in it; resolves once it is over. */
  async dispose(): Promise<void> {
    forgotten.unregister(this);
    await this.connection.dispose("dispose()");
  }

  [Symbol.dispose](): void {
    void this.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  private call<R>(name: string, args: readonly unknown[]): Promise<R> {
    const { packed, forget } = this.connection.packer.packAll(args);
    return this.connection.ask<R>(name, packed).finally(forget);
  }
}

/**
 * A copy of a model in a worker of its own, compiled, with the state of its optimizer: training there goes on as it would
 * here, and leaves this thread free. Layers, losses and metrics of one's own are found by `modules`, or by a file of one's own
 * that calls `serve`.
 *
 * @example
 * const remote = await inWorker(model);
 * const { history } = await remote.fit(train, { epochs: 5 });
 * model.setWeights(await remote.getWeights());
 * await remote.dispose();
 *
 * @throws WorkerError where no worker starts; FormatError for layers that are not known there; StateError for layers that
 * cannot be saved
 */
export function inWorker<M extends AnyKnown, O, I>(
  model: Model<M, O, I>,
  options?: WorkerOptions,
): Promise<WorkerModel<M, O, I>>;
export function inWorker<O, I>(
  model: UncompiledModel<O, I>,
  options?: WorkerOptions,
): Promise<WorkerModel<never, O, I>>;
export async function inWorker(
  model: unknown,
  options: WorkerOptions = {},
): Promise<WorkerModel<never, never, never>> {
  const where = "inWorker()";
  const given = modelOf(where, model as Model<never>);
  const bytes = given.save({ includeOptimizer: true });
  const connection = new Connection(where, options);
  connection.warn = given.life.compiled?.warn ?? connection.warn;
  try {
    await connection.ask("load", bytes, [bytes.buffer as ArrayBuffer]);
  } catch (error) {
    await connection.dispose(where);
    throw error;
  }
  return new WorkerModel<never, never, never>(connection);
}
