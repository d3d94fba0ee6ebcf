import { ArgumentError } from "../errors.ts";
import { checkOptions, isCallable, nonNegativeInteger, own, show } from "../options/index.ts";
import type { Shape } from "../values/shape.ts";
import type { LayerLike } from "./build.ts";
import { Model, type UncompiledModel } from "./model.ts";

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
  const { inputShape, name = "model", classNames } = options;
  if (typeof name !== "string") {
    throw new ArgumentError(`${where}: name: expected text, got ${show(name)}`);
  }
  return new Model(list as LayerLike[], {
    seed,
    name,
    ...(inputShape !== undefined && { inputShape }),
    ...(classNames !== undefined && { classNames }),
  });
}

/** How what was given becomes a layer, where it can. */
function remedyFor(value: unknown): string {
  if (value instanceof Model) return "; a model becomes one as (x) => model.call(x)";
  if (typeof value === "string") return `; write activation(${show(value)}) for an activation`;
  if (typeof value === "number") return `; write dense(${value}) for a fully connected layer`;
  if (Array.isArray(value)) return "; write ...layers to put the layers of a list here";
  return "";
}
