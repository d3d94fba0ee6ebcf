import {
  add,
  binaryCrossentropy,
  categoricalCrossentropy,
  dense,
  grad,
  jit,
  logSoftmax,
  matmul,
  mean,
  meanSquaredError,
  mul,
  sequential,
  sigmoid,
  softmax,
  square,
  std,
  sub,
  sum,
  type Tensor,
  tensor,
  variance,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { floats } from "./support/numbers.ts";
import { isOurs, ours } from "./support/shares.ts";

type Sizes = readonly [outer: number, n: number, inner: number];

/** Sum and sum of |x| over the middle axis, in float64. */
function exact(x: Float32Array, [outer, n, inner]: Sizes) {
  const sums = new Float64Array(outer * inner);
  const sizes = new Float64Array(outer * inner);
  for (let i = 0; i < x.length; i++) {
    const at = Math.floor(i / (n * inner)) * inner + (i % inner);
    sums[at]! += x[i]!;
    sizes[at]! += Math.abs(x[i]!);
  }
  return { sums, sizes };
}

/** The largest distance from float64, in units of the sum of |x|; a result that is not finite must be the same. */
function worst(got: ArrayLike<number>, x: Float32Array, sizes: Sizes, by = 1): number {
  const right = exact(x, sizes);
  return Math.max(
    ...Array.from(right.sums, (total, i) => {
      const expected = Math.fround(total / by);
      if (!Number.isFinite(right.sizes[i]!)) return Object.is(got[i], expected) ? 0 : Infinity;
      const distance = Math.abs(got[i]! * by - total);
      return distance <= 1e-45 * by ? 0 : distance / right.sizes[i]!;
    }),
  );
}

const KINDS: { readonly [name: string]: (u: number, i: number) => number } = {
  uniform: (u) => u,
  "far from zero": (u) => 1e4 + u,
  equal: () => 0.1,
  alternating: (u, i) => (i % 2 === 0 ? 1 + u : -1 - u),
  "huge and tiny": (u) => (u > 0 ? 1e20 * u : 1e-20 * u),
  denormal: (u) => u * 1e-40,
  infinite: (u, i) => (i === 7 ? Infinity : u),
  "both infinities": (u, i) => (i === 7 ? Infinity : i === 19 ? -Infinity : u),
  NaN: (u, i) => (i === 11 ? Number.NaN : u),
};

const SIZES: readonly Sizes[] = [
  ...([
    [1, 1, 1],
    [1, 7, 1],
    [1, 31, 1],
    [1, 100_003, 1],
  ] as const),
  ...([
    [9, 10, 1],
    [50, 33, 1],
    [3, 4097, 1],
  ] as const),
  ...([
    [1, 9, 2],
    [1, 100, 3],
    [1, 10_000, 4],
    [1, 5000, 17],
    [1, 12, 1300],
  ] as const),
  ...([
    [2, 5, 3],
    [4, 100, 6],
    [2, 4100, 5],
  ] as const),
];

describe("sums and means", () => {
  test.each(ours(Object.keys(KINDS)))("%s: within 2.4e-7 of float64 along every axis", (kind) => {
    for (const sizes of SIZES) {
      const [outer, n, inner] = sizes;
      const x = floats(outer * n * inner, n).map(KINDS[kind]!);
      const of = tensor(x, sizes);
      expect(worst(sum(of, { axis: 1 }).data(), x, sizes), `sum ${sizes}`).toBeLessThan(2.4e-7);
      expect(worst(mean(of, { axis: 1 }).data(), x, sizes, n), `mean ${sizes}`).toBeLessThan(
        2.4e-7,
      );
    }
  });

  test.runIf(isOurs(0))("ten million numbers", () => {
    const n = 10_000_000;
    const x = new Float32Array(n).fill(0.1);
    expect(sum(tensor(x, [n])).item()).toBe(Math.fround(Math.fround(0.1) * n));
    expect(mean(tensor(x, [n])).item()).toBe(Math.fround(0.1));
    const columns = mean(tensor(x, [n / 8, 8]), { axis: 0 }).data();
    expect([...columns]).toEqual(new Array(8).fill(Math.fround(0.1)));
  });

  test("the variance down the rows of numbers far from zero", () => {
    const shape = [10_000, 4] as const;
    const x = floats(40_000, 5, 1e4, 1e4 + 1);
    const spread = jit((x: Tensor) => mean(square(sub(x, mean(x, { axis: 0 }))), { axis: 0 }));
    const { sums } = exact(x, [1, ...shape]);
    const squares = new Float64Array(4);
    for (let i = 0; i < x.length; i++) squares[i % 4]! += (x[i]! - sums[i % 4]! / 1e4) ** 2;
    const got = spread(tensor(x, shape)).data();
    for (const [j, value] of got.entries()) {
      expect(Math.abs(value / (squares[j]! / 1e4) - 1)).toBeLessThan(1e-5);
    }
  });

  test.each([
    ["down the rows", [2000, 4], [0]],
    ["over all", [2000, 4], undefined],
    ["over two axes apart", [40, 5, 30], [0, 2]],
    ["over two axes apart, few and many", [3, 5, 400], [0, 2]],
  ] as const)("variance and std %s are as exact near 1e6 as near 0", (_what, shape, axis) => {
    const size = shape.reduce<number>((product, n) => product * n, 1);
    for (const least of [0, 1e4, 1e6]) {
      const x = floats(size, 5, least, least + 1);
      const of = tensor(x, shape);
      const kept = axis ?? shape.map((_, i) => i);
      // Elements that have a place along the other axes in common.
      const groups = new Map<string, number[]>();
      for (const [i, value] of x.entries()) {
        const place = shape.map((n, k) => {
          const below = shape.slice(k + 1).reduce<number>((product, m) => product * m, 1);
          return (kept as readonly number[]).includes(k) ? 0 : Math.floor(i / below) % n;
        });
        const group = groups.get(`${place}`);
        if (group === undefined) groups.set(`${place}`, [value]);
        else group.push(value);
      }
      const right = [...groups.values()].map((group) => {
        const middle = group.reduce((total, value) => total + value) / group.length;
        return group.reduce((total, value) => total + (value - middle) ** 2, 0) / group.length;
      });
      const options = axis === undefined ? {} : { axis };
      const spreads = { variance: variance(of, options), std: std(of, options) };
      for (const [name, got] of Object.entries(spreads)) {
        got.data().forEach((value, j) => {
          const expected = name === "std" ? Math.sqrt(right[j]!) : right[j]!;
          expect(Math.abs(value / expected - 1), `${name} near ${least}`).toBeLessThan(1e-6);
        });
      }
    }
  });

  test("of nothing: 0, and no mean", () => {
    expect(sum(zeros([2, 0]), { axis: 1 }).array()).toEqual([0, 0]);
    expect(mean(zeros([0, 2]), { axis: 0 }).array()).toEqual([Number.NaN, Number.NaN]);
    expect(mean(zeros([0])).item()).toBeNaN();
    expect(Object.is(sum([-0, -0, -0]).item(), 0)).toBe(true);
  });
});

/** What sums inside of other operations; one number would drift where they were added in float32. */
describe("other sums", () => {
  const rows = 100_000;
  const tenth = Math.fround(0.1);

  test("gradients of a bias, alone and behind a product", () => {
    const x = tensor(new Float32Array(rows).fill(0.1), [rows, 1]);
    const bias = zeros([1]);
    const right = Math.fround(tenth * rows);
    expect(grad(sum(mul(add(zeros([rows, 1]), bias), x)), [bias])[0].array()).toEqual([right]);
    const b = zeros([2]);
    const y = add(matmul(x, zeros([1, 2])), b);
    const weights = tensor(new Float32Array(2 * rows).fill(0.1), [rows, 2]);
    expect(grad(sum(mul(y, weights)), [b])[0].array()).toEqual([right, right]);
    const slopes = grad(sum(mul(sigmoid(y), weights)), [b])[0].array();
    expect(slopes).toEqual([right / 4, right / 4]);
  });

  test("softmax of many classes", () => {
    const logits = zeros([1, rows]);
    const each = Math.fround(1 / rows);
    expect(
      softmax(logits)
        .data()
        .every((p) => p === each),
    ).toBe(true);
    const x = floats(rows, 3, -3, 3);
    const total = x.reduce((sum, v) => sum + Math.exp(v), 0);
    const log = logSoftmax(tensor(x, [1, rows])).data();
    expect(Math.abs(log[5]! - (x[5]! - Math.log(total)))).toBeLessThan(2e-6);
  });

  test("cross-entropies and squared errors of many columns or rows", () => {
    const t = new Float32Array(rows).fill(1 / rows);
    const [loss] = categoricalCrossentropy(tensor(t, [1, rows]), zeros([1, rows])).data();
    const share = t.reduce((sum, v) => sum + v, 0);
    expect(Math.abs(loss! / (share * Math.log(rows)) - 1)).toBeLessThan(3e-7);
    const one = (y: number) => tensor(new Float32Array(rows).fill(y), [rows, 1]);
    expect(mean(meanSquaredError(one(0), one(tenth))).item()).toBe(Math.fround(tenth * tenth));
    expect(mean(binaryCrossentropy(one(1), one(0))).item()).toBe(Math.fround(Math.LN2));
  });

  test("loss and metrics over an epoch are added up in float64", () => {
    const model = sequential([dense(1, { kernelInitializer: "zeros" })], {
      inputShape: [1],
    }).compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["meanAbsoluteError"] });
    const x = tensor(new Float32Array(rows), [rows, 1]);
    const y = tensor(new Float32Array(rows).fill(0.1), [rows, 1]);
    const { loss, meanAbsoluteError } = model.evaluate({ x, y });
    expect(Math.abs(meanAbsoluteError - tenth)).toBeLessThan(1e-12);
    expect(Math.abs(loss - Math.fround(tenth * tenth))).toBeLessThan(1e-12);
  });
});
