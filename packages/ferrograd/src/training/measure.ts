import type { Executable } from "../compile/executable.ts";
import { leaf } from "../graph/leaf.ts";
import { logitsOf, withLogits } from "../graph/meaning.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Features, Labels } from "../values/rows.ts";
import { sizeOf } from "../values/shape.ts";
import type { Samples } from "./data.ts";
import type { Programs, Training } from "./programs.ts";

/** The loss and the metrics by name. */
export type Measures = Record<string, number>;

/** Rows of the programs that predict and evaluate: the smallest that fits, so that any number of rows needs only these. */
const CHUNKS = [1, 32, 256] as const;

/** Rows at a time of a loss of one's own. */
export const EVALUATED_ROWS = CHUNKS[1];

/** Rows of the program for what is left. */
const chunkFor = (rows: number): number => CHUNKS.find((size) => rows <= size) ?? CHUNKS.at(-1)!;

/** Values that are copied faster one by one than by a call of `set`. */
const FEW = 32;

/** Copies rows into a program's input: those at `order`, or consecutive ones. */
export function fillRows(
  input: Float32Array | Int32Array,
  rows: Features | Labels,
  begin: number,
  end: number,
  order?: Uint32Array,
): void {
  const { data, shape } = rows;
  const width = data.length / shape[0]!;
  if (order === undefined) {
    if (data.length <= FEW)
      for (let i = begin * width, at = 0; i < end * width; ) input[at++] = data[i++]!;
    else if (begin === 0 && end === shape[0]) input.set(data);
    else input.set(data.subarray(begin * width, end * width));
    return;
  }
  for (let i = begin; i < end; i++) {
    const from = order[i]! * width;
    const at = (i - begin) * width;
    if (width <= FEW) for (let j = 0; j < width; j++) input[at + j] = data[from + j]!;
    else input.set(data.subarray(from, from + width), at);
  }
}

/**
 * Outputs of all rows, (rows, …), with the logits of probabilities, where a loss may ask for them. A
 * row's outputs never depend on the rows beside it.
 */
export function predictRows(
  programs: Programs,
  x: Features,
  outputShape: readonly number[],
): Tensor {
  const rows = x.shape[0]!;
  const width = sizeOf(outputShape);
  const shape = [rows, ...outputShape];
  const values = new Float32Array(rows * width);
  let logits: Float32Array<ArrayBuffer> | undefined;
  for (let begin = 0; begin < rows; ) {
    const chunk = chunkFor(rows - begin);
    const end = Math.min(begin + chunk, rows);
    const program = programs.predict(chunk);
    fillRows(program.inputView(0), x, begin, end);
    program.run();
    const size = (end - begin) * width;
    values.set(program.outputView(0).subarray(0, size), begin * width);
    if (program.outputs.length > 1) {
      logits ??= new Float32Array(rows * width);
      logits.set(program.outputView(1).subarray(0, size), begin * width);
    }
    begin = end;
  }
  const known = logitsOf(programs.meaning) && leaf(logits ?? values, shape, "float32");
  const meaning = withLogits(programs.meaning, known);
  return leaf(values, shape, "float32", meaning);
}

/** Sums of what programs measure and of how much it counts, in f64: means over all of it, however it was cut. */
export class Totals {
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;

  constructor(measures: number) {
    this.sums = new Float64Array(measures);
    this.weights = new Float64Array(measures);
  }

  /** Adds the means of a batch: of its rows, or of what counts of them. */
  addBatch(program: Executable, rows: number): void {
    const { sums, weights } = this;
    const weighted = program.outputs.length > sums.length;
    for (let i = 0; i < sums.length; i++) {
      const weight = weighted ? program.outputView(sums.length + i)[0]! : rows;
      sums[i]! += program.outputView(i)[0]! * weight;
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

  /** 0 where nothing counts. */
  means(): number[] {
    return Array.from(this.sums, (sum, i) => sum / (this.weights[i] || 1));
  }
}

/** Numbers by name. */
export const named = (names: readonly string[], values: readonly number[]): Measures =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));

/** Means of the loss and the metrics over all rows, added up in f64. */
export function evaluateRows(programs: Programs, { x, y }: Samples, training: Training): Measures {
  const names = ["loss", ...training.metrics.keys()];
  const totals = new Totals(names.length);
  const rows = x.shape[0]!;
  for (let begin = 0; begin < rows; ) {
    // A loss of one's own may mix the rows of a batch, so it gets no padding.
    const left = rows - begin;
    const chunk = training.loss.name === "" ? Math.min(left, EVALUATED_ROWS) : chunkFor(left);
    const count = Math.min(chunk, left);
    const targets = { shape: [chunk, ...y.shape.slice(1)], dtype: training.loss.labels };
    const program = programs.evaluate(chunk, targets, training);
    fillRows(program.inputView(0), x, begin, begin + count);
    const labels = program.inputView(1);
    fillRows(labels, y, begin, begin + count);
    program.run();
    totals.addRows(program, count);
    begin += count;
  }
  return named(names, totals.means());
}
