import type { FitModel } from "../callbacks/callback.ts";
import type { Executable, Stop } from "../compile/executable.ts";
import { DisposedError } from "../errors.ts";
import { checkOptions } from "../options/index.ts";
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
  sortedTail,
  splitTail,
} from "./data.ts";
import { doubts } from "./doubts.ts";
import type { Prepared } from "./drive.ts";
import { explainStop } from "./explain.ts";
import { type FitOptions, fitOptions } from "./fit.ts";
import { type Given, samplesAndOptions, validationOf } from "./given.ts";
import { type Measures, mayMixRows, type Port, Report, type Training } from "./heads.ts";
import { FitLoop, type Trainer } from "./loop.ts";
import { evaluateRows, predictRows } from "./measure.ts";
import type { Programs } from "./programs.ts";
import type { Progress } from "./progress.ts";
import { fillSamples, type Samples } from "./samples.ts";

/** What a compiled model trains with: data are checked here, steps run here. */
export class CompiledTrainer implements Trainer {
  readonly model: FitModel & { readonly classNames?: readonly string[] | undefined };
  readonly training: Training;
  readonly progress: Progress;
  readonly report: Report;
  private readonly programs: Programs;
  private readonly expected: Expected;
  private readonly outputs: readonly Port[];
  private readonly seed: number;
  private readonly warn: (message: string) => void;
  private stopping = false;
  private disposed = false;

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
    this.outputs = model.outputs;
    this.seed = model.seed;
    this.warn = warn;
  }

  /** The loop of one `fit`, its data and options checked. */
  prepare(args: readonly unknown[]): Prepared {
    const { given, options: asked, classNames } = samplesAndOptions<FitOptions>("fit()", args);
    const options = fitOptions(asked, this.seed);
    const all = checkSamples("fit()", given, this.expected);
    const cut = this.split(all, asked, options.validationSplit, classNames);
    const names = classNames ?? this.model.classNames;
    const { classWeight } = asked;
    const { heads } = this.expected;
    const split =
      classWeight === undefined
        ? cut
        : { ...cut, train: weightedByClass(classWeight, cut.train, heads, names) };
    this.tryLosses(split.train, options.batchSize);
    if (split.validation !== undefined) this.tryLosses(split.validation, EVALUATED_ROWS);
    for (const message of this.doubts(split.train, classNames)) this.warn(message);
    this.stopping = false;
    return {
      loop: new FitLoop(this, split.train, split.validation, options),
      signal: options.signal,
    };
  }

  /** Losses of one's own and metrics with a state are tried on the shapes of a batch, so that what is wrong with them is said before a step. */
  private tryLosses(samples: Samples, batchSize: number): void {
    if (!mayMixRows(this.training) && this.report.states === undefined) return;
    const rows = Math.min(batchSize, samples.x.shape[0]!);
    this.programs.tryMeasures(rows, samples, this.training);
  }

  private doubts(samples: Samples, classNames: readonly string[] | undefined): string[] {
    const { programs, outputs } = this;
    return doubts(samples, {
      ...this.expected,
      classNames,
      outputs: (inputs) => predictRows(programs, inputs, outputs, false).map((each) => each.data()),
    });
  }

  stop(): void {
    this.stopping = true;
  }

  stopped(): boolean {
    return this.stopping;
  }

  program(rows: number, samples: Samples): Executable {
    const { from } = this.progress;
    if (from !== undefined) {
      this.progress.from = undefined;
      this.warn(from.warning);
    }
    this.checkLive();
    return this.programs.train(rows, samples, this.training);
  }

  step(program: Executable, at: { step: number; epoch: number; batch: number }): void {
    const stop = program.tryRun();
    if (stop === undefined) return;
    const { step, epoch, batch } = at;
    throw this.explain("fit()", program, stop, ` at step ${step} (epoch ${epoch}, batch ${batch})`);
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
    const program = this.program(rows, samples);
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

  evaluate(samples: Samples): Measures {
    this.checkLive();
    return evaluateRows(this.programs, samples, this.training);
  }

  /** `evaluate(x, y)` or `evaluate(dataset)`, its data checked. */
  evaluateArguments(args: readonly unknown[]): Measures {
    const { given, options } = samplesAndOptions<object>("evaluate()", args);
    checkOptions("evaluate()", options, ["sampleWeight"]);
    return this.evaluate(checkSamples("evaluate()", given, this.expected));
  }

  /** A `fit` under way ends with a DisposedError at its next step. */
  dispose(): void {
    this.disposed = true;
    this.training.trained?.dispose();
    this.training.evaluated?.dispose();
  }

  checkLive(): void {
    if (this.disposed) throw new DisposedError("fit(): the model was disposed");
  }

  private explain(where: string, program: Executable, stop: Stop, at: string): Error {
    return explainStop(where, program, stop, at, this.training.optimizer.learningRate);
  }

  private split(
    all: Samples,
    { validationData }: FitOptions,
    fraction: number,
    classNames: readonly string[] | undefined,
  ): { train: Samples; validation: Samples | undefined } {
    if (validationData !== undefined) {
      const names = ["x", "y", "sampleWeight"].map((name) => `validationData ${name}`);
      const given = validationOf(validationData);
      const validation = checkSamples(
        "fit()",
        given,
        this.expected,
        names as [string, string, string],
      );
      return { train: all, validation };
    }
    if (fraction === 0) return { train: all, validation: undefined };
    const parts = splitTail(all, fraction);
    const warning = sortedTail(all, parts.validation.x.shape[0]!, classNames);
    if (warning !== undefined) this.warn(warning);
    return parts;
  }
}

/** A mean over a batch, out of what a training program measured. */
function meanIn(program: Executable, { measured, isMean }: Report, i: number): number {
  const said = program.outputView(i)[0]!;
  if (isMean[i]) return said;
  const { outputs, rows } = program;
  const weight =
    outputs.length > measured.length ? program.outputView(measured.length + i)[0]! : rows;
  return said / (weight || 1);
}
