import { shared } from "../copies/shared.ts";
import { InternalError } from "../errors.ts";
import { type Block, type Core, outOfMemory } from "./core.ts";
import { STATUS, type StatusName } from "./ops.generated.ts";
import type { Raw } from "./raw.ts";
import type { Written } from "./writer.ts";

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

/** Makes a function of its own of a program; undefined where nothing is gained. */
export type Unroll = (
  core: Raw,
  program: number,
  ops: readonly Written[],
) => (() => number) | undefined;

/** How programs are unrolled, and after how many runs; never where nothing says so. */
const unrolling = shared("unrolling", (): { unroll: Unroll; after: number } => ({
  unroll: () => undefined,
  after: Number.POSITIVE_INFINITY,
}));

/** Says it. */
export function provideUnroll(unroll: Unroll, after: number): void {
  Object.assign(unrolling, { unroll, after });
}

/** What a program consists of. */
interface Parts {
  readonly words: readonly number[];
  readonly ops: readonly Written[];
  readonly scratchWords: number;
}

/** A program in the core, verified, with the blocks it is bound to. */
export class LoadedProgram {
  private readonly core: Core;
  private readonly id: number;
  private ops: readonly Written[] | undefined;
  private runs = 0;
  private unrolled: (() => number) | undefined;
  private unloaded = false;

  constructor(
    core: Core,
    { words, ops, scratchWords }: Parts,
    blocks: readonly (Block | undefined)[],
  ) {
    this.core = core;
    this.id = load(core, words, scratchWords);
    this.ops = ops;
    blocks.forEach((block, segment) => {
      if (block !== undefined && !core.raw.bind(this.id, segment, block.handle)) {
        throw new InternalError(`bind: no segment ${segment}`);
      }
    });
  }

  /** Runs it once; undefined is success. */
  run(): Fault | undefined {
    if (this.ops !== undefined && ++this.runs >= unrolling.after) this.unroll(this.ops);
    return this.core.run(this.id, this.unrolled) === 0 ? undefined : this.fault();
  }

  /** Once; where a thread may not compile, or memory is out, the core goes on as before. */
  private unroll(ops: readonly Written[]): void {
    this.ops = undefined;
    try {
      this.unrolled = unrolling.unroll(this.core.raw, this.id, ops);
    } catch (error) {
      const refused = error instanceof WebAssembly.CompileError || error instanceof RangeError;
      if (!refused) throw error;
    }
  }

  /** Replays it without the commit, looking for NaN and infinity after every op. */
  trace(): Fault | undefined {
    return this.core.raw.trace(this.id) === 0 ? undefined : this.fault();
  }

  unload(): void {
    if (this.unloaded) return;
    this.unloaded = true;
    this.unrolled = undefined;
    this.core.raw.unload(this.id);
  }

  private fault(): Fault {
    const { raw } = this.core;
    const [code, op, operand, element, value] = this.core.words(raw.kept(), 5);
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
  const { raw } = core;
  core.words(raw.room(words.length), words.length).set(words);
  const program = raw.load();
  if (program >= 0) return program;
  const [text, length, op] = core.words(raw.kept(), 3);
  const why = new TextDecoder().decode(new Uint8Array(raw.memory.buffer, text, length));
  if (why === "out of memory") throw outOfMemory((words.length + scratchWords) * 4);
  throw new InternalError(`program refused: ${why} (op ${op! | 0})`);
}
