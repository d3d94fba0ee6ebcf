import { shared } from "../copies/shared.ts";
import type { Block } from "../engine/core.ts";
import type { Fault } from "../engine/program.ts";
import type { Operand, Writer } from "../engine/writer.ts";
import type { DType } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Variable } from "./leaf.ts";
import type { AnyTensor } from "./tensor.ts";

/** What an effect sees when it is written into a program. */
export interface EffectEmission {
  readonly w: Writer;
  readonly read: (tensor: AnyTensor) => Operand;
  readonly at: (place: AnyTensor | Block) => Operand;
  /** Of the effect's check. */
  readonly scratch: Operand;
}

/** Something that a program does to variables in its commit phase. */
export interface Effect {
  /** Tensors that must be computed before. */
  readonly reads: readonly AnyTensor[];
  /** Those of them that must be finite, or nothing is committed. */
  readonly guarded: readonly AnyTensor[];
  /** Variables that change. */
  readonly writes: readonly Variable<Shape, DType>[];
  /** Other state: hyper-parameters, slots, counters. */
  readonly blocks: readonly Block[];
  /** Words that count the runs: one more at the end of each. */
  readonly counters?: readonly (AnyTensor | Block)[];
  /** How it sees to it that what it writes is finite; without it, it writes what IEEE says. */
  readonly check?: EffectCheck;
  /** Before each run, in JavaScript: sets what differs from one to the next. */
  before?(): void;
  /** Writes the instructions; `read` finds what was read at the start, `at` the memory to change. */
  emit?(emission: EffectEmission): void;
}

/** What an effect does before anything is written, to stop the run if something would not be finite. */
export interface EffectCheck {
  /** Words of scratch that it hands on to its `emit`. */
  readonly words: number;
  /** Writes the instructions; `peak` is where the largest of what is guarded stands. */
  emit(emission: EffectEmission & { readonly peak: Operand }): void;
  /** What would not be finite, and the likely cause. */
  explain(fault: Fault): { readonly where: string; readonly cause: string };
}

/** A function being traced. */
export interface Trace {
  readonly effects: Effect[];
}

/** The innermost function being traced, if any. */
export const trace = shared("trace", (): { current: Trace | null } => ({ current: null }));

/** Runs `body` outside the function being traced: what it makes is made now. */
export function untraced<T>(body: () => T): T {
  const here = trace.current;
  trace.current = null;
  try {
    return body();
  } finally {
    trace.current = here;
  }
}
