import { ArgumentError, askedBy, DataError, OutOfMemoryError, ShapeError } from "../errors.ts";
import { MAX_RANK, show } from "../suggest.ts";

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

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Numbers in arrays of arrays, any depth; the innermost may be a typed array. */
export type NestedNumbers = readonly number[] | NumberArray | readonly NestedNumbers[];

/** What `fit`, `evaluate` and `predict` take: nested arrays, or flat data with a shape. */
export type RowsLike =
  | NestedNumbers
  | { readonly data: NumberArray | readonly number[]; readonly shape: readonly number[] }
  | { readonly shape: readonly number[]; data(): NumberArray };

export interface Flat {
  readonly data: NumberArray | readonly number[];
  readonly shape: readonly number[];
  readonly collapsed?: number;
}

/** Most numbers of nested arrays, of which the first of each level tells how many there are. */
const MOST_NESTED = 1 << 28;

// The commonest first: trainOnBatch asks at every step.
const isNumberArray = (value: unknown): value is NumberArray =>
  value instanceof Float32Array ||
  value instanceof Int32Array ||
  (ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array));

const isSequence = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || isNumberArray(value);

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** `row 3`, or `row 3, [2][0]` deeper down. */
const place = (path: readonly number[]): string =>
  `row ${path[0]}${path.length > 1 ? `, [${path.slice(1).join("][")}]` : ""}`;

/** The shape that the first value of each level states; `copyNested` checks the rest against it. */
function nestedShape(what: string, value: unknown, least: number): number[] {
  const shape: number[] = [];
  let size = 1;
  for (let level = value; isSequence(level); level = level[0]) {
    if (level.length < least) {
      throw new DataError(`${what} is empty: expected at least one row of at least one value`);
    }
    shape.push(level.length);
    if (shape.length > MAX_RANK) {
      throw new ShapeError(`${what}: expected at most ${MAX_RANK} dimensions, got more`);
    }
    size *= level.length;
    if (size > MOST_NESTED) {
      const remedy = "take a typed array and a shape";
      throw new OutOfMemoryError(
        `${what}: expected at most ${MOST_NESTED} numbers in arrays, got ${size}; ${remedy}`,
      );
    }
  }
  return shape;
}

/** Copies nested arrays into flat data, checking that every branch has the stated shape. */
function copyNested(what: string, value: unknown, shape: readonly number[]): Float64Array {
  const flat = new Float64Array(shape.reduce((product, d) => product * d, 1));
  let at = 0;
  const copy = (branch: unknown, path: number[]): void => {
    const expected = shape[path.length]!;
    const ragged = (got: string) =>
      new DataError(`${what} is ragged: ${place(path)} ${got}, expected ${expected}`);
    if (!isSequence(branch)) throw ragged(`is ${show(branch)}`);
    if (branch.length !== expected) throw ragged(`has ${count(branch.length, "value")}`);
    const innermost = path.length === shape.length - 1;
    for (let i = 0; i < expected; i++) {
      const item = branch[i];
      if (!innermost) copy(item, [...path, i]);
      else if (typeof item === "number") flat[at++] = item;
      else {
        const where = place([...path, i]);
        throw new DataError(`${what}: ${where}: expected a number, got ${show(item)}`);
      }
    }
  };
  copy(value, []);
  return flat;
}

function checkShape(
  what: string,
  shape: unknown,
  length: number,
  least: number,
): readonly number[] {
  // A loop, because trainOnBatch checks a shape at every step.
  let size = 1;
  let valid = Array.isArray(shape) && shape.length >= least && shape.length <= MAX_RANK;
  for (let i = 0; valid && i < (shape as unknown[]).length; i++) {
    const d: unknown = (shape as unknown[])[i];
    valid = Number.isSafeInteger(d) && Number(d) >= least;
    size *= Number(d);
  }
  if (!valid || !Array.isArray(shape)) {
    const expected = least === 0 ? "integers of 0 or more" : "positive integers, rows first";
    const got = Array.isArray(shape) ? `[${shape.map(show).join(", ")}]` : show(shape);
    throw new ShapeError(`${what}: shape: expected ${expected}, got ${got}`);
  }
  if (size !== length) {
    const text = `[${shape.join(", ")}]`;
    throw new ShapeError(`${what}: shape ${text}: expected ${size} values, got ${length}`);
  }
  return shape.slice();
}

/** A typed array without values may be one whose memory has gone elsewhere, which is a mistake. */
function checkAttached(what: string, values: NumberArray): void {
  try {
    values.slice();
  } catch {
    throw new DataError(`${what}: expected numbers, got ${show(values)} whose buffer is detached`);
  }
}

/**
 * Nested, typed or shaped input as flat numbers and a shape, not yet of one element type.
 *
 * @param least of rows and of values in each: 1, and 0 for tensors, which may be empty
 */
export function flatten(what: string, value: unknown, least: 0 | 1 = 1): Flat {
  if (isNumberArray(value)) {
    if (value.length === 0) checkAttached(what, value);
    if (value.length < least) throw new DataError(`${what} is empty: expected at least one row`);
    return { data: value, shape: [value.length] };
  }
  if (Array.isArray(value)) {
    const shape = nestedShape(what, value, least);
    return { data: copyNested(what, value, shape), shape };
  }
  if (typeof value === "object" && value !== null && "shape" in value && "data" in value) {
    const data: unknown =
      typeof value.data === "function"
        ? askedBy(what, () => (value as { data(): unknown }).data())
        : value.data;
    if (isNumberArray(data)) {
      if (data.length === 0) checkAttached(what, data);
      const shape = checkShape(what, value.shape, data.length, least);
      return { data, shape, ...collapsedOf((value as Rows<RowData>).collapsed) };
    }
    if (Array.isArray(data)) {
      const shape = checkShape(what, value.shape, data.length, least);
      return { data: copyNested(what, data, [data.length]), shape };
    }
  }
  throw new ArgumentError(
    `${what}: expected arrays of numbers or { data, shape }, got ${show(value)}`,
  );
}

const collapsedOf = (column: number | undefined) =>
  column === undefined ? undefined : { collapsed: column };

/** As float32, with the first column whose numbers differ only before. */
function toFloat32({ data: exact, shape, collapsed }: Flat): Features {
  if (exact instanceof Float32Array) return { data: exact, shape, ...collapsedOf(collapsed) };
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
  return { data, shape, ...collapsedOf(column < width ? column : undefined) };
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
  if (data instanceof Int32Array) return "int32";
  return shape.length === 1 && data.every(isInt32) ? "int32" : "float32";
}

function toInt32(what: string, data: Flat["data"], rowSize: number): Int32Array {
  if (data instanceof Int32Array) return data;
  const bad = data.findIndex((v: number) => !isInt32(v));
  if (bad >= 0) {
    const row = Math.floor(bad / rowSize);
    throw new DataError(`${what}: row ${row}: expected an integer class, got ${data[bad]}`);
  }
  return new Int32Array(data);
}

/**
 * Labels from whatever the caller holds. With `dtype` the labels become that type (a loss knows
 * which it needs); without, a flat list of integers becomes int32 classes and all else float32.
 *
 * @throws DataError `fit(): y: row 3: expected an integer class, got 1.5`, or ragged or empty
 */
export function toLabels(what: string, y: unknown, dtype?: LabelType): Labels {
  const flat = flatten(what, y);
  const { data, shape } = flat;
  if ((dtype ?? inferLabelType(flat)) === "int32") {
    return { data: toInt32(what, data, data.length / shape[0]!), shape };
  }
  return toFloat32(flat);
}

/** @throws DataError `fit(): x has 1437 rows but y has 1436` */
export function checkSameRows(where: string, x: Features, y: Labels, names = ["x", "y"]): void {
  if (x.shape[0] !== y.shape[0]) {
    const [first, second] = names;
    const rows = count(x.shape[0]!, "row");
    throw new DataError(`${where}: ${first} has ${rows} but ${second} has ${y.shape[0]}`);
  }
}

/** @throws DataError `fit(): x: row 3, column 5: expected a finite number, got NaN` */
export function checkFinite(what: string, rows: Rows<RowData>): void {
  const { data, shape } = rows;
  let poison = 0; // v * 0 is 0 for every finite v, NaN for the rest
  for (let i = 0; i < data.length; i++) poison += data[i]! * 0;
  if (poison === 0) return;
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
  const bad = data.findIndex((v) => !(v >= 0 && v < classes && isInt32(v)) && v !== ignored);
  if (bad < 0) return;
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
