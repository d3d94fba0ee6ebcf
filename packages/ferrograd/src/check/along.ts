import type { IntegerName } from "../engine/ops.generated.ts";
import { inPlaces } from "../graph/op.ts";
import { around, type ScanAttrs } from "../graph/ops/along.ts";
import { type Shape, sizeOf } from "../values/shape.ts";
import { checked } from "./indexing.ts";
import type { References, Values } from "./reference.ts";

/** Where element i of a shape stands along each axis. */
function placeOf(i: number, shape: Shape): number[] {
  let rest = i;
  return shape.map((_, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    const at = Math.floor(rest / stride);
    rest %= stride;
    return at;
  });
}

const offsetOf = (place: readonly number[], shape: Shape): number =>
  place.reduce((sum, at, axis) => sum + at * sizeOf(shape.slice(axis + 1)), 0);

/** Where the element that an index names lies in a tensor, for element i of the indices. */
function named(x: Values, indices: Values, axis: number, i: number): number {
  const at = checked(indices.data[i]!, x.shape[axis]!);
  return offsetOf(placeOf(i, indices.shape).with(axis, at), x.shape);
}

/** Of integers, in exact arithmetic. */
const wrapped = (value: bigint): number => Number(BigInt.asIntN(32, value));
const INTEGERS: { readonly [name in IntegerName]: (a: number, b: number) => number } = {
  less: (a, b) => Number(a < b),
  equal: (a, b) => Number(a === b),
  add: (a, b) => wrapped(BigInt(a) + BigInt(b)),
  sub: (a, b) => wrapped(BigInt(a) - BigInt(b)),
  mul: (a, b) => wrapped(BigInt(a) * BigInt(b)),
  maximum: Math.max,
  minimum: Math.min,
  floorDiv: (a, b) => (b === 0 ? 0 : wrapped(BigInt(Math.floor(a / b)))),
  mod: (a, b) => (b === 0 ? 0 : a - b * Math.floor(a / b)),
};

/** Pieces of tensors, and what goes along an axis. */
export const alongReferences: References = {
  stopGradient: ([x]) => [x!.data.slice()],
  slice: ([x], { starts, sizes, steps }: { [key in "starts" | "sizes" | "steps"]: Shape }) => [
    Float64Array.from({ length: sizeOf(sizes) }, (_, i) => {
      const place = placeOf(i, sizes).map((at, axis) => starts[axis]! + at * steps[axis]!);
      return x!.data[offsetOf(place, x!.shape)]!;
    }),
  ],
  concatenate: (parts, { axis, shape }: { axis: number; shape: Shape }) => [
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      const place = placeOf(i, shape);
      let at = place[axis]!;
      const own = parts.find((part) => {
        if (at < part.shape[axis]!) return true;
        at -= part.shape[axis]!;
        return false;
      })!;
      const inside = place.map((p, j) => (own.shape[j] === 1 ? 0 : p));
      return own.data[offsetOf(inside.with(axis, at), own.shape)]!;
    }),
  ],
  takeAlongAxis: ([x, indices], { axis }: { axis: number }) => [
    indices!.data.map((_, i) => x!.data[named(x!, indices!, axis, i)]!),
  ],
  putAlongAxis: ([x, indices, values], { axis, adds }: { axis: number; adds: boolean }) => {
    const y = x!.data.slice();
    values!.data.forEach((value, i) => {
      const at = named(x!, indices!, axis, i);
      y[at] = adds ? y[at]! + value : value;
    });
    return [y];
  },
  scan: (inputs, { axis, reverse, start, there }: ScanAttrs, [y]) => {
    const [factors, terms] = inPlaces(there, inputs, undefined);
    const { n, inner } = around(y!, axis);
    const results = new Float64Array(sizeOf(y!.shape));
    for (let i = 0; i < results.length; i++) {
      const along = Math.floor(i / inner) % n;
      const at = i + (reverse ? n - 1 - 2 * along : 0) * inner;
      const before = along === 0 ? start : results[at + (reverse ? inner : -inner)]!;
      results[at] = (factors?.data[at] ?? 1) * before + (terms?.data[at] ?? 0);
    }
    return [results];
  },
  argsort: ([x], { descending }: { descending: boolean }) => {
    const n = x!.shape.at(-1)!;
    const way = descending ? -1 : 1;
    const compare = (a: number, b: number) =>
      Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || way * (Number(a > b) - Number(a < b));
    return [
      x!.data.map((_, i) => {
        const first = i - (i % n);
        const order = Array.from({ length: n }, (_, j) => j);
        return order.sort((a, b) => compare(x!.data[first + a]!, x!.data[first + b]!))[i - first]!;
      }),
    ];
  },
  reduceIntegers([x], { integer }: { integer: IntegerName }) {
    const [outer, n, inner] = x!.shape as [number, number, number];
    const along = Array.from({ length: n }, (_, i) => i * inner);
    return [
      Float64Array.from({ length: outer * inner }, (_, at) => {
        const first = Math.floor(at / inner) * n * inner + (at % inner);
        const values = along.map((i) => x!.data[first + i]!);
        return values.length === 0 ? 0 : values.reduce(INTEGERS[integer]);
      }),
    ];
  },
  integers: ([a, b], { integer }: { integer: IntegerName }) => [
    a!.data.map((x, i) => INTEGERS[integer](x, b!.data[i]!)),
  ],
};
