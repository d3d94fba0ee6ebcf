import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { functionLayer } from "../layers/create.ts";
import { isLayer } from "../layers/layer.ts";
import {
  checkOptions,
  isCallable,
  nonNegativeInteger,
  own,
  shapeOf,
  show,
  text,
} from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import { chain, type GraphSpec } from "./graph.ts";
import { Model, type UncompiledModel } from "./model.ts";

/** What `sequential` takes in its list: a layer, or a plain function of a tensor. */
export type LayerLike = (x: Tensor) => Tensor;

/** Options of `sequential`. */
export interface SequentialOptions {
  /** Shape of one row of inputs; not needed when the first layer is `input`. */
  readonly inputShape?: Shape;
  /** Decides every random number of the model: first weights, dropout, order of rows (default 0). */
  readonly seed?: number;
  /** Default "model". */
  readonly name?: string;
  /** Name of each class, in the order of the outputs; saved and loaded with the model. */
  readonly classNames?: readonly string[];
}

/**
 * A model of layers one after the other. A layer may be a plain function of a tensor: its gradient
 * follows from the operations it uses, and the variables it reads train with the others.
 *
 * @example
 * const model = sequential([dense(128, { activation: "relu" }), dense(10)], { inputShape: [64], seed: 1 });
 * @throws ArgumentError for unknown options or a missing input shape; ShapeError where layers do not fit
 */
export function sequential(
  layers: readonly LayerLike[],
  options: SequentialOptions = {},
): UncompiledModel {
  const where = "sequential()";
  checkOptions(where, options, ["inputShape", "seed", "name", "classNames"]);
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new ArgumentError(`${where}: layers: expected a list of layers, got ${show(layers)}`);
  }
  const list: unknown[] = Array.from(layers);
  for (const [i, layer] of list.entries()) {
    own(where, `layers: element ${i}: a layer`, layer);
    if (!isCallable(layer)) {
      throw new ArgumentError(
        `${where}: layers: element ${i}: expected a layer or a function of a tensor, got ${show(layer)}${remedyFor(layer)}`,
      );
    }
  }
  const seed = nonNegativeInteger(where, "seed", options.seed ?? 0);
  const { name = "model", classNames } = options;
  text(where, "name", name);
  const shape = inputShapeOf(where, list, options.inputShape);
  return new Model(stack(shape, list as LayerLike[]), {
    where,
    seed,
    name,
    ...(classNames !== undefined && { classNames }),
  });
}

/** Layers one after the other, as the graph of a model. @internal */
export function stack(shape: Shape, list: readonly LayerLike[]): GraphSpec {
  const layers = list.map((item) => (isLayer(item) ? item : functionLayer(item)));
  const named = layers.map((layer) => ({ layer, name: layer.path }));
  return chain({ name: "x", shape, dtype: "float32" }, named);
}

/** The input shape, from the option or from an `input` layer at the start. */
function inputShapeOf(where: string, [first]: readonly unknown[], option: unknown): Shape {
  const shape = option ?? (isLayer(first) && first.type === "input" ? first.config?.shape : option);
  if (shape !== undefined) return shapeOf(where, "inputShape", shape);
  throw new ArgumentError(
    `${where}: inputShape: expected the shape of one row, got none; write sequential([...], { inputShape: [64] })`,
  );
}

/** How what was given becomes a layer, where it can. */
function remedyFor(value: unknown): string {
  if (value instanceof Model) return "; a model becomes one as (x) => model.call(x)";
  if (typeof value === "string") return `; write activation(${show(value)}) for an activation`;
  if (typeof value === "number") return `; write dense(${value}) for a fully connected layer`;
  if (Array.isArray(value)) return "; write ...layers to put the layers of a list here";
  return "";
}
