import {
  ArgumentError,
  add,
  cast,
  DataError,
  grad,
  jit,
  matmul,
  mul,
  sum,
  type Tensor,
  tensor,
  transpose,
  variable,
} from "ferrograd";
import { evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";

const types = ["float32", "int32", "bool"] as const;
const samples = { float32: [0, -0.5, 2, Number.NaN], int32: [0, -3, 2 ** 24], bool: [0, 1] };

describe("element types", () => {
  test("convert to each other: floats are cut, and all but 0 is true", () => {
    const into = {
      float32: (x: number) => Math.fround(x),
      int32: (x: number) => Math.trunc(x) || 0,
      bool: (x: number) => Number(x !== 0),
    };
    for (const from of types) {
      for (const to of types) {
        const x = tensor(samples[from], undefined, from);
        const y = cast(x, to);
        expect([y.dtype, ...evaluateF64(y)]).toEqual([to, ...samples[from].map(into[to])]);
        const traced = jit((value: Tensor) => cast(value, to));
        expect(traced(x as Tensor).dtype).toBe(to);
        expect([...traced(x as Tensor).data()]).toEqual([...y.data()]);
      }
    }
  });

  test("hold what they can hold", () => {
    for (const [dtype, value] of [
      ["bool", 2],
      ["bool", Number.NaN],
      ["int32", 0.5],
      ["int32", 2 ** 31],
      ["float32", 1e39],
    ] as const) {
      const make = () => tensor([0, value], undefined, dtype);
      expect(make).toThrow(new RegExp(`element 1: expected a number that ${dtype} holds`));
      expect(make).toThrow(DataError);
    }
    expect(() => tensor(new Float32Array([0.5]), [1], "bool")).toThrow(DataError);
    expect(() => cast([1], "toString" as "bool")).toThrow(ArgumentError);
  });

  test("0 and 1 count as floats, move, are kept and print", () => {
    const mask = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      undefined,
      "bool",
    );
    expect(mul(mask, 3).array()).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(matmul(mask, mask).dtype).toBe("float32");
    expect(sum(mask).item()).toBe(2);
    expect(transpose(mask).dtype).toBe("bool");
    const kept = variable(mask);
    kept.assign(
      tensor(
        [
          [1, 1],
          [0, 0],
        ],
        undefined,
        "bool",
      ),
    );
    expect(String(kept)).toBe('variable "variable" bool [2, 2] [[1, 1], [0, 0]]');
    expect(() =>
      kept.assign([
        [1, 1],
        [0, 0],
      ]),
    ).toThrow("expected bool [2, 2], got float32");
  });

  test("a decision has the slope 0; 0 and 1 themselves have none", () => {
    const x = tensor([-1, 0, 2]);
    const on = cast(x, "bool");
    expect(grad(sum(mul(x, on)), [x])[0]!.array()).toEqual([1, 0, 1]);
    expect(grad(sum(cast(on, "float32")), [x])[0]!.array()).toEqual([0, 0, 0]);
    expect(() => grad(sum(add(on, x)), [on])).toThrow("expected a float32 tensor, got bool");
    const second = (y: Tensor) => grad(sum(mul(mul(y, y), cast(y, "bool"))), [y])[0]!;
    expect(grad(sum(second(x)), [x])[0]!.array()).toEqual([2, 0, 2]);
  });
});
