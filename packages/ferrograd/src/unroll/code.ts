import { Bytes } from "./bytes.ts";
import { type Access, NOTHING, type Plain, SCALAR, SIMD, type Simd } from "./instructions.ts";

/** Types of locals. */
const TYPE = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
type Type = keyof typeof TYPE;

/** An address: what a local holds, plus bytes. */
export interface At {
  readonly local: number;
  readonly offset: number;
}

export const after = ({ local, offset }: At, bytes: number): At => ({
  local,
  offset: offset + bytes,
});

/** Bytes of a float, and of a vector of them. */
export const FLOAT = 4;
export const VECTOR = 16;

/** The body of a function without parameters that returns an integer, instruction by instruction. */
export class Code {
  private readonly bytes = new Bytes();
  private readonly types: Type[] = [];
  private readonly free: Record<Type, number[]> = { i32: [], f32: [], v128: [] };
  private taken: [Type, number][] = [];

  /** A local that nothing else uses until the `scope` around ends. */
  local(type: Type): number {
    const index = this.free[type].pop() ?? this.types.push(type) - 1;
    this.taken.push([type, index]);
    return index;
  }

  /** The locals that `body` takes are free again after it. */
  scope(body: () => void): void {
    const outer = this.taken;
    this.taken = [];
    body();
    for (const [type, index] of this.taken) this.free[type].push(index);
    this.taken = outer;
  }

  /** An instruction with a number. */
  private with(opcode: number, value: number): this {
    this.bytes.byte(opcode);
    this.bytes.unsigned(value);
    return this;
  }

  get(local: number): this {
    return this.with(0x20, local);
  }

  set(local: number): this {
    return this.with(0x21, local);
  }

  /** Sets a local, which stays on the stack. */
  tee(local: number): this {
    return this.with(0x22, local);
  }

  /** Moves the vector on the stack to a local of its own. */
  keep(): number {
    const local = this.local("v128");
    this.set(local);
    return local;
  }

  integer(value: number): this {
    this.bytes.byte(0x41);
    this.bytes.signed(value);
    return this;
  }

  float(value: number): this {
    this.bytes.byte(0x43);
    this.bytes.float(value);
    return this;
  }

  double(value: number): this {
    this.bytes.byte(0x44);
    this.bytes.double(value);
    return this;
  }

  /** A number in all lanes. Of one that is not 0, engines make less when it is no vector yet. */
  vector(value: number): this {
    if (value !== 0) return this.float(value).simd("splat");
    this.simd("const");
    for (let lane = 0; lane < 4; lane++) this.bytes.float(value);
    return this;
  }

  call(index: number): this {
    return this.with(0x10, index);
  }

  op(name: Plain): this {
    this.bytes.byte(SCALAR[name]);
    return this;
  }

  simd(name: Simd): this {
    return this.with(0xfd, SIMD[name]);
  }

  /** Pushes a lane of the vector on the stack. */
  lane(lane: number): this {
    this.simd("lane").bytes.byte(lane);
    return this;
  }

  /** Pushes one of the two doubles on the stack. */
  doubleLane(lane: number): this {
    this.simd("doubleLane").bytes.byte(lane);
    return this;
  }

  /** Two vectors on the stack become a half of each: 0 or 1 of the first, 2 or 3 of the second. */
  halves(first: 0 | 1, second: 2 | 3): this {
    this.simd("shuffle");
    for (const half of [first, second]) {
      for (let byte = 0; byte < 8; byte++) this.bytes.byte(8 * half + byte);
    }
    return this;
  }

  /** `body` if what is on the stack is not 0. */
  if(body: () => unknown, otherwise?: () => unknown): this {
    this.with(SCALAR.if, NOTHING);
    body();
    if (otherwise !== undefined) {
      this.op("else");
      otherwise();
    }
    return this.op("end");
  }

  /** Where an access lies: its alignment, that of a float, and its offset. */
  private place(offset: number): this {
    return this.with(2, offset);
  }

  /** Loads a number from the address on the stack, or stores one there. */
  memory(name: Access, offset: number): this {
    this.bytes.byte(SCALAR[name]);
    return this.place(offset);
  }

  private vectorMemory(name: Simd, offset: number, lane?: number): this {
    this.simd(name).place(offset);
    if (lane !== undefined) this.bytes.byte(lane);
    return this;
  }

  /** local = an address */
  point(local: number, { local: base, offset }: At): this {
    this.get(base);
    if (offset !== 0) this.integer(offset).op("i32.add");
    return this.set(local);
  }

  /** A new local that points there, for loops to move. */
  pointer(at: At): number {
    const local = this.local("i32");
    this.point(local, at);
    return local;
  }

  /** Pushes a float, in all lanes. */
  loadSplat({ local, offset }: At): this {
    return this.get(local).vectorMemory("loadSplat", offset);
  }

  /** Pushes up to four floats, zeros behind them. */
  load({ local, offset }: At, lanes: number): this {
    if (lanes === 3) this.get(local);
    this.get(local);
    if (lanes === 4) return this.vectorMemory("load", offset);
    this.vectorMemory(lanes === 1 ? "loadOne" : "loadTwo", offset);
    return lanes === 3 ? this.vectorMemory("loadLane", offset + 2 * FLOAT, 2) : this;
  }

  /** Replaces a lane of the vector on the stack by a float: `[address, vector]` become a vector. */
  loadLane(lane: number, offset: number): this {
    return this.vectorMemory("loadLane", offset, lane);
  }

  /** Pushes up to four floats from these bytes on, zeros behind them. */
  gather({ local, offset }: At, places: readonly number[]): this {
    for (const _ of places) this.get(local);
    this.vectorMemory("loadOne", offset + places[0]!);
    places.forEach((place, lane) => lane > 0 && this.loadLane(lane, offset + place));
    return this;
  }

  /** Stores the first lanes of a vector `stride` bytes apart. */
  scatter({ local, offset }: At, stride: number, vector: number, lanes: number): this {
    for (let lane = 0; lane < lanes; lane++) {
      this.get(local).get(vector);
      this.vectorMemory("storeLane", offset + lane * stride, lane);
    }
    return this;
  }

  /** Stores the first lanes of a vector. */
  store({ local, offset }: At, vector: number, lanes: number): this {
    if (lanes === 4) return this.get(local).get(vector).vectorMemory("store", offset);
    if (lanes > 1) this.get(local).get(vector).vectorMemory("storeLanes", offset, 0);
    if (lanes === 2) return this;
    this.get(local).get(vector);
    return this.vectorMemory("storeLane", offset + (lanes - 1) * FLOAT, lanes - 1);
  }

  /**
   * `body` for `total` items, at most `chunk` at a time: what it is told is how many. Before the
   * next ones the pointers move on, by their bytes for each item.
   */
  repeat(
    total: number,
    chunk: number,
    pointers: readonly (readonly [local: number, bytes: number])[],
    body: (count: number) => void,
  ): void {
    const turns = Math.floor(total / chunk);
    const rest = total % chunk;
    const move = () => {
      for (const [local, bytes] of pointers) this.point(local, { local, offset: bytes * chunk });
    };
    if (turns > 1) {
      this.scope(() => {
        const left = this.local("i32");
        this.integer(turns).set(left).with(SCALAR.loop, NOTHING);
        this.scope(() => body(chunk));
        move();
        this.get(left).integer(1).op("i32.sub").tee(left).with(SCALAR.continue, 0).op("end");
      });
    } else if (turns === 1) {
      this.scope(() => body(chunk));
      if (rest > 0) move();
    }
    if (rest > 0) this.scope(() => body(rest));
  }

  /** The function as it stands in a module: locals, instructions. */
  function(): Bytes {
    const bytes = new Bytes();
    bytes.unsigned(this.types.length);
    for (const type of this.types) {
      bytes.byte(1);
      bytes.byte(TYPE[type]);
    }
    bytes.append(this.bytes);
    bytes.byte(SCALAR.end);
    return bytes;
  }
}
