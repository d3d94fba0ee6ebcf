import { ArgumentError, ShapeError } from "../../errors.ts";
import { add, maximum, minimum, mul, sub } from "../../graph/ops/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions } from "../../options/index.ts";
import { type Dims, showShape } from "../../values/shape.ts";
import { createLayer } from "../create.ts";
import type { Layer } from "../layer.ts";

/** Options that every layer has. */
export interface MergeOptions {
  readonly name?: string;
}

/** Refuses what cannot be joined element by element, with both shapes and the axis. */
function expectAlike(where: string, [first, ...others]: readonly Dims[]): void {
  for (const shape of others) {
    const rank = Math.max(first!.length, shape.length);
    const size = (of: Dims, axis: number) => of[axis - rank + of.length] ?? 1;
    for (let axis = 0; axis < rank; axis++) {
      const [a, b] = [size(first!, axis), size(shape, axis)];
      if (a === b || a === 1 || b === 1) continue;
      throw new ShapeError(
        `${where}: expected inputs of equal sizes, or 1, got ${showShape(first!)} and ${showShape(shape)}: ${a} and ${b} along axis ${axis}`,
      );
    }
  }
}

/** Refuses too few inputs, or too many. */
export function expectSeveral(where: string, inputs: readonly unknown[], exactly?: number): void {
  const fits = exactly === undefined ? inputs.length >= 2 : inputs.length === exactly;
  if (fits) return;
  throw new ArgumentError(
    `${where}: expected a list of ${exactly ?? "at least 2"} inputs, got ${inputs.length}`,
  );
}

/** A layer that joins its inputs element by element, from the first on; sizes of 1 are stretched. */
function merging(
  type: string,
  options: MergeOptions | undefined,
  join: (inputs: readonly Tensor[]) => Tensor,
  exactly?: number,
): Layer {
  const where = `${type}Layer()`;
  checkOptions(where, options, ["name"]);
  return createLayer<Tensor>(
    {
      type,
      name: options?.name,
      inputs: "list",
      config: {},
      call(inputs: readonly Tensor[]) {
        expectSeveral(where, inputs, exactly);
        expectAlike(
          where,
          inputs.map(({ shape }) => shape),
        );
        return join(inputs);
      },
    },
    where,
  );
}

const folding = (by: (a: Tensor, b: Tensor) => Tensor) => (inputs: readonly Tensor[]) =>
  inputs.reduce(by);

/**
 * The sum of its inputs, element by element. Keras's Add, as in a residual connection.
 *
 * @example
 * const x = input([8]);
 * model({ inputs: x, outputs: addLayer()([x, dense(8, { activation: "relu" })(x)]) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export const addLayer = (options?: MergeOptions): Layer => merging("add", options, folding(add));

/**
 * The first input less the second. Keras's Subtract.
 *
 * @example
 * const [a, b] = [input([8], { name: "a" }), input([8], { name: "b" })];
 * model({ inputs: [a, b], outputs: subtractLayer()([a, b]) })
 * @throws ArgumentError unless there are two inputs; ShapeError where they don't fit
 */
export const subtractLayer = (options?: MergeOptions): Layer =>
  merging("subtract", options, folding(sub), 2);

/**
 * The product of its inputs, element by element. Keras's Multiply, as in a gate.
 *
 * @example
 * const x = input([8]);
 * model({ inputs: x, outputs: multiplyLayer()([x, dense(8, { activation: "sigmoid" })(x)]) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export const multiplyLayer = (options?: MergeOptions): Layer =>
  merging("multiply", options, folding(mul));

/**
 * The mean of its inputs, element by element. Keras's Average.
 *
 * @example
 * const x = input([8]);
 * model({ inputs: x, outputs: averageLayer()([dense(3)(x), dense(3)(x)]) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export const averageLayer = (options?: MergeOptions): Layer =>
  merging("average", options, (inputs) => mul(inputs.reduce(add), 1 / inputs.length));

/**
 * The largest of its inputs, element by element. Keras's Maximum.
 *
 * @example
 * const x = input([8]);
 * model({ inputs: x, outputs: maximumLayer()([dense(3)(x), dense(3)(x)]) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export const maximumLayer = (options?: MergeOptions): Layer =>
  merging("maximum", options, folding(maximum));

/**
 * The smallest of its inputs, element by element. Keras's Minimum.
 *
 * @example
 * const x = input([8]);
 * model({ inputs: x, outputs: minimumLayer()([dense(3)(x), dense(3)(x)]) })
 * @throws ShapeError with both shapes and the axis where they don't fit
 */
export const minimumLayer = (options?: MergeOptions): Layer =>
  merging("minimum", options, folding(minimum));
