import { DataError, FerrogradError } from "../../errors.ts";
import { isPlain, show } from "../../options/index.ts";
import { type Flat, flatten, type NestedNumbers, type NumberArray } from "../../values/flat.ts";
import type { Features, Labels, Rows } from "../../values/rows.ts";
import type { View } from "./items.ts";

/** What becomes of a part of the elements in a batch. */
export type Column<V> = V extends string
  ? string[]
  : V extends Int32Array
    ? Rows<Int32Array>
    : V extends NumberArray | NestedNumbers
      ? Features
      : V extends number | { readonly shape: readonly number[] }
        ? Labels
        : V extends object
          ? { [name in keyof V]: Column<V[name]> }
          : never;

/** A batch of elements: of a list a list, of an object an object, of numbers rows with a shape. */
export type Batched<T> = T extends readonly unknown[]
  ? { [i in keyof T]: Column<T[i]> }
  : Column<T>;

/** How the numbers of one part of the elements become rows; `part` names it: 0, or "x", or "x.left". */
export type Stack = (where: string, values: readonly Flat[], at: number, part: string) => Labels;

/**
 * The elements of a batch side by side. A list is one of parts (x, y, ...), at its top level only; an object is one of
 * parts by name; numbers, typed arrays, nested arrays and values with a shape become rows, texts a list.
 */
export function collate(
  where: string,
  elements: readonly unknown[],
  at: number,
  stack: Stack = stacked,
): unknown {
  const [first] = elements;
  if (!Array.isArray(first)) return column(where, elements, at, "", stack);
  return first.map((_, i) => {
    const parts = elements.map((element, row) => {
      if (Array.isArray(element) && element.length === first.length) return element[i] as unknown;
      const got = Array.isArray(element) ? `${element.length} parts` : show(element);
      throw new DataError(
        `${where}: element ${at + row}: expected ${first.length} parts as before, got ${got}`,
      );
    });
    return column(where, parts, at, String(i), stack);
  });
}

function column(
  where: string,
  values: readonly unknown[],
  at: number,
  part: string,
  stack: Stack,
): unknown {
  const [first] = values;
  const of = part === "" ? "" : `, part ${part}`;
  const wrong = (row: number, expected: string) =>
    new DataError(
      `${where}: element ${at + row}${of}: expected ${expected}, got ${show(values[row])}`,
    );
  if (typeof first === "string") {
    const bad = values.findIndex((value) => typeof value !== "string");
    if (bad >= 0) throw wrong(bad, "text as before");
    return [...values];
  }
  if (isPlain(first) && !("shape" in first)) {
    const names = Object.keys(first);
    values.forEach((value, row) => {
      const same = isPlain(value) && Object.keys(value).length === names.length;
      if (!same || !names.every((name) => Object.hasOwn(value, name))) {
        throw wrong(row, `an object with ${names.join(", ")} as before`);
      }
    });
    return Object.fromEntries(
      names.map((name) => {
        const parts = values.map((value) => (value as Record<string, unknown>)[name]);
        return [name, column(where, parts, at, part === "" ? name : `${part}.${name}`, stack)];
      }),
    );
  }
  const flats = values.map((value, row): Flat => {
    if (typeof value === "number") return { data: [value], shape: [] };
    try {
      return flatten(`${where}: element ${at + row}${of}`, value, 0);
    } catch (error) {
      if (error instanceof FerrogradError && error.code !== "argument") throw error;
      throw wrong(row, "numbers, arrays of them or text");
    }
  });
  return stack(where, flats, at, part);
}

/** Rows of one shape. */
function stacked(where: string, values: readonly Flat[], at: number, part: string): Labels {
  const { shape } = values[0]!;
  values.forEach((value, row) => {
    if (value.shape.length !== shape.length || value.shape.some((d, i) => d !== shape[i])) {
      throw otherShape(where, at + row, part, shape, value.shape);
    }
  });
  const width = shape.reduce((product, d) => product * d, 1);
  const data = room(values, width);
  values.forEach((value, row) => {
    data.set(value.data, row * width);
  });
  return { data, shape: [values.length, ...shape] } as Labels;
}

export const otherShape = (
  where: string,
  at: number,
  part: string,
  expected: readonly number[],
  got: readonly number[],
) =>
  new DataError(
    `${where}: element ${at}${part === "" ? "" : `, part ${part}`}: expected shape [${expected.join(", ")}] as ` +
      `before, got [${got.join(", ")}]; paddedBatch() fills up what is shorter`,
  );

/** int32 where all are, else float32. */
export const room = (values: readonly Flat[], width: number): Float32Array | Int32Array =>
  values.every(({ data }) => data instanceof Int32Array)
    ? new Int32Array(values.length * width)
    : new Float32Array(values.length * width);

/** Of elements that are there as they are. */
export const collated: View<unknown, never> = {
  element: (item) => item as never,
  batch: (where, items, at) => collate(where, items, at),
};
