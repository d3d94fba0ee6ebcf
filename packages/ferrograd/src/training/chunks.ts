import { bytesOfRows, type Compiled, type Graph } from "../compile/emit.ts";
import type { Executable } from "../compile/executable.ts";

/** Rows of the programs that predict and evaluate: the smallest that fits, so that any number of rows needs only these. */
const CHUNKS = [1, 32, 256] as const;

/** Rows at a time of a loss of one's own. */
export const EVALUATED_ROWS = CHUNKS[1];

/** What a program for several rows may take for them. */
const MOST_BYTES = 64 << 20;

/** A graph, and whether something in it is said of all rows together, as by layers that add to the loss. */
export interface TracedGraph extends Graph {
  readonly ofAllRows?: boolean;
}

/**
 * How rows are cut for programs of one kind. What is known of the programs decides: large activations make
 * chunks smaller, and a program that changes variables, or mixes rows, gets no rows that are not there.
 */
export class Chunks {
  /** The program used last, found without making a key. */
  latest: Executable | undefined;
  private readonly mixes: boolean;
  private most: number;
  private exact: boolean;

  /** @param mixes may a loss mix the rows, so that their number makes a difference? */
  constructor(mixes = false) {
    this.mixes = mixes;
    this.most = mixes ? EVALUATED_ROWS : CHUNKS.at(-1)!;
    this.exact = mixes;
  }

  /** Rows of the program for what is left; those beyond it are not there. */
  rowsOf(left: number): number {
    const rows = Math.min(left, this.most);
    if (this.exact) return rows;
    let at = 0;
    while (CHUNKS[at]! < rows) at++;
    return CHUNKS[at]!;
  }

  /** Takes note of a program for so many rows. */
  learn(rows: number, { effects, ofAllRows }: TracedGraph, compiled: Compiled): void {
    this.exact ||= effects.length > 0 || ofAllRows === true;
    if (this.mixes || rows === 1 || bytesOfRows(compiled) <= MOST_BYTES) return;
    this.most = CHUNKS.findLast((size) => size < rows)!;
  }
}
