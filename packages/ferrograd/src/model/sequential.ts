import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { functionLayer } from "../layers/create.ts";
import { inputLayer } from "../layers/input.ts";
import { type AnyLayer, isLayer } from "../layers/layer.ts";
import { isSymbolic, type SymbolicTensor } from "../layers/symbolic.ts";
import {
  checkOptions,
  isCallable,
  nonNegativeInteger,
  own,
  shapeOf,
  show,
  sizeOrNull,
  text,
} from "../options/index.ts";
import { type DType, FLOAT } from "../values/dtype.ts";
import type { Dims } from "../values/shape.ts";
import {
  type BuiltLayer,
  type CallSpec,
  type GraphSpec,
  type Place,
  type Port,
  walk,
} from "./graph.ts";
import { Model, type UncompiledModel } from "./model.ts";

/** What `sequential` takes in its list: a layer, or a plain function of a tensor. */
export type LayerLike = (x: Tensor) => Tensor;

/** A model, whatever its metrics: of one input and one output, where it stands among layers. */
type AnyModel = Pick<UncompiledModel, "inputShape" | "outputShape" | "call">;

/** Options of `sequential`. */
export interface SequentialOptions {
  /** Shape of one row of inputs, `null` for any size; not needed when the first layer is `input`. */
  readonly inputShape?: Dims;
  /** Decides every random number of the model: first weights, dropout, order of rows (default 0). */
  readonly seed?: number;
  /** Default "model". */
  readonly name?: string;
  /** Name of each class, in the order of the outputs; saved and loaded with the model. */
  readonly classNames?: readonly string[];
}

/**
 * A model of layers one after the other. A layer may be a plain function of a tensor: its gradient
 * follows from the operations it uses, and the variables it reads train with the others. A model may stand among
 * them: its layers are then this one's too, their names behind its own.
 *
 * @example
 * const model = sequential([dense(128, { activation: "relu" }), dense(10)], { inputShape: [64], seed: 1 });
 * @throws ArgumentError for unknown options or a missing input shape; ShapeError where layers do not fit
 */
export function sequential(
  layers: readonly (LayerLike | SymbolicTensor | AnyModel)[],
  options: SequentialOptions = {},
): UncompiledModel {
  const where = "sequential()";
  checkOptions(where, options, ["inputShape", "seed", "name", "classNames"]);
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new ArgumentError(
      `${where}: layers: expected a list of layers, got ${show(layers)}; write sequential([dense(10)], { inputShape: [4] })`,
    );
  }
  const list: unknown[] = Array.from(layers);
  list.forEach((item, i) => {
    checkItem(where, item, i);
  });
  const seed = nonNegativeInteger(where, "seed", options.seed ?? 0);
  const { name = "model", classNames } = options;
  text(where, "name", name);
  const shape = inputShapeOf(where, list, options.inputShape);
  return new Model(stack({ name: "x", shape, dtype: dtypeOf(list) }, list), {
    where,
    seed,
    name,
    ...(classNames !== undefined && { classNames }),
  });
}

/** Layers one after the other; a model among them is its own calls. */
function stack(input: Port, list: readonly unknown[]): GraphSpec {
  const calls: CallSpec[] = [];
  let end: Place = { node: 0, output: 0 };
  const add = (call: CallSpec): Place => ({ node: calls.push(call), output: 0 });
  for (const item of list) {
    if (item instanceof Model) {
      const within = { name: item.name };
      const give = (built: BuiltLayer, inputs: readonly Place[]) => {
        const { node } = add({ layer: built.layer, name: built.name, within, inputs });
        return built.outputs.map((_, output) => ({ node, output }));
      };
      end = walk<Place>(item.graph, [end], give)[0]!;
    } else {
      const layer = layerOf(item);
      end = add({ layer, name: layer.path, inputs: [end] });
    }
  }
  return { inputs: [input], calls, outputs: [{ place: end }] };
}

function layerOf(item: unknown): AnyLayer {
  if (isSymbolic(item)) {
    const { shape, origin } = item;
    return inputLayer(shape, origin.kind === "input" ? origin.name : undefined);
  }
  return isLayer(item) ? item : functionLayer(item as (x: never) => unknown);
}

/** Refuses what cannot stand in the list. */
function checkItem(where: string, item: unknown, i: number): void {
  const what = `${where}: layers: element ${i}`;
  own(where, `layers: element ${i}: a layer`, item);
  if (isCallable(item)) return;
  if (isSymbolic(item) && i === 0 && item.origin.kind === "input") return;
  if (item instanceof Model) {
    if (item.inputs.length === 1 && item.outputs.length === 1) return;
    throw new ArgumentError(
      `${what}: expected a model of one input and one output, got one of ${item.inputs.length} and ${item.outputs.length}; model() takes any`,
    );
  }
  throw new ArgumentError(
    `${what}: expected a layer or a function of a tensor, got ${show(item)}${remedyFor(item)}`,
  );
}

/** The input shape, from the option or from an `input` layer at the start. */
function inputShapeOf(where: string, [first]: readonly unknown[], option: unknown): Dims {
  const own = isSymbolic(first)
    ? first.shape
    : first instanceof Model
      ? first.inputShape
      : undefined;
  const shape = option ?? own;
  if (shape !== undefined) return shapeOf(where, "inputShape", shape, sizeOrNull);
  throw new ArgumentError(
    `${where}: inputShape: expected the shape of one row, got none; write sequential([...], { inputShape: [64] })`,
  );
}

/** The type of the inputs: that of an `input`, or of a model's, at the start. */
const dtypeOf = ([first]: readonly unknown[]): DType => {
  if (isSymbolic(first)) return first.dtype;
  return first instanceof Model ? first.inputs[0]!.dtype : FLOAT;
};

/** How what was given becomes a layer, where it can. */
function remedyFor(value: unknown): string {
  if (isSymbolic(value)) return "; model() makes a model of symbolic tensors";
  if (typeof value === "string") return `; write activation(${show(value)}) for an activation`;
  if (typeof value === "number") return `; write dense(${value}) for a fully connected layer`;
  if (Array.isArray(value)) return "; write ...layers to put the layers of a list here";
  return "";
}
