import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { isOurs } from "./support/shares.ts";

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

  test.runIf(isOurs(0))(
    "learning-rates: one that learns is found, one that diverges is no end",
    async () => {
      const text = await output(import("../examples/learning-rates.ts"));
      expect(text).toContain("rate 1e+38: diverged");
      expect(text).toMatch(/best 0\.1: test accuracy (0\.9|1\.0)/);
    },
  );

  test("own-loop: the averages are better than the last weights, or as good", async () => {
    const text = await output(import("../examples/own-loop.ts"));
    expect(text).toMatch(/step 300: loss 0\.\d+, rate 0\.0000\d/);
    const [last, averages] = [...text.matchAll(/test loss .+ ([\d.]+)/g)].map(([, l]) => Number(l));
    expect(averages).toBeLessThan(last! + 0.02);
    expect(averages).toBeLessThan(0.3);
  });

  test.runIf(isOurs(1))(
    "class-weights: finds three of four among three in a hundred, where none weigh one of four",
    async () => {
      const text = await output(import("../examples/class-weights.ts"));
      const said = [...text.matchAll(/recall ([\d.]+), precision ([\d.]+), auc ([\d.]+)/g)];
      const [recall, precision, auc] = [1, 2, 3].map((i) => said.map((one) => Number(one[i])));
      expect(recall![0]).toBeLessThan(0.4);
      expect(recall![1]).toBeGreaterThan(recall![0]!);
      expect(recall![2]).toBeGreaterThan(0.65);
      expect(precision![2]).toBeLessThan(precision![0]!);
      for (const area of auc!) expect(area).toBeGreaterThan(0.85);
    },
  );

  test("worker-abort: this thread is free, and the worker keeps what it had learned", async () => {
    const text = await output(import("../examples/worker-abort.ts"));
    expect(text).toContain("epoch 20: loss");
    expect(text).not.toContain("epoch 25");
    expect(text).toContain("aborted: AbortError, while this thread did other things");
    expect(Number(text.match(/test accuracy ([\d.]+)/)![1])).toBeGreaterThan(0.9);
    expect(text).toContain("the same here: true");
  });

  test("drawn-digits: what is drawn on a canvas is read, by a net that a worker trained", async () => {
    const text = await output(import("../examples/drawn-digits.ts"));
    expect(Number(text.match(/accuracy ([\d.]+)/)![1])).toBeGreaterThan(0.94);
    expect(text).toContain("drawn: 1 2 3");
  });

  test("folds-in-workers: five folds, with the bits of one thread", async () => {
    const text = await output(import("../examples/folds-in-workers.ts"));
    expect(text.match(/^fold \d: \d+ rows/gm)).toHaveLength(5);
    expect(Number(text.match(/mean accuracy ([\d.]+)/)![1])).toBeGreaterThan(0.9);
    expect(text).toContain("the same bits here: true");
  });

  test.runIf(isOurs(0))("penalized-adversarial: the generator draws from both heaps", async () => {
    const text = await output(import("../examples/penalized-adversarial.ts"));
    const shares = [...text.matchAll(/at -?2: (\d+) %/g)].map(([, share]) => Number(share));
    expect(shares).toHaveLength(2);
    for (const share of shares) expect(share).toBeGreaterThan(35);
  });

  test.runIf(isOurs(1))(
    "deep-q-learning: the shortest way through the maze, and what it is worth",
    async () => {
      const text = await output(import("../examples/deep-q-learning.ts"));
      expect(text).toContain("path: 0 4 8 9 10 11 15\n");
      const [said, right] = text.match(/[\d.]+, right would be [\d.]+/)![0].match(/[\d.]+/g)!;
      expect(Math.abs(Number(said) - Number(right))).toBeLessThan(0.05);
    },
  );
});
