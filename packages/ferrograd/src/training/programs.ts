import type { Graph } from "../compile/emit.ts";
import { Executable } from "../compile/executable.ts";
import { traceFunction } from "../compile/jit.ts";
import { LruCache } from "../compile/lru.ts";
import { training as trains, type Variable } from "../graph/leaf.ts";
import { logitsOf, type Meaning, meaningOf } from "../graph/meaning.ts";
import { add } from "../graph/ops/elementwise.ts";
import { sum } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { trace } from "../graph/trace.ts";
import { context } from "../layers/context.ts";
import type { LossRow, Targets } from "../losses/loss.ts";
import {
  type Measured,
  meanOf,
  meanPerRow,
  measured,
  sumsPerRow,
  weightOf,
} from "../losses/measured.ts";
import type { Reading } from "../losses/reading.ts";
import type { Metric } from "../metrics/by-name.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { DType } from "../values/dtype.ts";
import type { LabelType } from "../values/rows.ts";
import { type Shape, sameShape } from "../values/shape.ts";
import { shortOutputs } from "./data.ts";

/** What `compile` decided. */
export interface Training {
  readonly optimizer: Optimizer;
  readonly loss: LossRow;
  /** How the loss takes the outputs, where that makes a difference. */
  readonly reading: Reading | undefined;
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** What the programs of a model are made from. */
export interface ModelGraph {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly seed: number;
  readonly variables: readonly Variable<Shape, DType>[];
  /** Training steps done, int32. */
  readonly stepVariable: Variable<Shape, "int32">;
  forward(inputs: readonly AnyTensor[]): readonly Tensor[];
}

/** Programs kept per model: training, evaluation and prediction for a few batch sizes. */
const PROGRAMS = 12;

/** Shape and type of the targets of one batch. */
export interface TargetSpec {
  readonly shape: Shape;
  readonly dtype: LabelType;
}

/** The compiled programs of a model, made when a batch size first comes up. */
export class Programs {
  private readonly graph: ModelGraph;
  private readonly cache = new LruCache<Executable>(PROGRAMS, (program) => {
    if (program === this.latest?.program) this.latest = undefined;
    program.dispose();
  });
  /** The last training program, found without making a key. */
  private latest:
    | { targets: TargetSpec; training: Training; changes: number; program: Executable }
    | undefined;

  /** What the outputs mean, once something was predicted. */
  meaning: Meaning;

  constructor(graph: ModelGraph) {
    this.graph = graph;
  }

  /** Outputs (rows, …), and their logits where they are known. */
  predict(rows: number): Executable {
    return this.cache.get(`predict/${rows}`, () =>
      this.compile([this.rowsSpec(rows)], false, ([x]) => {
        const outputs = this.graph.forward([x!])[0]!;
        this.meaning = meaningOf(outputs);
        const logits = logitsOf(this.meaning);
        return logits === undefined ? [outputs] : [outputs, logits];
      }),
    );
  }

  /**
   * The loss of each row, then each metric of each row; where not all count alike, the same times how much they
   * count, then how much.
   */
  evaluate(rows: number, targets: TargetSpec, training: Training): Executable {
    return this.cache.get(`evaluate/${rows}/${key(targets)}`, () =>
      this.compile([this.rowsSpec(rows), targets], false, ([x, y]) => {
        const outputs = this.graph.forward([x!])[0]!;
        const measured = measures(training, y as Targets, outputs);
        if (!isWeighted(measured)) return measured.map((measure) => meanPerRow(measure, rows));
        const sums = measured.map((measure) => sumsPerRow(measure, rows));
        return [...sums.map(([values]) => values), ...sums.map(([, weights]) => weights)];
      }),
    );
  }

  /**
   * One step: forward, loss, backward, update. Outputs the means of loss and metrics over the batch, then, where
   * not all count alike, how much each counts beside other batches.
   */
  train(targets: TargetSpec, training: Training): Executable {
    const { latest } = this;
    const { changes } = trains;
    if (
      latest?.training === training &&
      latest.changes === changes &&
      sameTargets(latest.targets, targets)
    ) {
      return latest.program;
    }
    const program = this.makeTrain(targets, training);
    this.latest = { targets, training, changes, program };
    return program;
  }

  private makeTrain(targets: TargetSpec, training: Training): Executable {
    const rows = targets.shape[0]!;
    const { variables } = this.graph; // but for those that are frozen now
    const trained = variables.map(({ id }) => id).join();
    return this.cache.get(`train/${key(targets)}/${trained}`, () =>
      this.compile([this.rowsSpec(rows), targets], true, ([x, y]) => {
        const outputs = this.graph.forward([x!])[0]!;
        const measured = measures(training, y as Targets, outputs);
        const means = measured.map(meanOf);
        training.optimizer.minimize(means[0]!, variables);
        countStep(this.graph.stepVariable);
        if (!isWeighted(measured)) return means;
        return [...means, ...measured.map((measure) => sum(weightOf(measure, rows)))];
      }),
    );
  }

  /** Traces the loss and the metrics alone, which throw where they cannot take these targets. */
  tryMeasures(targets: TargetSpec, training: Training): void {
    this.trace([this.rowsSpec(targets.shape[0]!), targets], false, ([x, y]) =>
      measures(training, y as Targets, this.graph.forward([x!])[0]!).map(({ values }) => values),
    );
  }

  /** Why nothing can be learned with this loss, whatever the data. */
  hopeless(loss: LossRow): string | undefined {
    if (!this.softmaxOfOne()) return shortOutputs(loss, this.graph.outputShape);
    return (
      "expected a softmax over at least 2 units, got one over 1, which is always 1; " +
      'for one output use sigmoid and "binaryCrossentropy"'
    );
  }

  /** Do the outputs come out of a softmax over one unit, which is 1 whatever the unit says? */
  private softmaxOfOne(): boolean {
    if (this.graph.outputShape.at(-1) !== 1) return false;
    let found = false;
    this.trace([this.rowsSpec(1)], false, ([x]) => {
      const outputs = this.graph.forward([x!])[0]!;
      const meaning = meaningOf(outputs);
      const from = meaning?.kind === "probabilities" ? meaning.from : undefined;
      found = from?.by === "softmax" && from.axis === outputs.rank - 1;
      return [];
    });
    return found;
  }

  /**
   * Refuses outputs that loss or metrics cannot take, while training or outside it; says how the loss
   * takes them outside it, where that makes a difference.
   */
  readOutputs(where: string, loss: LossRow, metrics: Iterable<Metric>): Reading | undefined {
    const reads = [loss.read, ...Array.from(metrics, ({ check }) => check)];
    if (reads.every((read) => read === undefined)) return undefined;
    const [reading] = [false, true].map((training) => {
      let found: (Reading | undefined)[] = [];
      this.trace([this.rowsSpec(1)], training, ([x]) => {
        const outputs = this.graph.forward([x!])[0]!;
        found = reads.map((read) => read?.(where, outputs));
        return [];
      });
      return found[0];
    });
    return reading;
  }

  dispose(): void {
    this.cache.clear();
  }

  private rowsSpec(rows: number) {
    return { shape: [rows, ...this.graph.inputShape], dtype: "float32" as const };
  }

  private compile(...args: Parameters<Programs["trace"]>): Executable {
    return new Executable(this.trace(...args));
  }

  private trace(
    specs: readonly { readonly shape: Shape; readonly dtype: DType }[],
    training: boolean,
    body: (inputs: readonly AnyTensor[]) => readonly Tensor[],
  ): Graph {
    const { seed, stepVariable: step } = this.graph;
    let outputs: readonly AnyTensor[] = [];
    const { inputs, effects } = traceFunction(specs, (placeholders) =>
      context.run({ training, seed, step, losses: [] }, () => {
        outputs = body(placeholders) as readonly AnyTensor[];
        return outputs;
      }),
    );
    return { inputs, outputs, effects };
  }
}

const sameTargets = (a: TargetSpec, b: TargetSpec): boolean =>
  a.dtype === b.dtype && sameShape(a.shape, b.shape);

const key = ({ shape, dtype }: TargetSpec): string => `${dtype}:${shape.join()}`;

/** The loss, then the metrics, sample by sample. What the loss does not count, they don't either. */
function measures({ loss, metrics }: Training, y: Targets, outputs: Tensor): Measured[] {
  const weight = loss.weight?.(y, outputs);
  const own = measured("loss()", loss.call(y, outputs), weight);
  const beside = Array.from(metrics.values(), (metric): Measured => {
    const values = metric(y, outputs);
    const fits = weight !== undefined && sameShape(weight.shape, values.shape);
    return { values, weight: fits ? weight : undefined };
  });
  // What layers add to the loss joins that of every row, so that it is in all means of it.
  const { losses = [] } = context.get();
  const values = losses.reduce((total, one) => add(total, reshape(one, [])), own.values);
  return [{ ...own, values }, ...beside];
}

const isWeighted = (measures: readonly Measured[]): boolean =>
  measures.some(({ weight }) => weight !== undefined);

/** Counts a training step at its end. */
function countStep(step: Variable<Shape, "int32">): void {
  const counter = step as unknown as Variable<Shape, DType>;
  trace.current?.effects.push({
    reads: [],
    guarded: [],
    writes: [counter],
    blocks: [],
    counters: [counter],
  });
}
