import {
  type Callbacks,
  type FitModel,
  type FitRun,
  type Hook,
  type Logs,
  STOP,
} from "../callbacks/callback.ts";
import type { Executable } from "../compile/executable.ts";
import { NumericError } from "../errors.ts";
import type { Cut, Feed } from "./feed.ts";
import type { FitResult, fitOptions } from "./fit.ts";
import type { Measures, Report } from "./heads.ts";
import { type Evaluation, Totals } from "./measure.ts";
import { paced } from "./pace.ts";
import type { Pending, Place, TrainingStep } from "./place.ts";
import type { Progress } from "./progress.ts";
import { isPromise } from "./promise.ts";
import type { Samples } from "./samples.ts";
import { Validation } from "./validation.ts";

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

/** Nothing is waited for. */
const NONE: Iterable<Pending, void, unknown> = [];

/** One run of `fit`: a loop that hands back control after each step, or after as many as take no time, for whoever drives it. */
export class FitLoop {
  /** After a step: is control to be handed back? @internal */
  isDue = paced();
  /** Does it stand between two steps until the next one is asked for, if ever? @internal */
  stands = false;
  /** @internal */
  readonly place: Place;
  /** @internal Of the epoch under way. */
  readonly totals: Totals;
  /** @internal */
  readonly trainer: Trainer;
  /** @internal */
  readonly feed: Feed;
  /** @internal */
  readonly options: ReturnType<typeof fitOptions>;
  /** Has it come to its first epoch? @internal */
  hasBegun = false;
  private readonly validation: Validation | undefined;
  /** What was measured last, asked for where someone looks. */
  private logs: (() => Logs) | undefined;
  /** When the first step began. */
  private started: number | undefined;
  private ended = 0;

  constructor(
    trainer: Trainer,
    feed: Feed,
    validation: Feed | undefined,
    options: ReturnType<typeof fitOptions>,
  ) {
    this.trainer = trainer;
    this.feed = feed;
    this.validation = validation && new Validation(validation, options.validationFreq);
    this.options = options;
    this.totals = new Totals(trainer.report);
    this.place = {
      initialEpoch: trainer.progress.epochs,
      epochs: 0,
      steps: 0,
      batch: 0,
      next: "epoch",
      calling: undefined,
      isBetween: true,
      said: {},
      history: {},
    };
  }

  /** No more batches are wanted. */
  close(): void {
    this.feed.close();
    this.validation?.close();
  }

  get history(): Place["history"] {
    return this.place.history;
  }

  /** The number of the epoch under way, or of the one that has just ended. */
  private get epoch(): number {
    const { initialEpoch, epochs, next } = this.place;
    return initialEpoch + epochs + (next === "end" ? 0 : 1);
  }

  private result(stopReason: "completed" | "stopped"): FitResult {
    const { history, initialEpoch, epochs, steps } = this.place;
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
    const { callbacks, signal } = this.options;
    signal?.throwIfAborted();
    const { trainer } = this;
    if (callbacks.length > 0) yield* this.call("onTrainBegin", this.told());
    trainer.progress.resume?.into(this);
    trainer.progress.resume = undefined;
    this.hasBegun = true;
    const stopReason = yield* this.train();
    yield* this.call("onTrainEnd");
    return this.result(stopReason);
  }

  /** What callbacks are told of it: an object with a getter, which is made where someone looks, as engines make a class of each. */
  private told(): FitRun {
    const { feed, place, trainer } = this;
    return {
      ...{ model: trainer.model, logged: this.logged(), epochs: this.options.epochs },
      ...{ samples: feed.samples, stepsPerEpoch: feed.steps },
      get initialEpoch() {
        return place.initialEpoch;
      },
    };
  }

  /** Has a callback this function? */
  private has(hook: Hook): boolean {
    return this.options.callbacks.some((callback) => callback[hook] !== undefined);
  }

  /** Calls one function of each callback. A model that it disposed trains no further. */
  private call<H extends Hook>(
    hook: H,
    ...args: Parameters<NonNullable<Callbacks[H]>>
  ): Iterable<Pending, void, unknown> {
    if (this.options.callbacks.length === 0) return NONE;
    // One that a checkpoint was made in goes on.
    if (this.place.calling?.hook !== hook) this.place.calling = { hook, args, done: 0 };
    return this.called();
  }

  /** Goes through the callbacks that have not been called yet. */
  private *called(): Generator<Pending, void, unknown> {
    const { callbacks } = this.options;
    const calling = this.place.calling!;
    const { hook, args } = calling;
    while (calling.done < callbacks.length) {
      const callback = callbacks[calling.done++]!;
      const body = callback[hook] as ((...args: unknown[]) => unknown) | undefined;
      let given = body?.call(callback, ...args);
      if (isPromise(given)) given = yield { of: hook, promise: given };
      this.trainer.checkLive();
      if (given === STOP) this.trainer.model.stop();
    }
    this.place.calling = undefined;
    this.options.signal?.throwIfAborted();
  }

  private *train(): Generator<Pending | TrainingStep["event"], FitResult["stopReason"], unknown> {
    const { place, trainer, options } = this;
    const goesOn = () => place.epochs < options.epochs && !trainer.stopped();
    while (place.next !== "epoch" || goesOn()) {
      if (place.next === "epoch") yield* this.begin();
      if (place.next === "steps" && !(yield* this.steps())) return this.stopped();
      if (place.next === "test") yield* this.finish();
      this.logs = () => trainer.report.logs(place.said);
      if (place.next === "end") yield* this.call("onEpochEnd", this.epoch, this.logs());
      place.next = "epoch";
      yield "epoch";
    }
    return trainer.stopped() ? this.stopped() : "completed";
  }

  private stopped(): "stopped" {
    this.ended = performance.now();
    return "stopped";
  }

  private logged(): string[] {
    const { names } = this.trainer.report;
    return this.validation === undefined
      ? [...names]
      : [...names, ...names.map((name) => `val_${name}`)];
  }

  private *begin(): Generator<Pending, void, unknown> {
    const { place, trainer, feed, epoch } = this;
    yield* this.call("onEpochBegin", epoch);
    this.totals.reset();
    trainer.report.states?.reset();
    feed.begin(epoch);
    place.batch = 0;
    place.next = "steps";
  }

  /** The steps of an epoch; false where it was stopped before their end. */
  private *steps(): Generator<Pending | TrainingStep["event"], boolean, unknown> {
    const { feed, trainer, totals, place, epoch } = this;
    const { report } = trainer;
    const [begins, ends] = [this.has("onBatchBegin"), this.has("onBatchEnd")];
    const { validation, options } = this;
    if (validation) yield* validation.peek(place.epochs, options.epochs, place.initialEpoch);
    let last: Executable;
    this.logs = () => report.logs(trainer.measures(last));
    if (place.calling !== undefined) yield* this.called(); // onBatchEnd, in which a checkpoint was made
    for (;;) {
      options.signal?.throwIfAborted();
      if (trainer.stopped()) return false;
      place.isBetween = false;
      let cut = feed.next();
      if (isPromise(cut)) cut = (yield { of: "data", promise: cut }) as Cut | undefined;
      if (cut === undefined) break;
      if (begins) {
        yield* this.call("onBatchBegin", place.steps + 1);
        if (trainer.stopped()) return false;
      }
      const { rows } = cut;
      const program = trainer.program(rows, cut.samples);
      this.started ??= performance.now();
      cut.fill(program);
      try {
        trainer.step(program, { step: place.steps + 1, epoch, batch: place.batch + 1 });
      } catch (error) {
        if (!(error instanceof NumericError)) throw error;
        yield* this.call("onNumericError", error);
        if (!trainer.stopped()) throw error;
        return false;
      }
      place.steps++;
      place.batch++;
      totals.addBatch(program, rows);
      place.isBetween = true;
      last = program;
      if (ends) yield* this.call("onBatchEnd", place.steps, this.logs());
      if (ends || this.isDue()) yield "batch";
    }
    this.ended = performance.now();
    place.isBetween = true;
    place.next = "test";
    return true;
  }

  /** What was done last. */
  latest(event: TrainingStep["event"]): TrainingStep {
    const { logs } = this;
    const { batch, steps: step } = this.place;
    const epoch = event === "epoch" ? this.epoch - 1 : this.epoch;
    return { event, epoch, step, batch, logs: logs!() as TrainingStep["logs"] };
  }

  /** The end of an epoch: what it says. */
  private *finish(): Generator<Pending, void, unknown> {
    const { place, trainer, totals } = this;
    place.said = { ...trainer.report.of(totals.means()), ...(yield* this.validate()) };
    for (const [name, value] of Object.entries(place.said)) {
      place.history[name] ??= [];
      place.history[name].push(value);
    }
    place.epochs++;
    trainer.progress.epochs++;
    place.next = "end";
  }

  private *validate(): Generator<Pending, Measures, unknown> {
    const { validation, trainer, place, epoch } = this;
    if (!validation?.isDueAfter(place.epochs + 1)) return {};
    yield* this.call("onTestBegin", epoch);
    const measures = yield* validation.measures(epoch, trainer.evaluation());
    yield* this.call("onTestEnd", epoch, trainer.report.logs(measures));
    return Object.fromEntries(
      Object.entries(measures).map(([name, value]) => [`val_${name}`, value]),
    );
  }
}
