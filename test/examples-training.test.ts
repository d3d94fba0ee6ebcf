import { afterAll, afterEach, describe, expect, test, vi } from "vitest";

const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
afterEach(() => log.mockClear());
afterAll(() => log.mockRestore());

/** What a program prints. */
async function output(program: Promise<unknown>) {
  await program;
  return log.mock.calls.map(([text]) => String(text)).join("\n");
}

describe("the examples of training", () => {
  test("resume: a training that crashed twice ends as one that never did", async () => {
    const text = await output(import("../examples/resume.ts"));
    expect(text).toContain("crashed after step 13\ncrashed after step 29\n");
    const [, resumed] = text.match(/gone on with: +(.+)/)!;
    const [, whole] = text.match(/never broken off: +(.+)/)!;
    expect(resumed).toBe(whole);
    expect(whole).toMatch(/^40 steps, last loss 0\.\d+, sum of weights -?\d/);
  });

  test("online: the model follows what the readings follow", async () => {
    const text = await output(import("../examples/online.ts"));
    const losses = [...text.matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(4);
    expect(losses[1]).toBeLessThan(0.01);
    expect(losses[2]).toBeGreaterThan(1);
    expect(losses[3]).toBeLessThan(0.01);
    expect(text).toContain("learned: y = -3.00x + 0.00");
  });

  test("learning-rates: one that learns is found, one that diverges is no end", async () => {
    const text = await output(import("../examples/learning-rates.ts"));
    expect(text).toContain("rate 1e+38: diverged");
    expect(text).toMatch(/best 0\.1: test accuracy (0\.9|1\.0)/);
  });

  test("own-loop: the averages are better than the last weights, or as good", async () => {
    const text = await output(import("../examples/own-loop.ts"));
    expect(text).toMatch(/step 300: loss 0\.\d+, rate 0\.0000\d/);
    const [last, averages] = [...text.matchAll(/test loss .+ ([\d.]+)/g)].map(([, l]) => Number(l));
    expect(averages).toBeLessThan(last! + 0.02);
    expect(averages).toBeLessThan(0.3);
  });
});
