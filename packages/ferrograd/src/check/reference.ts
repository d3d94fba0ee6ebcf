import type { Spec } from "../graph/op.ts";
import type { Shape } from "../values/shape.ts";

/** Values of a tensor in float64; integers are exact. */
export interface Values {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * An op in float64: naive loops over row-major data, one result per output. Independent of the
 * kernels, so that neither can hide the other's mistakes. Attributes are private to each op.
 */
export type Reference = (
  inputs: readonly Values[],
  attrs: never,
  outputs: readonly Spec[],
) => readonly Float64Array[];

/** References by the name of their op. */
export type References = Readonly<Record<string, Reference>>;

/** Where element i of a tensor of shape `to` comes from in one of shape `from` that broadcasts to it. */
export function broadcastIndex(from: Shape, to: Shape): (i: number) => number {
  const lead = to.length - from.length;
  return (i) => {
    let rest = i;
    let at = 0;
    let stride = 1;
    for (let axis = to.length - 1; axis >= lead; axis--) {
      const size = from[axis - lead]!;
      at += (size === 1 ? 0 : rest % to[axis]!) * stride;
      stride *= size;
      rest = Math.floor(rest / to[axis]!);
    }
    return at;
  };
}

/** Rows and row length along the last axis. */
export function rowsOf({ shape, data }: Values): { rows: number; n: number } {
  const n = shape[shape.length - 1]!;
  return { rows: data.length / n, n };
}
