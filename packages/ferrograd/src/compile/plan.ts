import type { Block } from "../engine/core.ts";
import { CACHE_LINE } from "../engine/ops.generated.ts";
import type { Operand } from "../engine/writer.ts";
import { InternalError } from "../errors.ts";
import type { AnyTensor, Node } from "../graph/tensor.ts";

/** Words between the starts of two tensors. */
export const aligned = (words: number): number =>
  Math.ceil(Math.max(words, 1) / CACHE_LINE) * CACHE_LINE;

/** A segment of the program, numbered in this order. */
export const SEGMENTS = ["scratch", "constant", "input", "output"] as const;
type Fixed = (typeof SEGMENTS)[number];

/** The tensor whose memory this one is: itself, or what a view looks at. */
export function storage(tensor: AnyTensor): AnyTensor {
  let root = tensor;
  while (root.source.kind === "node" && root.source.node.op.view)
    root = root.source.node.inputs[0]!;
  return root;
}

/** A piece of scratch and the ops between which it must keep its values. */
interface Interval {
  readonly words: number;
  readonly first: number;
  last: number;
  offset: number;
}

/** Where everything lies. */
export interface Plan {
  place(tensor: AnyTensor): Operand;
  state(block: Block): Operand;
  /** Scratch of one op. */
  temps(node: Node): readonly Operand[];
  /** Scratch of the end. */
  readonly last: readonly Operand[];
  readonly words: Readonly<Record<Fixed, number>>;
  readonly constants: readonly { readonly tensor: AnyTensor; readonly offset: number }[];
  readonly blocks: readonly Block[];
}

/** What is to be placed. */
export interface Workload {
  readonly order: readonly Node[];
  readonly inputs: readonly AnyTensor[];
  readonly outputs: readonly AnyTensor[];
  /** Tensors read after the last compute op. */
  readonly kept: readonly AnyTensor[];
  readonly leaves: ReadonlySet<AnyTensor>;
  readonly blocks: readonly Block[];
  /** Words that are written and read after the last op of the order. */
  readonly last: readonly number[];
}

/** Gives every tensor its place: scratch by liveness, the largest first, each as low as it fits. */
export function plan(work: Workload): Plan {
  const places = new Map<AnyTensor, Operand>();
  const words: Record<Fixed, number> = { scratch: 0, constant: 0, input: 0, output: 0 };
  const append = (segment: Fixed, size: number): Operand => {
    const offset = words[segment];
    words[segment] += aligned(size);
    return { segment: SEGMENTS.indexOf(segment), offset };
  };
  for (const tensor of work.inputs) places.set(tensor, append("input", tensor.size));
  const constants = [...work.leaves]
    .filter((tensor) => tensor.source.kind === "data")
    .map((tensor) => ({ tensor, offset: append("constant", tensor.size).offset }));
  for (const { tensor, offset } of constants) {
    places.set(tensor, { segment: SEGMENTS.indexOf("constant"), offset });
  }
  for (const output of work.outputs) places.set(output, append("output", output.size));
  const blocks = [...new Set(work.blocks)];
  const state = (block: Block): Operand => {
    const index = blocks.indexOf(block);
    if (index < 0) throw new InternalError("state that the program does not know");
    return { segment: SEGMENTS.length + index, offset: 0 };
  };
  const { intervals, temps } = liveness(work, places);
  const end = work.order.length;
  const last = work.last.map((size) => ({ words: size, first: end, last: end, offset: 0 }));
  words.scratch = pack([...intervals.values(), ...[...temps.values()].flat(), ...last]);
  const operand = ({ offset }: Interval): Operand => ({ segment: 0, offset });
  return {
    words,
    constants,
    blocks,
    state,
    temps: (node) => (temps.get(node) ?? []).map(operand),
    last: last.map(operand),
    place(tensor) {
      const root = storage(tensor);
      if (root.source.kind === "state")
        return { ...state(root.source.block), offset: root.source.offset ?? 0 };
      const place = places.get(root) ?? intervals.get(root);
      if (place === undefined) throw new InternalError("tensor without a place");
      return "segment" in place ? place : operand(place);
    },
  };
}

/** From which op to which each piece of scratch is needed. */
function liveness(work: Workload, places: ReadonlyMap<AnyTensor, Operand>) {
  const intervals = new Map<AnyTensor, Interval>();
  const temps = new Map<Node, Interval[]>();
  const end = work.order.length;
  const touch = (tensor: AnyTensor, at: number) => {
    const interval = intervals.get(storage(tensor));
    if (interval !== undefined) interval.last = at;
  };
  work.order.forEach((node, at) => {
    for (const input of node.inputs) touch(input, at);
    if (node.op.view) return;
    for (const output of node.outputs) {
      if (places.has(output)) continue;
      intervals.set(output, { words: output.size, first: at, last: at, offset: 0 });
    }
    const sizes = node.op.temps?.(node.inputs, node.outputs, node.attrs) ?? [];
    temps.set(
      node,
      sizes.map((size) => ({ words: size, first: at, last: at, offset: 0 })),
    );
  });
  for (const tensor of work.kept) touch(tensor, end);
  return { intervals, temps };
}

/** Sets offsets so that intervals which live together do not overlap; returns the words needed. */
function pack(intervals: readonly Interval[]): number {
  const placed: Interval[] = []; // by offset
  let total = 0;
  for (const interval of [...intervals].sort((a, b) => b.words - a.words || a.first - b.first)) {
    const words = aligned(interval.words);
    let offset = 0;
    for (const rival of placed) {
      if (offset + words <= rival.offset) break;
      if (rival.first > interval.last || interval.first > rival.last) continue;
      offset = Math.max(offset, rival.offset + aligned(rival.words));
    }
    interval.offset = offset;
    const next = placed.findIndex((other) => other.offset > offset);
    placed.splice(next < 0 ? placed.length : next, 0, interval);
    total = Math.max(total, offset + words);
  }
  return total;
}
