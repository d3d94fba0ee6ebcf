import { foreign, kindOf, withArticle } from "./engine/shared.ts";
import { ArgumentError, OutOfMemoryError } from "./errors.ts";

/** The spelling-insensitive form of a name: `batch_size`, `batch-size` and `batchSize` agree. */
const fold = (name: string): string => name.replace(/[_\-\s]/g, "").toLowerCase();

/**
 * Is `word` short for a name: its beginning, as `acc`, or letters of a camel-case name in their order, the
 * first of each of its words among them, as `lr` for `learningRate` and `bce` for `binaryCrossentropy`?
 */
function isShortFor(word: string, name: string): boolean {
  if (word.length < 2 || name.length > 64) return false;
  if (word.length > 2 && fold(name).startsWith(word)) return true;
  if (!/[A-Z]/.test(name)) return false;
  let ends = new Set([0]); // letters of the word that the name's letters so far may stand for
  for (const [i, letter] of [...name].entries()) {
    const first = i === 0 || letter !== letter.toLowerCase();
    const taken = [...ends].filter((at) => word[at] === letter.toLowerCase()).map((at) => at + 1);
    ends = new Set(first ? taken : [...ends, ...taken]);
  }
  return ends.has(word.length);
}

/**
 * Damerau-Levenshtein distance (optimal string alignment): the number of insertions, deletions,
 * substitutions and swaps of neighbors that turn `a` into `b`.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The candidate a person most likely meant by `word`, or `undefined` when none is close: at most
 * one edit for every three letters, ignoring case and underscores, or one that it is short for (`lr`).
 *
 * @example nearest("rleu", ["linear", "relu", "tanh"]) // "relu"
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const folded = fold(word);
  if (folded.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const target = fold(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(folded.length, target.length) / 3));
    if (Math.abs(folded.length - target.length) > allowed) continue;
    const distance = editDistance(folded, target);
    if (distance <= allowed && distance < bestDistance && distance < target.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? candidates.find((candidate) => isShortFor(folded, candidate));
}

const quote = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** A value as an error message shows it: short, in one line, strings in quotes. */
export function show(value: unknown): string {
  if (typeof value === "string") return quote(value);
  const other = foreign(value);
  if (other !== undefined) return other;
  const kind = kindOf(value);
  if (kind !== undefined) return withArticle(kind);
  if (typeof value === "function") return isCallable(value) ? "a function" : "a class";
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const [, tag = "object"] =
    /^\[object (\w{1,30})\]$/.exec(Object.prototype.toString.call(value)) ?? [];
  return withArticle(tag === "Object" ? "object" : tag);
}

/** Refuses what another version of the package made, where something of anyone's own would do. */
export function own(where: string, what: string, value: unknown): void {
  if (foreign(value) === undefined) return;
  throw new ArgumentError(`${where}: expected ${what} of the same version, got ${show(value)}`);
}

/** Most names that a message lists. */
const MOST_LISTED = 40;
/** Most names that are compared with a misspelt one. */
const MOST_COMPARED = 10_000;

/** Names in quotes, cut where they are too many for a message. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map(quote).join(", ");
  const more = names.length - MOST_LISTED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The end of a message about an unknown name: the nearest one, or else all there are. */
export function hint(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed.slice(0, MOST_COMPARED));
  if (near !== undefined) return `did you mean ${quote(near)}?`;
  return allowed.length === 0 ? "there are none" : `expected one of ${list(allowed)}`;
}

/** Options of what has none. */
export type NoOptions = Readonly<Record<never, never>>;

/** Is it an object literal, of this realm or another, rather than an instance of a class? */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Refuses options that do not exist, by name, and all that is no object of options.
 *
 * @throws ArgumentError `dense(): unknown option "actvation"; did you mean "activation"?`
 */
export function checkOptions(
  where: string,
  options: unknown,
  allowed: readonly string[] | (() => readonly string[]),
  remedy = "",
): void {
  if (options !== undefined) requireOptions(where, options, allowed, remedy);
}

/** As `checkOptions`, where some option has no default. */
export function requireOptions(
  where: string,
  options: unknown,
  allowed: readonly string[] | (() => readonly string[]),
  remedy = "",
): void {
  if (!isPlain(options)) {
    throw new ArgumentError(
      `${where}: expected an object of options, got ${show(options)}${remedy}`,
    );
  }
  const names = typeof allowed === "function" ? allowed() : allowed;
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new ArgumentError(`${where}: unknown option ${quote(name)}; ${hint(name, names)}`);
    }
  }
}

/**
 * `value` if it is one of `allowed`; `kind` names what it is in the message.
 *
 * @throws ArgumentError `dense(): unknown activation "rleu"; did you mean "relu"?`
 */
export function oneOf<T extends string>(
  where: string,
  kind: string,
  value: unknown,
  allowed: readonly T[],
): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  if (typeof value === "string") {
    throw new ArgumentError(`${where}: unknown ${kind} ${quote(value)}; ${hint(value, allowed)}`);
  }
  throw new ArgumentError(
    `${where}: ${kind}: expected one of ${list(allowed)}, got ${show(value)}`,
  );
}

const reject = (where: string, name: string, expected: string, value: unknown): never => {
  throw new ArgumentError(`${where}: ${name}: expected ${expected}, got ${show(value)}`);
};

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

/** Makes a validator: it returns the value, or throws `where: name: expected X, got Y`. */
const validator =
  <T>(expected: string, accepts: (value: unknown) => value is T) =>
  (where: string, name: string, value: unknown): T =>
    accepts(value) ? value : reject(where, name, expected, value);

/** A validator of numbers; it returns 0 for −0, which JSON cannot hold. */
const number =
  (expected: string, accepts: (value: number) => boolean) =>
  (where: string, name: string, value: unknown): number =>
    typeof value === "number" && accepts(value) ? value + 0 : reject(where, name, expected, value);

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

/** Can it be called, as classes cannot? */
export function isCallable(value: unknown): value is (...args: never[]) => unknown {
  if (typeof value !== "function") return false;
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable !== false;
}

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

/**
 * Sizes of the axes of a tensor, `[]` for a scalar, copied.
 *
 * @param least 0, but for shapes of models, which have no empty axes
 * @throws ArgumentError `zeros(): shape[0]: expected an integer of 0 or more, got 1.5`
 */
export function shapeOf(where: string, name: string, value: unknown, least: 0 | 1 = 1): number[] {
  if (Array.isArray(value) && value.length > MAX_RANK) {
    reject(where, name, `at most ${MAX_RANK} axes`, value);
  }
  const shape = listOf(where, name, value, least === 0 ? nonNegativeInteger : positiveInteger);
  const size = shape.reduce((product, d) => product * d, 1);
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

/** The first name that stands twice. */
export function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
