import type { FitModel } from "../callbacks/callback.ts";
import type { Executable, Stop } from "../compile/executable.ts";
import { said } from "../errors.ts";
import { checkOptions } from "../options/index.ts";
import { type Batches, BatchFeed, givenIn, isBatches } from "./batches.ts";
import { EVALUATED_ROWS } from "./chunks.ts";
import { weightedByClass } from "./class-weight.ts";
import {
  batchOf,
  checkLabels,
  checkNumbers,
  checkRules,
  checkSamples,
  type Expected,
  expected,
  ofBatches,
} from "./data.ts";
import { doubts } from "./doubts.ts";
import type { Prepared } from "./drive.ts";
import { explainStop } from "./explain.ts";
import { type Feed, RowsFeed } from "./feed.ts";
import {
  areOptions,
  checkBatchOptions,
  type FitOptions,
  fitOptions,
  type ValidationData,
  type ValidationShare,
} from "./fit.ts";
import { type TrainOnRows, trainOnRows } from "./flat.ts";
import { type Given, samplesAndOptions, validationOf } from "./given.ts";
import { type Measures, mayMixRows, type Port, Report, type Training } from "./heads.ts";
import { FitLoop, type Trainer } from "./loop.ts";
import { Evaluation, measuring, predictRows, settled } from "./measure.ts";
import type { Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import { fillSamples, type Samples } from "./samples.ts";
import { sortedTail, splitOff, splitTail } from "./split.ts";

/** What a compiled model trains with: data are checked here, steps run here. */
export class CompiledTrainer implements Trainer {
  readonly model: FitModel & { readonly classNames?: readonly string[] | undefined };
  readonly training: Training;
  readonly progress: Progress;
  readonly report: Report;
  private readonly programs: Programs;
  private readonly expected: Expected;
  private readonly batched: Expected;
  private readonly outputs: readonly Port[];
  private readonly seed: number;
  readonly warn: (message: string) => void;
  private stopping = false;
  /** What was called last of `fit` and its kin. */
  where = "fit()";
  /** Why nothing trains or is measured with it any more. */
  private over: ((where: string) => Error) | undefined;

  constructor(
    model: CompiledTrainer["model"] & {
      readonly inputs: readonly Port[];
      readonly outputs: readonly Port[];
      readonly seed: number;
    },
    training: Training,
    progress: Progress,
    programs: Programs,
    warn: (message: string) => void,
  ) {
    this.model = model;
    this.training = training;
    this.progress = progress;
    this.programs = programs;
    this.report = new Report(training.heads, training.trained);
    this.expected = expected(model, training);
    this.batched = { ...this.expected, inputs: ofBatches(this.expected.inputs) };
    this.outputs = model.outputs;
    this.seed = model.seed;
    this.warn = (message) => warn(said(this.where, message));
  }

  /** The loop of one `fit`, its data and options checked. */
  prepare(where: string, args: readonly unknown[]): Prepared {
    this.where = where;
    const [first, second] = args;
    const { loop, signal } = isBatches(first, areOptions(second))
      ? this.prepareBatches(first, (second ?? {}) as FitOptions)
      : this.prepareRows(args);
    this.stopping = false;
    return { loop, signal };
  }

  private prepareRows(args: readonly unknown[]): Prepared {
    const { given, options: asked, classNames } = samplesAndOptions<FitOptions>("fit()", args);
    const options = fitOptions(asked, this.seed);
    const all = checkSamples("fit()", given, this.expected);
    const { validationData } = asked;
    const cut =
      validationData === undefined
        ? this.split(all, options.validationSplit, classNames)
        : { train: all, validation: this.validation(validationData) };
    const names = classNames ?? this.model.classNames;
    const train = weightedByClass(asked.classWeight, cut.train, this.expected.heads, names);
    const feed = new RowsFeed(train, options);
    this.tryLosses(train, options.batchSize);
    for (const message of this.doubts(train, classNames)) this.warn(message);
    return { loop: new FitLoop(this, feed, cut.validation, options), signal: options.signal };
  }

  private prepareBatches(batches: Batches, asked: FitOptions): Prepared {
    const options = fitOptions(asked, this.seed);
    checkBatchOptions(asked);
    const { validationData, classWeight } = asked;
    const { heads } = this.expected;
    const feed = new BatchFeed(
      `${this.where}: data`,
      batches,
      options.stepsPerEpoch,
      (where, batch) => {
        const samples = this.samplesIn(where, batch);
        return this.tried(weightedByClass(classWeight, samples, heads, this.model.classNames));
      },
    );
    const validation = validationData === undefined ? undefined : this.validation(validationData);
    return { loop: new FitLoop(this, feed, validation, options), signal: options.signal };
  }

  /** What only validates, checked where it is there. */
  private validation(data: ValidationData): Feed {
    const name = "validationData";
    if (isBatches(data, false)) {
      return new BatchFeed(`${this.where}: ${name}`, data, undefined, (where, batch) =>
        this.samplesIn(where, batch),
      );
    }
    const names = [`${name} x`, `${name} y`, `${name} sampleWeight`] as const;
    return this.whole(checkSamples("fit()", validationOf(data), this.expected, names));
  }

  /** Rows as one batch. */
  private whole(samples: Samples): Feed {
    this.tryLosses(samples, EVALUATED_ROWS);
    const batchSize = samples.x.shape[0]!;
    return new RowsFeed(samples, { batchSize, shuffle: false, seed: 0, stepsPerEpoch: undefined });
  }

  private hasTried = false;

  /** The first batch of those that come one after the other is tried before it trains. */
  private tried(samples: Samples): Samples {
    if (!this.hasTried) this.tryLosses(samples, samples.x.shape[0]!);
    this.hasTried = true;
    return samples;
  }

  /** Losses of one's own and metrics with a state are tried on the shapes of a batch, so that what is wrong with them is said before a step. */
  private tryLosses(samples: Samples, batchSize: number): void {
    if (!mayMixRows(this.training) && this.report.states === undefined) return;
    const rows = Math.min(batchSize, samples.x.shape[0]!);
    this.programs.tryMeasures(rows, samples, this.training);
  }

  private doubts(samples: Samples, classNames: readonly string[] | undefined): string[] {
    return doubts(samples, this.expected, classNames, (inputs) =>
      predictRows(this.programs, inputs, this.outputs, false).map((each) => each.data()),
    );
  }

  stop(): void {
    this.stopping = true;
  }

  stopped(): boolean {
    return this.stopping;
  }

  program(rows: number, samples: Samples, where = this.where): Executable {
    const { from } = this.progress;
    if (from !== undefined) {
      this.progress.from = undefined;
      this.warn(from.warning);
    }
    this.checkLive(where);
    return this.programs.train(where, rows, samples, this.training);
  }

  isLatest(program: Executable | undefined): boolean {
    return this.progress.from === undefined && this.programs.isLatest(program);
  }

  step(program: Executable, at: { step: number; epoch: number; batch: number }): void {
    const stop = program.tryRun();
    if (stop === undefined) return;
    const { step, epoch, batch } = at;
    throw this.explain(
      this.where,
      program,
      stop,
      ` at step ${step} (epoch ${epoch}, batch ${batch})`,
    );
  }

  /** What a training program measured. */
  measures(program: Executable): Measures {
    const { report } = this;
    const { measured, isPlain } = report;
    if (!isPlain) return report.of(measured.map((_, i) => meanIn(program, report, i)));
    const logs: Measures = { loss: program.outputView(0)[0]! };
    for (let i = 1; i < measured.length; i++) logs[measured[i]!] = meanIn(program, report, i);
    return report.withStates(logs);
  }

  trainOnBatch(given: Given): Measures {
    const where = "trainOnBatch()";
    const { expected } = this;
    const samples = batchOf(given, expected);
    const rows = samples.x.shape[0]!;
    const program = this.program(rows, samples, where);
    this.report.states?.reset();
    fillSamples(program, samples, 0, rows);
    if (!program.inputsAreFinite()) checkNumbers(where, samples, expected);
    checkRules("trainOnBatch(): y", samples, expected.heads);
    const stop = program.tryRun();
    if (stop !== undefined) {
      checkLabels("trainOnBatch(): y", samples, expected.heads);
      throw this.explain(where, program, stop, "");
    }
    return this.measures(program);
  }

  /** As `trainOnBatch`, on so many rows that come flat. */
  flatStep(where: string, rows: number): TrainOnRows {
    return trainOnRows(where, rows, this, this.expected, this.outputs);
  }

  evaluate(samples: Samples): Measures {
    const evaluation = this.evaluation();
    evaluation.add(samples);
    return evaluation.said();
  }

  evaluation(): Evaluation {
    this.checkLive();
    return new Evaluation(this.programs, this.training);
  }

  /** `evaluate(x, y)`, `evaluate(dataset)` or `evaluate(batches)`, its data checked. */
  evaluateArguments(args: readonly unknown[]): Measures | Promise<Measures> {
    const where = "evaluate()";
    const [first, second] = args;
    if (isBatches(first, second === undefined)) {
      checkOptions(where, second ?? {}, []);
      return this.evaluateBatches(where, first);
    }
    const { given, options } = samplesAndOptions<object>(where, args);
    checkOptions(where, options, ["sampleWeight"]);
    return this.evaluate(checkSamples(where, given, this.expected));
  }

  /** Batches as they come; a promise where there is something to wait for. */
  private evaluateBatches(where: string, batches: Batches): Measures | Promise<Measures> {
    const feed = new BatchFeed(`${where}: data`, batches, undefined, (at, batch) => {
      this.checkLive(where);
      return this.samplesIn(at, batch);
    });
    feed.begin(0);
    return settled(measuring(feed, this.evaluation()));
  }

  private samplesIn(where: string, batch: unknown): Samples {
    return checkSamples(where, givenIn(where, batch), this.batched);
  }

  /** What is under way ends with that error at its next step. */
  dispose(why: (where: string) => Error): void {
    this.over = why;
    this.training.trained?.dispose();
    this.training.evaluated?.dispose();
  }

  checkLive(where = this.where): void {
    if (this.over) throw this.over(where);
  }

  /** The error of a step that stopped. */
  explain(where: string, program: Executable, stop: Stop, at: string): Error {
    return explainStop(where, program, stop, at, this.training.optimizer.learningRate);
  }

  private split(
    all: Samples,
    share: ValidationShare,
    classNames: readonly string[] | undefined,
  ): { train: Samples; validation: Feed | undefined } {
    if (share === 0) return { train: all, validation: undefined };
    const isShare = typeof share === "number";
    const parts = isShare ? splitTail(all, share) : splitOff(all, share);
    const warning = isShare && sortedTail(all, parts.validation.x.shape[0]!, classNames);
    if (warning) this.warn(warning);
    return { train: parts.train, validation: this.whole(parts.validation) };
  }
}

/** A mean over a batch, out of what a training program measured. */
function meanIn(program: Executable, { measured, isMean, isSum }: Report, i: number): number {
  const said = program.outputView(i)[0]!;
  if (isMean[i] || isSum[i]) return said;
  const { outputs, rows } = program;
  const weight =
    outputs.length > measured.length ? program.outputView(measured.length + i)[0]! : rows;
  return said / (weight || 1);
}
