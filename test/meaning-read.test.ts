import {
  add,
  binaryCrossentropy,
  grad,
  jit,
  mean,
  mul,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure } from "./support/model.ts";
import { ours } from "./support/shares.ts";

const REFUSED =
  /^StateError: grad\(\): target 0: expected tensors not yet read between it and the loss, .*tensor\(y\.data\(\), y\.shape\)/;

describe("a tensor that was read", () => {
  test("keeps the logits of extreme probabilities", () => {
    const p = sigmoid([[100]]);
    expect(binaryCrossentropy([[0]], p).array()).toEqual([100]);
    expect(p.array()).toEqual([[1]]);
    expect(binaryCrossentropy([[0]], p).array()).toEqual([100]);
    const given = jit(() => sigmoid([[100]]))();
    expect(binaryCrossentropy([[0]], given).array()).toEqual([100]);
  });

  test("does not hold what it was computed from", () => {
    /** Objects that can be reached. */
    const reachable = (root: object): number => {
      const seen = new Set<object>();
      const stack: object[] = [root];
      for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
        if (seen.has(top) || ArrayBuffer.isView(top)) continue;
        seen.add(top);
        const parts = [...Object.values(top), ...(top instanceof Map ? [...top.values()] : [])];
        stack.push(...parts.filter((part) => typeof part === "object" && part !== null));
      }
      return seen.size;
    };
    const size = (value: unknown) => JSON.stringify(value).length;
    const sizes = (count: number, next: (x: Tensor) => Tensor): [number, number] => {
      let x: Tensor = tensor([1, 2, 3]);
      for (let i = 0; i < count; i++) {
        x = next(x);
        x.data();
      }
      return [reachable(x), size(x)];
    };
    const chains: ((x: Tensor) => Tensor)[] = [
      (x) => softmax(x),
      (x) => sigmoid(x),
      (x) => add(softmax(x), tensor([1, 1, 1])),
      jit((x: Tensor) => softmax(x)) as (x: Tensor) => Tensor,
    ];
    for (const next of ours(chains)) {
      const [objects, length] = sizes(100, next);
      const [later, longer] = sizes(1000, next);
      expect(later).toBe(objects);
      expect(longer).toBeLessThan(length * 1.5);
    }
  });

  test("is refused where its variable has changed since", async () => {
    const w = variable([[2]]);
    const [lazy, read] = [sigmoid(w), sigmoid(w)];
    read.data();
    w.assign([[-2]]);
    const expected = Math.log1p(Math.exp(-2));
    expect(binaryCrossentropy([[1]], read).item()).toBeCloseTo(expected, 6);
    expect(await failure(() => binaryCrossentropy([[1]], lazy).item())).toMatch(
      /^StateError: data\(\): variable "variable" changed after this tensor was made from it/,
    );
  });
});

/** y that depends on x, made a constant. */
const constants: Record<string, (x: Tensor) => Tensor> = {
  "read by array()": (x) => {
    const y = square(x);
    y.array();
    return y;
  },
  "read by item()": (x) => {
    const y = square(x);
    y.item();
    return y;
  },
  "computed from what was read": (x) => {
    const y = square(x);
    y.data();
    const next = mul(y, 3);
    next.data();
    return next;
  },
  "returned by a jitted function": (x) => jit((v: Tensor) => square(v))(x),
  "returned by a jitted function that captures it": (x) => jit(() => square(x))(),
  "read by jit": (x) => {
    const y = square(x);
    jit((v: Tensor) => square(v))(y);
    return y;
  },
  "after many others": (x) => {
    let y = square(x);
    for (let i = 0; i < 200; i++) {
      for (let skip = 0; skip < i % 7; skip++) tensor([1]);
      y = add(y, tensor([i]));
      y.data();
    }
    return y;
  },
};

describe("grad of what was read", () => {
  const sources: Record<string, () => Tensor> = {
    data: () => tensor([2]),
    "a variable": () => variable([2]),
    "an intermediate": () => mul(tensor([1]), 2),
  };
  for (const [source, make] of Object.entries(sources)) {
    test.each(Object.entries(constants))(`${source}: %s`, async (_name, constant) => {
      const x = make();
      const y = constant(x);
      const z = sum(mul(y, x));
      expect(await failure(() => grad(z, [x]))).toMatch(REFUSED);
      // Said to be a constant it is one.
      const fixed = sum(mul(tensor(y.data(), y.shape), x));
      expect(grad(fixed, [x])[0]!.array()).toEqual(y.array());
    });
  }

  test.each([
    ["data", (value: number): Tensor => tensor([value])],
    ["variables", (value: number): Tensor => variable([value])],
  ])("knows %s from others made between them, in whatever order they came", async (_name, make) => {
    const [used, others] = [[], []] as [Tensor[], Tensor[]];
    for (let i = 0; i < 40; i++) {
      used.push(make(i));
      if (i % 3 > 0) others.push(make(i));
    }
    const next = jit((y: Tensor, x: Tensor) => add(y, x));
    // In strides of 7: between those that came before, at both ends, beside one and beside two of them.
    const forward = used.reduce((y, _, i) => next(y, used[(7 * i) % 40]!), tensor([0]));
    const backward = used.reduce((y, _, i) => next(used[(39 + 33 * i) % 40]!, y), tensor([0]));
    const both = jit((a: Tensor, b: Tensor) => [mul(a, b), add(a, b)] as const);
    for (const y of [forward, backward, ...both(forward, backward)]) {
      for (const x of used) expect(await failure(() => grad(sum(mul(y, x)), [x]))).toMatch(REFUSED);
      for (const x of others) expect(grad(sum(mul(y, x)), [x])[0]!.array()).toEqual(y.array());
    }
  });

  test("takes the last arguments for no others", async () => {
    const f = jit((a: Tensor, b: Tensor) => mul(a, b));
    const [a, b, c] = [tensor([1]), tensor([2]), tensor([3])];
    const results = [f(a, b), f(a, b), f(a, c), f(c, b), f(a, b)];
    const unused = [c, c, b, a, c];
    for (const [i, y] of results.entries()) {
      for (const x of [a, b, c]) {
        const said = await failure(() => grad(sum(mul(y, x)), [x]));
        expect(said).toMatch(x === unused[i] ? /^no error$/ : REFUSED);
      }
    }
  });

  test("is right before the reading, and of the one that was read", () => {
    const x = tensor([2]);
    const y = square(x);
    const z = sum(mul(y, x));
    expect(grad(z, [x])[0]!.array()).toEqual([12]);
    y.array();
    expect(grad(sum(mul(y, 3)), [y])[0]!.array()).toEqual([3]);
  });

  test("takes what was made from other tensors", () => {
    const [x, other] = [tensor([2]), tensor([5])];
    const y = square(other);
    y.data();
    const later = square(x);
    const z = sum(mul(y, later));
    expect(grad(z, [x])[0]!.array()).toEqual([100]);
    // A step by hand: what is learned next is made from what was read, not the other way.
    let w: Tensor = tensor([1]);
    for (let i = 0; i < 100; i++) {
      const loss = mean(square(sub(w, 3)));
      const [dw] = grad(loss, [w]);
      w = sub(w, mul(dw!, 0.1));
      w.data();
      loss.data();
    }
    expect(w.item()).toBeCloseTo(3, 5);
  });
});
