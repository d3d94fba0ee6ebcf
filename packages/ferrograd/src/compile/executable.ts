import { type Block, core } from "../engine/core.ts";
import { type Fault, LoadedProgram } from "../engine/program.ts";
import { DataError, DisposedError, InternalError, NumericError } from "../errors.ts";
import { change, lastChange } from "../graph/clock.ts";
import { Variable } from "../graph/leaf.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import { net } from "../platform/collected.ts";
import { DTYPE, type DType, isFloat } from "../values/dtype.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import { type Compiled, compileGraph, type Graph, type Origin } from "./emit.ts";
import { aligned } from "./plan.ts";

/** What a program stopped at, with the op that it came from. */
export interface Stop {
  readonly fault: Fault;
  readonly origin: Origin;
}

/** Of an op, with its nodes and tensors, in JavaScript: 2 to 3 KB were measured in Node. */
const BYTES_OF_OP = 2500;

/** Values that JavaScript looks through before a call of the core is done. */
const FEW = 32;

const collected = net<() => void>((free) => free());

/** Where an input or output lies. */
class Place {
  readonly dtype: DType;
  readonly block: Block;
  readonly offset: number;
  readonly shape: Shape;
  readonly size: number;
  /** Kept while the block's own views last: making one takes as long as a small program. */
  private kept: { of: object; view: Float32Array | Int32Array } | undefined;

  constructor(block: Block, offset: number, { shape, dtype }: { shape: Shape; dtype: DType }) {
    this.block = block;
    this.offset = offset;
    this.dtype = dtype;
    this.shape = shape;
    this.size = sizeOf(shape);
  }

  view(): Float32Array | Int32Array {
    const views = this.block.view();
    if (this.kept?.of !== views) {
      const all = views[DTYPE[this.dtype].words];
      this.kept = { of: views, view: all.subarray(this.offset, this.offset + this.size) };
    }
    return this.kept.view;
  }

  /** The core looks through many values much faster than JavaScript; a few are done before it is called. */
  isFinite(): boolean {
    const { block, offset, size } = this;
    if (size > FEW) return block.raw.firstNonFinite(block.handle, offset, size) < 0;
    const values = this.view();
    let poison = 0; // a loop of its own, as one for arrays of several types takes twice as long
    for (let i = 0; i < size; i++) poison += values[i]! * 0;
    return poison === 0;
  }
}

/** A compiled graph with its memory in the core: fill the inputs, run, read the outputs. */
export class Executable {
  private readonly program: LoadedProgram;
  private readonly origins: readonly Origin[];
  /** @internal */
  readonly inputs: readonly Place[];
  /** @internal */
  readonly outputs: readonly Place[];
  private readonly floatInputs: readonly Place[];
  private readonly written: readonly Variable<Shape, DType>[];
  /** Those of them that are finite after a run if they were before. */
  private readonly checked: readonly Variable<Shape, DType>[];
  /** Those of which nobody knows. */
  private readonly unchecked: readonly Variable<Shape, DType>[];
  /** What is to be done before each run. */
  private readonly told: Graph["effects"];
  /** Number of the last change at the end of the last run: if it is so still, nothing was given to a variable, or disposed. */
  private ended = -1;
  /** Held, as the leaves are, so that its blocks stay. */
  private readonly graph: Graph;
  private readonly leaves: readonly AnyTensor[];
  private readonly release: () => void;
  /** Op by op, once a step had to be explained: the next ones of a training that has come apart are too. */
  private apart?: Compiled;
  /** What it takes while it is kept: its blocks and words in the core, and about what its graph takes in JavaScript. */
  readonly bytes: number;
  /** Of a program for some rows: how many. */
  readonly rows: number;
  isLive = true;

  constructor(graph: Graph, compiled: Compiled = compileGraph(graph)) {
    const { program, own } = place(compiled);
    const words = own.reduce((sum, block) => sum + block.words, compiled.words.length);
    this.bytes = words * 4 + compiled.ops.length * BYTES_OF_OP;
    const [, input, output] = own;
    this.program = program;
    this.origins = compiled.origins;
    this.inputs = graph.inputs.map((like, i) => new Place(input, compiled.inputOffsets[i]!, like));
    this.outputs = graph.outputs.map(
      (like, i) => new Place(output, compiled.outputOffsets[i]!, like),
    );
    this.floatInputs = this.inputs.filter(isFloat);
    this.written = [...new Set(graph.effects.flatMap(({ writes }) => writes))];
    const checked = new Set(graph.effects.flatMap(({ check, writes }) => (check ? writes : [])));
    this.checked = [...checked];
    this.unchecked = this.written.filter((variable) => !checked.has(variable));
    this.told = graph.effects.filter(({ before }) => before !== undefined);
    this.rows = graph.inputs[0]?.shape[0] ?? 0;
    this.graph = graph;
    this.leaves = [...compiled.leaves];
    this.release = () => {
      program.unload();
      for (const block of own) block.free();
    };
    collected.register(this, this.release, this);
  }

  /** The memory of an input, valid until the next allocation. */
  inputView(index: number): Float32Array | Int32Array {
    return this.inputs[index]!.view();
  }

  /** The memory of an output, valid until the next run or allocation. */
  outputView(index: number): Float32Array | Int32Array {
    return this.outputs[index]!.view();
  }

  /** Is every float that was put in finite? */
  inputsAreFinite(): boolean {
    for (const place of this.floatInputs) if (!place.isFinite()) return false;
    return true;
  }

  /**
   * Runs once. What stopped it comes back, and then no variable has changed.
   * @throws NumericError when a variable that is to be minimized has been given what is not finite
   */
  tryRun(): Stop | undefined {
    if (this.ended !== lastChange()) {
      for (const leaf of this.leaves) if (leaf.source.kind === "disposed") throw disposed(leaf);
      for (const variable of this.checked) if (!variable.isFinite) checkValues(variable);
    }
    for (const effect of this.told) effect.before!();
    const fault = this.program.run();
    if (fault !== undefined) return this.stop(fault);
    if (this.written.length > 0) {
      const now = change();
      for (const variable of this.written) variable.changed = now;
      for (const variable of this.unchecked) variable.isFinite = false;
    }
    this.ended = lastChange();
    return undefined;
  }

  /** Runs once and throws what stopped it. */
  run(): void {
    const stop = this.tryRun();
    if (stop !== undefined) throw stopError(stop);
  }

  /**
   * The op that made the first value that is not finite, found by replaying without a commit, op by
   * op: in a chain none could be told from the others.
   */
  firstNonFinite(): Stop | undefined {
    this.apart ??= compileGraph(this.graph, { fused: false });
    const single = new Executable(this.graph, this.apart);
    try {
      for (let i = 0; i < this.inputs.length; i++) single.inputView(i).set(this.inputView(i));
      const fault = single.program.trace();
      return fault && single.stop(fault);
    } finally {
      single.dispose();
    }
  }

  dispose(): void {
    this.isLive = false;
    collected.unregister(this);
    this.release();
  }

  private stop(fault: Fault): Stop {
    return { fault, origin: this.origins[fault.op] ?? { scope: "", op: "unknown" } };
  }
}

type OwnBlocks = readonly [constant: Block, input: Block, output: Block];

/** Gives a program its memory and loads it; where that fails, nothing stays allocated. */
function place({ words, ops, plan }: Compiled): { program: LoadedProgram; own: OwnBlocks } {
  const own: Block[] = [];
  try {
    for (const segment of ["constant", "input", "output"] as const) {
      own.push(core().alloc("programs", aligned(plan.words[segment])));
    }
    for (const { tensor, offset } of plan.constants) {
      const values = tensor.values();
      own[0]!.view()[DTYPE[tensor.dtype].words].set(values, offset);
    }
    const bound = [undefined, ...own, ...plan.blocks];
    const program = new LoadedProgram(
      core(),
      { words, ops, scratchWords: plan.words.scratch },
      bound,
    );
    return { program, own: own as unknown as OwnBlocks };
  } catch (error) {
    for (const block of own) block.free();
    throw error;
  }
}

function disposed(leaf: AnyTensor): DisposedError {
  const what = leaf instanceof Variable ? `variable "${leaf.name}"` : "a tensor of the function";
  return new DisposedError(`${what}: was disposed`);
}

/** Looks at values that were given to a variable, once. */
function checkValues(variable: Variable<Shape, DType>): void {
  const { block, size, name } = variable;
  const at = block.raw.firstNonFinite(block.handle, 0, size);
  if (at >= 0) {
    throw new NumericError(
      `variable "${name}": expected finite values before a step, got ${block.view().f32[at]} at element ${at}; ` +
        "no variable was changed; assign() finite ones",
    );
  }
  variable.isFinite = true;
}

/** Would what an effect was to write not be finite? */
export const isOverflow = ({ fault, origin }: Stop): boolean =>
  origin.explain !== undefined && fault.status !== "unbound";

/** Was it a counter at its end, not a number? */
export const isCounter = ({ fault, origin }: Stop): boolean =>
  origin.counters !== undefined && fault.operand >= origin.counters;

export const COUNTED = `expected fewer than ${0x7f80_0000} steps, got to the end of the counter`;

const rangeOf = ({ bound }: Origin): string =>
  bound === undefined ? "inside the range" : `from 0 to ${bound - 1}`;

/** The error for what stopped a run. */
export function stopError({ fault, origin }: Stop): Error {
  const where = origin.scope === "" ? `${origin.op}()` : `${origin.scope}: ${origin.op}()`;
  if (isOverflow({ fault, origin })) {
    const { where, cause } = origin.explain!(fault);
    return new NumericError(
      `minimize(): expected finite variables and optimizer state after the step, got NaN or infinity in ${where}; ` +
        `likely cause: ${cause}; no variable was changed`,
    );
  }
  switch (fault.status) {
    case "badIndex":
      return new DataError(
        `${where}: element ${fault.element}: expected an index ${rangeOf(origin)}, got ${fault.value}`,
      );
    case "nonFinite":
      if (isCounter({ fault, origin })) {
        return new NumericError(`minimize(): ${COUNTED}; no variable was changed`);
      }
      return new NumericError(
        `${where}: expected finite losses and gradients, got NaN or infinity; no variable was changed`,
      );
    case "unbound":
      return new DisposedError(`${where}: an optimizer that this trains with was disposed`);
    default:
      return new InternalError(`${fault.status} at op ${fault.op} (${origin.op})`);
  }
}
