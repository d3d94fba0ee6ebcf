import { DisposedError, StateError, saidBy } from "../errors.ts";
import type { LossName } from "../losses/by-name.ts";
import type { LossFunction } from "../losses/loss.ts";
import { type OptimizerName, optimizerOf } from "../optimizers/by-name.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Named } from "../optimizers/state.ts";
import { callable, requireOptions } from "../options/index.ts";
import { warnOnConsole } from "../platform/warn.ts";
import type { Ending, Running } from "../training/drive.ts";
import type { PerPort } from "../training/given.ts";
import { headsOf, statesOf } from "../training/heads-of.ts";
import type { FitLoop } from "../training/loop.ts";
import type { MetricLike, MetricsByOutput } from "../training/names-of.ts";
import { type ModelGraph, Programs } from "../training/programs.ts";
import { Progresses } from "../training/progress.ts";
import { CompiledTrainer } from "../training/trainer.ts";
import type { BuiltLayer, Graph } from "./graph.ts";
import { linearStacks } from "./linear.ts";
import { join, leave } from "./owners.ts";

/** Options of `compile`. */
export interface CompileOptions<
  M extends MetricLike = MetricLike,
  Q extends MetricsByOutput = MetricsByOutput,
> {
  /** A name, with default options, or an optimizer such as `adam({ learningRate: 1e-3 })`. */
  readonly optimizer: OptimizerName | Optimizer;
  /**
   * A name, with default options; a loss with options, such as `binaryCrossentropy({ fromLogits: false })`;
   * or a function (yTrue, yPred) of tensors that gives the loss of each row, or one number. Of several outputs one for
   * all, or one for each, by name or as a list.
   */
  readonly loss: PerPort<LossName | LossFunction>;
  /**
   * Measured beside the loss, by `fit` and `evaluate`: names, metrics such as `metrics.auc()`, and those that `metric` makes; of
   * several outputs the same for all, or a list for each, in their order
   * or by name: `history` and `evaluate` have them as `output_accuracy`.
   */
  readonly metrics?: readonly M[] | { readonly [output in keyof Q]: readonly Q[output][] };
  /** Of several outputs: what their losses are multiplied by in the sum (default 1). */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  /**
   * Hears of layers that multiply out to one, of a file's optimizer that is not gone on with, and of data which
   * `fit` can't learn much from (default `console.warn`).
   */
  readonly warn?: (message: string) => void;
}

/** What it needs of the model. */
interface Trained extends ModelGraph {
  readonly graph: Graph;
  readonly built: readonly BuiltLayer[];
  /** All that its layers have; `variables` are those of them that train. */
  readonly named: readonly Named[];
  readonly optimizer: Optimizer;
  getWeights(): Float32Array[];
  setWeights(weights: readonly Float32Array[]): void;
  stop(): void;
}

/** How a model trains, and what of its life it is in: idle, in `fit`, or disposed. */
export class ModelTraining {
  readonly progresses: Progresses;
  private readonly model: Trained;
  private current: Programs;
  private trainer: CompiledTrainer | undefined;
  /** Was the optimizer made here, from its name? */
  private ownsOptimizer = false;
  /** While it is in `fit`: ends that when the model is disposed. */
  private running: Ending | undefined;
  /** Of the `fit` that it is in. */
  loop: FitLoop | undefined;
  private disposed = false;
  /** What compiles it. */
  remedy = 'call model.compile({ optimizer: "adam", loss: "..." }) first';

  constructor(model: Trained) {
    this.model = model;
    this.progresses = new Progresses(model.named);
    this.current = new Programs(model);
    join(this.layers, this.progresses);
  }

  get programs(): Programs {
    return this.current;
  }

  /** The trainer, where it is compiled. */
  get compiled(): CompiledTrainer | undefined {
    return this.trainer;
  }

  /** Refuses a model that was disposed. */
  checkLive(where: string): void {
    if (this.disposed) throw gone(where);
  }

  /** The trainer, for what needs one. */
  trainerFor(where: string): CompiledTrainer {
    this.checkLive(where);
    if (this.trainer === undefined) {
      throw new StateError(`${where}: expected a compiled model; ${this.remedy}`);
    }
    return this.trainer;
  }

  /**
   * Refuses what would train a model, or change how it trains, while it is in `fit`. A training by `train` that stands
   * between two steps may be one that nobody goes on with: it is over.
   */
  checkIdle(where: string): void {
    this.checkLive(where);
    const { running, loop } = this;
    if (running === undefined) return;
    if (loop?.stands) {
      const got = `one that ${where} ended, called between two steps`;
      this.over(new StateError(`train(): expected a training that may go on, got ${got}`));
      loop.close();
      this.end(loop);
      return;
    }
    throw new StateError(
      `${where}: expected a model that is not training, got one in fit(); await that call, or end it with model.stop()`,
    );
  }

  /** Checks what `fit` was given; from then on the model is training, until `drive` has come to its end. */
  begin(where: string, args: readonly unknown[]): Running {
    const trainer = this.trainerFor(where);
    this.checkIdle(where);
    const running: Ending = {};
    this.running = running; // from here on: `warn` and a loss of one's own are called while it is prepared
    try {
      const prepared = trainer.prepare(where, args);
      this.loop = prepared.loop;
      return { ...prepared, ending: running };
    } catch (error) {
      this.end();
      throw saidBy(where, error);
    }
  }

  /** Ends a `fit` from outside. */
  private over(error: Error): void {
    const { running } = this;
    if (running === undefined) return;
    running.error = error;
    running.heard?.(error);
  }

  /** The end of what `begin` began, unless something else has begun since. */
  end(loop?: FitLoop): void {
    if (loop === this.loop) this.running = this.loop = undefined;
  }

  compile(options: CompileOptions): void {
    this.checkIdle("compile()");
    requireOptions("compile()", options, ["optimizer", "loss", "metrics", "lossWeights", "warn"]);
    const { warn = warnOnConsole } = options;
    callable("compile()", "warn", warn);
    const programs = new Programs(this.model, warn);
    const heads = headsOf("compile()", options, this.model.outputs, programs);
    const [trained, evaluated] = [statesOf(heads), statesOf(heads)];
    const optimizer = optimizerOf("compile()", options.optimizer);
    optimizer.spec.composition?.know(this.model.named);
    for (const message of linearStacks(this.model)) warn(message);
    const progress = this.progresses.with(optimizer, warn);
    this.release(optimizer);
    this.ownsOptimizer ||= typeof options.optimizer === "string";
    this.current = programs;
    const training = { optimizer, heads, trained, evaluated };
    this.trainer = new CompiledTrainer(this.model, training, progress, programs, warn);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.over(gone(this.trainer?.where ?? ""));
    if (this.loop?.stands) this.loop.close();
    this.release();
    leave(this.layers, this.progresses);
  }

  /** Ends how it was compiled; an optimizer that was made here goes too, unless it is the next one. */
  private release(next?: Optimizer): void {
    this.current.dispose();
    this.trainer?.dispose(this.disposed ? gone : compiledAnew);
    const optimizer = this.trainer?.training.optimizer;
    this.trainer = undefined;
    if (optimizer === next) return;
    if (this.ownsOptimizer && optimizer !== undefined) {
      this.progresses.delete(optimizer);
      optimizer.dispose();
    }
    this.ownsOptimizer = false;
  }

  private get layers() {
    return this.model.built.flatMap(({ layer }) => layer.parts);
  }
}

const compiledAnew = (where: string) =>
  new StateError(`${where}: expected no compile() before its end, got one`);
const gone = (where: string) => new DisposedError(`${where}: the model was disposed`);
