import type { Executable } from "../compile/executable.ts";
import { ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { logitsOf, withLogits } from "../graph/meaning.ts";
import type { Tensor } from "../graph/tensor.ts";
import { FLOAT } from "../values/dtype.ts";
import type { Labels, Rows } from "../values/rows.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import { rowShapes } from "./batch.ts";
import type { Cut, Feed } from "./feed.ts";
import { type Measures, type Port, Report, type Training } from "./heads.ts";
import type { Pending } from "./place.ts";
import type { Programs } from "./programs.ts";
import { isPromise } from "./promise.ts";
import { fillRows, fillSamples, type Samples } from "./samples.ts";

/** Values of an output, or of logits, with their shape. */
type Output = Rows<Float32Array<ArrayBuffer>>;

/**
 * Each output of all rows, (rows, …), with the logits of probabilities, where a loss may ask for them. A
 * row's outputs never depend on the rows beside it.
 */
export const predictRows = (
  programs: Programs,
  inputs: readonly Labels[],
  ports: readonly Port[],
  changes = true,
): Tensor[] => tensorsOf(programs, outputsOf(programs, inputs, changes), ports.length);

/** The same of all rows that a feed gives. */
export function* predicting(
  feed: Feed,
  programs: () => Programs,
  model: { readonly outputs: readonly Port[]; formed(outputs: readonly Tensor[]): unknown },
): Generator<Pending, unknown, unknown> {
  const all: Output[][] = [];
  yield* through(feed, ({ inputs }) => {
    const outputs = outputsOf(programs(), inputs, true);
    all.push(outputs);
    const [first, last] = [rowShapes(all[0]!), rowShapes(outputs)];
    if (first === last) return;
    throw new ShapeError(
      `predict(): data: expected outputs of one shape, got ${first} and ${last}`,
    );
  });
  const outputs = all[0]!.map(({ shape }, i) =>
    joined(
      all.map((each) => each[i]!),
      shape.slice(1),
    ),
  );
  return model.formed(tensorsOf(programs(), outputs, model.outputs.length));
}

/** Rows of a shape, one behind the other. */
function joined(all: readonly Output[], row: Shape): Output {
  const rows = all.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = new Float32Array(rows * sizeOf(row));
  let at = 0;
  for (const each of all) {
    data.set(each.data, at);
    at += each.data.length;
  }
  return { data, shape: [rows, ...row] };
}

function outputsOf(programs: Programs, inputs: readonly Labels[], changes: boolean): Output[] {
  const rows = inputs[0]!.shape[0]!;
  const outputs: Output[] = [];
  // Loops by number, because a prediction of a small net takes microseconds.
  for (let begin = 0; begin < rows; ) {
    const program = programs.predict(rows - begin, inputs, changes);
    const end = Math.min(begin + program.rows, rows);
    for (let i = 0; i < inputs.length; i++) fillRows(program.inputView(i), inputs[i]!, begin, end);
    program.run();
    for (let i = 0; i < program.outputs.length; i++) {
      const { size, shape } = program.outputs[i]!;
      const width = size / program.rows;
      const values = program.outputView(i) as Float32Array<ArrayBuffer>;
      const count = (end - begin) * width;
      if (begin === 0) {
        const whole = shape.slice();
        whole[0] = rows;
        const data = end === rows ? values.slice(0, count) : new Float32Array(rows * width);
        outputs.push({ data, shape: whole });
      }
      if (end - begin < rows) outputs[i]!.data.set(values.subarray(0, count), begin * width);
    }
    begin = end;
  }
  return outputs;
}

/** The outputs, of which the programs say what they mean; behind them are the logits that are known. */
function tensorsOf({ meanings }: Programs, outputs: readonly Output[], count: number): Tensor[] {
  let next = count;
  return outputs.slice(0, count).map(({ data, shape }, i) => {
    const known = logitsOf(meanings[i]) && leaf(outputs[next++]!.data, shape, FLOAT);
    return leaf(data, shape, FLOAT, withLogits(meanings[i], known));
  });
}

/** Sums of what programs measure and of how much it counts, in f64: means over all of it, however it was cut. */
export class Totals {
  private readonly report: Report;
  /** @internal */
  readonly sums: Float64Array;
  /** @internal */
  readonly weights: Float64Array;

  constructor(report: Report) {
    this.report = report;
    this.sums = new Float64Array(report.measured.length);
    this.weights = new Float64Array(report.measured.length);
  }

  reset(): void {
    this.sums.fill(0);
    this.weights.fill(0);
  }

  /** Adds what a training program says of a batch: the means of losses, the sums of metrics. */
  addBatch(program: Executable, rows: number): void {
    const { sums, weights } = this;
    const { isMean } = this.report;
    const weighted = program.outputs.length > sums.length;
    for (let i = 0; i < sums.length; i++) {
      const weight = weighted ? program.outputView(sums.length + i)[0]! : rows;
      sums[i]! += program.outputView(i)[0]! * (isMean[i] ? weight : 1);
      weights[i]! += weight;
    }
  }

  /** Adds what a program has for each of its first rows; one number for all of them counts for each. */
  addRows(program: Executable, rows: number): void {
    const { sums, weights } = this;
    for (let i = 0; i < sums.length; i++) {
      const values = program.outputView(i);
      const counts = program.outputs[sums.length + i]?.view();
      const last = counts === undefined ? rows : Math.min(rows, counts.length);
      for (let row = 0; row < last; row++) {
        sums[i]! += values[values.length > 1 ? row : 0]!;
        weights[i]! += counts?.[row] ?? 1;
      }
    }
  }

  /** 0 where nothing counts; of losses that are summed the sums. */
  means(): number[] {
    const { sums, weights } = this;
    return this.report.isSum.map((isSum, i) => (isSum ? sums[i]! : sums[i]! / (weights[i] || 1)));
  }
}

/** Means of the losses and the metrics over all rows that are added, in f64. */
export class Evaluation {
  private readonly programs: Programs;
  private readonly training: Training;
  private readonly report: Report;
  private readonly totals: Totals;
  /** What metrics with a state have so far: others may be measured between two batches. */
  private states: readonly ArrayLike<number>[] | undefined;

  constructor(programs: Programs, training: Training) {
    this.programs = programs;
    this.training = training;
    this.report = new Report(training.heads, training.evaluated);
    this.totals = new Totals(this.report);
  }

  add(samples: Samples): void {
    const rows = samples.x.shape[0]!;
    this.takeStates();
    for (let begin = 0; begin < rows; ) {
      const program = this.programs.evaluate(rows - begin, samples, this.training);
      const end = Math.min(begin + program.rows, rows);
      fillSamples(program, samples, begin, end);
      program.run();
      this.totals.addRows(program, end - begin);
      begin = end;
    }
    this.states = this.report.states?.variables.map((variable) => variable.data());
  }

  private takeStates(): void {
    const { states } = this.report;
    if (this.states === undefined) states?.reset();
    else states?.variables.forEach((variable, i) => void variable.set(this.states![i]!));
  }

  said(): Measures {
    this.takeStates();
    return this.report.of(this.totals.means());
  }
}

/** Measures all that a feed gives, of whose batches the first may be there. */
export function* measuring(
  feed: Feed,
  evaluation: Evaluation,
  first?: Cut,
): Generator<Pending, Measures, unknown> {
  yield* through(feed, (samples) => evaluation.add(samples), first);
  return evaluation.said();
}

/** All that a feed gives. */
function* through(
  feed: Feed,
  use: (samples: Samples) => void,
  first?: Cut,
): Generator<Pending, void, unknown> {
  try {
    for (let cut = first; ; cut = undefined) {
      let next = cut ?? feed.next();
      if (isPromise(next))
        next = (yield { of: "validationData", promise: next }) as Cut | undefined;
      if (next === undefined) return;
      use(next.samples);
    }
  } finally {
    feed.close();
  }
}

/** What comes of it; a promise where there is something to wait for. */
export function settled<T>(steps: Generator<Pending, T, unknown>): T | Promise<T> {
  const next = (given?: unknown): T | Promise<T> => {
    const { done, value } = steps.next(given);
    if (done) return value;
    return Promise.resolve(value.promise).then(next, (error) => steps.throw(error) as never);
  };
  return next();
}
