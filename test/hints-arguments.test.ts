import {
  adam,
  dense,
  grad,
  input,
  maxPooling2d,
  ones,
  reshape,
  sequential,
  square,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure } from "./support/model.ts";

describe("arguments as other libraries have them", () => {
  test("what is written elsewhere is told how it is written here", async () => {
    const wrong = <F extends (...args: never[]) => unknown>(f: F, ...args: unknown[]) =>
      failure(() => (f as unknown as (...args: unknown[]) => unknown)(...args));
    using model = sequential([dense(1)], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "huber",
    });
    const flat = Float32Array.of(1, 2, 3, 4);
    const trains = (...args: unknown[]) =>
      (model.fitSync as (...args: unknown[]) => unknown)(...args);
    expect([
      await wrong(adam, 0.001),
      await wrong(dense, 10, "relu"),
      await wrong(dense, { units: 10 }),
      await wrong(maxPooling2d, { poolSize: 2 }),
      await wrong(input, { shape: [2] }),
      await wrong(input, 2),
      await wrong(reshape, [1, 2], 2, 1),
      await wrong(grad, (x: Tensor) => square(x)),
      await wrong(sequential, { layers: [] }),
      await wrong(tensor, [true, false]),
      await failure(() => model.save("net.bin" as never)),
      await failure(() => trains(flat, [1, 2])),
      await failure(() => trains([[1, 2]], [1], 10)),
    ]).toEqual([
      "ArgumentError: adam(): expected an object of options, got 0.001; options have names: { learningRate: ... }",
      'ArgumentError: dense(): expected an object of options, got "relu"; options have names: { activation: ... }',
      "ArgumentError: dense(): units: expected a positive integer, got an object; it has a place of its own: dense(10, { ... })",
      "ArgumentError: maxPooling2d(): poolSize: expected a positive integer, got an object; it has a place of its own: maxPooling2d(2, { ... })",
      "ArgumentError: input(): shape: expected an array, got an object; it has a place of its own: input(an array of length 1, { ... })",
      "ArgumentError: input(): shape: expected an array, got 2; write [2]",
      "ArgumentError: reshape(): shape: expected an array, got 2; write [2]",
      "ArgumentError: grad(): loss: expected a tensor, got a function; grad(f(x), [x]) has the gradient of what it gives",
      "ArgumentError: sequential(): layers: expected a list of layers, got an object; write sequential([dense(10)], { inputShape: [4] })",
      "DataError: tensor(): row 0: expected a number, got true; Number() makes 1 and 0 of them",
      'ArgumentError: save(): expected an object of options, got "net.bin"; it returns the bytes of a file to write',
      "ShapeError: fitSync(): x: expected rows of shape [2], got []; tensor(x, [2, 2]) has these numbers as rows",
      "ArgumentError: fitSync(): expected an object of options, got 10; options have names: { batchSize: ... }",
    ]);
  });

  test("a layer takes its inputs as a list", async () => {
    for (const [a, b] of [
      [ones([1, 2]), ones([1, 2])],
      [input([2]), input([2])],
    ]) {
      const layer = dense(1, { name: "joined" });
      const several: (...args: unknown[]) => unknown = layer as never;
      expect(await failure(() => several(a, b))).toBe(
        "ArgumentError: joined: expected one input or a list, got 2 arguments; write layer([a, b])",
      );
      expect([a, b].map(layer as never)).toHaveLength(2);
    }
  });
});
