import {
  ArgumentError,
  argmax,
  broadcastTo,
  cast,
  DataError,
  gather,
  max,
  mean,
  oneHot,
  reshape,
  ShapeError,
  softmax,
  sum,
  tensor,
  transpose,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { integers, random } from "./support/numbers.ts";
import { expectReference } from "./support/reference.ts";

describe("shapes", () => {
  test("reshape keeps the order and infers -1", () => {
    const x = random([2, 3, 4]);
    const y = reshape(x, [-1, 6]);
    expect(y.shape).toEqual([4, 6]);
    expectSameBits(y.data(), x.data());
    expect(reshape(reshape(x, [24]), [2, 3, 4]).array()).toEqual(x.array());
    expect(() => reshape(x, [5, -1])).toThrow(
      new ShapeError("reshape(): expected a shape of 24 elements, got [5, -1] for [2, 3, 4]"),
    );
  });

  test("transpose moves every axis", () => {
    const x = random([2, 3, 4, 1]);
    for (const axes of [
      [3, 2, 1, 0],
      [1, 0, 2, 3],
      [0, 2, 1, 3],
      [-1, 0, -2, 1],
      [0, 1, 2, 3],
    ]) {
      expectReference(transpose(x, axes), { tol: 0, what: `[${axes}]` });
    }
    expect(
      transpose([
        [1, 2, 3],
        [4, 5, 6],
      ]).array(),
    ).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(transpose(random([1, 2, 1, 3, 2, 1, 2, 3])).shape).toEqual([3, 2, 1, 2, 3, 1, 2, 1]);
    expect(() => transpose(x, [0, 0, 1, 2])).toThrow(ArgumentError);
  });

  test("broadcastTo stretches, also integers", () => {
    expectReference(broadcastTo(random([3, 1, 2]), [2, 3, 4, 2]), { tol: 0 });
    expect(broadcastTo(tensor([1, 2], [2], "int32"), [2, 2]).array()).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(() => broadcastTo([1, 2], [3])).toThrow(ShapeError);
    expect(() => broadcastTo([[1, 2]], [2])).toThrow(ShapeError);
  });
});

describe("reductions", () => {
  const axes = [undefined, 0, 1, 2, -1, [0, 1], [0, 2], [1, 2], [0, 1, 2], []] as const;

  for (const [name, reduce] of Object.entries({ sum, mean, max })) {
    test(`${name} over every choice of axes`, () => {
      const x = random([3, 4, 5]);
      for (const axis of axes) {
        const y = reduce(x, axis === undefined ? {} : { axis });
        const gone = new Set(
          (axis === undefined ? [0, 1, 2] : [axis].flat()).map((a) => (a + 3) % 3),
        );
        expect(y.shape).toEqual([3, 4, 5].filter((_, i) => !gone.has(i)));
        expectReference(y, { what: `axis ${axis}` });
        const kept = reduce(x, axis === undefined ? { keepDims: true } : { axis, keepDims: true });
        expect(kept.shape).toEqual([3, 4, 5].map((size, i) => (gone.has(i) ? 1 : size)));
      }
    });

    test(`${name} of long and odd sizes`, () => {
      for (const n of [1, 15, 16, 17, 4095, 4096, 4097, 20_000]) {
        expectReference(reduce(random([n], n)), { tol: 1e-5, what: `${n}` });
      }
      expectReference(reduce(random([5000, 3], 2), { axis: 0 }), { tol: 1e-5 });
    });
  }

  test("max is NaN when any value is", () => {
    expect(max([1, Number.NaN, 3]).item()).toBeNaN();
    expect(max([-Infinity, -5]).item()).toBe(-5);
  });

  test("the sum of nothing is 0", () => {
    expect(sum(zeros([0, 3]), { axis: 0 }).array()).toEqual([0, 0, 0]);
  });

  test("an axis that is not there is refused", () => {
    expect(() => sum([1, 2], { axis: 1 })).toThrow(
      new ArgumentError("sum(): axis: expected an integer from -1 to 0, got 1"),
    );
  });
});

describe("softmax", () => {
  test("is its formula along the last axis, at any rank", () => {
    for (const shape of [[1], [7], [3, 5], [2, 3, 17], [4, 1]]) {
      expectReference(softmax(random(shape, 1, -20, 20)));
    }
  });

  test("does not overflow", () => {
    expect(softmax([1e30, 0]).array()).toEqual([1, 0]);
    expect(softmax([-1000, -1000]).array()).toEqual([0.5, 0.5]);
  });
});

describe("indexing", () => {
  test("gather takes rows, repeated and of any rank", () => {
    expectReference(gather(random([5, 3]), integers([2, 4], 5)), { tol: 0 });
    expectReference(gather(random([5]), integers([6], 5)), { tol: 0 });
    expectReference(gather(random([3, 2, 2]), integers([4], 3)), { tol: 0 });
    const rows = gather(
      [
        [1, 2],
        [3, 4],
      ],
      tensor([1, 1, 0], [3], "int32"),
    );
    expect(rows.array()).toEqual([
      [3, 4],
      [3, 4],
      [1, 2],
    ]);
  });

  test("oneHot and argmax are inverse", () => {
    const labels = integers([3, 5], 7);
    const rows = oneHot(labels, 7);
    expect(rows.shape).toEqual([3, 5, 7]);
    expectReference(rows, { tol: 0 });
    expect(argmax(rows).array()).toEqual(labels.array());
  });

  test("argmax gives the first of equals, int32", () => {
    const at = argmax([
      [1, 3, 3],
      [2, 2, 2],
    ]);
    expect(at.dtype).toBe("int32");
    expect(at.array()).toEqual([1, 0]);
    expectReference(argmax(random([6, 33])), { tol: 0 });
  });

  test("cast cuts towards zero and stays in range", () => {
    const values = [1.9, -1.9, 0.5, Number.NaN, 1e20, -1e20];
    expect(cast(values, "int32").array()).toEqual([1, -1, 0, 0, 2147483647, -2147483648]);
    const back = cast(tensor([1, -2], [2], "int32"), "float32");
    expect([back.dtype, back.array()]).toEqual(["float32", [1, -2]]);
  });

  test("an index outside is an error with its place, not a read outside", () => {
    const at = (...indices: number[]) => tensor(indices, [indices.length], "int32");
    expect(() => gather([[1], [2]], at(0, 2)).data()).toThrow(
      new DataError("gather(): element 1: expected an index from 0 to 1, got 2"),
    );
    expect(() => gather([[1], [2]], at(-1)).data()).toThrow(DataError);
    expect(() => oneHot(at(0, 3, 1), 3).data()).toThrow(
      new DataError("oneHot(): element 1: expected an index from 0 to 2, got 3"),
    );
    expect(() => gather([[1]], tensor([0]))).toThrow(
      new ArgumentError("gather(): expected an int32 tensor, got float32; cast() converts"),
    );
  });
});
