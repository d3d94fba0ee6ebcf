import type { Executable } from "../compile/executable.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { checkOptions, positiveInteger, show } from "../options/index.ts";
import { INT } from "../values/dtype.ts";
import { isOpen, type Shape, sizeOf } from "../values/shape.ts";
import { checkInputs } from "./data.ts";
import type { Head, Port } from "./heads.ts";
import type { Programs } from "./programs.ts";
import { type Samples, samplesOf } from "./samples.ts";

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

/** Values that are copied faster one by one than by a call of `set`. */
const FEW = 32;

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

/** Copies numbers into an input, or out of an output. */
export function copyFlat(from: Numbers, to: Numbers): void {
  if (to.length > FEW) to.set(from);
  else for (let i = 0; i < to.length; i++) to[i] = from[i]!;
}

/** Refuses all but an array like one of the program's. */
export function checkFlat(what: string, given: Numbers, like: Numbers): void {
  if (given?.constructor === like.constructor && given.length === like.length) return;
  const expected = `expected ${like.constructor.name} of ${like.length} numbers`;
  throw new ShapeError(`${what}: ${expected}, got ${show(given)}`);
}

const shaped = (rows: number, shape: Shape) => [rows, ...shape];

/** As `predict`, of numbers that come flat. */
export function predictInto(
  where: string,
  rows: number,
  input: Port,
  programs: () => Programs,
): PredictInto {
  const [ofX, ofOutput] = [`${where}: x`, `${where}: output`];
  const shape = shaped(rows, input.shape as Shape);
  let program: Executable | undefined;
  return (x, output) => {
    if (!program?.isLive) program = programs().outputs(rows);
    const [given, values] = [program.inputView(0), program.outputView(0)];
    checkFlat(ofX, x, given);
    checkFlat(ofOutput, output, values);
    copyFlat(x, given);
    if (!program.inputsAreFinite()) checkInputs(ofX, { data: x, shape }, [input]);
    program.run();
    copyFlat(values, output);
    return output;
  };
}

/** Words that the memory of the core can have. */
const MOST = 0x4000_0000;

/** Rows of the shapes and types that a model with one input and one output trains on, all 0. */
export function flatSamples(
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
