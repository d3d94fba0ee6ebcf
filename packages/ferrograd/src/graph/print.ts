import type { Shape } from "../values/shape.ts";
import type { AnyTensor } from "./tensor.ts";

/** Most entries that are shown along an axis; where there are more, the first and the last of them. */
const MOST = 6;
const ENDS = 3;
/** Digits of a number; more are in `data()`. */
const DIGITS = 6;

const number = (value: number): string =>
  Object.is(value, -0) ? "-0" : String(Number(value.toPrecision(DIGITS)));

/** The places along an axis that are shown, `undefined` for those left out. */
function places(size: number): (number | undefined)[] {
  const all = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i);
  return size <= MOST ? all(size) : [...all(ENDS), undefined, ...all(ENDS, size - ENDS)];
}

function nested(values: ArrayLike<number>, shape: Shape, at: number): string {
  if (shape.length === 0) return number(values[at]!);
  const [size, ...rest] = shape as readonly [number, ...number[]];
  const stride = rest.reduce((product, n) => product * n, 1);
  const parts = places(size).map((i) =>
    i === undefined ? "…" : nested(values, rest, at + i * stride),
  );
  return `[${parts.join(", ")}]`;
}

/**
 * Shape, type and first values in one line: `tensor float32 [2, 2] [[1, 2], [3, 4]]`. Never throws: a
 * tensor without values says why.
 */
export function print(tensor: AnyTensor, what: string): string {
  const head = `${what} ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  try {
    return `${head} ${nested(tensor.values(), tensor.shape, 0)}`;
  } catch (error) {
    return `${head} (no values: ${(error as Error).message})`;
  }
}
