import { FormatError } from "../errors.ts";
import { isPlain, show } from "../options/index.ts";

// What stands in a file, checked: all throw a FormatError for anything else.

export const FLOATS = Float32Array;
export const DOUBLES = Float64Array;
export const WORDS = Int32Array;

function checked<T>(expected: string, is: (value: unknown) => boolean) {
  return (where: string, value: unknown): T => {
    if (is(value)) return value as T;
    throw new FormatError(`${where}: expected ${expected} in the file, got ${show(value)}`);
  };
}

export const record = /* @__PURE__ */ checked<Readonly<Record<string, unknown>>>(
  "an object",
  isPlain,
);
export const text = /* @__PURE__ */ checked<string>("a text", (value) => typeof value === "string");
export const number = /* @__PURE__ */ checked<number>(
  "a number",
  (value) => typeof value === "number",
);
export const truth = /* @__PURE__ */ checked<boolean>(
  "true or false",
  (value) => typeof value === "boolean",
);
export const count = /* @__PURE__ */ checked<number>(
  "an integer of 0 or more",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

const anyList = /* @__PURE__ */ checked<readonly unknown[]>("a list", Array.isArray);

export const list = <T>(
  where: string,
  value: unknown,
  each: (where: string, value: unknown) => T,
): T[] => anyList(where, value).map((one, i) => each(`${where}: ${i}`, one));

type ArrayType = abstract new (...args: never[]) => ArrayBufferView;

/** An array of one of these types. */
export function arrays<const A extends ArrayType>(
  where: string,
  value: unknown,
  types: readonly A[],
): InstanceType<A> {
  if (types.some((type) => value instanceof type)) return value as InstanceType<A>;
  throw new FormatError(`${where}: expected an array of numbers in the file, got ${show(value)}`);
}

export function oneOf<const T extends string>(
  where: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (allowed.includes(value as T)) return value as T;
  throw new FormatError(
    `${where}: expected one of ${allowed.join(", ")} in the file, got ${show(value)}`,
  );
}
