import {
  add,
  grad,
  jit,
  matmul,
  memory,
  mul,
  StateError,
  square,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { random } from "./support/numbers.ts";

describe("lazy tensors", () => {
  test("are computed when read, once", () => {
    const before = memory().calls;
    const y = add(mul([1, 2], 3), 1);
    expect(memory().calls).toBe(before);
    expect(y.array()).toEqual([4, 7]);
    expect(y.data()).toEqual(new Float32Array([4, 7]));
    expect(memory().calls).toBe(before + 1);
  });

  test("give copies", () => {
    const y = mul([1, 2], 2);
    y.data()[0] = 99;
    expect(y.array()).toEqual([2, 4]);
    const w = variable(tensor([1, 2]));
    w.data()[0] = 99;
    expect(w.array()).toEqual([1, 2]);
  });

  test("leave nothing in the core", () => {
    const before = memory().bytes;
    for (let i = 0; i < 20; i++) add(random([100]), i).data();
    expect(memory().bytes).toBe(before);
  });

  test("refuse to be computed from a variable that has changed since", () => {
    const w = variable(tensor([1, 2]), { name: "w" });
    const [early, late] = [mul(w, 2), mul(w, 3)];
    expect(early.array()).toEqual([2, 4]);
    w.assign([5, 6]);
    expect(early.array()).toEqual([2, 4]);
    expect(() => late.data()).toThrow(
      new StateError(
        'data(): variable "w" changed after this tensor was made from it; ' +
          "read the tensor before the change, or make it again",
      ),
    );
    expect(mul(w, 3).array()).toEqual([15, 18]);
  });

  test("and so do gradients of what was made before the change", () => {
    const [w, x] = [variable(tensor([[1], [2]])), tensor([[3, 4]])];
    const loss = sum(square(matmul(x, w)));
    w.assign([[0], [0]]);
    const [dw, dx] = grad(loss, [w, x]);
    expect(() => dw!.data()).toThrow(StateError);
    expect(() => dx!.data()).toThrow(StateError);
  });

  test("a jitted step counts as a change", () => {
    const w = variable(tensor([1]));
    const bump = jit(() => w.assign(add(w, 1)));
    const y = mul(w, 2);
    bump();
    expect(() => y.data()).toThrow(StateError);
    expect(mul(w, 2).item()).toBe(4);
    bump.dispose();
  });

  test("a variable made from a variable has values of its own", () => {
    const w = variable(tensor([1, 2]));
    const copy = variable(w);
    w.assign([9, 9]);
    expect(copy.array()).toEqual([1, 2]);
  });

  test("deep graphs need no deep stack", () => {
    let y: Tensor = tensor([1]);
    for (let i = 0; i < 3000; i++) y = add(y, 1);
    expect(y.item()).toBe(3001);
  });
});
