import { describe, expect, it } from "vitest";
import { descend, points } from "../../packages/lesson/src/contour.ts";
import { LEVELS, NEAR, STEPS } from "../../packages/lesson/src/live/frames/paths.ts";
import { contours } from "../../packages/lesson/src/live/tasks/contours.ts";
import { paths } from "../../packages/lesson/src/live/tasks/paths.ts";
import { expectAllclose } from "../support/allclose.ts";

describe("lines of equal values", () => {
  const sides = Array.from({ length: 21 }, (_, i) => i / 10 - 1);

  it("lie where a plane has the value, exactly", () => {
    const plane = sides.map((y) => sides.map((x) => 2 * x + 3 * y));
    const segments = contours(sides, sides, plane, 0.5);
    expect(segments.length).toBeGreaterThan(40);
    for (let i = 0; i < segments.length; i += 2) {
      expect(2 * segments[i]! + 3 * segments[i + 1]!).toBeCloseTo(0.5, 9);
    }
  });

  it("close around the bottom of a bowl", () => {
    const bowl = sides.map((y) => sides.map((x) => x * x + y * y));
    const segments = contours(sides, sides, bowl, 0.25);
    let length = 0;
    for (let i = 0; i < segments.length; i += 4) {
      const [a, b, c, d] = segments.slice(i, i + 4) as [number, number, number, number];
      expect(Math.abs(Math.hypot(a, b) - 0.5)).toBeLessThan(0.01);
      length += Math.hypot(c - a, d - b);
    }
    expect(length).toBeCloseTo(Math.PI, 1);
  });
});

describe("the zig-zag path", () => {
  const input = { batchSize: 2, rate: 2, seed: 1 };

  it("is that of the experiment, over lines of equal loss", () => {
    const frames = [...paths(input)];
    expect(frames.map(({ centered }) => centered)).toEqual([false, true]);
    for (const { centered, lines, lowest, ...path } of frames) {
      const until = NEAR * lowest.loss;
      expect(path).toEqual(descend({ ...input, centered, steps: STEPS, until }));
      expect(path.reached).toBe(path.weights.length - 1);
      const { x, labels } = points(centered, 1);
      const loss = (a: number, b: number) =>
        labels.reduce((sum, label, i) => {
          const z = a * x[2 * i]! + b * x[2 * i + 1]!;
          return sum + Math.log1p(Math.exp(label === 1 ? -z : z)) / labels.length;
        }, 0);
      expectAllclose([lowest.loss], [loss(...lowest.weights)], 1e-6);
      for (const [a, b] of [
        [0.3, 0],
        [-0.3, 0],
        [0, 0.3],
        [0, -0.3],
      ] as const) {
        expect(loss(lowest.weights[0] + a, lowest.weights[1] + b)).toBeGreaterThan(lowest.loss);
      }
      expect(lines.map(({ level }) => level)).toEqual(LEVELS);
      for (const { level, segments } of lines) {
        expect(segments.length % 4).toBe(0);
        for (let i = 0; i < segments.length; i += 4) {
          expect(Math.abs(loss(segments[i]!, segments[i + 1]!) - level)).toBeLessThan(0.01);
        }
      }
      expect(lines.filter(({ segments }) => segments.length > 0).length).toBeGreaterThan(6);
    }
  });
});
