import { ArgumentError, OutOfMemoryError } from "../errors.ts";
import { isCallable, isPlain, show } from "./show.ts";

const reject = (where: string, name: string, expected: string, value: unknown): never => {
  throw new ArgumentError(
    `${where}: ${name}: expected ${expected}, got ${show(value)}${remedyOf(where, name, value)}`,
  );
};

/** What helps where an argument is given as an option, or a size in the place of a list of them. */
function remedyOf(where: string, name: string, value: unknown): string {
  if (isPlain(value) && name in value) {
    return `; it has a place of its own: ${where.replace(")", "")}${show(value[name])}, { ... })`;
  }
  return name === "shape" && typeof value === "number" ? `; write [${value}]` : "";
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/** Makes a validator: it returns the value, or throws `where: name: expected X, got Y`. */
const validator =
  /* @__NO_SIDE_EFFECTS__ */
    <T>(expected: string, accepts: (value: unknown) => value is T) =>
    (where: string, name: string, value: unknown): T =>
      accepts(value) ? value : reject(where, name, expected, value);

/** A validator of numbers; it returns 0 for −0, which JSON cannot hold. */
const number =
  /* @__NO_SIDE_EFFECTS__ */
    (expected: string, accepts: (value: number) => boolean) =>
    (where: string, name: string, value: unknown): number =>
      typeof value === "number" && accepts(value)
        ? value + 0
        : reject(where, name, expected, value);

/** Integers from 1: units, epochs, batch sizes. */
export const positiveInteger = number("a positive integer", (v) => isInteger(v) && v > 0);
/** Integers from 0: seeds, counts. */
export const nonNegativeInteger = number("an integer of 0 or more", (v) => isInteger(v) && v >= 0);
/** Integers that int32 holds: a label. */
export const int32 = number("an int32", (v) => (v | 0) === v);
/** Any number but NaN and the infinities. */
export const finiteNumber = number("a finite number", Number.isFinite);
/** Finite numbers from 0: learning rates, decay. */
export const nonNegativeNumber = number(
  "a finite number of 0 or more",
  (v) => Number.isFinite(v) && v >= 0,
);
/** Numbers in 0 <= v < 1: dropout rates, momentum, Adam's betas, fractions of the rows. */
export const fraction = number("a number from 0 to below 1", (v) => v >= 0 && v < 1);
/** `true` or `false`. */
export const boolean = validator(
  "true or false",
  (value: unknown): value is boolean => typeof value === "boolean",
);
/** Functions: callbacks. */
export const callable = validator("a function", isCallable);

/** Texts: names. */
export const text = validator(
  "text",
  (value: unknown): value is string => typeof value === "string",
);
/** Numbers that float32 holds, NaN and the infinities among them. */
export const float32 = validator(
  "a number that float32 holds",
  (value: unknown): value is number =>
    typeof value === "number" && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value)),
);
/** Finite numbers from 0 that float32 holds. */
export const nonNegativeFloat32 = number(
  "a finite number of 0 or more that float32 holds",
  (v) => v >= 0 && Number.isFinite(Math.fround(v)),
);
/** Finite numbers that float32 holds. */
export const finiteFloat32 = number("a finite number that float32 holds", (v) =>
  Number.isFinite(Math.fround(v)),
);

/** An array of what a validator takes, copied, so that holes count and nothing changes later. */
export function listOf<T>(
  where: string,
  name: string,
  value: unknown,
  item: (where: string, name: string, value: unknown) => T,
): T[] {
  if (!Array.isArray(value)) return reject(where, name, "an array", value);
  return Array.from(value, (one: unknown, i) => item(where, `${name}[${i}]`, one));
}

/** Most axes of a tensor. */
export const MAX_RANK = 8;
/** Most elements of one: what a memory of 32 bits has words for. */
const MAX_SIZE = 1 << 30;

/** A size of a model's inputs, `null` where any will do. */
export const sizeOrNull = validator(
  "a positive integer or null",
  (value: unknown): value is number | null => value === null || (isInteger(value) && value > 0),
);

/**
 * Sizes of the axes of a tensor, `[]` for a scalar, copied.
 *
 * @param axis what each may be: 0 or more, for shapes of models `positiveInteger` or `sizeOrNull`
 * @throws ArgumentError `zeros(): shape[0]: expected an integer of 0 or more, got 1.5`
 */
export function shapeOf<T extends number | null = number>(
  where: string,
  name: string,
  value: unknown,
  axis: (where: string, name: string, value: unknown) => T = nonNegativeInteger as never,
): T[] {
  if (Array.isArray(value) && value.length > MAX_RANK) {
    reject(where, name, `at most ${MAX_RANK} axes`, value);
  }
  const shape = listOf(where, name, value, axis);
  const size = shape.reduce((product: number, d) => product * (d ?? 1), 1);
  if (size > MAX_SIZE) {
    throw new OutOfMemoryError(
      `${where}: ${name}: expected at most ${MAX_SIZE} elements, got ${size}`,
    );
  }
  return shape;
}

/**
 * Bytes, of this realm or another: a Buffer, a Uint8Array of a frame or of a test's own globals.
 *
 * @throws ArgumentError `readIdx(): expected a Uint8Array, got undefined`
 */
export function bytesOf(where: string, value: unknown): Uint8Array {
  const isBytes = ArrayBuffer.isView(value) && value[Symbol.toStringTag as never] === "Uint8Array";
  if (isBytes) return value as Uint8Array;
  throw new ArgumentError(`${where}: expected a Uint8Array, got ${show(value)}`);
}
