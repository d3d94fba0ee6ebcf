import { ArgumentError, ShapeError } from "../errors.ts";
import type { Variable } from "../graph/leaf.ts";
import { hint, isPlain, show } from "../options/index.ts";
import { type DType, isFloat } from "../values/dtype.ts";
import { checkFinite, type RowsLike, toFeatures } from "../values/rows.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../values/shape.ts";

/** A variable with its name in a layer or in a model. */
interface Named {
  readonly name: string;
  readonly variable: Variable<Shape, DType>;
}

/** Values for weights: all of them in order, or some by name; flat, nested, or with a shape. */
export type WeightsLike =
  | readonly (RowsLike | Float32Array)[]
  | Readonly<Record<string, RowsLike | Float32Array>>;

/** What weights are: frozen ones and statistics too, but no counters. */
const floatsOf = (named: readonly Named[]): readonly Named[] =>
  named.filter(({ variable }) => isFloat(variable));

/** Copies of weights, in their order. */
export const copiesOf = (named: readonly Named[]): Float32Array[] =>
  floatsOf(named).map(({ variable }) => variable.data() as Float32Array);

/** Copies of weights by their names. */
export const copiesByName = (named: readonly Named[]): Record<string, Float32Array> =>
  Object.fromEntries(
    floatsOf(named).map(({ name, variable }) => [name, variable.data() as Float32Array]),
  );

/**
 * Replaces weights, all or none of them.
 *
 * @throws ShapeError, DataError and ArgumentError before anything changes
 */
export function replaceWeights(where: string, named: readonly Named[], weights: unknown): void {
  const floats = floatsOf(named);
  const given = pairs(where, floats, weights).map(([one, value]) => ({
    variable: one.variable,
    values: valuesFor(`${where}: "${one.name}"`, one.variable, value),
  }));
  for (const { variable, values } of given) variable.set(values);
}

/** Each weight that is given, with its value. */
function pairs(where: string, floats: readonly Named[], weights: unknown): [Named, unknown][] {
  if (Array.isArray(weights)) {
    if (weights.length === floats.length) return floats.map((one, i) => [one, weights[i]]);
    const all = floats.map(({ name, variable }) => `"${name}" ${showShape(variable.shape)}`);
    const named = all.length > 0 && all.length <= 8 ? ` (${all.join(", ")})` : "";
    throw new ShapeError(
      `${where}: expected ${floats.length} arrays${named}, got ${weights.length}`,
    );
  }
  if (!isPlain(weights)) {
    const expected = `${floats.length} arrays, or arrays by name`;
    throw new ShapeError(`${where}: expected ${expected}, got ${show(weights)}`);
  }
  return Object.entries(weights).map(([name, value]) => {
    const found = floats.find((one) => one.name === name);
    if (found !== undefined) return [found, value];
    const names = floats.map((one) => one.name);
    throw new ArgumentError(`${where}: unknown weight ${show(name)}; ${hint(name, names)}`);
  });
}

/** Values for a variable, checked. */
function valuesFor(where: string, { shape }: Variable<Shape, DType>, value: unknown): Float32Array {
  const { data, shape: given } = toFeatures(`${where}: weights`, value);
  if (data.length !== sizeOf(shape) || (given.length > 1 && !sameShape(given, shape))) {
    const got = given.length > 1 ? `shape ${showShape(given)}` : data.length;
    throw new ShapeError(
      `${where}: expected ${sizeOf(shape)} values for shape ${showShape(shape)}, got ${got}`,
    );
  }
  const [rows = 1] = shape;
  checkFinite(`${where}: weights`, { data, shape: [rows, ...shape.slice(1)] });
  return data;
}
