import type { FitModel } from "../callbacks/callback.ts";
import type { Executable, Stop } from "../compile/executable.ts";
import { ArgumentError, DisposedError } from "../errors.ts";
import { checkOptions, show } from "../options/index.ts";
import {
  checkClasses,
  checkFinite,
  checkSameRows,
  type Labels,
  type RowsLike,
} from "../values/rows.ts";
import type { Shape } from "../values/shape.ts";
import {
  checkRule,
  checkSamples,
  type Expected,
  expected,
  isDataset,
  type Samples,
  samplesAndOptions,
  shapedInputs,
  shapedTargets,
  sortedTail,
  splitTail,
} from "./data.ts";
import { type Doubtful, doubts } from "./doubts.ts";
import type { Prepared } from "./drive.ts";
import { explainStop } from "./explain.ts";
import { type FitOptions, fitOptions } from "./fit.ts";
import { FitLoop, type Trainer } from "./loop.ts";
import { EVALUATED_ROWS, evaluateRows, fillRows, type Measures, predictRows } from "./measure.ts";
import type { Programs, Training } from "./programs.ts";
import type { Progress } from "./progress.ts";

/** What a compiled model trains with: data are checked here, steps run here. */
export class CompiledTrainer implements Trainer {
  readonly model: FitModel;
  readonly training: Training;
  readonly progress: Progress;
  readonly names: readonly string[];
  private readonly programs: Programs;
  private readonly expected: Expected;
  private readonly seed: number;
  private readonly warn: (message: string) => void;
  private stopping = false;
  private disposed = false;

  constructor(
    model: FitModel & {
      readonly inputShape: Shape;
      readonly outputShape: Shape;
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
    this.names = ["loss", ...training.metrics.keys()];
    this.expected = expected(model, training.loss);
    this.seed = model.seed;
    this.warn = warn;
  }

  /** The loop of one `fit`, its data and options checked. */
  prepare(args: readonly unknown[]): Prepared {
    const { x, y, options: given, classNames } = samplesAndOptions<FitOptions>("fit()", args);
    const options = fitOptions(given, this.seed);
    const all = checkSamples("fit()", x, y, this.expected);
    const split = this.split(all, given, options.validationSplit, classNames);
    this.tryLoss(split.train, options.batchSize);
    if (split.validation !== undefined) this.tryLoss(split.validation, EVALUATED_ROWS);
    for (const message of doubts(split.train, this.doubtful(classNames))) this.warn(message);
    this.stopping = false;
    return {
      loop: new FitLoop(this, split.train, split.validation, options),
      signal: options.signal,
    };
  }

  /** A loss of one's own is tried on the shapes of a batch, so that what is wrong with it is said before a step. */
  private tryLoss({ x, y }: Samples, batchSize: number): void {
    if (this.training.loss.name !== "") return;
    const rows = Math.min(batchSize, x.shape[0]!);
    const shape = [rows, ...y.shape.slice(1)];
    this.programs.tryMeasures({ shape, dtype: this.training.loss.labels }, this.training);
  }

  /** What `doubts` asks of the model. */
  private doubtful(classNames: readonly string[] | undefined): Doubtful {
    const { programs, training, expected } = this;
    return {
      loss: training.loss,
      classNames,
      outputs: (x) => predictRows(programs, x, expected.outputShape).data(),
    };
  }

  stop(): void {
    this.stopping = true;
  }

  stopped(): boolean {
    return this.stopping;
  }

  program(rows: number, { shape }: Labels): Executable {
    this.checkLive();
    const whole = rows === shape[0] ? shape : [rows, ...shape.slice(1)];
    return this.programs.train({ shape: whole, dtype: this.training.loss.labels }, this.training);
  }

  step(program: Executable, at: { step: number; epoch: number; batch: number }): void {
    const stop = program.tryRun();
    if (stop === undefined) return;
    const { step, epoch, batch } = at;
    throw this.explain("fit()", program, stop, ` at step ${step} (epoch ${epoch}, batch ${batch})`);
  }

  trainOnBatch(x: RowsLike, y: RowsLike): Measures {
    const where = "trainOnBatch()";
    const features = shapedInputs("trainOnBatch(): x", x, this.expected.inputShape);
    const labels = shapedTargets("trainOnBatch(): y", y, this.expected);
    checkSameRows(where, features, labels);
    const rows = features.shape[0]!;
    const program = this.program(rows, labels);
    fillRows(program.inputView(0), features, 0, rows);
    fillRows(program.inputView(1), labels, 0, rows);
    if (!program.inputsAreFinite()) {
      checkFinite("trainOnBatch(): x", features);
      checkFinite("trainOnBatch(): y", labels);
    }
    checkRule("trainOnBatch(): y", labels, this.training.loss);
    const stop = program.tryRun();
    if (stop !== undefined) {
      this.checkClasses("trainOnBatch(): y", labels);
      throw this.explain(where, program, stop, "");
    }
    const logs: Measures = { loss: program.outputView(0)[0]! };
    for (let i = 1; i < this.names.length; i++) logs[this.names[i]!] = program.outputView(i)[0]!;
    return logs;
  }

  evaluate(samples: Samples): Measures {
    this.checkLive();
    return evaluateRows(this.programs, samples, this.training);
  }

  /** `evaluate(x, y)` or `evaluate(dataset)`, its data checked. */
  evaluateArguments(args: readonly unknown[]): Measures {
    const { x, y, options } = samplesAndOptions<object>("evaluate()", args);
    checkOptions("evaluate()", options, []);
    return this.evaluate(checkSamples("evaluate()", x, y, this.expected));
  }

  /** A `fit` under way ends with a DisposedError at its next step. */
  dispose(): void {
    this.disposed = true;
  }

  checkLive(): void {
    if (this.disposed) throw new DisposedError("fit(): the model was disposed");
  }

  private checkClasses(what: string, labels: Labels): void {
    const { loss, outputShape } = this.expected;
    const classes = loss.classes?.(outputShape);
    if (classes !== undefined) checkClasses(what, labels, classes, loss.ignored);
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
      const [x, y] = pairOf(validationData);
      const names = ["validationData x", "validationData y"];
      return { train: all, validation: checkSamples("fit()", x, y, this.expected, names) };
    }
    if (fraction === 0) return { train: all, validation: undefined };
    const parts = splitTail(all, fraction);
    const warning = sortedTail(all, parts.validation.x.shape[0]!, classNames);
    if (warning !== undefined) this.warn(warning);
    return parts;
  }
}

/** The rows and targets of `validationData`. */
function pairOf(data: unknown): readonly unknown[] {
  if (isDataset(data)) return [data.x, data.y];
  if (Array.isArray(data) && data.length === 2) return data;
  throw new ArgumentError(
    `fit(): validationData: expected [x, y] or a data set, got ${show(data)}`,
  );
}
