import { StateError } from "../errors.ts";
import { Variable } from "../graph/leaf.ts";
import { type AnyTensor, evaluator, readInTrace } from "../graph/tensor.ts";
import { Executable } from "./executable.ts";
import { leaves, topological } from "./order.ts";

/** Computes a lazy tensor by a program of its own. */
function evaluate(tensor: AnyTensor): Float32Array | Int32Array {
  const order = topological([tensor]);
  const made = order.at(-1)?.version ?? 0;
  for (const leaf of leaves(order, [tensor])) {
    if (leaf.source.kind === "input") throw readInTrace();
    if (leaf instanceof Variable && leaf.changed > oldest(order, leaf, made)) throw stale(leaf);
  }
  const executable = new Executable({ inputs: [], outputs: [tensor], effects: [] });
  try {
    executable.run();
    return executable.outputView(0).slice();
  } finally {
    executable.dispose();
  }
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

/** Makes lazy tensors computable; called by what creates them from outside. */
export const evaluation = evaluate;
