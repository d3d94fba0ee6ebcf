import {
  type Callbacks,
  type FitModel,
  type Hook,
  type Logs,
  STOP,
} from "../callbacks/callback.ts";
import type { Executable } from "../compile/executable.ts";
import { NumericError } from "../errors.ts";
import type { MetricResult } from "../metrics/metric.ts";
import type { Cut, Feed } from "./feed.ts";
import type { FitResult, fitOptions } from "./fit.ts";
import type { Measures, Report } from "./heads.ts";
import { type Evaluation, Totals } from "./measure.ts";
import type { Progress } from "./progress.ts";
import { isPromise } from "./promise.ts";
import { fillSamples, type Samples } from "./samples.ts";

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
  /** Measures what is added to it. */
  evaluation(): Evaluation;
  /** Has `stop()` been called? */
  stopped(): boolean;
  /** Throws once the model was disposed. */
  checkLive(): void;
}

/** What is to be waited for: what a function of a callback returned, or a batch. */
export interface Pending {
  readonly of: Hook | "data" | "validationData";
  readonly promise: PromiseLike<unknown>;
}

/** A step of a training, or the end of an epoch. */
export interface TrainingStep {
  /** Is it a step, or has an epoch ended? */
  readonly event: "batch" | "epoch";
  /** Counted from 1, on from one call to the next. */
  readonly epoch: number;
  /** Steps of this call. */
  readonly step: number;
  /** Steps of the epoch. */
  readonly batch: number;
  /** The loss and the metrics: of the batch before its update, or the means of the epoch with those of validation. */
  readonly logs: Logs & { readonly loss: number };
}

/** One run of `fit`: a loop that hands back control after each step, for whoever drives it. */
export class FitLoop {
  readonly history: Record<string, MetricResult[]> = {};
  private epochs = 0;
  private steps = 0;
  /** The epoch under way, and its steps that are done. */
  private epoch = 0;
  private batch = 0;
  /** What was measured last, asked for where someone looks. */
  private logs: (() => Logs) | undefined;
  private readonly initialEpoch: number;
  /** When the first step began. */
  private started: number | undefined;
  private ended = 0;
  private readonly trainer: Trainer;
  private readonly feed: Feed;
  private readonly validation: Feed | undefined;
  private readonly options: ReturnType<typeof fitOptions>;

  constructor(
    trainer: Trainer,
    feed: Feed,
    validation: Feed | undefined,
    options: ReturnType<typeof fitOptions>,
  ) {
    this.trainer = trainer;
    this.initialEpoch = trainer.progress.epochs;
    this.feed = feed;
    this.validation = validation;
    this.options = options;
  }

  /** No more batches are wanted. */
  close(): void {
    this.feed.close();
    this.validation?.close();
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

  /** Yields what is to be waited for, and is given what came of it; and says what was done after each step and each epoch. */
  *run(): Generator<Pending | TrainingStep["event"], FitResult, unknown> {
    const { epochs, signal } = this.options;
    signal?.throwIfAborted();
    const { initialEpoch } = this;
    const { model } = this.trainer;
    const { samples, steps: stepsPerEpoch } = this.feed;
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
      if (isPromise(given)) given = yield { of: hook, promise: given };
      this.trainer.checkLive();
      if (given === STOP) this.trainer.model.stop();
    }
  }

  private *train(): Generator<Pending | TrainingStep["event"], FitResult["stopReason"], unknown> {
    const { epochs } = this.options;
    for (let done = 0; done < epochs; done++) {
      const epoch = this.initialEpoch + done + 1;
      yield* this.call("onEpochBegin", epoch);
      const logs = yield* this.steppedThrough(epoch);
      if (logs === undefined) return "stopped";
      this.record(logs);
      yield* this.call("onEpochEnd", epoch, this.trainer.report.logs(logs));
      this.logs = () => this.trainer.report.logs(logs);
      yield "epoch";
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

  private *steppedThrough(
    epoch: number,
  ): Generator<Pending | TrainingStep["event"], Measures | undefined, unknown> {
    const { feed, trainer } = this;
    const { report } = trainer;
    const totals = new Totals(report.measured.length);
    const [begins, ends] = [this.has("onBatchBegin"), this.has("onBatchEnd")];
    let last: Executable;
    this.logs = () => report.logs(trainer.measures(last));
    report.states?.reset();
    feed.begin(epoch);
    this.epoch = epoch;
    this.batch = 0;
    for (;;) {
      this.options.signal?.throwIfAborted();
      if (trainer.stopped()) return this.cutShort();
      let cut = feed.next();
      if (isPromise(cut)) cut = (yield { of: "data", promise: cut }) as Cut | undefined;
      if (cut === undefined) break;
      if (begins) {
        yield* this.call("onBatchBegin", this.steps + 1);
        if (trainer.stopped()) return this.cutShort();
      }
      const { samples, begin, end, order } = cut;
      const program = trainer.program(end - begin, samples);
      this.started ??= performance.now();
      fillSamples(program, samples, begin, end, order);
      try {
        trainer.step(program, { step: this.steps + 1, epoch, batch: this.batch + 1 });
      } catch (error) {
        if (!(error instanceof NumericError)) throw error;
        yield* this.call("onNumericError", error);
        if (!trainer.stopped()) throw error;
        return this.cutShort();
      }
      this.steps++;
      this.batch++;
      totals.addBatch(program, end - begin, report);
      last = program;
      if (ends) yield* this.call("onBatchEnd", this.steps, this.logs());
      yield "batch";
    }
    this.ended = performance.now();
    trainer.progress.epochs++;
    return { ...report.of(totals.means()), ...(yield* this.validate(epoch)) };
  }

  /** What was done last. */
  latest(event: TrainingStep["event"]): TrainingStep {
    const { epoch, batch, steps: step } = this;
    return { event, epoch, step, batch, logs: this.logs!() as TrainingStep["logs"] };
  }

  /** An epoch that is stopped half-way says nothing. */
  private cutShort(): undefined {
    this.ended = performance.now();
  }

  private *validate(epoch: number): Generator<Pending, Measures, unknown> {
    const { validation, trainer } = this;
    const isDue = (this.epochs + 1) % this.options.validationFreq === 0;
    if (validation === undefined || !isDue) return {};
    yield* this.call("onTestBegin", epoch);
    const evaluation = trainer.evaluation();
    validation.begin(epoch);
    for (;;) {
      let cut = validation.next();
      if (isPromise(cut)) cut = (yield { of: "validationData", promise: cut }) as Cut | undefined;
      if (cut === undefined) break;
      evaluation.add(cut.samples);
    }
    const measures = evaluation.said();
    yield* this.call("onTestEnd", epoch, trainer.report.logs(measures));
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
