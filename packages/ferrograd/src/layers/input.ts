import { checkOptions, oneOf, shapeOf, sizeOrNull } from "../options/index.ts";
import { type DType, FLOAT, SAVED } from "../values/dtype.ts";
import type { Dims } from "../values/shape.ts";
import { createLayer } from "./create.ts";
import { checkName, IDENTITY, type Layer } from "./layer.ts";
import { SymbolicTensor } from "./symbolic.ts";

/** Options of `input`. */
export interface InputOptions<D extends DType = DType> {
  /** Default "float32"; "int32" for what is looked up, such as numbers of words. */
  readonly dtype?: D;
  /** What data are given under, where a model has several inputs (default "input", "input_1", ...). */
  readonly name?: string;
}

/**
 * An input of a model, its shape without the batch: what layers are called on, for `model`. As the first of
 * `sequential`'s layers it is the same as the option `inputShape`. A size of `null` is any, and may be another at each
 * call. keras.Input, tf.input.
 *
 * @example sequential([input([64]), dense(10)])
 * @example
 * const words = input([], { dtype: "int32", name: "words" });
 * const x = input([4]);
 * const y = dense(1)(dense(8, { activation: "relu" })(x));
 * model({ inputs: x, outputs: y })
 * @throws ArgumentError for sizes that are no positive integers or null
 */
export function input<D extends DType = "float32">(
  shape: Dims,
  options: InputOptions<D> = {},
): SymbolicTensor<Dims, D> {
  const where = "input()";
  const size = shapeOf(where, "shape", shape, sizeOrNull);
  checkOptions(where, options, ["dtype", "name"]);
  const { name, dtype = FLOAT } = options;
  checkName(where, name);
  oneOf(where, "dtype", dtype, SAVED);
  return new SymbolicTensor(size, dtype as D, { kind: "input", name });
}

/** The same as a layer that changes nothing, where it stands in a list. @internal */
export const inputLayer = (shape: Dims, name: string | undefined): Layer =>
  createLayer({
    type: "input",
    name,
    config: { shape },
    call: (x) => x,
    affine: () => IDENTITY,
  });
