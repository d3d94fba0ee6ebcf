import { kindOf } from "../copies/shared.ts";
import { ArgumentError, askedBy, DataError, OutOfMemoryError, ShapeError } from "../errors.ts";
import { MAX_RANK, show } from "../options/index.ts";

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

/** `1 row`, `3 rows` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

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
        const remedy = typeof item === "boolean" ? "; Number() makes 1 and 0 of them" : "";
        throw new DataError(`${what}: ${where}: expected a number, got ${show(item)}${remedy}`);
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
      const { collapsed } = value as Flat;
      return collapsed === undefined ? { data, shape } : { data, shape, collapsed };
    }
    if (Array.isArray(data)) {
      const shape = checkShape(what, value.shape, data.length, least);
      return { data: copyNested(what, data, [data.length]), shape };
    }
  }
  throw new ArgumentError(
    `${what}: expected arrays of numbers or { data, shape }, got ${show(value)}${kindOf(value)?.remedy ?? ""}`,
  );
}
