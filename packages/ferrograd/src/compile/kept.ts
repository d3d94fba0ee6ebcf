import { logitsOf, type Meaning, meaningOf, withLogits } from "../graph/meaning.ts";
import { type AnyTensor, type Data, Tensor } from "../graph/tensor.ts";

/** Tensors to compute, of which only values will be left, and what these will mean. */
export interface Kept {
  /** The tensors, and behind them the logits that a loss may ask for. */
  readonly outputs: readonly AnyTensor[];
  /** What each of the tensors means, if anything; its logits are values too, of an output or of given ones. */
  readonly meanings: readonly (((valuesOf: ValuesOf) => Meaning) | undefined)[];
}

/** The values of an output, or given ones, as a leaf has them. */
type ValuesOf = (from: number | Data["data"]) => Data;

/** Adds the logits of what means probabilities to what is computed. */
export function keeping(tensors: readonly AnyTensor[]): Kept {
  const outputs = [...tensors];
  const meanings = tensors.map((tensor) => {
    const meaning = meaningOf(tensor);
    if (meaning === undefined) return undefined;
    const logits = logitsOf(meaning);
    if (logits === undefined) return () => meaning;
    const { source, shape } = logits;
    const at = source.kind === "data" ? source.data : outputs.push(logits) - 1;
    return (valuesOf: ValuesOf) =>
      withLogits(meaning, () => new Tensor(shape, "float32", valuesOf(at)));
  });
  return { outputs, meanings };
}
