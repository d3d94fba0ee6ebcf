import * as ferrograd from "ferrograd";
import {
  add,
  concatenate,
  grad,
  jit,
  mul,
  reshape,
  type Shape,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";
import { checkGradients, evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits, isClose } from "./support/allclose.ts";
import {
  ELEMENTWISE,
  type Elementwise,
  FUNCTIONS,
  type Row,
  SPECIAL,
} from "./support/functions.ts";
import { random } from "./support/numbers.ts";
import { isOurs } from "./support/shares.ts";

type Call = Row["call"] & ((...args: unknown[]) => ReturnType<Row["call"]>);
const named = (name: string): Call => (ferrograd as unknown as Record<string, Call>)[name]!;
const list = (result: ReturnType<Row["call"]>): readonly Tensor[] =>
  (Array.isArray(result) ? result : [result]) as readonly Tensor[];

/** Shapes that broadcast in every way, some without elements. */
const BROADCAST: readonly (readonly Shape[])[] = [
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3], []],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
  [[], [2, 1, 2], [1, 2]],
  [[4, 1, 2], [3, 1], [1]],
  [[0, 3], [1, 3], [3]],
];

const asFunction = ({ of, ...row }: Elementwise): Row => ({
  ...row,
  call: (...xs) => named(row.name)(...xs),
  shapes: Array.from({ length: of.length }, (_, i) => [[2, 3], [3], [2, 1]][i]!),
  empty: [Array.from({ length: of.length }, () => [0, 2])],
});
const ALL = [...ELEMENTWISE.map(asFunction), ...FUNCTIONS];

const inputsOf = ({ shapes, between = [-2, 2] }: Row, seed = 1) =>
  shapes.map((shape, i) => random(shape, seed + 10 * i, ...between));

/** A scalar with a slope of its own for each element. */
const weighed = (results: readonly Tensor[]): Tensor =>
  results
    .map((y, i) => sum(mul(y, random(y.shape, 77 + i))))
    .reduce((total, part) => add(total, part));

describe.each(ELEMENTWISE)("$name", ({ name, of, between }) => {
  test("is its formula in float64, with every kind of broadcasting", () => {
    for (const shapes of BROADCAST) {
      const own = shapes
        .slice(0, of.length)
        .map((shape, i) => random(shape, 5 + i, ...(between ?? [-2, 2])));
      const result = named(name)(...own) as Tensor;
      const all = own.map((x) => ferrograd.broadcastTo(x, result.shape).data());
      const expected = Array.from(result.data(), (_, i) => of(...all.map((x) => x[i]!)));
      if (name !== "erf") expectAllclose(result.data(), expected, 1e-5, name);
    }
  });

  test("is its formula where it has corners", () => {
    const pairs = SPECIAL.flatMap((a) => SPECIAL.map((b) => [a, b, 1] as const));
    const rows = [0, 1, 2].slice(0, of.length).map((i) => tensor(pairs.map((pair) => pair[i]!)));
    const expected = pairs.map((pair) => of(...pair.slice(0, of.length).map(Math.fround)));
    const got = (named(name)(...rows) as Tensor).data();
    const wrong = expected.flatMap((value, i) => {
      if (name === "erf" && Number.isNaN(value)) return [];
      // Zeros of either sign are as good.
      if (isClose(got[i]! + 0, Math.fround(value) + 0, 1e-5)) return [];
      return [`${name}(${pairs[i]!.slice(0, of.length)}): got ${got[i]}, expected ${value}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe.each(ALL)("$name", (row) => {
  const { name, call } = row;
  const isTried = !row.steps && isOurs(ALL.indexOf(row));

  test("has the values of the float64 references, traced as well as alone", () => {
    const inputs = inputsOf(row);
    const expected = list(call(...inputs)).map((y) => evaluateF64(y));
    const alone = list(call(...inputs)).map((y) => y.data());
    alone.forEach((y, i) => {
      expectAllclose(y, expected[i]!, 1e-5, name);
    });
    using traced = jit((...xs: Tensor[]) => [...list(call(...xs))]);
    traced(...inputs).forEach((y, i) => {
      expectSameBits(y.data(), alone[i]!, name);
    });
  });

  test("takes tensors without elements", () => {
    for (const shapes of row.empty ?? []) {
      const results = list(call(...shapes.map((shape) => random(shape))));
      for (const y of results) expectAllclose(y.data(), evaluateF64(y), 1e-5, name);
      expect(results.length).toBeGreaterThan(0);
    }
  });

  test.runIf(isTried)("has the gradient of finite differences, and that of its gradient", () => {
    const inputs = inputsOf(row);
    const loss = (...xs: Tensor[]) => weighed(list(call(...xs)));
    expect(checkGradients(loss, ...inputs).maxError).toBeLessThan(1e-3);
    const slopes = (...xs: Tensor[]) => {
      const anchored = xs.reduce((total, x) => add(total, sum(mul(x, mul(x, x)))), loss(...xs));
      return weighed(grad(anchored, xs));
    };
    expect(checkGradients(slopes, ...inputs).maxError).toBeLessThan(2e-3);
  });

  test.each((row.results ?? []).map((one, i) => [i, ...one] as const))(
    "gives what NumPy gives (%i)",
    (_, args, expected) => {
      const result = named(name)(...args);
      const got = list(result).map((y) => y.array());
      const flat = (value: unknown): number[] => [value].flat(9 as 1) as number[];
      const shape = (value: unknown): unknown =>
        Array.isArray(value) ? [value.length, value.length > 0 ? shape(value[0]) : []] : [];
      const whole = Array.isArray(result) ? got : got[0];
      expect(shape(whole)).toEqual(shape(expected));
      expectAllclose(flat(whole), flat(expected), 1e-6, name);
    },
  );

  test.each((row.refuses ?? []).map(([args, message]) => [message, args] as const))(
    "refuses: %s",
    (message, args) => {
      expect(() => named(name)(...args)).toThrow(message);
    },
  );
});

describe("functions in chains and programs", () => {
  test("comparisons and where join chains: one pass over memory", () => {
    const x = random([100]);
    const chain = (y: Tensor) =>
      ferrograd.where(ferrograd.greater(y, 0), ferrograd.floor(mul(y, 3)), ferrograd.expm1(y));
    expectSameBits(jit(chain)(x).data(), chain(x).data());
  });

  test("indices outside are refused as the step runs, with what they must be", () => {
    const at = (value: number) => tensor([0, value], [2], "int32");
    const take = jit((x: Tensor, i: Tensor) => ferrograd.takeAlongAxis(x, i));
    expect(() => take([1, 2, 3], at(3) as never)).toThrow(/3/);
    expect(take([1, 2, 3], at(2) as never).array()).toEqual([1, 3]);
    expect(() => ferrograd.putAlongAxis([1, 2], at(-1), 5).data()).toThrow(/-1/);
  });

  test("the gradient of products on the way is right at zeros", () => {
    const x = tensor([2, 0, 3, 0, 4]);
    const check = checkGradients((y: Tensor) => weighed([ferrograd.cumprod(y)]), x);
    expect(check.maxError).toBeLessThan(1e-4);
  });

  test("what is not chosen has no gradient, and ties have one", () => {
    const x = tensor([-1, 0, 4]);
    const safe = ferrograd.where(ferrograd.greater(x, 0), x, 1);
    const root = ferrograd.where(ferrograd.greater(x, 0), ferrograd.sqrt(safe), 0);
    expect(grad(sum(root), [x])[0]!.array()).toEqual([0, 0, 0.25]);
    const put = (v: Tensor) => ferrograd.putAlongAxis([0, 0], tensor([1, 1], [2], "int32"), v);
    const v = tensor([3, 4]);
    expect(grad(sum(put(v)), [v])[0]!.array()).toEqual([0, 1]);
    const clipped = (y: Tensor) => sum(ferrograd.clip(y, 0, 4));
    expect(grad(clipped(x), [x])[0]!.array()).toEqual([0, 1, 1]);
    const zero = tensor([0, 0]);
    expect(grad(ferrograd.norm(zero), [zero])[0]!.array()).toEqual([0, 0]);
  });

  test("slopes of powers where a formula has none are those of PyTorch", () => {
    const a = tensor([0, 0, 2, 0]);
    const b = tensor([0, 2, 0, 1]);
    const [da, db] = grad(sum(ferrograd.pow(a, b)), [a, b]);
    expect(da!.array()).toEqual([0, 0, 0, 1]);
    expectAllclose(db!.data(), [0, 0, Math.LN2, 0], 1e-6);
  });

  test("stopGradient ends gradients, of part of a graph or of all of it", () => {
    const x = tensor([2, 3]);
    expect(grad(sum(mul(x, ferrograd.stopGradient(x))), [x])[0]!.array()).toEqual([2, 3]);
    expect(grad(sum(ferrograd.stopGradient(mul(x, x))), [x])[0]!.array()).toEqual([0, 0]);
    const both = jit((y: Tensor) => {
      const h = ferrograd.matmul(reshape(y, [1, 2]), [[1], [1]]);
      return grad(sum(add(ferrograd.stopGradient(h), tensor([1]))), [y])[0]!;
    });
    expect(both(x).array()).toEqual([0, 0]);
  });

  test("valueAndGrad gives both, alone and in one program", () => {
    const loss = ferrograd.valueAndGrad((w: Tensor, x: Tensor) => sum(mul(mul(w, w), x)));
    const { value, grads } = loss([2], [3]);
    expect([value.item(), ...grads.map((g) => g.item())]).toEqual([12, 12, 4]);
    const step = jit((w: Tensor, x: Tensor) => {
      const found = loss(w, x);
      return [found.value, ...found.grads];
    });
    expect(step([2], [3]).map((y) => y.item())).toEqual([12, 12, 4]);
    expect(() => ferrograd.valueAndGrad(1 as never)).toThrow(
      "valueAndGrad(): fn: expected a function",
    );
    expect(() => ferrograd.valueAndGrad((w: Tensor) => w)([1, 2])).toThrow("valueAndGrad(): loss");
  });

  test("large tensors are cut and joined alike, in any share of workers", () => {
    const x = random([200, 130]);
    const halves = ferrograd.split(x, 2, { axis: 1 });
    expectSameBits(concatenate(halves, { axis: 1 }).data(), x.data());
    const back = ferrograd.flip(ferrograd.flip(x));
    expectSameBits(back.data(), x.data());
    const order = ferrograd.sort(reshape(x, [26_000])).data();
    expectSameBits(order, Float32Array.from(x.data()).sort());
  });
});
