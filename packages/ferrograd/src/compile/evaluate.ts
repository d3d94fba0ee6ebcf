import { StateError } from "../errors.ts";
import { Variable } from "../graph/leaf.ts";
import { type AnyTensor, type Data, evaluator, readInTrace } from "../graph/tensor.ts";
import { Executable } from "./executable.ts";
import { leaves, topological } from "./order.ts";

/** Computes a lazy tensor by a program of its own. */
function evaluate(tensor: AnyTensor): Data {
  const order = topological([tensor]);
  const made = order.at(-1)?.version ?? 0;
  const read = leaves(order, [tensor]);
  for (const leaf of read) {
    if (leaf.source.kind === "input") throw readInTrace();
    if (leaf instanceof Variable && leaf.changed > oldest(order, leaf, made)) throw stale(leaf);
  }
  const executable = new Executable({ inputs: [], outputs: [tensor], effects: [] });
  try {
    executable.run();
    return { kind: "data", data: executable.outputView(0).slice(), computedFrom: variables(read) };
  } finally {
    executable.dispose();
  }
}

/** The variables among leaves, and those that computed leaves came from. */
function variables(read: Iterable<AnyTensor>): WeakRef<AnyTensor>[] {
  const found = new Set<AnyTensor>();
  for (const leaf of read) {
    if (leaf instanceof Variable) found.add(leaf);
    for (const variable of computedFrom(leaf)) found.add(variable);
  }
  return [...found].map((variable) => new WeakRef(variable));
}

/** The variables that a computed leaf came from, as far as they still exist. */
export function computedFrom({ source }: AnyTensor): AnyTensor[] {
  if (source.kind !== "data") return [];
  return (source.computedFrom ?? []).flatMap((variable) => variable.deref() ?? []);
}

/** The version of the first node that read the variable. */
function oldest(order: ReturnType<typeof topological>, leaf: AnyTensor, made: number): number {
  return order
    .filter((node) => node.inputs.includes(leaf))
    .reduce((least, node) => Math.min(least, node.version), made);
}

function stale(variable: Variable<readonly number[], "float32" | "int32">): StateError {
  return new StateError(
    `data(): variable "${variable.name}" changed after this tensor was made from it; ` +
      "read the tensor before the change, or make it again",
  );
}

evaluator.evaluate = evaluate;
