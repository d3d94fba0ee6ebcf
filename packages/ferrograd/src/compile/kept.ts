import type { Lineage } from "../graph/lineage.ts";
import { logitsOf, type Meaning, meaningOf, withLogits } from "../graph/meaning.ts";
import { type AnyTensor, type Data, Tensor } from "../graph/tensor.ts";
import { FLOAT } from "../values/dtype.ts";
import type { Shape } from "../values/shape.ts";
import type { Executable } from "./executable.ts";

/** Tensors to compute, of which only values will be left, and what these will mean. */
export interface Kept {
  /** The tensors, and behind them the logits that a loss may ask for. */
  readonly outputs: readonly AnyTensor[];
  /** What each of the tensors means, if anything. */
  readonly meanings: readonly (Meant | undefined)[];
}

/** A meaning whose logits, if they are known, will be values too: of an output, or given ones. */
interface Meant {
  readonly meaning: Meaning;
  readonly logits?: { readonly shape: Shape; readonly at: number | Data["data"] };
}

/** Adds the logits of what means probabilities to what is computed. */
export function keeping(tensors: readonly AnyTensor[]): Kept {
  const outputs = [...tensors];
  const meanings = tensors.map((tensor): Meant | undefined => {
    const meaning = meaningOf(tensor);
    const logits = logitsOf(meaning);
    if (logits === undefined) return meaning && { meaning };
    const { source, shape } = logits;
    const at = source.kind === "data" ? source.data : outputs.push(logits) - 1;
    return { meaning, logits: { shape, at } };
  });
  return { outputs, meanings };
}

/** What is left of a tensor after a run. */
export function left(
  executable: Executable,
  index: number,
  lineage: Lineage,
  meant: Meant | undefined,
): Data {
  const data = executable.outputView(index).slice();
  return {
    kind: "data",
    data,
    lineage,
    meaning: meant && meaningAfter(executable, lineage, meant),
  };
}

function meaningAfter(
  executable: Executable,
  lineage: Lineage,
  { meaning, logits }: Meant,
): Meaning {
  if (logits === undefined) return meaning;
  const { shape, at } = logits;
  const source =
    typeof at === "number"
      ? left(executable, at, lineage, undefined)
      : ({ kind: "data", data: at, lineage } as const);
  return withLogits(meaning, new Tensor(shape, FLOAT, source));
}
