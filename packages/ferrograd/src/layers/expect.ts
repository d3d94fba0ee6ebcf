import { ArgumentError, ShapeError } from "../errors.ts";
import type { AnyTensor } from "../graph/tensor.ts";
import { type DType, FLOAT } from "../values/dtype.ts";
import { type Dims, showShape } from "../values/shape.ts";

/** An axis of what a layer takes: its size, a name where any size will do, "…" at the start for any number of axes. */
export type Axis = number | string;

/** What the inputs of a layer look like: the axes of a tensor, or of one row of what is still to come. */
export interface Shaped {
  readonly shape: Dims;
  readonly dtype?: DType;
}

/**
 * Refuses inputs that a layer cannot take, in the words that all layers have: `dense(): expected inputs (…, 4), got
 * shape [2, 8]`.
 *
 * @param axes what they must be, the last ones where "…" comes first
 */
export function expectInputs(
  where: string,
  { shape, dtype }: Shaped,
  axes: readonly Axis[],
  type: DType = FLOAT,
): void {
  const rest = axes[0] === "…" ? axes.slice(1) : axes;
  const left = shape.length - rest.length;
  const fits = rest.every((axis, i) => typeof axis === "string" || shape[left + i] === axis);
  const is = (dtype ?? type) === type;
  if (is && fits && (axes.length > rest.length ? left >= 0 : left === 0)) return;
  const expected = `${is && type === FLOAT ? "" : `${type} `}inputs (${axes.join(", ")})`;
  const got = is
    ? shape.length === 0
      ? "scalars"
      : `shape ${showShape(shape)}`
    : `${dtype} ${showShape(shape)}`;
  throw new (is ? ShapeError : ArgumentError)(`${where}: expected ${expected}, got ${got}`);
}

/** The size of the last axis of inputs, which a layer's variables are made for. */
export function widthOf(where: string, shape: Dims, name: string): number {
  expectInputs(where, { shape }, ["…", name]);
  const width = shape[shape.length - 1];
  if (width) return width;
  throw new ShapeError(
    `${where}: expected inputs (…, ${name}) of a known size, got ` +
      `${width === 0 ? "none" : `shape ${showShape(shape)}`}`,
  );
}

/** The only one of a layer's inputs. */
export function oneInput<T extends Shaped | AnyTensor>(where: string, inputs: readonly T[]): T {
  if (inputs.length === 1) return inputs[0]!;
  throw new ArgumentError(`${where}: expected one input, got a list of ${inputs.length}`);
}
