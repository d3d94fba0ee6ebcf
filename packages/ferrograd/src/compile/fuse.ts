import { MAX_REGISTERS } from "../engine/ops.generated.ts";
import { applyAll, madeBy, type Step } from "../graph/op.ts";
import { chainOp } from "../graph/ops/chain.ts";
import { broadcastOp, broadcastPattern, numberEverywhere } from "../graph/ops/shape.ts";
import { AFFINE } from "../graph/ops/step.ts";
import { inPlaceOf } from "../graph/scope.ts";
import type { AnyTensor, Node } from "../graph/tensor.ts";
import { rebuild } from "./canonicalize.ts";
import { topological } from "./order.ts";
import { storage } from "./plan.ts";

/**
 * The same tensors with elementwise ops joined to chains, which keep all between their inputs and
 * their result in the first-level cache. An op joins the chain that alone reads it; a cheap one
 * joins every chain that reads it, computed again in each instead of kept in memory.
 */
export function fuse(roots: readonly AnyTensor[]): AnyTensor[] {
  const order = topological(roots);
  const chains = findChains(order, roots);
  const now = new Map<AnyTensor, AnyTensor>();
  const find = (tensor: AnyTensor): AnyTensor => now.get(tensor) ?? tensor;
  for (const node of order) {
    const chain = chains.get(node);
    const outputs = inPlaceOf(node, () =>
      chain === undefined ? rebuild(node, node.inputs.map(find)) : joined(chain, find),
    );
    node.outputs.forEach((old, i) => now.set(old, outputs[i]!));
  }
  return roots.map(find);
}

/** Elementwise ops of one size, of which only the first has readers outside. */
interface Chain {
  readonly size: number;
  /** Readers before what they read. */
  readonly nodes: Node[];
}

/** Who reads a node: chains, or also something else. */
type Readers = ReadonlySet<Chain> | "others";

/** The chains by the node that makes their result. */
function findChains(order: readonly Node[], roots: readonly AnyTensor[]): Map<Node, Chain> {
  const chains = new Map<Node, Chain>();
  const readers = new Map<Node, Readers>();
  const read = ({ source }: AnyTensor, by: Readers) => {
    if (source.kind !== "node") return;
    const before = readers.get(source.node) ?? new Set();
    const others = before === "others" || by === "others";
    readers.set(source.node, others ? "others" : new Set([...before, ...by]));
  };
  for (const root of roots) read(root, "others");
  for (const node of [...order].reverse()) {
    let by = readers.get(node)!;
    if (!node.op.view && !joins(node, by)) {
      by = startOf(node);
      if (by !== "others") for (const chain of by) chains.set(node, chain);
    } else if (!node.op.view && by !== "others") {
      for (const chain of by) chain.nodes.push(node);
    }
    for (const input of node.inputs) read(input, by);
  }
  return chains;
}

/** A chain of the node alone, if it is elementwise. */
function startOf(node: Node): Readers {
  const { size } = node.outputs[0]!;
  return node.op.step && size > 0 ? new Set([{ size, nodes: [node] }]) : "others";
}

/** May the node be computed in the chains that read it instead of once on its own? */
function joins(node: Node, by: Readers): boolean {
  const step = stepOf(node);
  if (step === undefined || by === "others") return false;
  if (by.size > 1 && !(step.cheap && readsOne(node))) return false;
  return [...by].every(
    ({ size, nodes }) =>
      size === node.outputs[0]!.size && registers([...nodes, node]) <= MAX_REGISTERS,
  );
}

/** Does it read one tensor of its size, beside smaller ones? To read that again costs no more than its result. */
function readsOne({ inputs, outputs }: Node): boolean {
  const { size } = outputs[0]!;
  return new Set(inputs.filter((input) => input.size === size)).size === 1;
}

/** Registers of a chain of these nodes. */
function registers(nodes: readonly Node[]): number {
  const members = new Set<Node | undefined>(nodes);
  const read = nodes.flatMap((node) => node.inputs);
  return nodes.length + new Set(read.filter((input) => !members.has(makerOf(input)))).size;
}

/** The node that computes a tensor's values. */
function makerOf(tensor: AnyTensor): Node | undefined {
  const { source } = storage(tensor);
  return source.kind === "node" ? source.node : undefined;
}

/** What a node reads and how it runs along the result; what a broadcast would write out is read in place. */
function broadcast(x: AnyTensor, y: AnyTensor) {
  const made = madeBy(storage(x), broadcastOp);
  if (made !== null && x.size === y.size) {
    const pattern = broadcastPattern(made.inputs[0]!.shape, made.outputs[0]!.shape);
    if (pattern !== null) return { x: made.inputs[0]!, pattern };
  }
  return { x, pattern: broadcastPattern(x.shape, y.shape)! };
}

/** A node as a step of a chain, if it is elementwise. */
const stepOf = ({ op, attrs, inputs }: Node): Step | undefined =>
  op.step?.(attrs, inputs.map(numberEverywhere));

/** A step with what it reads: a register of the inputs, or the result of another step. */
interface Item extends Step {
  readonly args: readonly (number | Item)[];
}

/** The step before with what only scales and shifts its result: one step instead of two, of the same bits. */
function scaled({ step, p0, p1, args: [x] }: Item): Item | undefined {
  if (step !== AFFINE || typeof x !== "object" || !x.scales || !Object.is(x.p1, -0))
    return undefined;
  return x.p0 === 1 || Math.abs(p0) === 1 ? { ...x, p0: p0 * x.p0, p1 } : undefined;
}

/** The step on what the step before was made of, where that does as well. */
function through(item: Item): Item | undefined {
  const [y, ...others] = item.args;
  if (typeof y !== "object" || y.step !== item.through) return undefined;
  return { ...item, args: [y.args[0]!, ...others] };
}

/** How often these nodes read what a tensor's maker makes. */
function timesRead(x: AnyTensor, nodes: readonly Node[]): number {
  const maker = makerOf(x);
  return nodes.flatMap((node) => node.inputs).filter((input) => makerOf(input) === maker).length;
}

/** The chain as one node. */
function joined({ nodes }: Chain, find: (tensor: AnyTensor) => AnyTensor): AnyTensor[] {
  const inputs: AnyTensor[] = [];
  const patterns: { inner: number; len: number }[] = [];
  const items = new Map<Node, Item>();
  const argument = (tensor: AnyTensor, node: Node): number | Item => {
    const item = items.get(makerOf(tensor) as Node);
    if (item !== undefined) return item;
    const { x: old, pattern } = broadcast(tensor, node.outputs[0]!);
    const x = find(old);
    const same = ({ inner, len }: typeof pattern, i: number) =>
      inputs[i] === x && inner === pattern.inner && len === pattern.len;
    const known = patterns.findIndex(same);
    if (known >= 0) return known;
    patterns.push(pattern);
    return inputs.push(x) - 1;
  };
  for (const node of [...nodes].reverse()) {
    const step = stepOf(node)!;
    const read = step.reads?.map((i) => node.inputs[i]!) ?? node.inputs;
    const item = { ...step, args: read.map((input) => argument(input, node)) };
    const one = scaled(item) ?? through(item);
    if (one === undefined || timesRead(read[0]!, nodes) > 1) items.set(node, item);
    else {
      items.delete(makerOf(read[0]!)!);
      items.set(node, one);
    }
  }
  const order = [...items.values()];
  const steps = order.map(({ args, step, p0, p1 }) => {
    const [a, b = a] = args.map((arg) =>
      typeof arg === "number" ? arg : inputs.length + order.indexOf(arg),
    );
    return { step, p0, p1, a: a!, b: b! };
  });
  const { shape } = nodes[0]!.outputs[0]!;
  return applyAll(chainOp, inputs, { shape, patterns, steps });
}
