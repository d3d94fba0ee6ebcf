import { ArgumentError } from "../errors.ts";
import { hint, isPlain, list, show } from "../options/index.ts";
import type { RowsLike } from "../values/rows.ts";

/** One for each input or output of a model: of several in their order, or by name. */
export type PerPort<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** Inputs or targets of a model: rows, of several in their order or by name. */
export type DataLike = PerPort<RowsLike>;

/** Is it a union of names? */
export type Several<N, Each = N> = Each extends N ? ([N] extends [Each] ? false : true) : never;

/** What a model takes whose inputs, or outputs, have these names; of one alone rows too. */
export type DataOfNames<N extends PropertyKey> =
  true extends Several<N> ? { readonly [name in N]: RowsLike } | readonly RowsLike[] : DataLike;

/** What is given for the only one of its kind: itself, or an object with its name. Steps ask, so what is common is found first. */
export function onlyOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if ("data" in value || !(name in value)) return value;
  return isPlain(value) && Object.hasOwn(value, name) ? value[name] : value;
}

/** Targets of a model that gives `O`: of outputs with names by these, or in their order. */
export type TargetsOf<O> = O extends { readonly rank: number } | readonly unknown[]
  ? DataLike
  : DataOfNames<keyof O>;

/** What `fit` and `evaluate` take for x and y together: a data set. */
export interface DatasetLike<X = DataLike, Y = DataLike> {
  readonly x: X;
  readonly y: Y;
  /** How much each row counts in the loss, 0 or more; by output where they differ (default: all alike). */
  readonly sampleWeight?: PerPort<RowsLike | undefined> | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** Is it a data set, of this or another copy of the package? */
export function isDataset(value: unknown): value is DatasetLike {
  return typeof value === "object" && value !== null && "x" in value && "y" in value;
}

/** What was given for rows, unchecked. */
export interface Given {
  readonly x: unknown;
  readonly y: unknown;
  readonly sampleWeight?: unknown;
}

/** Arguments `(x, y, options)` or `(dataset, options)` in one form; the weights of rows may be among the options. */
export function samplesAndOptions<O>(
  where: string,
  args: readonly unknown[],
): { given: Given; options: O; classNames: readonly string[] | undefined } {
  const [first, second, third] = args;
  if (isDataset(first)) {
    return withWeights(where, first, second, first.classNames);
  }
  if (second === undefined) {
    throw new ArgumentError(
      `${where}: y: expected labels for x, or a data set with x and y, got ${show(second)}`,
    );
  }
  return withWeights(where, { x: first, y: second }, third, undefined);
}

function withWeights<O>(
  where: string,
  given: Given,
  options: unknown = {},
  classNames: readonly string[] | undefined,
) {
  const sampleWeight = (options as Given | null)?.sampleWeight;
  const both = { given, options: options as O, classNames };
  if (sampleWeight === undefined) return both;
  if (given.sampleWeight === undefined) return { ...both, given: { ...given, sampleWeight } };
  throw new ArgumentError(
    `${where}: sampleWeight: expected weights in the data set or among the options, got both`,
  );
}

/** The rows and targets of `validationData`. */
export function validationOf(data: unknown): Given {
  if (isDataset(data)) return data;
  if (Array.isArray(data) && data.length === 2) return { x: data[0], y: data[1] };
  throw new ArgumentError(
    `fit(): validationData: expected [x, y] or a data set, got ${show(data)}`,
  );
}

/**
 * What was given for each of several, by their names in order: a list in that order, or an object with a value for each.
 *
 * @param what before the names in messages: `fit(): x`
 * @param kind what the names name: an input, an output
 */
export function perPort(
  what: string,
  kind: "input" | "output",
  value: unknown,
  names: readonly string[],
  optional = false,
): readonly unknown[] {
  const expected = `${what}: expected a list of ${names.length}, for ${list(names)}, or an object of these names`;
  if (Array.isArray(value)) {
    if (value.length === names.length) return value;
    throw new ArgumentError(`${expected}, got ${show(value)}`);
  }
  if (!isPlain(value)) throw new ArgumentError(`${expected}, got ${show(value)}`);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError(`${what}: unknown ${kind} ${show(unknown)}; ${hint(unknown, names)}`);
  }
  const missing = names.find((name) => value[name] === undefined);
  if (missing !== undefined && !optional) {
    throw new ArgumentError(`${what}: expected something for ${kind} ${show(missing)}, got none`);
  }
  return names.map((name) => value[name]);
}
