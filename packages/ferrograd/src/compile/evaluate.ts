import { StateError } from "../errors.ts";
import { Variable } from "../graph/leaf.ts";
import { lineageOf } from "../graph/lineage.ts";
import { type AnyTensor, type Data, evaluator, readInTrace } from "../graph/tensor.ts";
import { Executable } from "./executable.ts";
import { keeping } from "./kept.ts";
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
    const lineage = lineageOf([...order.flatMap((node) => node.outputs), ...read]);
    const valuesOf = (from: number | Data["data"]): Data => ({
      kind: "data",
      data: typeof from === "number" ? executable.outputView(from).slice() : from,
      lineage,
    });
    return { ...valuesOf(0), meaning: kept.meanings[0]?.(valuesOf) };
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

evaluator.evaluate ??= evaluate;
