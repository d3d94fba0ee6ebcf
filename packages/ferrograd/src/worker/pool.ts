import { Dataset } from "../data/dataset.ts";
import { ArgumentError, DisposedError } from "../errors.ts";
import { type AnyModel, type Model, modelOf } from "../model/model.ts";
import {
  callable,
  isPlain,
  listOf,
  nonNegativeInteger,
  positiveInteger,
  requireOptions,
  show,
} from "../options/index.ts";
import { warnOnConsole } from "../platform/warn.ts";
import type { Batches, Counted } from "../training/batches.ts";
import { type FitOptions, type FitResult, signalOf } from "../training/fit.ts";
import type { DatasetLike } from "../training/given.ts";
import { Connection, checkWorkerOptions, unlessAborted, type WorkerOptions } from "./connection.ts";

/** Options of `workerPool`. */
export interface WorkerPoolOptions extends WorkerOptions {
  /** How many workers at most; each is made when it is needed (default: one for each core). */
  readonly size?: number;
}

/** What is to be done for one configuration. */
export interface RunPlan {
  /** A compiled model, which goes to the worker and is disposed here; or the bytes of one. */
  readonly model: Model<never> | AnyModel | Uint8Array;
  /** What it trains on; a `Dataset` goes to each worker once, for all runs. */
  readonly data: Dataset | DatasetLike | Batches;
  /** Positions of the rows of a `Dataset` that train (default: all), as in `Fold.train`. */
  readonly rows?: ArrayLike<number>;
  /** Options of `fit`; callbacks are called here. */
  readonly fit?: FitOptions;
  /** What it is measured on afterwards: rows of other data, or of the same. */
  readonly test?: {
    readonly data?: Dataset | DatasetLike | Batches;
    readonly rows?: ArrayLike<number>;
  };
}

/** What came of one configuration. */
export interface Run<C> extends FitResult {
  readonly config: C;
  /** Its place among the configurations. */
  readonly index: number;
  /** Loss and metrics on `test`, where there is one. */
  readonly evaluated?: Readonly<Record<string, number>>;
  /** The trained model, for `loadModel`. */
  readonly model: Uint8Array;
}

/**
 * Workers that share runs among them. Made by `workerPool`.
 *
 * @example workerPool({ size: 3 }).size // 3
 */
export class WorkerPool {
  /** How many workers at most. */
  readonly size: number;
  private readonly options: WorkerOptions;
  private readonly all = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly queue: (() => void)[] = [];
  /** Ends the runs of each loop under way. */
  private readonly loops = new Set<AbortController>();
  private busy = 0;
  private disposed = false;

  /** @internal */
  constructor(options: WorkerPoolOptions) {
    const where = "workerPool()";
    requireOptions(where, options, ["worker", "modules", "size"]);
    const { size, ...rest } = options;
    this.size = positiveInteger(where, "size", size ?? cores());
    this.options = rest;
    checkWorkerOptions(where, rest);
  }

  /**
   * Trains a model for each configuration, as many at a time as there are workers: folds, seeds, learning rates, whatever `plan`
   * makes a model and its data of. They come in the order of the configurations, with the bits they have in this
   * thread. Whoever leaves the loop early ends those under way; so does the first that fails, whose error the loop throws.
   *
   * @example
   * const build = (learningRate) =>
   *   sequential([dense(3)], { inputShape: [4], seed: 1 }).compile({ optimizer: adam({ learningRate }), loss: "sparseCategoricalCrossentropy" });
   * const pool = workerPool({ size: 2 });
   * for await (const { config, evaluated } of pool.runs([0.1, 0.01], (rate) => ({ model: build(rate), data: train, fit: { epochs: 2 }, test: { data: test } }))) {
   *   console.log(config, evaluated.loss);
   * }
   * await pool.dispose();
   *
   * @throws what a run throws; WorkerError where a worker ends (the pool goes on with another one), ArgumentError for what is no plan
   */
  async *runs<C>(
    configs: Iterable<C>,
    plan: (config: C, index: number) => RunPlan | PromiseLike<RunPlan>,
  ): AsyncGenerator<Run<C>, void, undefined> {
    const where = "runs()";
    if (typeof configs !== "object" || configs === null || !(Symbol.iterator in configs)) {
      throw new ArgumentError(
        `${where}: expected an iterable of configurations, got ${show(configs)}`,
      );
    }
    callable(where, "plan", plan);
    const list = [...configs];
    const over = new AbortController();
    this.loops.add(over);
    const sources = new Set<Counted>();
    const outcomes: Promise<Run<C>>[] = list.map(() => undefined as never);
    const begin = (index: number) => {
      const config = list[index]!;
      const outcome = this.run(index, () => plan(config, index), over.signal, sources);
      outcomes[index] = outcome.then((result) => ({ ...result, config, index }));
      outcomes[index].catch(() => {}); // the loop hears of it when it comes to it
    };
    list.forEach((_, index) => {
      begin(index);
    });
    try {
      for (const outcome of outcomes) yield await outcome;
    } finally {
      over.abort();
      this.loops.delete(over);
      await Promise.allSettled(outcomes);
      for (const source of sources) source.leftBy?.(sources);
    }
  }

  /** Ends the workers, and what is under way in them. */
  async dispose(): Promise<void> {
    this.disposed = true;
    for (const next of this.queue.splice(0)) next();
    const ended = [...this.all].map((one) => one.dispose("dispose()"));
    for (const loop of this.loops) loop.abort(gone()); // plans that it waits for
    await Promise.all(ended);
    this.all.clear();
  }

  [Symbol.dispose](): void {
    void this.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  private async run(
    index: number,
    plan: () => RunPlan | PromiseLike<RunPlan>,
    over: AbortSignal,
    sources: Set<Counted>,
  ): Promise<Omit<Run<never>, "config" | "index">> {
    const connection = await this.acquire(over);
    let forget = () => {};
    try {
      const {
        model,
        data,
        rows,
        fit = {},
        test,
      } = checkPlan(await unlessAborted(plan(), over), index);
      // What counts its walks begins for each run where it did for the first, however many are under way.
      for (const source of [data, test?.data, fit.validationData] as (Counted | undefined)[]) {
        if (source?.walkedBy?.(sources) !== undefined) sources.add(source);
      }
      connection.warn = warnOf(model);
      const bytes = bytesOf(model);
      const signal = signalOf("fit()", fit.signal);
      const ends = signal === undefined ? over : AbortSignal.any([signal, over]);
      return await connection.fit(
        "run",
        [data, { ...fit, signal: ends }],
        ({ fit, args, hooks }) => {
          const [packed, options] = args;
          const held = connection.packer.packAll(test?.data === undefined ? [] : [test.data]);
          forget = held.forget;
          const measured = test && { data: held.packed[0] ?? packed, rows: positions(test.rows) };
          return {
            fit,
            hooks,
            bytes,
            data: packed,
            options,
            rows: positions(rows),
            test: measured,
          };
        },
      );
    } finally {
      forget();
      this.release(connection);
    }
  }

  /** A worker that has nothing to do; waits for one where all are busy. */
  private async acquire(over: AbortSignal): Promise<Connection> {
    if (this.busy >= this.size) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.busy++;
    try {
      over.throwIfAborted();
      if (this.disposed) throw gone();
      for (let known = this.idle.pop(); known !== undefined; known = this.idle.pop()) {
        if (known.alive) return known;
        this.all.delete(known); // it ended while it had nothing to do
      }
      const made = new Connection("workerPool()", this.options);
      this.all.add(made);
      return made;
    } catch (error) {
      this.next();
      throw error;
    }
  }

  private release(connection: Connection): void {
    if (connection.alive) this.idle.push(connection);
    else this.all.delete(connection);
    this.next();
  }

  /** Somebody else's turn, or one worker fewer at work. */
  private next(): void {
    const waiting = this.queue.shift();
    if (waiting === undefined) this.busy--;
    else waiting();
  }
}

/**
 * A pool of workers, for many trainings at a time: k-fold, seeds, searches.
 *
 * @example
 * const pool = workerPool({ size: 2 });
 * pool.size // 2
 * await pool.dispose();
 * @throws ArgumentError for options that do not exist
 */
export function workerPool(options: WorkerPoolOptions = {}): WorkerPool {
  return new WorkerPool(options);
}

const gone = () => new DisposedError("runs(): the pool was disposed");

function cores(): number {
  const { navigator, process } = globalThis as {
    navigator?: { readonly hardwareConcurrency?: number };
    process?: { getBuiltinModule?(name: "node:os"): { availableParallelism(): number } };
  };
  const count =
    navigator?.hardwareConcurrency ?? process?.getBuiltinModule?.("node:os").availableParallelism();
  return Math.max(1, count ?? 1);
}

function checkPlan(plan: unknown, index: number): RunPlan {
  const where = `runs(): plan of configuration ${index}`;
  if (!isPlain(plan)) throw new ArgumentError(`${where}: expected an object, got ${show(plan)}`);
  requireOptions(where, plan, ["model", "data", "rows", "fit", "test"]);
  const { data, rows, fit, test } = plan as unknown as RunPlan;
  if (fit !== undefined && !isPlain(fit)) {
    throw new ArgumentError(`${where}: fit: expected options of fit, got ${show(fit)}`);
  }
  if (test !== undefined) requireOptions(`${where}: test`, test, ["data", "rows"]);
  const held = test?.data ?? data;
  const wrong =
    (rows !== undefined && !isRows(data)) || (test?.rows !== undefined && !isRows(held));
  if (wrong)
    throw new ArgumentError(`${where}: rows: expected positions in a Dataset, got other data`);
  return plan as unknown as RunPlan;
}

const isRows = (data: unknown): data is Dataset => data instanceof Dataset;

/** What a model that is given, compiled, warns by. */
const warnOf = (model: RunPlan["model"]): ((message: string) => void) =>
  (model instanceof Uint8Array ? undefined : (model as Model<never>).life?.compiled?.warn) ??
  warnOnConsole;

function bytesOf(model: RunPlan["model"]): Uint8Array {
  if (model instanceof Uint8Array) return model;
  const own = modelOf("runs(): model", model) as Model<never>;
  try {
    return own.save({ includeOptimizer: true });
  } finally {
    own.dispose();
  }
}

const positions = (rows: ArrayLike<number> | undefined): Uint32Array | undefined =>
  rows === undefined
    ? undefined
    : rows instanceof Uint32Array
      ? rows
      : Uint32Array.from(listOf("runs()", "rows", Array.from(rows), nonNegativeInteger));
