import { brandClass, shared } from "../copies/shared.ts";
import { InternalError, OutOfMemoryError } from "../errors.ts";
import { type Raw, start, startAsync, startSync } from "./raw.ts";

/** Who owns memory, as `memory()` lists it. */
export type Owner = "variables" | "optimizers" | "programs";

/** What `memory()` returns; all figures are bytes. */
export interface MemoryInfo {
  /** Live blocks: everything that `dispose()` gives back. */
  readonly bytes: number;
  /** The same by owner. */
  readonly owners: { readonly [owner in Owner]: number };
  /** Scratch that all programs share; given back with the last program. */
  readonly scratchBytes: number;
  /** Size of the WebAssembly memory, which never shrinks. */
  readonly heapBytes: number;
  /** Calls into the core so far. */
  readonly calls: number;
}

const MIB = 0x10_0000;
/** What a 32-bit memory can hold. */
const MAX_WORDS = 0x4000_0000;

type Views = { f32: Float32Array; i32: Int32Array; u32: Uint32Array; f64: Float64Array };

/** A block of words in the core's memory. */
export class Block {
  readonly handle: number;
  readonly words: number;
  private readonly core: Core;
  private readonly owner: Owner;
  private views: Views | undefined;
  private freed = false;

  static {
    brandClass("block", Block);
  }

  constructor(core: Core, handle: number, words: number, owner: Owner) {
    this.core = core;
    this.handle = handle;
    this.words = words;
    this.owner = owner;
  }

  /** Typed views of the block: the one accessor, made anew when the memory has grown. */
  view(): Views {
    // When the memory grows, views of the old one are detached: their length falls to 0.
    if (this.views === undefined || this.views.u32.length === 0) {
      const { buffer } = this.core.raw.memory;
      const address = this.raw.address(this.handle);
      if (address < 0) throw new InternalError("view of a freed block");
      this.views = {
        f32: new Float32Array(buffer, address, this.words),
        i32: new Int32Array(buffer, address, this.words),
        u32: new Uint32Array(buffer, address, this.words),
        f64: new Float64Array(buffer, address, this.words >> 1),
      };
    }
    return this.views;
  }

  /** The core that has the block, for what is asked of few: `block.raw.survey(block.handle, ...)`. */
  get raw(): Raw {
    return this.core.raw;
  }

  /** A copy of words that a call of `raw` gave the address of. */
  kept(address: number, count: number): Uint32Array {
    return this.core.words(address, count).slice();
  }

  /** Gives the memory back; a second call does nothing. */
  free(): void {
    if (this.freed) return;
    this.freed = true;
    this.views = undefined;
    this.raw.release(this.handle);
    this.core.count(this.owner, -this.words);
  }
}

/** The running core: its memory and what lives in it. */
export class Core {
  readonly raw: Raw;
  private readonly live: { [owner in Owner]: number } = {
    variables: 0,
    optimizers: 0,
    programs: 0,
  };
  calls = 0;

  constructor(raw: Raw) {
    this.raw = raw;
  }

  /** @throws OutOfMemoryError */
  alloc(owner: Owner, words: number): Block {
    const handle = words < MAX_WORDS ? this.raw.alloc(words) : -1;
    if (handle < 0) throw outOfMemory(words * 4);
    this.count(owner, words);
    return new Block(this, handle, words, owner);
  }

  count(owner: Owner, words: number): void {
    this.live[owner] += words * 4;
  }

  /** Runs a program, by its own function if it has one: 0, or a status code. */
  run(program: number, unrolled?: () => number): number {
    this.calls++;
    const status = unrolled?.() ?? -1;
    return status < 0 ? this.raw.run(program) : status;
  }

  /** Words that a call gave the address of, valid until the next call. */
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.raw.memory.buffer, address, count);
  }

  memory(): MemoryInfo {
    const { variables, optimizers, programs } = this.live;
    return {
      bytes: this.raw.liveWords() * 4,
      owners: { variables, optimizers, programs },
      scratchBytes: this.raw.scratchWords() * 4,
      heapBytes: this.raw.memory.buffer.byteLength,
      calls: this.calls,
    };
  }
}

export function outOfMemory(bytes: number): OutOfMemoryError {
  const size = bytes < MIB ? `${bytes} bytes` : `${Math.ceil(bytes / MIB)} MiB`;
  return new OutOfMemoryError(
    `ferrograd: expected room for ${size} more in WebAssembly's memory (4 GiB at most), got none; ` +
      "models that are no longer needed are freed by `using model = ...` or `model.dispose()`; " +
      "a synchronous loop gives the garbage collector no chance to do it",
  );
}

const running = shared("core", (): { core?: Core } => ({}));

/** The core, started at first use. */
export function core(): Core {
  running.core ??= new Core(startSync());
  return running.core;
}

/** Has anything been computed yet? */
export const isRunning = (): boolean => running.core !== undefined;

/** Starts the core from its module, bytes or a WebAssembly.Module, unless it runs. */
export function startCore(module: object): void {
  running.core ??= new Core(start(module));
}

/**
 * Starts the core without blocking. Only threads that cannot compile WebAssembly synchronously need
 * it; everywhere else the first use starts the core.
 *
 * @example await ready();
 */
export async function ready(): Promise<void> {
  if (running.core === undefined) {
    const raw = await startAsync();
    running.core ??= new Core(raw);
  }
}

/**
 * Bytes that live in the core, exactly, and by owner.
 *
 * @example memory().bytes // 0 when every model and variable is disposed
 */
export function memory(): MemoryInfo {
  return core().memory();
}
