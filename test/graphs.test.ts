import { add, jit, mul, stack, sum, type Tensor, variable } from "ferrograd";
import { checkGradients, evaluateF64 } from "ferrograd/check";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { inputsOf, randomGraph, SEEDS, stepOf } from "./support/graphs.ts";
import { ours } from "./support/shares.ts";

const LONG = Boolean(import.meta.env.FERROGRAD_LONG);

describe("random graphs", () => {
  test("have the values of the float64 references", () => {
    for (const seed of ours(SEEDS)) {
      // Not of their sum, which may be as small as what each has been rounded by.
      const { parts, all } = randomGraph(seed, inputsOf(seed));
      const summands = stack(parts);
      const expected = evaluateF64(summands);
      expectAllclose(summands.data(), expected, 1e-5, `seed ${seed}`);
      const last = randomGraph(seed, inputsOf(seed)).all.at(-1)!;
      expectAllclose(last.data(), all.at(-1)!.data(), 0, `seed ${seed} last`);
    }
  });

  test("have the gradients of finite differences, as far as no slope jumps", () => {
    const errors = ours(SEEDS.slice(0, LONG ? 20 : 6)).map((seed) => {
      const inputs = inputsOf(seed).map((x) => variable(x));
      const needed = (x: Tensor) => add(randomGraph(seed, inputs).loss, mul(sum(x), 0));
      const all = (...xs: Tensor[]) =>
        xs.reduce((loss, x) => add(loss, mul(sum(x), 0)), needed(xs[0]!));
      return checkGradients(all, ...inputs).maxError;
    });
    expect(errors.filter((error) => !(error < 1e-3))).toEqual([]);
  });

  test("give the same bits traced, in one program with all gradients, as one by one", () => {
    for (const seed of ours(SEEDS.slice(0, SEEDS.length / 2))) {
      const inputs = inputsOf(seed);
      const traced = jit(stepOf(seed));
      const together = traced(...inputs);
      for (const [i, one] of stepOf(seed)(...inputs).entries()) {
        expectSameBits(together[i]!.data(), one.data(), `seed ${seed}, output ${i}, `);
      }
      traced.dispose();
    }
  });
});
