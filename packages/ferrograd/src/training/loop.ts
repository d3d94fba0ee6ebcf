import { type Callbacks, type FitModel, type Hook, STOP } from "../callbacks/callback.ts";
import type { Executable } from "../compile/executable.ts";
import { NumericError } from "../errors.ts";
import type { MetricResult } from "../metrics/metric.ts";
import { shuffled } from "../values/philox.ts";
import type { FitResult, fitOptions } from "./fit.ts";
import type { Measures, Report } from "./heads.ts";
import { Totals } from "./measure.ts";
import type { Progress } from "./progress.ts";
import { checkThere, fillSamples, type Samples } from "./samples.ts";

/** What the loop needs of a model. */
export interface Trainer {
  readonly model: FitModel;
  /** How far the model has come in all its runs. */
  readonly progress: Progress;
  readonly report: Report;
  program(rows: number, samples: Samples): Executable;
  /** Runs one step; throws a worded error that names step and epoch. */
  step(program: Executable, at: { step: number; epoch: number; batch: number }): void;
  /** What a program measured of its batch. */
  measures(program: Executable): Measures;
  evaluate(samples: Samples): Measures;
  /** Has `stop()` been called? */
  stopped(): boolean;
  /** Throws once the model was disposed. */
  checkLive(): void;
}

/** What a function of a callback returned to be waited for. */
export interface Pending {
  readonly hook: Hook;
  readonly promise: PromiseLike<unknown>;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  const may = (typeof value === "object" && value !== null) || typeof value === "function";
  return may && typeof (value as { then?: unknown }).then === "function";
}

/** One run of `fit`: a loop that hands back control after each step, for whoever drives it. */
export class FitLoop {
  readonly history: Record<string, MetricResult[]> = {};
  private epochs = 0;
  private steps = 0;
  private readonly initialEpoch: number;
  /** When the first step began. */
  private started: number | undefined;
  private ended = 0;
  private readonly trainer: Trainer;
  private readonly samples: Samples;
  private readonly validation: Samples | undefined;
  private readonly options: ReturnType<typeof fitOptions>;

  constructor(
    trainer: Trainer,
    samples: Samples,
    validation: Samples | undefined,
    options: ReturnType<typeof fitOptions>,
  ) {
    this.trainer = trainer;
    this.initialEpoch = trainer.progress.epochs;
    this.samples = samples;
    this.validation = validation;
    this.options = options;
  }

  private result(stopReason: "completed" | "stopped"): FitResult {
    const { history, initialEpoch, epochs, steps } = this;
    const ms = this.started === undefined ? 0 : this.ended - this.started;
    return {
      history: history as unknown as FitResult["history"],
      initialEpoch,
      epochs,
      steps,
      ms,
      stopReason,
    };
  }

  /** Yields what is to be waited for, and is given what came of it; after each step it yields undefined. */
  *run(): Generator<Pending | undefined, FitResult, unknown> {
    const { epochs, signal } = this.options;
    signal?.throwIfAborted();
    const { samples, initialEpoch } = this;
    const { model } = this.trainer;
    const stepsPerEpoch = Math.ceil(samples.x.shape[0]! / this.options.batchSize);
    const run = { model, logged: this.logged(), samples, initialEpoch, epochs, stepsPerEpoch };
    yield* this.call("onTrainBegin", run);
    const stopReason = yield* this.train();
    yield* this.call("onTrainEnd");
    return this.result(stopReason);
  }

  /** Has a callback this function? */
  private has(hook: Hook): boolean {
    return this.options.callbacks.some((callback) => callback[hook] !== undefined);
  }

  /** Calls one function of each callback. A model that it disposed trains no further. */
  private *call<H extends Hook>(
    hook: H,
    ...args: Parameters<NonNullable<Callbacks[H]>>
  ): Generator<Pending, void, unknown> {
    for (const callback of this.options.callbacks) {
      const body = callback[hook] as ((...args: unknown[]) => unknown) | undefined;
      let given = body?.call(callback, ...args);
      if (isPromise(given)) given = yield { hook, promise: given };
      this.trainer.checkLive();
      if (given === STOP) this.trainer.model.stop();
    }
  }

  private *train(): Generator<Pending | undefined, FitResult["stopReason"], unknown> {
    const { epochs } = this.options;
    for (let done = 0; done < epochs; done++) {
      const epoch = this.initialEpoch + done + 1;
      yield* this.call("onEpochBegin", epoch);
      const logs = yield* this.epoch(epoch);
      if (logs === undefined) return "stopped";
      this.record(logs);
      yield* this.call("onEpochEnd", epoch, this.trainer.report.logs(logs));
      if (this.trainer.stopped()) return "stopped";
    }
    return "completed";
  }

  private logged(): string[] {
    const { names } = this.trainer.report;
    return this.validation === undefined
      ? [...names]
      : [...names, ...names.map((name) => `val_${name}`)];
  }

  private *epoch(epoch: number): Generator<Pending | undefined, Measures | undefined, unknown> {
    const { batchSize, shuffle, seed, signal } = this.options;
    const { samples } = this;
    const { report } = this.trainer;
    const rows = samples.x.shape[0]!;
    const order = shuffle ? shuffled(rows, seed, SHUFFLE_STREAM, epoch) : undefined;
    const totals = new Totals(report.measured.length);
    const [begins, ends] = [this.has("onBatchBegin"), this.has("onBatchEnd")];
    report.states?.reset();
    for (let begin = 0, batch = 1; begin < rows; begin += batchSize, batch++) {
      signal?.throwIfAborted();
      if (begins && !this.trainer.stopped()) yield* this.call("onBatchBegin", this.steps + 1);
      if (this.trainer.stopped()) return this.cutShort();
      const end = Math.min(begin + batchSize, rows);
      checkThere(samples);
      const program = this.trainer.program(end - begin, samples);
      this.started ??= performance.now();
      fillSamples(program, samples, begin, end, order);
      try {
        this.trainer.step(program, { step: this.steps + 1, epoch, batch });
      } catch (error) {
        if (!(error instanceof NumericError)) throw error;
        yield* this.call("onNumericError", error);
        if (!this.trainer.stopped()) throw error;
        return this.cutShort();
      }
      this.steps++;
      totals.addBatch(program, end - begin, report);
      if (ends) {
        yield* this.call("onBatchEnd", this.steps, report.logs(this.trainer.measures(program)));
      }
      yield undefined;
    }
    this.ended = performance.now();
    this.trainer.progress.epochs++;
    return { ...report.of(totals.means()), ...(yield* this.validate(epoch)) };
  }

  /** An epoch that is stopped half-way says nothing. */
  private cutShort(): undefined {
    this.ended = performance.now();
  }

  private *validate(epoch: number): Generator<Pending, Measures, unknown> {
    if (this.validation === undefined) return {};
    yield* this.call("onTestBegin", epoch);
    checkThere(this.validation);
    const measures = this.trainer.evaluate(this.validation);
    yield* this.call("onTestEnd", epoch, this.trainer.report.logs(measures));
    return Object.fromEntries(
      Object.entries(measures).map(([name, value]) => [`val_${name}`, value]),
    );
  }

  private record(logs: Measures): void {
    this.epochs++;
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}

/** The stream of the shuffle, apart from those of layers, which are hashes of their paths. */
export const SHUFFLE_STREAM = 1;
