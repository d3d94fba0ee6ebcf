import { DataError } from "../errors.ts";
import { FLOAT, INT } from "./dtype.ts";
import { areFinite } from "./finite.ts";
import { count, type Flat, flatten, type NestedNumbers, type NumberArray } from "./flat.ts";

type RowData = Float32Array | Int32Array;

/** Rows of numbers, row-major: shape[0] counts rows, and the product of shape is data.length. */
export interface Rows<A extends RowData> {
  readonly data: A;
  readonly shape: readonly number[];
  /** The first column whose numbers differed until they became float32. */
  readonly collapsed?: number;
}

/** What a model sees: float32 rows. */
export type Features = Rows<Float32Array>;

/** What rows should map to: integer classes (int32), or numbers and probabilities (float32). */
export type Labels = Rows<RowData>;

/** Rows with targets, checked: what training walks through. */
export interface Samples {
  /** Of the first input: of most models the only one. */
  readonly x: Features;
  /** Of the first output. */
  readonly y: Labels;
  /** Of each input, in the model's order. */
  readonly inputs: readonly Labels[];
  /** Of each output. */
  readonly targets: readonly Labels[];
  /** How much each row counts in the loss of an output, (rows); absent where all count alike. */
  readonly weights: readonly (Features | undefined)[];
  /** @internal All of them that there are, in this order, as programs take them. */
  readonly all: readonly Labels[];
}

/** What `fit`, `evaluate` and `predict` take: nested arrays, or flat data with a shape. */
export type RowsLike =
  | NestedNumbers
  | { readonly data: NumberArray | readonly number[]; readonly shape: readonly number[] }
  | { readonly shape: readonly number[]; data(): NumberArray };

/** As float32, with the first column whose numbers differ only before. */
function toFloat32(flat: Flat): Features {
  const { data: exact, shape } = flat;
  if (exact instanceof Float32Array) return flat as Features;
  const data = new Float32Array(exact);
  const width = data.length / shape[0]!;
  const isCollapsed = (column: number): boolean => {
    let differs = false;
    for (let at = column + width; at < data.length; at += width) {
      if (data[at] !== data[column]) return false;
      differs ||= exact[at] !== exact[column];
    }
    return differs;
  };
  let column = 0;
  while (column < width && !isCollapsed(column)) column++;
  return column < width ? { data, shape, collapsed: column } : { data, shape };
}

/**
 * Features from whatever the caller holds. float32 data are taken as they are, not copied.
 *
 * @param what the call and its argument, as in `fit(): x`
 * @throws DataError `fit(): x is ragged: row 3 has 4 values, expected 5`
 * @throws ShapeError when a stated shape does not fit the data
 */
export function toFeatures(what: string, x: unknown): Features {
  return toFloat32(flatten(what, x));
}

const isInt32 = (v: number): boolean => (v | 0) === v;

/** Element type of labels: classes by number, or numbers and rows of probabilities. */
export type LabelType = "int32" | "float32";

/** A flat list of integers is classes; everything else is numbers. */
function inferLabelType({ data, shape }: Flat): LabelType {
  if (data instanceof Int32Array) return INT;
  return shape.length === 1 && data.every(isInt32) ? INT : FLOAT;
}

function toInt32(what: string, flat: Flat, noun: string): Rows<Int32Array> {
  const { data, shape } = flat;
  if (data instanceof Int32Array) return flat as Rows<Int32Array>;
  const bad = data.findIndex((v: number) => !isInt32(v));
  if (bad >= 0) {
    const row = Math.floor(bad / (data.length / shape[0]!));
    throw new DataError(`${what}: row ${row}: expected ${noun}, got ${data[bad]}`);
  }
  return { data: new Int32Array(data), shape };
}

/**
 * Integers, such as positions in a table, from whatever the caller holds.
 *
 * @throws DataError `fit(): x: row 3: expected an int32, got 1.5`, or ragged or empty
 */
export const toIntegers = (what: string, x: unknown): Rows<Int32Array> =>
  toInt32(what, flatten(what, x), "an int32");

/**
 * Labels from whatever the caller holds. With `dtype` the labels become that type (a loss knows
 * which it needs); without, a flat list of integers becomes int32 classes and all else float32.
 *
 * @throws DataError `fit(): y: row 3: expected an integer class, got 1.5`, or ragged or empty
 */
export function toLabels(what: string, y: unknown, dtype?: LabelType): Labels {
  const flat = flatten(what, y);
  if ((dtype ?? inferLabelType(flat)) === INT) return toInt32(what, flat, "an integer class");
  return toFloat32(flat);
}

/** @throws DataError `fit(): x has 1437 rows but y has 1436` */
export function checkSameRows(where: string, x: Labels, y: Labels, names = ["x", "y"]): void {
  if (x.shape[0] !== y.shape[0]) {
    const [first, second] = names;
    const rows = count(x.shape[0]!, "row");
    throw new DataError(`${where}: ${first} has ${rows} but ${second} has ${y.shape[0]}`);
  }
}

/** @throws DataError `fit(): x: row 3, column 5: expected a finite number, got NaN` */
export function checkFinite(what: string, { data, shape }: Rows<RowData>): void {
  if (areFinite(data)) return;
  const bad = data.findIndex((v: number) => !Number.isFinite(v));
  const width = data.length / shape[0]!;
  const column = shape.length > 1 ? `, column ${bad % width}` : "";
  const at = `row ${Math.floor(bad / width)}${column}`;
  throw new DataError(`${what}: ${at}: expected a finite number, got ${data[bad]}`);
}

/** @throws DataError `fit(): y: row 3: expected a class from 0 to 9, got 12` */
export function checkClasses(
  what: string,
  labels: Labels,
  classes: number,
  ignored?: number,
): void {
  const { data, shape } = labels;
  const isBad = (v: number) => !(v >= 0 && v < classes && isInt32(v)) && v !== ignored;
  // A loop, because `fit` of a tiny net takes microseconds.
  let bad = 0;
  while (bad < data.length && !isBad(data[bad]!)) bad++;
  if (bad === data.length) return;
  const row = Math.floor(bad / (data.length / shape[0]!));
  throw new DataError(
    `${what}: row ${row}: expected a class from 0 to ${classes - 1}, got ${data[bad]}`,
  );
}

/** @throws DataError `fit(): y: row 3: expected a label from 0 to 1, got 2` */
export function checkTargets(
  what: string,
  { data, shape }: Labels,
  rule: { readonly text: string; find(data: ArrayLike<number>, width: number): number },
): void {
  const width = data.length / shape[0]!;
  const bad = rule.find(data, width);
  if (bad < 0) return;
  const column = width > 1 ? `, column ${bad % width}` : "";
  throw new DataError(
    `${what}: row ${Math.floor(bad / width)}${column}: expected ${rule.text}, got ${data[bad]}`,
  );
}

/** Rows `begin` to `end` as a view of the same memory. */
export function sliceRows<A extends RowData>(rows: Rows<A>, begin: number, end: number): Rows<A> {
  const width = rows.data.length / rows.shape[0]!;
  const data = rows.data.subarray(begin * width, end * width) as A;
  return { ...rows, data, shape: [end - begin, ...rows.shape.slice(1)] };
}

/** The rows named by `order`, copied, in that order. */
export function takeRows<A extends RowData>(rows: Rows<A>, order: ArrayLike<number>): Rows<A> {
  const width = rows.data.length / rows.shape[0]!;
  const size = order.length * width;
  const data = rows.data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  for (let i = 0; i < order.length; i++) {
    const from = order[i]! * width;
    data.set(rows.data.subarray(from, from + width), i * width);
  }
  return { ...rows, data: data as A, shape: [order.length, ...rows.shape.slice(1)] };
}

/** Row numbers by what each row has, in the order in which that first appears. */
export function rowsBy<K>(rows: number, keyOf: (row: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (let row = 0; row < rows; row++) {
    const key = keyOf(row);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [row]);
    else members.push(row);
  }
  return groups;
}
