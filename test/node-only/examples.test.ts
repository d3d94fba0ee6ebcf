import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
afterEach(() => log.mockClear());
afterAll(() => log.mockRestore());

/** What a program prints. */
async function output(program: Promise<unknown>) {
  await program;
  return log.mock.calls.map(([text]) => String(text)).join("\n");
}

describe("the examples", () => {
  it("xor: learns all four rows", async () => {
    const text = await output(import("../../examples/xor.ts"));
    const answers = [...text.matchAll(/^(\d) xor (\d) = ([\d.]+)$/gm)];
    expect(answers).toHaveLength(4);
    for (const [, a, b, p] of answers) expect(Number(p)).toBeCloseTo(a === b ? 0 : 1, 1);
  });

  it("digits: recognizes most of the test set, after loading too", async () => {
    const text = await output(import("../../examples/digits.ts"));
    expect(text).toContain("9,610 parameters");
    expect(Number(text.match(/test accuracy ([\d.]+)/)![1])).toBeGreaterThan(0.94);
  });

  it("custom-layer: has right gradients and learns the wave", async () => {
    const text = await output(import("../../examples/custom-layer.ts"));
    expect(text).toContain("gradients agree with finite differences: true");
    const [, first, last] = text.match(/loss ([\d.]+) -> ([\d.]+)/)!;
    expect(Number(last)).toBeLessThan(Number(first) / 20);
  });

  it("jit-loop: makes one call into the core per step", async () => {
    const text = await output(import("../../examples/jit-loop.ts"));
    expect(text).toContain("80 steps, 80 calls into the core");
    expect(Number(text.match(/epoch 20: loss ([\d.]+)/)![1])).toBeLessThan(0.3);
  });

  it("gradient-penalty: a critic of slope 1 says how far apart the clouds are", async () => {
    const text = await output(import("../../examples/gradient-penalty.ts"));
    const [, distance, slope] = text.match(/step 300: distance ([\d.]+), slope ([\d.]+)/)!;
    expect(Math.abs(Number(distance) - 5)).toBeLessThan(0.25);
    expect(Math.abs(Number(slope) - 1)).toBeLessThan(0.05);
  });

  it("hessian-vector: products agree with differences of gradients", async () => {
    const text = await output(import("../../examples/hessian-vector.ts"));
    const bend = Number(text.match(/bends most by ([\d.]+)/)![1]);
    expect(bend).toBeGreaterThan(0.1);
    expect(Number(text.match(/of gradients ([\d.]+)/)![1]) / bend).toBeCloseTo(1, 2);
  });

  it("adversarial: the generator draws like what it never saw", async () => {
    const text = await output(import("../../examples/adversarial.ts"));
    const [, center, spread] = text.match(/drawn: mean ([\d.]+), deviation ([\d.]+)/)!;
    expect(Math.abs(Number(center) - 3)).toBeLessThan(0.25);
    expect(Math.abs(Number(spread) - 0.5)).toBeLessThan(0.25);
  });

  it("target-network: the places of the corridor are worth what they should be", async () => {
    const text = await output(import("../../examples/target-network.ts"));
    const [, learned] = text.match(/worth of each place: (.+)/)!;
    const [, right] = text.match(/right would be: +(.+)/)!;
    expect(learned).toBe(right);
  });

  it("physics-informed: the net becomes the sine", async () => {
    const text = await output(import("../../examples/physics-informed.ts"));
    expect(Number(text.match(/largest error ([\d.]+)/)![1])).toBeLessThan(1e-2);
  });
});
