import { compileGraph } from "../compile/emit.ts";
import { Executable } from "../compile/executable.ts";
import { traceFunction } from "../compile/jit.ts";
import { ProgramCache } from "../compile/program-cache.ts";
import { StateError } from "../errors.ts";
import { training as trains, type Variable } from "../graph/leaf.ts";
import { logitsOf, type Meaning, meaningOf } from "../graph/meaning.ts";
import type { Spec } from "../graph/op.ts";
import { sum } from "../graph/ops/reduce.ts";
import type { AnyTensor, Tensor } from "../graph/tensor.ts";
import { trace } from "../graph/trace.ts";
import { context } from "../layers/context.ts";
import { sized } from "../layers/describe.ts";
import type { Targets } from "../losses/loss.ts";
import {
  type Measured,
  meanOf,
  meanPerRow,
  sumOf,
  sumPerRow,
  sumsPerRow,
  weightOf,
} from "../losses/measured.ts";
import type { States } from "../metrics/metric.ts";
import { warnOnConsole } from "../platform/warn.ts";
import { type DType, FLOAT } from "../values/dtype.ts";
import type { Labels } from "../values/rows.ts";
import { isOpen, type Shape } from "../values/shape.ts";
import { addLosses, penaltiesOf } from "./added-losses.ts";
import { type Batch, isFor, keyOf, type Made, rowShapes } from "./batch.ts";
import { Chunks, type TracedGraph } from "./chunks.ts";
import { lossesOf, mayMixRows, type Port, Report, type Training } from "./heads.ts";
import { measuresOf, totalLoss } from "./measures.ts";

/** What the programs of a model are made from. */
export interface ModelGraph {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly seed: number;
  readonly variables: readonly Variable<Shape, DType>[];
  /** What training changes now, in one text. */
  readonly trained: string;
  /** Has it statistics or counters that training changes now? */
  readonly hasStatistics: boolean;
  /** Training steps done, int32. */
  readonly stepVariable: Variable<Shape, "int32">;
  forward(inputs: readonly AnyTensor[]): readonly Tensor[];
}

/** The compiled programs of a model, made when a batch size first comes up. */
export class Programs {
  private readonly graph: ModelGraph;
  /** May the sizes of its inputs differ from call to call? */
  private readonly isOpen: boolean;
  private readonly cache: ProgramCache<Executable>;
  /** How rows are cut for each kind of program that predicts or evaluates. */
  private readonly chunks = new Map<string, Chunks>();
  /** The last training program, found without making a key. */
  private latest: (Made & { changes: number; program: Executable }) | undefined;

  /** What the outputs mean, once something was predicted. */
  meanings: readonly Meaning[] = [];

  constructor(graph: ModelGraph, warn = warnOnConsole) {
    this.graph = graph;
    this.isOpen = graph.inputs.some(isOpen);
    this.cache = new ProgramCache("model", warn);
  }

  /**
   * Outputs (rows, …), then the logits of those whose logits are known, of the next rows of what is left.
   *
   * @param changes does it change the variables that layers change when they predict?
   */
  predict(left: number, given: readonly Labels[], changes = true): Executable {
    const name = changes ? "predict" : "look";
    const kind = this.isOpen ? `${name}/${rowShapes(given)}` : name;
    return this.chunk(kind, left, false, (rows) => {
      const graph = this.trace(this.inputSpecs(rows, given), false, (inputs) => {
        const outputs = this.graph.forward(inputs);
        this.meanings = outputs.map(meaningOf);
        return [...outputs, ...this.meanings.flatMap((meaning) => logitsOf(meaning) ?? [])];
      });
      return { ...graph, effects: changes ? graph.effects : [], ofAllRows: false };
    });
  }

  /** The outputs alone, of exactly so many rows. */
  outputs(rows: number): Executable {
    const graph = () =>
      this.trace(this.inputSpecs(rows), false, (inputs) => this.graph.forward(inputs));
    return this.cache.get(`outputs/${rows}`, () => new Executable(graph()));
  }

  /**
   * The loss of each row, then each metric of each row, output by output; where not all count alike, the same times
   * how much they count, then how much. Of the next rows of what is left.
   */
  evaluate(left: number, batch: Batch, training: Training): Executable {
    const kind = `evaluate/${keyOf(batch, training)}/${this.penalized()}`;
    return this.chunk(kind, left, mayMixRows(training), (rows) =>
      this.trace(this.specs(rows, batch, training), false, (placeholders) => {
        const measured = this.measured(placeholders, batch, training, training.evaluated);
        if (!isWeighted(measured)) {
          const { isSum } = new Report(training.heads, undefined);
          return measured.map((one, i) => (isSum[i] ? sumPerRow : meanPerRow)(one, rows));
        }
        const sums = measured.map((measure) => sumsPerRow(measure, rows));
        return [...sums.map(([values]) => values), ...sums.map(([, weights]) => weights)];
      }),
    );
  }

  /** The variables that regularizers speak of: what is frozen they leave out. */
  private penalized(): string {
    const { variables } = this.graph;
    return variables.flatMap(({ id, rules }) => (rules.regularizer ? id : [])).join();
  }

  /** The program of a kind for the next rows of what is left. */
  private chunk(
    kind: string,
    left: number,
    mixes: boolean,
    graphFor: (rows: number) => TracedGraph,
  ): Executable {
    const chunks = this.chunks.get(kind) ?? new Chunks(mixes);
    const { latest } = chunks;
    if (latest?.isLive && latest.rows === chunks.rowsOf(left)) return latest;
    this.chunks.set(kind, chunks);
    for (;;) {
      const rows = chunks.rowsOf(left);
      const key = `${kind}/${rows}`;
      chunks.latest = this.cache.find(key);
      if (chunks.latest !== undefined) return chunks.latest;
      const graph = graphFor(rows);
      const compiled = compileGraph(graph);
      chunks.learn(rows, graph, compiled);
      if (chunks.rowsOf(left) !== rows) continue;
      chunks.latest = this.cache.add(key, new Executable(graph, compiled));
      return chunks.latest;
    }
  }

  /**
   * One step: forward, loss, backward, update. Outputs the mean of the loss over the batch and the sums of the metrics,
   * whose quotients are then exact, output by output; then, where not all count alike, how much counts of each.
   */
  train(where: string, rows: number, batch: Batch, training: Training): Executable {
    const { latest } = this;
    if (this.isLatest(latest?.program) && isFor(latest!, rows, batch)) return latest!.program;
    const program = this.makeTrain(where, rows, batch, training);
    const shapes = batch.all.map(({ shape }) => shape);
    const weighted = batch.weights.map((weights) => weights !== undefined);
    this.latest = { rows, shapes, weighted, changes: trains.changes, program };
    return program;
  }

  /** Is it what trained last, with nothing frozen or thawed since? */
  isLatest(program: Executable | undefined): boolean {
    const { latest } = this;
    return (
      latest !== undefined &&
      latest.program === program &&
      latest.changes === trains.changes &&
      program.isLive
    );
  }

  private makeTrain(where: string, rows: number, batch: Batch, training: Training): Executable {
    const { variables, trained, hasStatistics } = this.graph; // but for those that are frozen now
    return this.cache.get(
      `train/${rows}/${keyOf(batch, training)}/${trained}`,
      () =>
        new Executable(
          this.trace(this.specs(rows, batch, training), true, (placeholders) => {
            const measured = this.measured(placeholders, batch, training, training.trained);
            const { optimizer, heads } = training;
            const losses = lossesOf(measured, heads);
            const means = losses.map((one, i) =>
              heads[i]!.loss.reduction === "sum" ? sum(one.values) : meanOf(one),
            );
            const loss = totalLoss(means, heads);
            if (variables.length > 0) optimizer.minimize(loss, variables);
            else if (!hasStatistics) throw nothingTrains(where);
            countStep(this.graph.stepVariable, loss);
            const weighted = isWeighted(measured);
            const outputs = measured.map(
              (one) => means[losses.indexOf(one)] ?? sumOf(one, rows, weighted),
            );
            if (!weighted) return outputs;
            return [...outputs, ...measured.map((measure) => sum(weightOf(measure, rows)))];
          }),
        ),
    );
  }

  /** Traces the loss and the metrics alone, which throw where they cannot take these targets. */
  tryMeasures(rows: number, batch: Batch, training: Training): void {
    this.trace(this.specs(rows, batch, training), false, (placeholders) =>
      this.measured(placeholders, batch, training, training.evaluated).map(({ values }) => values),
    );
  }

  /** What `look` finds in the outputs of a trace. */
  looking<T>(training: boolean, look: (outputs: readonly Tensor[]) => T): T {
    let found: T | undefined;
    this.trace(this.inputSpecs(1), training, (inputs) => {
      found = look(this.graph.forward(inputs));
      return [];
    });
    return found!;
  }

  dispose(): void {
    this.cache.clear();
  }

  /** The loss, then the metrics, of each output. */
  private measured(
    placeholders: readonly AnyTensor[],
    { weights }: Batch,
    { heads }: Training,
    states: States | undefined,
  ): Measured[] {
    const given = placeholders.values();
    const next = () => given.next().value!;
    const outputs = this.graph.forward(this.graph.inputs.map(next));
    const targets = heads.map(next) as Targets[];
    const rowWeights = weights.map((rows) => rows && (next() as Tensor));
    const measured = heads.map((head, i) =>
      measuresOf(head, targets[i]!, outputs[i]!, rowWeights[i], states),
    );
    const losses = [...(context.get().losses ?? []), ...penaltiesOf(this.graph.variables)];
    addLosses(losses, heads, measured);
    return measured.flat();
  }

  /** Of the inputs, with the sizes that were given; where there are none yet, with any. */
  private inputSpecs(rows: number, given?: readonly Labels[]): Spec[] {
    return this.graph.inputs.map(({ shape, dtype }, i) => ({
      shape: [rows, ...(given?.[i]?.shape.slice(1) ?? sized(shape))],
      dtype,
    }));
  }

  /** Inputs, targets, and weights where there are some. */
  private specs(rows: number, { inputs, targets, weights }: Batch, { heads }: Training): Spec[] {
    return [
      ...this.inputSpecs(rows, inputs),
      ...targets.map(({ shape }, i) => ({
        shape: [rows, ...shape.slice(1)],
        dtype: heads[i]!.loss.labels,
      })),
      ...weights.flatMap((given) =>
        given === undefined ? [] : [{ shape: [rows], dtype: FLOAT as typeof FLOAT }],
      ),
    ];
  }

  private trace(
    specs: readonly Spec[],
    training: boolean,
    body: (inputs: readonly AnyTensor[]) => readonly Tensor[],
  ): TracedGraph {
    const { seed, stepVariable: step } = this.graph;
    const losses: Tensor[] = [];
    let outputs: readonly AnyTensor[] = [];
    const { inputs, effects } = traceFunction(specs, (placeholders) =>
      context.run({ training, seed, step, losses }, () => {
        outputs = body(placeholders) as readonly AnyTensor[];
        return outputs;
      }),
    );
    return { inputs, outputs, effects, ofAllRows: losses.length > 0 };
  }
}

const isWeighted = (measures: readonly Measured[]): boolean =>
  measures.some(({ weight }) => weight !== undefined);

/** Counts a training step at its end, where its loss is finite. */
function countStep(step: Variable<Shape, "int32">, loss: Tensor): void {
  const counter = step as unknown as Variable<Shape, DType>;
  const guarded = [loss as AnyTensor];
  trace.current?.effects.push({
    ...{ reads: guarded, guarded },
    writes: [counter],
    blocks: [],
    counters: [counter],
  });
}

const nothingTrains = (where: string) =>
  new StateError(
    `${where}: expected something to train, got layers that are frozen or have no variables; set \`trainable\` of one that has`,
  );
