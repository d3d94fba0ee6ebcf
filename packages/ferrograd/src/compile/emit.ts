import { Block } from "../engine/core.ts";
import { PEAK_WORDS, SEGMENT } from "../engine/ops.generated.ts";
import { type Operand, Writer, type Written } from "../engine/writer.ts";
import * as write from "../engine/writers.generated.ts";
import { StateError } from "../errors.ts";
import { copy } from "../graph/ops/shape.ts";
import type { AnyTensor, Node } from "../graph/tensor.ts";
import type { Effect, EffectCheck, EffectEmission } from "../graph/trace.ts";
import { canonicalize } from "./canonicalize.ts";
import { fuse } from "./fuse.ts";
import { leaves, topological } from "./order.ts";
import { aligned, type Plan, plan, SEGMENTS, storage } from "./plan.ts";

/** A traced function: what goes in, what comes out, what it does to variables. */
export interface Graph {
  readonly inputs: readonly AnyTensor[];
  readonly outputs: readonly AnyTensor[];
  readonly effects: readonly Effect[];
}

/** What made an instruction, for messages. */
export interface Origin {
  /** Layer path, empty outside layers. */
  readonly scope: string;
  readonly op: string;
  /** Of an op that takes indices: they are below this. */
  readonly bound?: number;
  /** Of a guard, which of its operands is the first counter. */
  readonly counters?: number;
  /** Of the check of an effect. */
  readonly explain?: EffectCheck["explain"];
}

/** A program with everything needed to bind and to explain it. */
export interface Compiled {
  readonly words: readonly number[];
  /** The same, op by op. */
  readonly ops: readonly Written[];
  readonly plan: Plan;
  /** Of each instruction. */
  readonly origins: readonly Origin[];
  /** Offset of each output in the output block. */
  readonly outputOffsets: readonly number[];
  readonly inputOffsets: readonly number[];
  /** Leaves that must not be collected while the program lives. */
  readonly leaves: ReadonlySet<AnyTensor>;
}

/** Bytes that grow with the rows a program is made for: of inputs, outputs and what lies between them. */
export const bytesOfRows = ({ plan: { words } }: Compiled): number =>
  (words.scratch + words.input + words.output) * 4;

/** Compiles a graph to a program: canonicalize, fuse, plan, emit. */
export function compileGraph(graph: Graph, { fused = true } = {}): Compiled {
  checkWrites(graph.effects);
  const reads = [...new Set(graph.effects.flatMap((effect) => effect.reads))];
  const better = canonicalize([...graph.outputs, ...reads]);
  const roots = [
    ...ownStorage(better.slice(0, graph.outputs.length)),
    ...better.slice(graph.outputs.length).map(snapshot),
  ];
  const final = fused ? fuse(roots) : roots;
  const outputs = final.slice(0, graph.outputs.length);
  const kept = final.slice(graph.outputs.length);
  const readAs = new Map(reads.map((read, i) => [read, kept[i]!]));
  const order = topological([...outputs, ...kept]);
  const all = leaves(order, [...outputs, ...kept]);
  const writes = graph.effects.flatMap((effect) => effect.writes);
  const layout = plan({
    order,
    inputs: graph.inputs,
    outputs: outputs.map(storage),
    kept,
    leaves: all,
    blocks: [
      ...[...all, ...writes].flatMap(({ source }) =>
        source.kind === "state" ? [source.block] : [],
      ),
      ...graph.effects.flatMap((effect) => effect.blocks),
    ],
    last: [PEAK_WORDS, ...graph.effects.map(({ check }) => check?.words ?? 0)],
  });
  const emitter = new Emitter(layout, readAs);
  order.forEach((node) => emitter.node(node));
  emitter.guard(graph.effects);
  emitter.check(graph.effects);
  const compute = emitter.w.ops.length;
  emitter.commit(graph.effects);
  return {
    words: [...header(layout), emitter.w.ops.length, compute, ...emitter.w.words],
    ops: emitter.w.ops,
    plan: layout,
    origins: emitter.origins,
    inputOffsets: graph.inputs.map((input) => layout.place(input).offset),
    outputOffsets: outputs.map((output) => layout.place(output).offset),
    leaves: new Set([...all, ...writes]),
  };
}

/** Every output gets memory that nothing else writes or owns, if need be a copy. */
function ownStorage(outputs: readonly AnyTensor[]): AnyTensor[] {
  const taken = new Set<AnyTensor>();
  return outputs.map((output) => {
    const root = storage(output);
    const own = root.source.kind !== "node" || taken.has(root) ? copy(output) : output;
    taken.add(storage(own));
    return own;
  });
}

/** What a commit reads from state is copied first, so that it sees the start of the step. */
function snapshot(read: AnyTensor): AnyTensor {
  return storage(read).source.kind === "state" ? copy(read) : read;
}

function checkWrites(effects: readonly Effect[]): void {
  const written = new Set<AnyTensor>();
  for (const variable of effects.flatMap((effect) => effect.writes)) {
    if (written.has(variable)) {
      throw new StateError(
        `variable "${variable.name}": expected at most one assign or minimize in one call, got two`,
      );
    }
    written.add(variable);
  }
}

/** The segment table; scratch has at least one line, so that it is never without a block. */
function header({ words, blocks }: Plan): number[] {
  const fixed = SEGMENTS.flatMap((name) => [SEGMENT[name], aligned(words[name])]);
  const states = blocks.flatMap((block) => [SEGMENT.state, block.words]);
  return [SEGMENTS.length + blocks.length, ...fixed, ...states];
}

class Emitter {
  readonly w = new Writer();
  readonly origins: Origin[] = [];
  private readonly layout: Plan;
  private readonly readAs: ReadonlyMap<AnyTensor, AnyTensor>;

  constructor(layout: Plan, readAs: ReadonlyMap<AnyTensor, AnyTensor>) {
    this.layout = layout;
    this.readAs = readAs;
  }

  node(node: Node): void {
    const { op, inputs, outputs, attrs } = node;
    op.emit?.({
      w: this.w,
      attrs,
      inputs: inputs.map((input) => this.layout.place(input)),
      outputs: outputs.map((output) => this.layout.place(output)),
      temps: this.layout.temps(node),
      inputSpecs: inputs,
      outputSpecs: outputs,
    });
    const bound = op.bound?.(inputs, attrs);
    this.origin({ scope: node.scope, op: op.name, ...(bound !== undefined && { bound }) });
  }

  /** Nothing is committed unless everything guarded is finite, and no counter at its end. */
  guard(effects: readonly Effect[]): void {
    const guarded = [...new Set(effects.flatMap((effect) => effect.guarded))];
    const counters = this.counters(effects);
    if (guarded.length === 0 && counters.length === 0) return;
    const ranges = [
      ...guarded.map((tensor) => ({ len: tensor.size, x: this.read(tensor) })),
      ...counters.map(({ word }) => ({ len: 1, x: word })),
    ];
    write.guard(this.w, { peak: this.layout.last[0]!, ranges });
    this.origin({ scope: "", op: "guard", counters: guarded.length });
  }

  /** Nor unless what would be written is finite. */
  check(effects: readonly Effect[]): void {
    const peak = this.layout.last[0]!;
    effects.forEach(({ check }, i) => {
      if (check === undefined) return;
      check.emit({ ...this.emission(i), peak });
      this.origin({ scope: "", op: "check", explain: (fault) => check.explain(fault) });
    });
  }

  commit(effects: readonly Effect[]): void {
    effects.forEach((effect, i) => effect.emit?.(this.emission(i)));
    const counters = this.counters(effects);
    if (counters.length > 0) write.increment(this.w, { counters });
    this.origin({ scope: "", op: "commit" });
  }

  private emission(effect: number): EffectEmission {
    return {
      w: this.w,
      read: (tensor) => this.read(tensor),
      at: (place) => this.at(place),
      scratch: this.layout.last[1 + effect]!,
    };
  }

  private counters(effects: readonly Effect[]): { readonly word: Operand }[] {
    const places = new Set(effects.flatMap((effect) => effect.counters ?? []));
    return [...places].map((place) => ({ word: this.at(place) }));
  }

  private at(place: AnyTensor | Block): Operand {
    if (place instanceof Block) return this.layout.state(place);
    return place.source.kind === "state" ? this.layout.place(place) : this.read(place);
  }

  private read(tensor: AnyTensor): Operand {
    return this.layout.place(this.readAs.get(tensor) ?? tensor);
  }

  private origin(origin: Origin): void {
    while (this.origins.length < this.w.ops.length) this.origins.push(origin);
  }
}
