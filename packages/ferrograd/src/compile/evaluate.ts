import { StateError } from "../errors.ts";
import { Variable } from "../graph/leaf.ts";
import { lineageOf, settled } from "../graph/lineage.ts";
import { type AnyTensor, type Data, evaluator, readInTrace } from "../graph/tensor.ts";
import type { DType } from "../values/dtype.ts";
import { Executable } from "./executable.ts";
import { keeping, left } from "./kept.ts";
import { leaves, topological } from "./order.ts";

/** Computes a lazy tensor by a program of its own, with the logits that a loss may ask it for. */
function evaluate(tensor: AnyTensor): Data {
  const kept = keeping([tensor]);
  const order = topological(kept.outputs);
  const made = order.at(-1)?.version ?? 0;
  const read = leaves(order, kept.outputs);
  for (const leaf of read) {
    if (leaf.source.kind === "input") throw readInTrace();
    if (leaf instanceof Variable && leaf.changed > oldest(order, leaf, made)) throw stale(leaf);
  }
  const executable = new Executable({ inputs: [], outputs: kept.outputs, effects: [] });
  try {
    executable.run();
    const lineage = settled(lineageOf([...read, ...order.flatMap((node) => node.outputs)]));
    return left(executable, 0, lineage, kept.meanings[0]);
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

function stale(variable: Variable<readonly number[], DType>): StateError {
  return new StateError(
    `data(): variable "${variable.name}" changed after this tensor was made from it; ` +
      "read the tensor before the change, or make it again",
  );
}

/** Puts the compiler in the place of what computes lazy tensors; an entry does it. */
export function provideEvaluator(): void {
  evaluator.evaluate ??= evaluate;
}
