import { applyAll, isOp, type Rule } from "../graph/op.ts";
import { constantRules } from "../graph/ops/elementwise.ts";
import { joiningRules } from "../graph/ops/joining.ts";
import { transposedRules } from "../graph/ops/matmul.ts";
import { constantShapeRules, shapeRules } from "../graph/ops/shape.ts";
import { inPlaceOf } from "../graph/scope.ts";
import type { AnyTensor, Node } from "../graph/tensor.ts";
import { topological } from "./order.ts";

/** Rules stand with the op that they make. Once nothing more is differentiated all of them hold. */
const rules: readonly Rule[] = [
  ...shapeRules,
  ...transposedRules,
  ...joiningRules,
  ...constantRules,
  ...constantShapeRules,
];

/** A graph that is about to be differentiated. */
export interface Differentiated {
  /** They stay as they are. */
  readonly targets: ReadonlySet<AnyTensor>;
  /** Is told which given tensor each better one stands for. */
  readonly origins: Map<AnyTensor, AnyTensor>;
}

/**
 * The same tensors from a better graph: rules applied, equal nodes merged. The roots keep their
 * order; the given graph stays as it is. Where it is differentiated nothing is merged, as the gradient of one
 * of two equal tensors is not that of both, and no tensor is passed by, as it may be a target of the next
 * grad: only products take in their bias and activation.
 */
export function canonicalize(
  roots: readonly AnyTensor[],
  differentiated?: Differentiated,
): AnyTensor[] {
  const { targets, origins } = differentiated ?? {};
  const order = topological(roots);
  const better = new Map<AnyTensor, AnyTensor>();
  const readers = countReaders(order, roots);
  const merged = differentiated ? undefined : new Merger();
  const find = (tensor: AnyTensor) => better.get(tensor) ?? merged?.leaf(tensor) ?? tensor;
  const uses = (tensor: AnyTensor) => readers.get(tensor) ?? 0;
  const improve = (node: Node): AnyTensor[] => {
    const rebuilt = rebuild(node, node.inputs.map(find));
    if (node.outputs.some((output) => targets?.has(output))) return rebuilt;
    const now = merged ? becoming(rebuilt) : rebuilt;
    const rewritten = rewrite(now, merged ? rules : joiningRules, uses);
    return merged?.node(rewritten) ?? rewritten;
  };
  for (const node of order) {
    const outputs = inPlaceOf(node, () => improve(node));
    node.outputs.forEach((old, i) => {
      const now = outputs[i]!;
      better.set(old, now);
      if (now.source.kind === "node" && !origins?.has(now)) origins?.set(now, old);
      if (now !== old) readers.set(now, uses(now) + uses(old));
    });
  }
  return roots.map(find);
}

function countReaders(order: readonly Node[], roots: readonly AnyTensor[]): Map<AnyTensor, number> {
  const readers = new Map<AnyTensor, number>();
  for (const read of [...roots, ...order.flatMap((node) => node.inputs)]) {
    readers.set(read, (readers.get(read) ?? 0) + 1);
  }
  return readers;
}

/** The node on other inputs; itself where they are the same. */
export function rebuild(node: Node, inputs: readonly AnyTensor[]): AnyTensor[] {
  if (inputs.every((input, i) => input === node.inputs[i])) return node.outputs;
  return applyAll(node.op, inputs, node.attrs);
}

/** What the op itself says that takes its place. */
function becoming(outputs: AnyTensor[]): AnyTensor[] {
  const { source } = outputs[0]!;
  const now = source.kind === "node" ? source.node.op.becomes?.(source.node) : undefined;
  return now === undefined ? outputs : [now];
}

/** Applies rules until none fits. */
function rewrite(
  outputs: AnyTensor[],
  allowed: readonly Rule[],
  uses: (tensor: AnyTensor) => number,
): AnyTensor[] {
  let current = outputs;
  for (let changed = true; changed && current.length === 1; ) {
    changed = false;
    const { source } = current[0]!;
    if (source.kind !== "node") break;
    for (const rule of allowed) {
      const next = isOp(source.node, rule.op) ? rule.apply(source.node, uses) : null;
      if (next === null) continue;
      current = [next];
      changed = true;
      break;
    }
  }
  return current;
}

/** A name for a number, as JSON has none for -0, NaN and the infinities. */
const bits = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** A name for what an op does, which tells apart all numbers that do. */
const named = (attrs: unknown): string =>
  JSON.stringify(attrs, (_, value) => (typeof value === "number" ? bits(value) : value));

/** Finds nodes that compute the same, and scalars of the same value. */
export class Merger {
  private readonly ids = new Map<object, number>();
  private readonly seen = new Map<string, AnyTensor[]>();

  leaf(tensor: AnyTensor): AnyTensor {
    const { source, shape, dtype } = tensor;
    if (source.kind !== "data" || source.data.length !== 1) return tensor;
    return this.once(`${dtype}/${shape.length}/${bits(source.data[0]!)}`, [tensor])[0]!;
  }

  node(outputs: AnyTensor[]): AnyTensor[] {
    const { source } = outputs[0]!;
    if (source.kind !== "node") return outputs;
    const { op, inputs, attrs } = source.node;
    const key = [op.name, ...inputs.map((input) => this.id(input))].join();
    const made = this.once(`${key}/${named(attrs)}`, source.node.outputs);
    return outputs.length === made.length ? made : [made[source.index]!];
  }

  private once(key: string, made: AnyTensor[]): AnyTensor[] {
    const before = this.seen.get(key);
    if (before === undefined) this.seen.set(key, made);
    return before ?? made;
  }

  private id(thing: object): number {
    const id = this.ids.get(thing) ?? this.ids.size;
    this.ids.set(thing, id);
    return id;
  }
}
