import type { Block } from "../engine/core.ts";
import type { write } from "../engine/ops.generated.ts";
import type { Operand, Writer } from "../engine/writer.ts";
import type { Variable } from "./leaf.ts";
import type { AnyTensor, DType, Shape } from "./tensor.ts";

/** What an effect sees when it is written into a program. */
export interface EffectEmission {
  readonly w: Writer;
  readonly write: typeof write;
  readonly read: (tensor: AnyTensor) => Operand;
  readonly at: (place: AnyTensor | Block) => Operand;
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
  /** Writes the instructions; `read` finds what was read at the start, `at` the memory to change. */
  emit?(emission: EffectEmission): void;
}

/** A function being traced. */
export interface Trace {
  readonly effects: Effect[];
}

/** The innermost function being traced, if any. */
export const trace: { current: Trace | null } = { current: null };
