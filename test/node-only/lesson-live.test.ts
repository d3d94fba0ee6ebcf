import { adam, initializers, sgd } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { describe, expect, it, vi } from "vitest";
import { convolutional } from "../../packages/lesson/src/convolutional.ts";
import { PARTS } from "../../packages/lesson/src/live/all.ts";
import { BINS } from "../../packages/lesson/src/live/frames/layers.ts";
import { verdictOf } from "../../packages/lesson/src/live/layers-verdict.ts";
import { curve } from "../../packages/lesson/src/live/tasks/curve.ts";
import { duel, middle } from "../../packages/lesson/src/live/tasks/duel.ts";
import { filters } from "../../packages/lesson/src/live/tasks/filters.ts";
import { graveyard } from "../../packages/lesson/src/live/tasks/graveyard.ts";
import { histogram, layers } from "../../packages/lesson/src/live/tasks/layers.ts";
import { en } from "../../packages/lesson/src/live/texts/en.ts";
import { ko } from "../../packages/lesson/src/live/texts/ko.ts";
import { network } from "../../packages/lesson/src/network.ts";
import { ACTIVATION_NAMES } from "../../packages/shared/src/names.ts";
import { expectAllclose } from "../support/allclose.ts";

const only = <T>(frames: Iterable<T>): T => {
  const [first, ...others] = frames;
  expect(others).toEqual([]);
  return first!;
};

/** x w + b for rows of x, in f64. */
function affine(x: ArrayLike<number>, w: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const units = b.length;
  const inputs = w.length / units;
  return Array.from({ length: (x.length / inputs) * units }, (_, at) => {
    const [row, unit] = [Math.floor(at / units), at % units];
    let total = b[unit]!;
    for (let i = 0; i < inputs; i++) total += x[row * inputs + i]! * w[i * units + unit]!;
    return total;
  });
}

const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};

describe("a function and its slope", () => {
  const logistic = (x: number) => 1 / (1 + Math.exp(-x));
  it.each([
    ["sigmoid", logistic, (x: number) => logistic(x) * (1 - logistic(x))],
    ["tanh", Math.tanh, (x: number) => 1 - Math.tanh(x) ** 2],
    ["relu", (x: number) => Math.max(x, 0), (x: number) => (x > 0 ? 1 : 0)],
    ["exponential", Math.exp, Math.exp],
  ] as const)("%s: values, slopes and their logarithms equal the formulas", (name, f, df) => {
    const { x, y, slope, log10Slope } = only(curve({ name }));
    expectAllclose(y, x.map(f), 1e-6);
    expectAllclose(slope, x.map(df), 1e-6);
    expectAllclose(
      log10Slope.filter((_, i) => slope[i]! > 1e-4),
      x.map((at) => Math.log10(df(at))).filter((_, i) => slope[i]! > 1e-4),
      1e-3,
    );
  });

  it.each([
    // 2.7 % of 1/4 is reached where s(x) (1 - s(x)) = 0.00675, of 1 where tanh² = 0.973
    ["sigmoid", "saturated", (x: number) => Math.abs(x) > Math.log(1 / 0.0067958 - 1)],
    ["tanh", "saturated", (x: number) => Math.abs(x) > Math.atanh(Math.sqrt(0.973))],
    ["hardTanh", "saturated", (x: number) => Math.abs(x) >= 1],
    ["softplus", "saturated", (x: number) => x < Math.log(0.027 / 0.973)],
    ["relu", "off", (x: number) => x <= 0],
    ["hardShrink", "off", (x: number) => Math.abs(x) <= 0.5],
    ["leakyRelu", "off", () => false],
  ] as const)("%s: where a unit is %s", (name, state, where) => {
    const { x, states } = only(curve({ name }));
    const expected = x.map((at) => (where(at) ? state : "open"));
    expect(states.filter((found, i) => found !== expected[i]).length).toBe(0);
  });

  it("tells outputs that are centered from those of one sign", () => {
    const outputs = (name: "sigmoid" | "tanh") => only(curve({ name })).outputs;
    expect(outputs("sigmoid").positive).toBe(1);
    expect(outputs("sigmoid").mean).toBeCloseTo(0.5, 1);
    expect(outputs("tanh").positive).toBeCloseTo(0.5, 1);
    expect(outputs("tanh").mean).toBeCloseTo(0, 1);
  });

  it("has a picture for every row of the table", () => {
    for (const name of ACTIVATION_NAMES) {
      const { x, y, slope, states } = only(curve({ name }));
      expect([y.length, slope.length, states.length]).toEqual([x.length, x.length, x.length]);
      expect(y.every(Number.isFinite) && slope.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("ten layers", () => {
  it("equal plain arrays: spread, shares, gradient of the last weights", () => {
    const stddev = 0.2;
    const frame = only(layers({ name: "tanh", stddev, seed: 3 }));
    const net = network({
      widths: [64, ...Array<number>(10).fill(64), 10],
      activation: "tanh",
      optimizer: sgd({ learningRate: 0.1 }),
      seed: 3,
      kernelInitializer: initializers.normal({ stddev }),
    });
    const weights = net.model.getWeights();
    net.dispose();
    const { x, y } = digits().train.take(256);
    const answers: (readonly number[])[] = [Array.from(x.data)];
    for (let l = 0; l < 10; l++) {
      const z = affine(answers.at(-1)!, weights[2 * l]!, weights[2 * l + 1]!);
      answers.push(z.map(Math.tanh));
    }
    expectAllclose(
      frame.layers.map((layer) => layer.deviation),
      answers.slice(1).map(deviation),
      1e-5,
    );
    const sums = frame.layers.map(({ shares }) => shares.reduce((sum, v) => sum + v, 0));
    expectAllclose(
      sums,
      sums.map(() => 1),
      1e-9,
    );
    const tenth = answers[10]!;
    const middle = tenth.filter((v) => Math.abs(v) < 1 / BINS).length / tenth.length;
    expect(frame.layers[9]!.shares[(BINS - 1) / 2]).toBeCloseTo(middle, 4);
    expect(frame.layers[9]!.saturated).toBeCloseTo(
      tenth.filter((a) => 1 - a * a < 0.027).length / tenth.length,
      3,
    );

    const scores = affine(tenth, weights[20]!, weights[21]!);
    const dZ = new Float64Array(256 * 64);
    for (let row = 0; row < 256; row++) {
      const all = scores.slice(10 * row, 10 * row + 10).map(Math.exp);
      const total = all.reduce((sum, v) => sum + v, 0);
      for (let unit = 0; unit < 64; unit++) {
        const upstream = all.reduce((sum, v, c) => {
          const dScore = (v / total - (y.data[row] === c ? 1 : 0)) / 256;
          return sum + dScore * weights[20]![10 * unit + c]!;
        }, 0);
        dZ[64 * row + unit] = upstream * (1 - tenth[64 * row + unit]! ** 2);
      }
    }
    let squares = 0;
    for (let i = 0; i < 64; i++) {
      for (let unit = 0; unit < 64; unit++) {
        let sum = 0;
        for (let row = 0; row < 256; row++)
          sum += answers[9]![64 * row + i]! * dZ[64 * row + unit]!;
        squares += sum * sum;
      }
    }
    expectAllclose([frame.layers[9]!.gradientNorm], [Math.sqrt(squares)], 1e-5);
    expectAllclose([frame.layers[9]!.log10Gradient], [Math.log10(Math.sqrt(squares))], 1e-4);
  });

  it.each([
    ["tanh", 0.01, "diesOut"],
    ["tanh", 0.125, "sound"],
    ["tanh", 1, "saturates"],
    ["relu", 0.01, "diesOut"],
    ["relu", Math.sqrt(2 / 64), "sound"],
    ["relu", 1, "explodes"],
    ["sigmoid", 0.125, "vanishes"],
    ["exponential", 1, "explodes"],
  ] as const)("%s with weights of %f: %s", (name, stddev, code) => {
    const verdict = verdictOf(only(layers({ name, stddev, seed: 1 })).layers);
    expect([verdict.code, verdict.good]).toEqual([code, code === "sound"]);
  });

  it("the histogram tells what lies outside", () => {
    const { shares, below, above } = histogram([-9, -1, 0, 1, Number.NaN, 9, 9, 9], -1, 1);
    const middle = (BINS - 1) / 2;
    expect([shares[0], shares[middle], shares.at(-1)]).toEqual([0.125, 0.125, 0.125]);
    expect([below, above]).toEqual([0.125, 0.5]);
  });
});

describe("the graveyard", () => {
  it("counts the dead as plain arrays do, and starts both with the same weights", () => {
    const input = { learningRate: 0.1, seed: 2, steps: 40, stepsPerFrame: 20 };
    const frames = [...graveyard(input)];
    expect(frames.map(({ step }) => step)).toEqual([0, 20, 40]);
    const [start, , last] = frames;
    expect(start!.plots[0]!.active).toEqual(start!.plots[1]!.active);

    const { train, test } = digits();
    const net = network({
      widths: [64, 64, 10],
      activation: "relu",
      optimizer: adam({ learningRate: 0.1 }),
      seed: 2,
    });
    let steps = 0;
    for (const [x, y] of train.shuffle(2).batch(32)) {
      if (steps++ < 40) net.model.trainOnBatch(x, y);
    }
    const [w, b] = net.model.getWeights();
    const z = affine(train.x.data.slice(0, 256 * 64), w!, b!);
    const positive = Array.from({ length: 64 }, (_, unit) =>
      z.reduce((count, v, at) => count + (at % 64 === unit && v > 0 ? 1 : 0), 0),
    );
    expectAllclose(
      last!.plots[0]!.active,
      positive.map((count) => count / 256),
      1e-6,
    );
    expect(last!.plots[0]!.dead).toEqual(
      positive.flatMap((count, unit) => (count === 0 ? [unit] : [])),
    );
    expect(last!.plots[0]!.dead.length).toBeGreaterThan(20);
    expect(last!.plots[1]!.dead).toEqual([]);
    expect(last!.plots[0]!.accuracy).toBe(net.model.evaluate(test).accuracy);
    net.dispose();
  });
});

describe("the filters", () => {
  it("go dark as plain loops over the pixels have it, and fewer of them with batch normalization", () => {
    const input = { learningRate: 0.1, seed: 2, steps: 40, stepsPerFrame: 20 };
    const frames = [...filters(input)];
    expect(frames.map(({ step }) => step)).toEqual([0, 20, 40]);
    const [plain, normalized] = frames.at(-1)!.plots;
    expect([plain!.active.length, normalized!.active.length]).toEqual([48, 48]);
    expect(plain!.dead.length).toBeGreaterThan(normalized!.dead.length + 5);

    // Before any step, the first of the 16 filters of the first convolution.
    const { train } = digits();
    const options = { filters: [16, 16, 16], activation: "relu", learningRate: 0.1 } as const;
    const net = convolutional({ ...options, batchNormalization: false, seed: 2 });
    const [kernel, bias] = net.model.getWeights() as [Float32Array, Float32Array]; // (3, 3, 1, 16)
    const x = train.x.data;
    let on = 0;
    for (let at = 0; at < 256 * 64; at++) {
      const [row, column] = [Math.floor((at % 64) / 8), at % 8];
      let z = bias[0]!;
      for (let dy = -1; dy < 2; dy++)
        for (let dx = -1; dx < 2; dx++)
          if (Math.min(row + dy, column + dx) >= 0 && Math.max(row + dy, column + dx) < 8)
            z += x[at + 8 * dy + dx]! * kernel[(3 * (dy + 1) + dx + 1) * 16]!;
      if (z > 0) on++;
    }
    net.dispose();
    expect(frames[0]!.plots[0]!.active[0]).toBeCloseTo(on / (256 * 64), 3);
  });
});

describe("two activations at one seed", () => {
  it("each learns as it does alone", () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now++);
    const frames = [
      ...duel({
        names: ["tanh", "relu"],
        depth: 2,
        learningRate: 0.01,
        seed: 5,
        epochs: 1,
        stepsPerFrame: 15,
      }),
    ];
    clock.mockRestore();
    expect(frames.map(({ step }) => step)).toEqual([15, 30, 45]);
    const { train, test } = digits();
    for (const [side, name] of (["tanh", "relu"] as const).entries()) {
      const net = network({
        widths: [64, 32, 32, 10],
        activation: name,
        optimizer: adam({ learningRate: 0.01 }),
        seed: 5,
      });
      const losses = [...train.shuffle(5).batch(32)].map(
        ([x, y]) => net.model.trainOnBatch(x, y).loss,
      );
      const mean = losses.slice(30).reduce((sum, v) => sum + v, 0) / 15;
      const last = frames[2]!.sides[side]!;
      expectAllclose([last.loss], [mean], 1e-12);
      expect(last.accuracy).toBe(net.model.evaluate(test).accuracy);
      expect(last.stepTime).toBeCloseTo(1000 / 15); // µs: the clock goes on by 1 ms from read to read
      net.dispose();
    }
  });

  it("goes on with the other where one leaves float32", () => {
    const settings = { depth: 10, learningRate: 0.1, seed: 1, epochs: 1, stepsPerFrame: 15 };
    const frames = [...duel({ names: ["exponential", "relu"], ...settings })];
    const [a, b] = frames.at(-1)!.sides;
    expect(frames).toHaveLength(3);
    expect([Number.isNaN(a.loss), Number.isFinite(b.loss)]).toEqual([true, true]);
  });

  it("times are those of the middle half", () => {
    expect(middle([90, 5, 1, 4, 3, 2, 6, 1000])).toBe((3 + 4 + 5 + 6) / 4);
  });
});

describe("texts of the live parts", () => {
  it("Korean has every text, and every part a title", () => {
    const flat = (texts: object, path = ""): [string, unknown][] =>
      Object.entries(texts).flatMap(([key, value]) =>
        typeof value === "object" ? flat(value, `${path}${key}.`) : [[`${path}${key}`, value]],
      );
    expect(flat(ko).map(([key]) => key)).toEqual(flat(en).map(([key]) => key));
    const foreign = flat(ko).filter(
      ([key, text]) =>
        typeof text === "string" && !/[가-힣]/.test(text) && !key.startsWith("curve."),
    );
    expect(foreign).toEqual([]);
    expect(PARTS.map(({ id }) => id).toSorted()).toEqual(Object.keys(en.titles).toSorted());
  });
});
