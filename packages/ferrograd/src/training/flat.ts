import type { Executable, Stop } from "../compile/executable.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { checkOptions, positiveInteger, show } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import { type Dims, isOpen, type Shape, sizeOf } from "../values/shape.ts";
import { checkInputs, checkSamples, type Expected } from "./data.ts";
import type { Head, Port, Report } from "./heads.ts";
import type { Programs } from "./programs.ts";
import { copyFlat, FEW, type Samples, samplesOf } from "./samples.ts";

/** Options of `compilePredict` and `compileTrainOnBatch`. */
export interface BatchOptions {
  /** Rows of each call (default 1). */
  readonly batch?: number;
}

/** Numbers as the core has them. */
export type Numbers = Float32Array | Int32Array;

/** Puts the outputs for rows, one behind the other, into an array, which it returns. */
export type PredictInto = (x: Numbers, output: Float32Array) => Float32Array;

/** Takes a step on rows and their targets, one behind the other; the loss before it. */
export type TrainOnRows = (x: Numbers, y: Numbers) => number;

/** Rows of a call of what such options make. */
export function batchOfOptions(where: string, options: BatchOptions): number {
  checkOptions(where, options, ["batch"]);
  return positiveInteger(where, "batch", options.batch ?? 1);
}

/** The only one of its kind, of known sizes: numbers that come flat say nothing of themselves. */
export function onlyFlat(where: string, what: string, ports: readonly Port[]): Port {
  const [port] = ports;
  if (ports.length === 1 && !isOpen(port!)) return port!;
  throw new ArgumentError(
    `${where}: expected a model of one ${what}, of known sizes, got ${ports.length === 1 ? "sizes that differ" : ports.length}; ` +
      "use predict() and trainOnBatch()",
  );
}

/** What flat numbers have to be; asked of views of the core's memory, which engines ask for theirs each time, it takes longer. */
interface Flat {
  readonly isInt: boolean;
  readonly length: number;
}

const flatOf = (rows: number, shape: Dims, dtype: string): Flat => ({
  isInt: dtype === INT,
  length: rows * sizeOf(shape as Shape),
});

/** Refuses all but such numbers, of any realm. */
function checkFlat(what: string, given: Numbers, { isInt, length }: Flat): void {
  const name = isInt ? "Int32Array" : "Float32Array";
  const isTyped =
    (isInt ? given instanceof Int32Array : given instanceof Float32Array) ||
    given?.[Symbol.toStringTag] === name;
  if (isTyped && given.length === length) return;
  const got = isTyped ? given.length : show(given);
  throw new ShapeError(`${what}: expected ${name} of ${length} numbers, got ${got}`);
}

/** Copies an input; is every number finite? Of few it is found on the way, of many the core says it. */
function copyInput(from: Numbers, to: Numbers, program: Executable): boolean {
  const { length } = to;
  if (length > FEW) {
    to.set(from);
    return program.inputsAreFinite();
  }
  let poison = 0; // v * 0 is 0 for every finite v, NaN for the rest
  for (let i = 0; i < length; i++) {
    const value = from[i]!;
    to[i] = value;
    poison += value * 0;
  }
  return poison === 0;
}

const shaped = (rows: number, shape: Shape) => [rows, ...shape];

/** As `predict`, of numbers that come flat. */
export function predictInto(
  where: string,
  rows: number,
  [input, output]: readonly [Port, Port],
  programs: () => Programs,
): PredictInto {
  const [ofX, ofOutput] = [`${where}: x`, `${where}: output`];
  const shape = shaped(rows, input.shape as Shape);
  const ofInput = flatOf(rows, input.shape, input.dtype);
  const ofValues = flatOf(rows, output.shape, output.dtype);
  let program: Executable | undefined;
  let given: Numbers;
  let values: Numbers;
  return (x, into) => {
    // Views of a memory that has grown since have no length.
    if (!program?.isLive || given.length === 0) {
      program = programs().outputs(rows);
      [given, values] = [program.inputView(0), program.outputView(0)];
    }
    checkFlat(ofX, x, ofInput);
    checkFlat(ofOutput, into, ofValues);
    if (!copyInput(x, given, program)) checkInputs(ofX, { data: x, shape }, [input]);
    program.run();
    copyFlat(values, into);
    return into;
  };
}

/** Words that the memory of the core can have. */
const MOST = 0x4000_0000;

/** Rows of the shapes and types that a model with one input and one output trains on, all 0. */
function flatSamples(
  where: string,
  rows: number,
  input: Port,
  { loss, targetShape }: Head,
): Samples {
  const zeros = (shape: Shape, isInt: boolean) => {
    const size = sizeOf(shape);
    if (size > MOST) {
      throw new ArgumentError(
        `${where}: batch: expected rows that fit into memory, got ${rows} of ${size / rows} numbers`,
      );
    }
    return { data: isInt ? new Int32Array(size) : new Float32Array(size), shape };
  };
  const x = zeros(shaped(rows, input.shape as Shape), input.dtype === INT);
  const y = zeros(shaped(rows, targetShape as Shape), loss.labels === INT);
  return samplesOf([x], [y], [undefined]);
}

/** What takes a step. */
interface Steps {
  readonly report: Report;
  program(rows: number, samples: Samples, where: string): Executable;
  /** Would `program` give this one again? */
  isLatest(program: Executable | undefined): boolean;
  explain(where: string, program: Executable, stop: Stop, at: string): Error;
}

/** As `trainOnBatch`, on so many rows that come flat. */
export function trainOnRows(
  where: string,
  rows: number,
  trainer: Steps,
  expected: Expected,
  outputs: readonly Port[],
): TrainOnRows {
  const input = onlyFlat(where, "input", expected.inputs);
  onlyFlat(where, "output", outputs);
  const head = expected.heads[0]!;
  const samples = flatSamples(where, rows, input, head);
  const [ofX, ofY, width] = [`${where}: x`, `${where}: y`, samples.y.data.length / rows];
  const checkWhole = (x: Numbers, y: Numbers) => {
    const [first, second] = [x, y].map((data, i) => ({ data, shape: samples.all[i]!.shape }));
    checkSamples(where, { x: first, y: second }, expected);
  };
  const ofInput = flatOf(rows, input.shape, input.dtype);
  const ofTarget = flatOf(rows, head.targetShape as Shape, head.loss.labels);
  const rule = head.loss.takes;
  let program: Executable;
  let inputs: Numbers;
  let targets: Numbers;
  let loss: Numbers;
  return (x, y) => {
    if (!trainer.isLatest(program) || inputs.length === 0) {
      program = trainer.program(rows, samples, where);
      [inputs, targets] = [program.inputView(0), program.inputView(1)];
      loss = program.outputView(0);
    }
    checkFlat(ofX, x, ofInput);
    checkFlat(ofY, y, ofTarget);
    const areFinite = copyInput(x, inputs, program) && copyInput(y, targets, program);
    if (!areFinite || (rule && rule.find(y, width) >= 0)) checkWhole(x, y);
    trainer.report.states?.reset();
    const stop = program.tryRun();
    if (stop !== undefined) {
      checkWhole(x, y);
      throw trainer.explain(where, program, stop, "");
    }
    return loss[0]!;
  };
}
