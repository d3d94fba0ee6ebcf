import { ArgumentError } from "../errors.ts";
import { isSymbolic } from "../layers/symbolic.ts";
import { isPlain, nonNegativeInteger, requireOptions, show, text } from "../options/index.ts";
import { type Given, graphOf } from "./compose.ts";
import type { Form } from "./graph.ts";
import { Model, type UncompiledModel } from "./model.ts";
import type { InputsOf, OutputsOf, SymbolicPorts } from "./ports.ts";

/** What `model` makes a model of. */
export interface ModelParts<O extends SymbolicPorts, I extends SymbolicPorts = SymbolicPorts> {
  /** Made by `input`. */
  readonly inputs: I;
  /** What layers gave, called on the inputs or on what others gave. */
  readonly outputs: O;
  /** Decides every random number of the model: first weights, dropout, order of rows (default 0). */
  readonly seed?: number;
  /** Default "model". */
  readonly name?: string;
  /** Name of each class, in the order of the first output; saved and loaded with the model. */
  readonly classNames?: readonly string[];
}

/**
 * A model from the way between inputs and outputs: layers are called on symbolic tensors, which `input` begins. Several
 * inputs and outputs are given in a list or by name, as data then are; a layer that is called twice has one set of
 * weights; a model that is called is part of the one around it, its layers' names behind its own. keras.Model, tf.model.
 *
 * @example
 * const x = input([4]);
 * const h = dense(8, { activation: "relu" })(x);
 * const skip = layer(([a, b]: readonly Tensor[]) => add(a, b));
 * const y = dense(1)(skip([h, dense(8)(h)]));
 * model({ inputs: x, outputs: y, seed: 1 }).predict([[1, 2, 3, 4]]).shape // [1, 1]
 * @throws ArgumentError for inputs that reach no output, outputs that need other inputs, and names that stand twice;
 * ShapeError where one layer is called on two shapes
 */
export function model<const O extends SymbolicPorts, const I extends SymbolicPorts>(
  parts: ModelParts<O, I>,
): UncompiledModel<OutputsOf<O>, InputsOf<I>> {
  const where = "model()";
  requireOptions(where, parts, ["inputs", "outputs", "seed", "name", "classNames"]);
  const seed = nonNegativeInteger(where, "seed", parts.seed ?? 0);
  const name = text(where, "name", parts.name ?? "model");
  const { classNames } = parts;
  const inputs = given(`${where}: inputs`, parts.inputs);
  const outputs = given(`${where}: outputs`, parts.outputs);
  const graph = graphOf(where, inputs.list, outputs.list);
  return new Model<never, OutputsOf<O>, InputsOf<I>>(
    { ...graph, form: outputs.form },
    { where, seed, name, ...(classNames !== undefined && { classNames }) },
  );
}

/** Symbolic tensors with their names, however they were given. */
function given(where: string, value: unknown): { list: readonly Given[]; form: Form } {
  const one = (name: string | undefined, tensor: unknown): Given => {
    if (isSymbolic(tensor)) return { name, tensor };
    const at = name === undefined ? where : `${where}: ${show(name)}`;
    throw new ArgumentError(
      `${at}: expected what input() or a layer called on it gave, got ${show(tensor)}`,
    );
  };
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return { list: [one(undefined, value)], form: "one" };
  const list = isList
    ? Array.from(value, (tensor: unknown) => one(undefined, tensor))
    : Object.entries(value).map(([name, tensor]) => one(name, tensor));
  if (list.length === 0) throw new ArgumentError(`${where}: expected at least one, got none`);
  return { list, form: isList ? "list" : "record" };
}
