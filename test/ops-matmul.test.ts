import {
  add,
  matmul,
  relu,
  ShapeError,
  sigmoid,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { floats, random } from "./support/numbers.ts";
import { expectReference } from "./support/reference.ts";

/** Float32 sums in the order of k, each product and each sum rounded: what every path must equal. */
function naive(a: Float32Array, b: Float32Array, m: number, n: number, k: number): Float32Array {
  const c = new Float32Array(m * n); // (m, n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let p = 0; p < k; p++) {
        total = Math.fround(total + Math.fround(a[i * k + p]! * b[p * n + j]!));
      }
      c[i * n + j] = total;
    }
  }
  return c;
}

function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]!);
}

function expectExact(m: number, n: number, k: number): void {
  const a = floats(m * k, m + 31 * k);
  const b = floats(k * n, n + 17 * k);
  const expected = naive(a, b, m, n, k);
  const left = [tensor(a, [m, k]), transpose(tensor(transposed(a, m, k), [k, m]))];
  const right = [tensor(b, [k, n]), transpose(tensor(transposed(b, k, n), [n, k]))];
  for (const [i, x] of left.entries()) {
    for (const [j, y] of right.entries()) {
      expectSameBits(matmul(x, y).data(), expected, `${m}x${n}x${k} transposed ${i} ${j} `);
    }
  }
}

describe("matmul", () => {
  test("has the bits of the naive loop for small sizes and all transposes", () => {
    for (const m of [1, 2, 4, 5, 9]) {
      for (const n of [1, 3, 4, 8, 9, 17]) {
        for (const k of [1, 2, 7, 16]) expectExact(m, n, k);
      }
    }
  });

  test("has the bits of the naive loop around the blocks", () => {
    for (const [m, n, k] of [
      [31, 33, 64],
      [64, 10, 129],
      [33, 128, 65],
      [1, 257, 300],
      [130, 7, 257],
    ]) {
      expectExact(m!, n!, k!);
    }
  });

  test("with bias and relu only adds and cuts after the sum", () => {
    const [m, n, k] = [7, 19, 23];
    const [a, b, bias] = [floats(m * k, 1), floats(k * n, 2), floats(n, 3)];
    const z = add(matmul(tensor(a, [m, k]), tensor(b, [k, n])), bias);
    const expected = naive(a, b, m, n, k).map((sum, i) => Math.fround(sum + bias[i % n]!));
    expectSameBits(
      relu(z).data(),
      expected.map((v) => Math.max(v, 0)),
    );
    expectSameBits(z.data(), expected);
    expectReference(sigmoid(add(bias, matmul(tensor(a, [m, k]), tensor(b, [k, n])))), {
      tol: 1e-5,
    });
  });

  test("a row's result does not depend on its batch", () => {
    const x = random([16, 30]);
    const w = random([30, 21], 2);
    const together = matmul(x, w).data();
    for (let row = 0; row < 16; row++) {
      const alone = matmul(tensor(x.data().slice(row * 30, (row + 1) * 30), [1, 30]), w).data();
      expectSameBits(alone, together.slice(row * 21, (row + 1) * 21));
    }
  });

  test("takes more axes as a batch of rows", () => {
    const y = matmul(random([2, 3, 4]), random([4, 5], 2));
    expect(y.shape).toEqual([2, 3, 5]);
    expectReference(y);
  });

  test("a batch is the products of its matrices, stored as they are or transposed", () => {
    for (const [m, n, k] of [
      [1, 1, 1],
      [3, 2, 5],
      [5, 7, 9],
      [17, 40, 33],
      [1, 30, 20],
    ] as const) {
      const count = 3;
      const [a, b] = [floats(count * m * k, 1), floats(count * k * n, 2)];
      const expected = [0, 1, 2].flatMap((i) => [
        ...naive(a.subarray(i * m * k), b.subarray(i * k * n), m, n, k),
      ]);
      const x = tensor(a, [count, m, k]);
      const y = tensor(b, [count, k, n]);
      const swap = (t: Tensor) => {
        const stored = transpose(t, [0, 2, 1]);
        return transpose(tensor(stored.data(), stored.shape), [0, 2, 1]);
      };
      for (const left of [x, swap(x)]) {
        for (const right of [y, swap(y)]) {
          const c = matmul(left, right);
          expect(c.shape).toEqual([count, m, n]);
          expectSameBits(c.data(), Float32Array.from(expected), `${m}x${n}x${k} `);
        }
      }
    }
  });

  test("batches broadcast", () => {
    for (const [a, b, shape] of [
      [
        [2, 3],
        [4, 3, 5],
        [4, 2, 5],
      ],
      [
        [4, 2, 3],
        [1, 3, 5],
        [4, 2, 5],
      ],
      [
        [1, 1, 2, 3],
        [4, 3, 5],
        [1, 4, 2, 5],
      ],
      [
        [6, 1, 2, 3],
        [4, 3, 5],
        [6, 4, 2, 5],
      ],
      [
        [6, 4, 2, 3],
        [6, 4, 3, 5],
        [6, 4, 2, 5],
      ],
      [
        [2, 1, 3, 2, 3],
        [5, 1, 3, 4],
        [2, 5, 3, 2, 4],
      ],
      [
        [0, 2, 3],
        [1, 3, 5],
        [0, 2, 5],
      ],
      [
        [4, 2, 0],
        [4, 0, 5],
        [4, 2, 5],
      ],
      [
        [4, 0, 3],
        [4, 3, 5],
        [4, 0, 5],
      ],
    ]) {
      const operand = (shape: number[]) => (shape.includes(0) ? zeros(shape) : random(shape));
      const c = matmul(operand(a!), operand(b!));
      expect(c.shape).toEqual(shape);
      expectReference(c, { what: `${a} ${b}` });
    }
  });

  test("an inner size of 0 gives zeros, no rows give nothing", () => {
    expect(matmul(zeros([2, 0]), zeros([0, 3])).array()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).toEqual([0, 3]);
    expect(matmul(zeros([0, 2]), zeros([2, 3])).data()).toHaveLength(0);
  });

  test("names shapes that do not fit", () => {
    expect(() => matmul([[1, 2]], [[1, 2]])).toThrow(
      new ShapeError("matmul(): expected (…, m, k) and (…, k, n), got [1, 2] and [1, 2]"),
    );
    expect(() => matmul(1, [[1], [2]])).toThrow(ShapeError);
    expect(() => matmul(zeros([2, 1, 3]), zeros([4, 3, 1]))).toThrow(
      new ShapeError("matmul(): expected shapes that broadcast, got [2] and [4]"),
    );
  });
});
