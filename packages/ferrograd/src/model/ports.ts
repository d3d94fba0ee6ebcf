import { isTensor, type Tensor } from "../graph/tensor.ts";
import { isSymbolic, type SymbolicTensor } from "../layers/symbolic.ts";
import { isPlain } from "../options/index.ts";
import type { DataLike, DataOfNames, PerPort } from "../training/given.ts";
import type { Form } from "./graph.ts";

/** Symbolic tensors: one, several in a list, or several by name. */
export type SymbolicPorts = PerPort<SymbolicTensor>;

/** What a model gives for such outputs. */
export type OutputsOf<O extends SymbolicPorts> = O extends SymbolicTensor
  ? Tensor
  : O extends readonly unknown[]
    ? { -readonly [i in keyof O]: Tensor }
    : { [name in keyof O]: Tensor };

/** What a model takes for such inputs: where they have names, rows by these names. */
export type InputsOf<I extends SymbolicPorts> = I extends SymbolicTensor | readonly unknown[]
  ? DataLike
  : DataOfNames<keyof I>;

/** What a model gives for symbolic tensors, where it gives `O` for others. */
export type SymbolicLike<O> = O extends Tensor
  ? SymbolicTensor
  : O extends readonly unknown[]
    ? { [i in keyof O]: SymbolicTensor }
    : { [name in keyof O]: SymbolicTensor };

/** Tensors in a list or by name, rather than one, or rows of numbers. */
export const isSeveral = (x: unknown): boolean =>
  Array.isArray(x)
    ? x.length > 0 && x.every((one) => isSymbolic(one) || isTensor(one))
    : isPlain(x) && Object.values(x).every((one) => isSymbolic(one) || isTensor(one));

/** Outputs as they were given when their model was made. */
export function formed<T>(
  form: Form,
  names: readonly { readonly name: string }[],
  outputs: readonly T[],
): T | readonly T[] | Readonly<Record<string, T>> {
  if (form === "one") return outputs[0]!;
  if (form === "list") return outputs;
  return Object.fromEntries(names.map(({ name }, i) => [name, outputs[i]!]));
}
