import type { AnyTensor, Node } from "../graph/tensor.ts";

/** The nodes that the roots are computed from, inputs before their readers. Not recursive: graphs are deep. */
export function topological(roots: readonly AnyTensor[]): Node[] {
  const order: Node[] = [];
  const entered = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const enter = (tensor: AnyTensor) => {
    const { source } = tensor;
    if (source.kind === "node" && !entered.has(source.node)) {
      entered.add(source.node);
      stack.push({ node: source.node, next: 0 });
    }
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input !== undefined) enter(input);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

/** The leaves under some nodes and among the roots, each once. */
export function leaves(order: readonly Node[], roots: readonly AnyTensor[]): Set<AnyTensor> {
  const all = [...roots, ...order.flatMap((node) => node.inputs)];
  return new Set(all.filter((tensor) => tensor.source.kind !== "node"));
}
