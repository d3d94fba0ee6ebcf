import { jit } from "ferrograd";
import { expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { inputsOf, SEEDS, stepOf } from "./support/graphs.ts";
import { ours } from "./support/shares.ts";
import { AFTER, counting, unrollInTests } from "./support/unrolled.ts";

unrollInTests();

test("random graphs give the same bits unrolled, with all gradients, as the core does", () => {
  const { modules } = counting(() => {
    for (const seed of ours(SEEDS.slice(0, SEEDS.length / 4))) {
      const inputs = inputsOf(seed);
      const traced = jit(stepOf(seed));
      const first = traced(...inputs).map((each) => each.data());
      for (let run = 1; run < AFTER + 2; run++) {
        for (const [i, one] of traced(...inputs).entries()) {
          expectSameBits(one.data(), first[i]!, `seed ${seed}, run ${run}, output ${i}, `);
        }
      }
      traced.dispose();
    }
  });
  expect(modules).toBeGreaterThan(0);
});
