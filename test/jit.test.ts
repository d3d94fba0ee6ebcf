import {
  add,
  DataError,
  DisposedError,
  gather,
  jit,
  log,
  matmul,
  mean,
  memory,
  mul,
  NumericError,
  relu,
  reshape,
  ShapeError,
  StateError,
  sgd,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  variable,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { random } from "./support/numbers.ts";

describe("jit", () => {
  test("traces once per shapes and types", () => {
    let traces = 0;
    const double = jit((x: Tensor) => {
      traces++;
      return mul(x, 2);
    });
    expect(double([1, 2]).array()).toEqual([2, 4]);
    expect(double([3, 4]).array()).toEqual([6, 8]);
    expect(traces).toBe(1);
    expect(double([[1, 2]]).array()).toEqual([[2, 4]]);
    expect(double(5).item()).toBe(10);
    expect(traces).toBe(3);
    expect(double(new Float32Array([1, 2])).array()).toEqual([2, 4]);
    expect(traces).toBe(3);
    double.dispose();
  });

  test("gives the bits of the same function untraced", () => {
    const w = variable(random([6, 5]));
    const f = (x: Tensor) => relu(add(matmul(transpose(x), w), [1, 2, 3, 4, 5]));
    const fast = jit(f);
    const x = random([6, 3], 7);
    expectSameBits(fast(x).data(), f(x).data());
    fast.dispose();
  });

  test("returns lists, objects, nothing, and its own arguments", () => {
    const w = variable(tensor([1, 2]));
    const list = jit((x: Tensor) => [x, mul(x, 2), reshape(x, [2, 1]), w, x]);
    expect(list([3, 4]).map((t) => t.array())).toEqual([
      [3, 4],
      [6, 8],
      [[3], [4]],
      [1, 2],
      [3, 4],
    ]);
    const object = jit((x: Tensor) => ({ sum: sum(x), square: square(x) }));
    const { sum: total, square: squares } = object([1, 2]);
    expect([total.item(), squares.array()]).toEqual([3, [1, 4]]);
    const nothing = jit((x: Tensor) => w.assign(x));
    expect(nothing([5, 6])).toBeUndefined();
    expect(w.array()).toEqual([5, 6]);
    for (const f of [list, object, nothing]) f.dispose();
  });

  test("takes lazy arguments and results of other calls", () => {
    const f = jit((x: Tensor, y: Tensor) => sub(x, y));
    expect(f(mul([1, 2], 3), f([5, 5], [1, 1])).array()).toEqual([-1, 2]);
    f.dispose();
  });

  test("is inlined in another traced function", () => {
    const inner = jit((x: Tensor) => square(x));
    const outer = jit((x: Tensor) => add(inner(x), 1));
    const before = memory().calls;
    expect(outer(3).item()).toBe(10);
    expect(memory().calls - before).toBe(1);
    expect(inner(4).item()).toBe(16);
    inner.dispose();
    outer.dispose();
  });

  test("keeps no program after dispose", () => {
    const f = jit((x: Tensor) => sum(mul(x, 2)));
    const baseline = memory().bytes;
    for (let n = 1; n <= 16; n++) f(zeros([n]));
    expect(memory().bytes).toBeGreaterThan(baseline);
    f.dispose();
    f.dispose();
    expect(memory().bytes).toBe(baseline);
    expect(() => f([1])).toThrow(new DisposedError("jit(): the function was disposed"));
  });

  test("is one call into the core, and no allocation after the first", () => {
    const w = variable(random([8, 8]));
    const optimizer = sgd({ learningRate: 0.1 });
    const step = jit((x: Tensor) => {
      const loss = mean(square(sub(relu(matmul(x, w)), x)));
      optimizer.minimize(loss, [w]);
      return loss;
    });
    const x = random([4, 8]);
    step(x);
    const { bytes, heapBytes, calls } = memory();
    for (let i = 0; i < 50; i++) step(x);
    expect(memory()).toMatchObject({ bytes, heapBytes, calls: calls + 50 });
    step.dispose();
  });
});

describe("effects", () => {
  test("all reads see the state at the start of the call: a swap needs no copy", () => {
    const [a, b] = [variable(tensor([1, 2])), variable(tensor([3, 4]))];
    const swap = jit(() => {
      a.assign(b);
      b.assign(a);
      return a;
    });
    expect(swap().array()).toEqual([1, 2]);
    expect([a.array(), b.array()]).toEqual([
      [3, 4],
      [1, 2],
    ]);
    swap();
    expect([a.array(), b.array()]).toEqual([
      [1, 2],
      [3, 4],
    ]);
    swap.dispose();
  });

  test("minimize trains", () => {
    const w = variable(zeros([3, 1]));
    const optimizer = sgd({ learningRate: 0.1 });
    const step = jit((x: Tensor, y: Tensor) => {
      const loss = mean(squaredDifference(matmul(x, w), y));
      optimizer.minimize(loss, [w]);
      return loss;
    });
    const x = random([20, 3]);
    const y = matmul(x, [[1], [-2], [0.5]]);
    const losses = Array.from({ length: 200 }, () => step(x, y).item());
    expect(losses.at(-1)).toBeLessThan(1e-6);
    for (const [i, value] of [1, -2, 0.5].entries()) expect(w.data()[i]).toBeCloseTo(value, 3);
    step.dispose();
  });

  test("a step that is not finite changes nothing", () => {
    const [w, count] = [variable(tensor([1, 2])), variable(tensor([0]))];
    const optimizer = sgd({ learningRate: 0.1 });
    const step = jit((x: Tensor) => {
      count.assign(add(count, 1));
      const loss = sum(log(mul(x, w)));
      optimizer.minimize(loss, [w]);
      return loss;
    });
    step([1, 1]);
    const before = w.array();
    for (const bad of [
      [-1, 1],
      [0, 1],
      [Number.NaN, 1],
      [1, Infinity],
    ]) {
      expect(() => step(bad)).toThrow(NumericError);
    }
    expect([w.array(), count.array(), optimizer.steps]).toEqual([before, [1], 1]);
    step.dispose();
  });

  test("a bad index changes nothing", () => {
    const [table, count] = [variable(random([3, 2])), variable(tensor([0]))];
    const look = jit((at: Tensor) => {
      count.assign(add(count, 1));
      return gather(table, at);
    });
    look(new Int32Array([0, 2]));
    expect(() => look(new Int32Array([0, 3]))).toThrow(DataError);
    expect(count.array()).toEqual([1]);
    look.dispose();
  });

  test("two changes of one variable in a call are refused", () => {
    const w = variable(tensor([1]), { name: "w" });
    const twice = jit(() => {
      w.assign([1]);
      w.assign([2]);
    });
    expect(() => twice()).toThrow(
      new StateError('variable "w": expected at most one assign or minimize in one call, got two'),
    );
  });

  test("assign outside is immediate and checks its shape", () => {
    const w = variable(tensor([1, 2]), { name: "w" });
    w.assign(mul(w, w));
    expect(w.array()).toEqual([1, 4]);
    expect(() => w.assign([1])).toThrow(
      new ShapeError('assign(): variable "w": expected float32 [2], got float32 [1]'),
    );
  });
});

describe("errors in a traced function", () => {
  test("reading values, making variables or optimizers", () => {
    const inTrace = (body: (x: Tensor) => unknown) => () =>
      jit((x: Tensor) => void body(x))([1, 2]);
    expect(inTrace((x) => x.data())).toThrow(StateError);
    expect(inTrace((x) => mul(x, 2).array())).toThrow(/expected to be called outside the function/);
    expect(inTrace(() => variable(tensor([1])))).toThrow(StateError);
    expect(inTrace(() => sgd())).toThrow(StateError);
    expect(() => jit(() => 5 as never)()).toThrow(/expected a function that returns tensors/);
  });

  test("an error leaves no trace behind", () => {
    const bad = jit((): Tensor => {
      throw new Error("mine");
    });
    expect(() => bad()).toThrow("mine");
    expect(add(1, 2).item()).toBe(3);
  });

  test("a tensor of another trace has no values", () => {
    let leaked: Tensor | undefined;
    const leak = jit((x: Tensor) => {
      leaked = x;
      return mul(x, 2);
    });
    leak([1, 2]);
    expect(() => leaked!.data()).toThrow(StateError);
    expect(() => mul(leaked!, 2).data()).toThrow(StateError);
    const other = jit((x: Tensor) => mul(x, leaked!));
    expect(() => other([1, 2])).toThrow(/got one of another function that jit traced/);
    leak.dispose();
  });

  test("a lazy tensor from outside is a constant, a variable is read at every call", () => {
    const w = variable(tensor([1, 2]));
    const constant = mul(w, 10);
    const f = jit((x: Tensor) => [add(x, constant), add(x, w)]);
    const run = () => f([0, 0]).map((t) => t.array());
    expect(run()).toEqual([
      [10, 20],
      [1, 2],
    ]);
    w.assign([5, 5]);
    expect(run()).toEqual([
      [10, 20],
      [5, 5],
    ]);
    f.dispose();
  });

  test("use after dispose", () => {
    const w = variable(tensor([1]), { name: "w" });
    const f = jit(() => mul(w, 2));
    f();
    w.dispose();
    expect(() => f()).toThrow(new DisposedError('variable "w": was disposed'));
    expect(() => w.data()).toThrow(DisposedError);
    expect(() => w.assign([1])).toThrow(DisposedError);
    expect(() => mul(w, 2)).toThrow(DisposedError);
    f.dispose();
  });
});
