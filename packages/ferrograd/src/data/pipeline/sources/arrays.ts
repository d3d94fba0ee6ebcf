import { ArgumentError } from "../../../errors.ts";
import { isPlain, show } from "../../../options/index.ts";
import type { NumberArray } from "../../../values/flat.ts";
import {
  checkSameRows,
  type Features,
  type Labels,
  type RowsLike,
  takeRows,
  toLabels,
} from "../../../values/rows.ts";
import { Dataset } from "../../dataset.ts";
import type { Items, Pass, View } from "../items.ts";
import { Pipeline } from "../pipeline.ts";

/** A row: a number, of wider rows a typed array, of rows with axes that with a shape. */
export type Row = number | Float32Array | Int32Array | Labels;

/** The row of what was given: a number of a list, a typed array of a list of lists. */
export type RowOf<R> = R extends readonly number[] | NumberArray
  ? number
  : R extends readonly (readonly number[] | NumberArray)[]
    ? Float32Array
    : Row;

/** Columns of rows, as a list or by name. */
type Columns = readonly Labels[] | Readonly<Record<string, Labels>>;

/**
 * A pipeline of the rows of arrays: of several the rows side by side, [x, y] or [x, y, sampleWeight], of an object with
 * arrays an object with a row of each, of a `Dataset` [x, y]. Nothing is copied until `batch` takes the rows together.
 * Shuffled with a seed, its batches are those that `fit` makes of the same arrays with that seed.
 *
 * @example
 * const batches = fromArrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]).shuffle(1).batch(2);
 * Array.from(batches, ([x, y]) => [x.shape, y.shape]) // [[[2, 2], [2]], [[2, 2], [2]]]
 * @example await model.fit(fromArrays(train).shuffle(1).batch(32), { epochs: 10 });
 *
 * @throws DataError for ragged or empty arrays, or of different length; ArgumentError for others
 */
export function fromArrays(dataset: Dataset): Pipeline<[x: Row, y: Row]>;
export function fromArrays<X extends RowsLike>(x: X): Pipeline<[x: RowOf<X>]>;
export function fromArrays<X extends RowsLike, Y extends RowsLike>(
  x: X,
  y: Y,
): Pipeline<[x: RowOf<X>, y: RowOf<Y>]>;
export function fromArrays<X extends RowsLike, Y extends RowsLike, W extends RowsLike>(
  x: X,
  y: Y,
  sampleWeight: W,
): Pipeline<[x: RowOf<X>, y: RowOf<Y>, sampleWeight: RowOf<W>]>;
export function fromArrays<const R extends Readonly<Record<string, RowsLike>>>(
  columns: R,
): Pipeline<{ [name in keyof R]: RowOf<R[name]> }>;
export function fromArrays(...given: unknown[]): Pipeline<never> {
  const columns = columnsOf(given);
  const named = Object.entries<Labels>(columns as Record<string, Labels>).map(
    ([key, rows]) => [Array.isArray(columns) ? NAMES[Number(key)]! : key, rows] as const,
  );
  const [first] = named;
  for (const [name, rows] of named) {
    checkSameRows("fromArrays()", first![1], rows, [first![0], name]);
  }
  const size = first![1].shape[0]!;
  const shapes = named.map(([name, { shape }]) => `${name}[${shape.join()}]`);
  const stage = {
    text: `fromArrays(${shapes.join(", ")})`,
    size,
    *items(_pass: Pass, from: number): Items<number> {
      for (let row = from; row < size; row++) yield row;
    },
  };
  return new Pipeline<never>(stage, rowsView(columns) as View<unknown, never>);
}

const NAMES = ["x", "y", "sampleWeight"];

function columnsOf(given: readonly unknown[]): Columns {
  const [first] = given;
  const where = "fromArrays()";
  if (given.length === 1 && first instanceof Dataset) return [first.x, first.y];
  if (given.length === 1 && isPlain(first) && !("shape" in first)) {
    const names = Object.keys(first);
    if (names.length === 0) throw new ArgumentError(`${where}: expected arrays, got none`);
    return Object.fromEntries(
      names.map((name) => [name, column(`${where}: ${name}`, first[name])]),
    );
  }
  if (given.length === 0 || given.length > NAMES.length) {
    const got = given.length === 0 ? "none" : `${given.length}`;
    throw new ArgumentError(`${where}: expected one array, two or three, got ${got}`);
  }
  return given.map((rows, i) => column(`${where}: ${NAMES[i]}`, rows));
}

/** Of lists of whole numbers int32, of all else float32. */
function column(what: string, rows: unknown): Labels {
  if (rows === undefined) throw new ArgumentError(`${what}: expected arrays, got ${show(rows)}`);
  return toLabels(what, rows);
}

/** The rows at positions. */
function rowsView(columns: Columns): View<number, unknown> {
  const each = <R>(of: (rows: Labels) => R): unknown =>
    Array.isArray(columns)
      ? columns.map(of)
      : Object.fromEntries(
          Object.entries<Labels>(columns as Record<string, Labels>).map(([name, rows]) => [
            name,
            of(rows),
          ]),
        );
  return {
    element: (row) => each((rows) => rowAt(rows, row)),
    batch: (_where, rows) => each((of) => takeRows(of as Features, rows)),
  };
}

function rowAt({ data, shape }: Labels, row: number): Row {
  if (shape.length === 1) return data[row]!;
  const width = data.length / shape[0]!;
  const values = data.slice(row * width, (row + 1) * width); // its own: who changes it changes no rows
  return shape.length === 2 ? values : ({ data: values, shape: shape.slice(1) } as Labels);
}
