import type { Operand } from "../../engine/writer.ts";
import type { At, Code } from "../code.ts";

/** What the instructions of an op are written with. */
export interface Unrolling {
  readonly code: Code;
  /** Where an operand lies. */
  at(operand: Operand): At;
  /** Has the core perform the op; a fault ends the run. */
  perform(): void;
}

/** How an op is written out. */
export interface Unroller<Op> {
  /** Is it small enough to gain by it? If not, its program is left to the core. */
  fits(op: Op): boolean;
  write(op: Op, unrolling: Unrolling): void;
}

/** Is it a run of so few floats that the core's loops spend much of their time around them? */
export const isSmall = (floats: number): boolean => floats <= 1 << 12;
