import type { References, Values } from "./reference.ts";

/** The places along the middle axis of (outer, n, inner), by place among (outer, inner). */
function places({ shape }: Values): number[][] {
  const [outer, n, inner] = shape as [number, number, number];
  return Array.from({ length: outer * inner }, (_, at) => {
    const first = Math.floor(at / inner) * n * inner + (at % inner);
    return Array.from({ length: n }, (_, i) => first + i * inner);
  });
}

const total = (at: readonly number[], value: (i: number) => number): number =>
  at.reduce((sum, i) => sum + value(i), 0);

export const momentsReferences: References = {
  moments: ([x]) => {
    const all = places(x!);
    const means = all.map((at) => total(at, (i) => x!.data[i]!) / at.length);
    const spread = (at: number[], mean: number) =>
      total(at, (i) => (x!.data[i]! - mean) ** 2) / at.length;
    return [means, all.map((at, j) => spread(at, means[j]!))].map((one) => Float64Array.from(one));
  },
  momentsBackward: ([x, dy, mean]) => {
    const all = places(x!);
    const product = (at: number[], j: number) =>
      total(at, (i) => dy!.data[i]! * (x!.data[i]! - mean!.data[j]!));
    return [all.map((at) => total(at, (i) => dy!.data[i]!)), all.map(product)].map((one) =>
      Float64Array.from(one),
    );
  },
  normalized: ([y]) => [y!.data],
  onePass: ([y]) => [y!.data],
};
