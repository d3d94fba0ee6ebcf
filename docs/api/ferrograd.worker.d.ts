// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/worker

export interface Run<C> extends FitResult {
  readonly config: C;
  readonly index: number;
  readonly evaluated?: Readonly<Record<string, number>>;
  readonly model: Uint8Array;
}

export interface RunPlan {
  readonly model: Model<never> | AnyModel | Uint8Array;
  readonly data: Dataset | DatasetLike | Batches;
  readonly rows?: ArrayLike<number>;
  readonly fit?: FitOptions;
  readonly test?: {
    readonly data?: Dataset | DatasetLike | Batches;
    readonly rows?: ArrayLike<number>;
  };
}

export declare class WorkerError extends FerrogradError {
  static readonly code = "worker";
  static readonly name: string;
}

export interface WorkerLike {
  postMessage(message: unknown, transfer: never[]): void;
  terminate(): unknown;
}

export declare class WorkerModel<M extends AnyKnown = never, O = Tensor, I = DataLike> {
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
  train(
    data: DatasetLike<I, TargetsOf<O>> | Batches<I, TargetsOf<O>>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  train(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  stop(): void;
  trainOnBatch(data: DatasetLike<I, TargetsOf<O>>): Promise<Logged<M>>;
  trainOnBatch(x: I, y: TargetsOf<O>): Promise<Logged<M>>;
  evaluate(data: DatasetLike<I, TargetsOf<O>>, options?: EvaluateOptions): Promise<Logged<M>>;
  evaluate(x: I, y: TargetsOf<O>, options?: EvaluateOptions): Promise<Logged<M>>;
  evaluate(batches: Batches<I, TargetsOf<O>>): Promise<Logged<M>>;
  predict(
    x:
      | I
      | {
          readonly x: I;
          readonly y: unknown;
        }
      | Iterable<XBatch<I>>
      | AsyncIterable<XBatch<I>>,
  ): Promise<O>;
  getWeights(): Promise<Float32Array[]>;
  setWeights(weights: readonly (RowsLike | Float32Array)[]): Promise<void>;
  save(options?: SaveOptions): Promise<Uint8Array>;
  dispose(): Promise<void>;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WorkerOptions {
  readonly worker?: () => WorkerLike;
  readonly modules?: readonly (string | URL)[];
}

export declare class WorkerPool {
  readonly size: number;
  runs<C>(
    configs: Iterable<C>,
    plan: (config: C, index: number) => RunPlan | PromiseLike<RunPlan>,
  ): AsyncGenerator<Run<C>, void, undefined>;
  dispose(): Promise<void>;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WorkerPoolOptions extends WorkerOptions {
  readonly size?: number;
}

export declare function inWorker<M extends AnyKnown, O, I>(
  model: Model<M, O, I>,
  options?: WorkerOptions,
): Promise<WorkerModel<M, O, I>>;
export declare function inWorker<O, I>(
  model: UncompiledModel<O, I>,
  options?: WorkerOptions,
): Promise<WorkerModel<never, O, I>>;

export declare function serve(options?: LoadOptions): void;

export declare function workerPool(options?: WorkerPoolOptions): WorkerPool;

// Not exported, but spoken of above.

type AnyKnown = string | Says<string, MetricResult>;

type AnyModel = Model<never, unknown, unknown>;

type DataOfNames<N extends PropertyKey> =
  true extends Several<N>
    ?
        | {
            readonly [name in N]: RowsLike;
          }
        | readonly RowsLike[]
    : DataLike;

type Held = ValidationData | undefined;

interface Says<N extends string, R> {
  readonly name: N;
  readonly says: R;
}

type Several<N, Each = N> = Each extends N ? ([N] extends [Each] ? false : true) : never;

type Share = ValidationShare | undefined;

type TargetsOf<O> = O extends
  | {
      readonly rank: number;
    }
  | readonly unknown[]
  ? DataLike
  : DataOfNames<keyof O>;

type Validates<Share, Held> = undefined extends Share
  ? undefined extends Held
    ? false
    : true
  : true;

type ValidationData = readonly [DataLike, DataLike] | DatasetLike | Batches;

type ValidationShare = number | RowSplit;

type XBatch<X = DataLike> =
  | X
  | readonly [x: X, ...rest: unknown[]]
  | {
      readonly x: X;
      readonly y: unknown;
    };
