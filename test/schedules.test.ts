import {
  adam,
  constantRate,
  cosineDecay,
  cosineDecayRestarts,
  dense,
  exponentialDecay,
  inverseTimeDecay,
  jit,
  loadModel,
  mean,
  mul,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  type Schedule,
  schedule,
  sequential,
  sgd,
  square,
  stepDecay,
  sum,
  type Tensor,
  tensor,
  variable,
  warmup,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, failure, flatWeights } from "./support/model.ts";

const STEPS = [
  0, 1, 2, 5, 9, 10, 11, 24, 25, 49, 50, 51, 74, 99, 100, 101, 150, 333, 1000, 123_456,
];

/** Cosine from 1 to 0, and what follows. */
const cosine = (t: number) => 0.5 * (1 + Math.cos(Math.PI * Math.min(t, 1)));

/** Keras's formula of the restarts, with logarithms in the place of a loop. */
function restarts(step: number, first: number, tMul: number, mMul: number, alpha: number): number {
  let done = step / first;
  let i: number;
  if (tMul === 1) {
    i = Math.floor(done);
    done -= i;
  } else {
    i = Math.floor(Math.log(1 - done * (1 - tMul)) / Math.log(tMul) + 1e-12);
    done = (done - (1 - tMul ** i) / (1 - tMul)) / tMul ** i;
  }
  return (1 - alpha) * mMul ** i * cosine(done) + alpha;
}

/** By PyTorch's phases. */
function cycle(step: number, total: number, strategy: "cos" | "linear", three = false): number {
  const [max, pct, div, final] = [0.3, 0.3, 25, 1e4];
  const up = pct * total - 1;
  const ends = three ? [up, 2 * up, total - 1] : [up, total - 1];
  const rates = three
    ? [max / div, max, max / div, max / div / final]
    : [max / div, max, max / div / final];
  const phase = ends.findIndex((end) => step <= end);
  if (phase < 0) return rates.at(-1)!;
  const start = phase === 0 ? 0 : ends[phase - 1]!;
  const t = (step - start) / (ends[phase]! - start);
  const [from, to] = [rates[phase]!, rates[phase + 1]!];
  return strategy === "linear"
    ? from + (to - from) * t
    : to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * t));
}

const initialLearningRate = 0.5;
const decay = { initialLearningRate, decaySteps: 50, decayRate: 0.7 };

/** Each schedule with the formula of Keras or PyTorch, by the library of the engine. */
const formulas: [string, Schedule, (step: number) => number][] = [
  ["constantRate", constantRate({ learningRate: 0.25 }), () => 0.25],
  [
    "piecewiseConstant",
    piecewiseConstant({ boundaries: [10, 50], values: [1, 0.5, 0.1] }),
    (step) => (step <= 10 ? 1 : step <= 50 ? 0.5 : 0.1),
  ],
  ["piecewiseConstant of one", piecewiseConstant({ boundaries: [], values: [2] }), () => 2],
  [
    "stepDecay",
    stepDecay({ initialLearningRate, stepSize: 25 }),
    (step) => 0.5 * 0.1 ** Math.floor(step / 25),
  ],
  ["exponentialDecay", exponentialDecay(decay), (step) => 0.5 * 0.7 ** (step / 50)],
  [
    "exponentialDecay, staircase",
    exponentialDecay({ ...decay, staircase: true }),
    (step) => 0.5 * 0.7 ** Math.floor(step / 50),
  ],
  [
    "exponentialDecay to 0",
    exponentialDecay({ ...decay, decayRate: 0 }),
    (step) => 0.5 * 0 ** (step / 50),
  ],
  [
    "exponentialDecay that grows",
    exponentialDecay({ ...decay, decaySteps: 10_000, decayRate: 3 }),
    (step) => 0.5 * 3 ** (step / 10_000),
  ],
  ["inverseTimeDecay", inverseTimeDecay(decay), (step) => 0.5 / (1 + (0.7 * step) / 50)],
  [
    "inverseTimeDecay, staircase",
    inverseTimeDecay({ ...decay, staircase: true }),
    (step) => 0.5 / (1 + 0.7 * Math.floor(step / 50)),
  ],
  [
    "polynomialDecay",
    polynomialDecay({ initialLearningRate, decaySteps: 50 }),
    (step) => (0.5 - 1e-4) * (1 - Math.min(step, 50) / 50) + 1e-4,
  ],
  [
    "polynomialDecay of power 2.5",
    polynomialDecay({ initialLearningRate, decaySteps: 100, power: 2.5, endLearningRate: 0.01 }),
    (step) => (0.5 - 0.01) * (1 - Math.min(step, 100) / 100) ** 2.5 + 0.01,
  ],
  [
    "polynomialDecay that cycles",
    polynomialDecay({ initialLearningRate, decaySteps: 50, power: 0.5, cycle: true }),
    (step) => (0.5 - 1e-4) * (1 - step / (50 * Math.max(1, Math.ceil(step / 50)))) ** 0.5 + 1e-4,
  ],
  [
    "cosineDecay",
    cosineDecay({ initialLearningRate, decaySteps: 100 }),
    (step) => 0.5 * cosine(step / 100),
  ],
  [
    "cosineDecay to a tenth",
    cosineDecay({ initialLearningRate, decaySteps: 100, alpha: 0.1 }),
    (step) => 0.5 * (0.9 * cosine(step / 100) + 0.1),
  ],
  [
    "cosineDecayRestarts",
    cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 10 }),
    (step) => 0.5 * restarts(step, 10, 2, 1, 0),
  ],
  [
    "cosineDecayRestarts, all options",
    cosineDecayRestarts({
      initialLearningRate,
      firstDecaySteps: 20,
      tMul: 1.5,
      mMul: 0.8,
      alpha: 0.05,
    }),
    (step) => 0.5 * restarts(step, 20, 1.5, 0.8, 0.05),
  ],
  [
    "cosineDecayRestarts of one length",
    cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 7, tMul: 1, mMul: 0.99 }),
    (step) => 0.5 * restarts(step, 7, 1, 0.99, 0),
  ],
  [
    "oneCycle",
    oneCycle({ maxLearningRate: 0.3, totalSteps: 100 }),
    (step) => cycle(step, 100, "cos"),
  ],
  [
    "oneCycle, linear",
    oneCycle({ maxLearningRate: 0.3, totalSteps: 101, annealStrategy: "linear" }),
    (step) => cycle(step, 101, "linear"),
  ],
  [
    "oneCycle, three phases",
    oneCycle({ maxLearningRate: 0.3, totalSteps: 100, threePhase: true }),
    (step) => cycle(step, 100, "cos", true),
  ],
  ["oneCycle of one step", oneCycle({ maxLearningRate: 0.3, totalSteps: 1 }), () => 0.3 / 25 / 1e4],
  [
    "warmup to a rate",
    warmup({ warmupSteps: 25, learningRate: 0.4, initialLearningRate: 0.1 }),
    (step) => (step < 25 ? 0.1 + (0.3 * step) / 25 : 0.4),
  ],
  [
    "warmup before a cosine",
    warmup({
      warmupSteps: 50,
      learningRate: cosineDecay({ initialLearningRate, decaySteps: 100 }),
    }),
    (step) => (step < 50 ? (0.5 * step) / 50 : 0.5 * cosine((step - 50) / 100)),
  ],
];

describe("a schedule has the rates of its formula", () => {
  test.each(formulas)("%s", (_name, { rate }, formula) => {
    for (const step of STEPS) {
      const [got, expected] = [rate(step), formula(step)];
      const near = Math.abs(got - expected) <= 1e-12 * Math.max(Math.abs(expected), 1e-3);
      expect(near, `step ${step}: ${got} for ${expected}`).toBe(true);
    }
  });
});

const { x, y } = blobs();
const net = (learningRate: number | Schedule) =>
  sequential([dense(8, { activation: "relu" }), dense(3)], { inputShape: [4], seed: 1 }).compile({
    optimizer: adam({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
  });
const falling = () => cosineDecay({ initialLearningRate: 0.05, decaySteps: 20 });

describe("an optimizer with a schedule", () => {
  test("takes the rate of each step, to the bit", () => {
    using by = net(falling());
    using hand = net(0);
    for (let step = 0; step < 25; step++) {
      const rate = falling().rate(step);
      expect(by.optimizer.learningRate).toBe(rate);
      hand.optimizer.learningRate = rate;
      expect(by.trainOnBatch(x, y)).toEqual(hand.trainOnBatch(x, y));
    }
    expect(flatWeights(by)).toEqual(flatWeights(hand));
  });

  test("fit, jit and minimize have the same steps", () => {
    const rates = piecewiseConstant({ boundaries: [1], values: [0.1, 0.01] });
    const expected = [1, 2].map((w) => w * 0.8 * 0.8 * 0.98);
    const [once, traced] = [sgd({ learningRate: rates }), sgd({ learningRate: rates })];
    const [a, b] = [variable([1, 2]), variable([1, 2])];
    const step = jit((one: Tensor) => traced.minimize(sum(mul(square(b), one)), [b]));
    for (let i = 0; i < 3; i++) {
      once.minimize(sum(square(a)), [a]);
      step(tensor(1));
    }
    for (const [i, value] of expected.entries()) expect(a.data()[i]).toBeCloseTo(value, 6);
    expect(b.data()).toEqual(a.data());
    step.dispose();
    for (const owner of [a, b, once, traced]) owner.dispose();
  });

  test("says so in the summary", () => {
    using model = net(falling());
    expect(model.summary()).toContain("optimizer adam, learning rate 0.05 by cosineDecay");
  });

  test("takes another rate, or another schedule, between steps", () => {
    using model = net(falling());
    model.trainOnBatch(x, y);
    model.optimizer.learningRate = 0.25;
    expect(model.optimizer.learningRate).toBe(0.25);
    model.trainOnBatch(x, y);
    expect(model.optimizer.learningRate).toBe(0.25);
    model.optimizer.learningRate = stepDecay({ initialLearningRate: 1, stepSize: 2 });
    expect(model.optimizer.learningRate).toBe(0.1);
  });

  test("does not go on where a step is refused", async () => {
    const w = variable([1]);
    using optimizer = sgd({ learningRate: stepDecay({ initialLearningRate: 1, stepSize: 1 }) });
    await failure(() => optimizer.minimize(sum(mul(w, Infinity)), [w]));
    expect([optimizer.steps, optimizer.learningRate]).toEqual([0, 1]);
    w.dispose();
  });
});

describe("saved and loaded", () => {
  const rates: Record<string, Schedule> = {
    "one of ours": falling(),
    "one in another": warmup({
      warmupSteps: 3,
      learningRate: warmup({ warmupSteps: 4, learningRate: falling() }),
    }),
    "with lists": piecewiseConstant({ boundaries: [3, 6], values: [0.1, 0.01, 0] }),
  };
  test.each(Object.keys(rates))("%s goes on with the same bits", (name) => {
    using whole = net(rates[name]!);
    using half = net(rates[name]!);
    for (let i = 0; i < 4; i++) for (const model of [whole, half]) model.trainOnBatch(x, y);
    using loaded = loadModel(half.save({ includeOptimizer: true }));
    expect(loaded.optimizer.learningRate).toBe(rates[name]!.rate(4));
    for (let i = 0; i < 6; i++) {
      expect(loaded.trainOnBatch(x, y)).toEqual(whole.trainOnBatch(x, y));
    }
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
  });

  const halving = ({ first }: { first: number }) =>
    schedule({ name: "halving", options: { first }, rate: (step) => first / (1 + (step >> 1)) });
  const wrapping = ({ inner }: { inner: Schedule }) =>
    schedule({ name: "wrapping", options: { inner }, rate: (step) => inner.rate(step + 1) });

  test.each([
    ["one's own", () => halving({ first: 0.1 })],
    [
      "one's own in one of ours",
      () => warmup({ warmupSteps: 2, learningRate: halving({ first: 0.1 }) }),
    ],
    ["ours in one's own", () => wrapping({ inner: falling() })],
  ])("%s is made again by what loadModel is given", async (_name, make) => {
    using whole = net(make());
    using half = net(make());
    for (let i = 0; i < 4; i++) for (const model of [whole, half]) model.trainOnBatch(x, y);
    const file = half.save({ includeOptimizer: true });
    using loaded = loadModel(file, { schedules: { halving, wrapping } });
    for (let i = 0; i < 3; i++) loaded.trainOnBatch(x, y);
    for (let i = 0; i < 3; i++) whole.trainOnBatch(x, y);
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
    // Without it the model predicts, and goes on once it is compiled again.
    using predicts = loadModel(file);
    expect(await failure(() => predicts.trainOnBatch(x, y))).toMatch(
      /the file names an unknown schedule "(halving|wrapping)"; .*schedules of your own are given to loadModel\(bytes, \{ schedules: \{ ... \} \}\)/,
    );
    const optimizer = adam({ learningRate: make() });
    predicts.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
    expect(optimizer.steps).toBe(4);
    for (let i = 0; i < 3; i++) predicts.trainOnBatch(x, y);
    expect(flatWeights(predicts)).toEqual(flatWeights(whole));
  });

  test("one's own with the name of one of ours stays one's own", () => {
    const cosineDecay = () => schedule({ name: "cosineDecay", rate: () => 0.125 });
    using model = net(cosineDecay());
    using loaded = loadModel(model.save(), { schedules: { cosineDecay } });
    expect(loaded.optimizer.learningRate).toBe(0.125);
  });

  test("what makes another one is refused", async () => {
    using model = net(halving({ first: 0.1 }));
    const schedules = { halving: () => constantRate({ learningRate: 1 }) };
    expect(await failure(() => loadModel(model.save(), { schedules }))).toBe(
      'FormatError: loadModel(): architecture: loadModel(): schedules: halving: expected a function that makes such a schedule, got one of type "constantRate"',
    );
  });

  test("without the optimizer's state it begins with the first rate", () => {
    using model = net(falling());
    model.trainOnBatch(x, y);
    using loaded = loadModel(model.save());
    expect(loaded.optimizer.learningRate).toBe(0.05);
  });
});

describe("refused", () => {
  const bad: [string, () => unknown, string][] = [
    [
      "a missing option",
      () => cosineDecay({} as never),
      "cosineDecay(): initialLearningRate: expected a finite number of 0 or more, got undefined",
    ],
    [
      "no options",
      () => stepDecay(undefined as never),
      "stepDecay(): expected an object of options, got undefined",
    ],
    [
      "an unknown one",
      () => cosineDecay({ initialLearningRate: 1, decay_steps: 3 } as never),
      'cosineDecay(): unknown option "decay_steps"; did you mean "decaySteps"?',
    ],
    [
      "boundaries out of order",
      () => piecewiseConstant({ boundaries: [5, 5], values: [1, 1, 1] }),
      "piecewiseConstant(): boundaries: expected steps in ascending order, got 5 after 5",
    ],
    [
      "a value too few",
      () => piecewiseConstant({ boundaries: [5], values: [1] }),
      "piecewiseConstant(): values: expected 2, one more than boundaries, got 1",
    ],
    [
      "a period that shrinks",
      () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul: 0.5 }),
      "cosineDecayRestarts(): tMul: expected a number of 1 or more, got 0.5",
    ],
    [
      "a share beyond 1",
      () => oneCycle({ maxLearningRate: 1, totalSteps: 10, pctStart: 2 }),
      "oneCycle(): pctStart: expected a number from 0 to 1, got 2",
    ],
    [
      "no divisor",
      () => oneCycle({ maxLearningRate: 1, totalSteps: 10, divFactor: 0 }),
      "oneCycle(): divFactor: expected a number above 0, got 0",
    ],
    [
      "no name",
      () => schedule({ name: "", rate: () => 1 }),
      'schedule(): name: expected text without "/", got ""',
    ],
    [
      "no function",
      () => schedule({ name: "mine", rate: 1 as never }),
      "schedule(): rate: expected a function, got 1",
    ],
    [
      "options that JSON cannot hold",
      () => schedule({ name: "mine", options: { f: () => 1 }, rate: () => 1 }),
      "schedule(): options.f: expected options that JSON holds, got a function",
    ],
    [
      "a first rate that is none",
      () => sgd({ learningRate: schedule({ name: "mine", rate: () => Number.NaN }) }),
      "mine(): rate at step 0: expected a finite number of 0 or more that float32 holds, got NaN",
    ],
    [
      "what is no schedule",
      () => sgd({ learningRate: { name: "mine", options: {}, rate: () => 1 } }),
      "sgd(): learningRate: expected a finite number of 0 or more that float32 holds, got an object",
    ],
  ];
  test.each(bad)("%s", async (_what, make, message) => {
    expect(await failure(make)).toBe(`ArgumentError: ${message}`);
  });

  test("a rate that is none at some step changes nothing", async () => {
    const w = variable([2]);
    const rate = (step: number) => (step === 2 ? -1 : 0.25);
    using optimizer = sgd({ learningRate: schedule({ name: "mine", rate }) });
    const step = () => optimizer.minimize(mean(square(w)), [w]);
    step();
    step();
    const before = w.array();
    expect(await failure(step)).toBe(
      "ArgumentError: mine(): rate at step 2: expected a finite number of 0 or more that float32 holds, got -1",
    );
    expect([w.array(), optimizer.steps]).toEqual([before, 2]);
    w.dispose();
  });
});
