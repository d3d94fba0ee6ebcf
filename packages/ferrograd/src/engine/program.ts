import { InternalError } from "../errors.ts";
import { type Block, type Core, outOfMemory } from "./core.ts";
import { STATUS, type StatusName } from "./ops.generated.ts";

/** Why a run stopped before its commit: all state is as it was. */
export interface Fault {
  readonly status: StatusName;
  /** Index of the op in the program. */
  readonly op: number;
  readonly operand: number;
  readonly element: number;
  /** The offending label, or the bits of the offending float. */
  readonly value: number;
}

const names = Object.keys(STATUS) as StatusName[];

/** A program in the core, verified, with the blocks it is bound to. */
export class LoadedProgram {
  private readonly core: Core;
  private readonly id: number;
  private unloaded = false;

  constructor(
    core: Core,
    words: readonly number[],
    blocks: readonly (Block | undefined)[],
    scratchWords: number,
  ) {
    this.core = core;
    this.id = load(core, words, scratchWords);
    blocks.forEach((block, segment) => {
      if (block !== undefined && !core.raw.engine.bind(this.id, segment, block.handle)) {
        throw new InternalError(`bind: no segment ${segment}`);
      }
    });
  }

  /** Runs it once; undefined is success. */
  run(): Fault | undefined {
    return this.core.run(this.id) === 0 ? undefined : this.fault();
  }

  /** Replays it without the commit, looking for NaN and infinity after every op. */
  trace(): Fault | undefined {
    return this.core.raw.engine.trace(this.id) === 0 ? undefined : this.fault();
  }

  unload(): void {
    if (this.unloaded) return;
    this.unloaded = true;
    this.core.raw.engine.unload(this.id);
  }

  private fault(): Fault {
    const [code, op, operand, element, value] = this.core.raw.engine.status();
    return {
      status: names[code!]!,
      op: op!,
      operand: operand!,
      element: element!,
      value: value! | 0,
    };
  }
}

function load(core: Core, words: readonly number[], scratchWords: number): number {
  try {
    return core.raw.engine.load(Uint32Array.from(words));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (why === "out of memory") throw outOfMemory((words.length + scratchWords) * 4);
    throw new InternalError(`program refused: ${why}`);
  }
}
