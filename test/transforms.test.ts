import {
  accumulateGradients,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  add,
  addDecayedWeights,
  averageWeights,
  type ChainLink,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  cosineDecay,
  dense,
  div,
  jit,
  layerRates,
  lazyAdam,
  lion,
  loadModel,
  lookahead,
  memory,
  momentum,
  mul,
  nadam,
  type Optimizer,
  optimizer,
  radam,
  readSafetensors,
  rmsprop,
  sequential,
  sgd,
  sign,
  sqrt,
  square,
  stepDecay,
  sub,
  sum,
  swapAverages,
  type Tensor,
  tensor,
  transform,
  variable,
  writeSafetensors,
  zeros,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, failure, flatWeights } from "./support/model.ts";
import { ours } from "./support/shares.ts";

const START = [1, -2, 0.5, 3];
/** Gradients of steps, some large and some small. */
const GRADIENTS = Array.from({ length: 12 }, (_, t) =>
  START.map((_, i) => (((t * 7 + i * 3) % 11) - 5) * (t % 3 === 0 ? 1 : 0.05)),
);

/** A variable after each step with these gradients, whatever it is. */
function steps(made: Optimizer, gradients = GRADIENTS): number[][] {
  const w = variable(START, { name: "w" });
  const g = variable(START);
  const step = jit(() => made.minimize(sum(mul(w, g)), [w]));
  const seen = gradients.map((row) => {
    g.assign(row);
    step();
    return Array.from(w.data());
  });
  step.dispose();
  for (const owner of [w, g, made]) owner.dispose();
  return seen;
}

const near = (got: number[][], expected: number[][], tol = 2e-6) => {
  for (const [i, row] of got.entries()) expectAllclose(row, expected[i]!, tol);
};

describe("the rules of the core are links with the same steps", () => {
  const rules: Record<string, () => Optimizer> = {
    sgd: () => sgd({ learningRate: 0.1 }),
    momentum: () => momentum({ learningRate: 0.05 }),
    nesterov: () => sgd({ learningRate: 0.05, momentum: 0.8, nesterov: true }),
    adam: () => adam({ learningRate: 0.05 }),
    amsgrad: () => adam({ learningRate: 0.05, amsgrad: true }),
    adamW: () => adamW({ learningRate: 0.05, weightDecay: 0.1 }),
    "adam with L2": () => adam({ learningRate: 0.05, weightDecay: 0.1 }),
    adamax: () => adamax({ learningRate: 0.05 }),
    nadam: () => nadam({ learningRate: 0.05 }),
    radam: () => radam({ learningRate: 0.05 }),
    rmsprop: () => rmsprop({ learningRate: 0.05 }),
    "rmsprop, centered, with momentum": () =>
      rmsprop({ learningRate: 0.05, momentum: 0.5, centered: true }),
    adagrad: () => adagrad({ learningRate: 0.05 }),
    adadelta: () => adadelta({ learningRate: 0.5 }),
    lion: () => lion({ learningRate: 0.05, weightDecay: 0.1 }),
    "with clipValue": () => sgd({ learningRate: 0.1, clipValue: 0.5 }),
    "with clipNorm": () => sgd({ learningRate: 0.1, clipNorm: 0.5 }),
    "with globalClipNorm": () => adam({ learningRate: 0.1, globalClipNorm: 0.5, weightDecay: 0.1 }),
    "with a schedule": () =>
      adam({ learningRate: stepDecay({ initialLearningRate: 0.1, stepSize: 4, gamma: 0.5 }) }),
  };
  test.each(Object.keys(rules))("%s", (name) => {
    near(steps(chain(rules[name]!())), steps(rules[name]!()));
  });
});

describe("transforms", () => {
  const rate = 0.1;
  /** By a rule in float64, from the gradients of all numbers and the weights. */
  const reference = (rule: () => (g: number[], w: number[], t: number) => number[]) => {
    const next = rule();
    let w = START;
    return GRADIENTS.map((g, t) => {
      w = next(g, w, t);
      return w;
    });
  };
  const norm = (g: number[]) => Math.sqrt(g.reduce((all, x) => all + x * x, 0));
  const by =
    (change: (g: number[], w: number[]) => number[]) => () => (g: number[], w: number[]) => {
      const update = change(g, w);
      return w.map((x, i) => x - rate * update[i]!);
    };

  const cases: [string, ChainLink[], () => (g: number[], w: number[], t: number) => number[]][] = [
    [
      "clipByValue",
      [clipByValue(0.3), sgd({ learningRate: rate })],
      by((g) => g.map((x) => Math.min(0.3, Math.max(-0.3, x)))),
    ],
    [
      "clipByNorm",
      [clipByNorm(0.3), sgd({ learningRate: rate })],
      by((g) => g.map((x) => x * Math.min(1, 0.3 / (norm(g) + 1e-6)))),
    ],
    [
      "clipByGlobalNorm",
      [clipByGlobalNorm(2), sgd({ learningRate: rate })],
      by((g) => g.map((x) => x * Math.min(1, 2 / (norm(g) + 1e-6)))),
    ],
    [
      "addDecayedWeights before: L2",
      [addDecayedWeights(0.2), clipByValue(0.3), sgd({ learningRate: rate })],
      by((g, w) => g.map((x, i) => Math.min(0.3, Math.max(-0.3, x + 0.2 * w[i]!)))),
    ],
    [
      "addDecayedWeights behind: decoupled",
      [clipByValue(0.3), sgd({ learningRate: rate }), addDecayedWeights(0.2)],
      by((g, w) => g.map((x, i) => Math.min(0.3, Math.max(-0.3, x)) + 0.2 * w[i]!)),
    ],
    [
      "accumulateGradients",
      [accumulateGradients(3), sgd({ learningRate: rate, momentum: 0.9 })],
      () => {
        let [sum, v] = [START.map(() => 0), START.map(() => 0)];
        return (g, w, t) => {
          sum = sum.map((s, i) => s + g[i]! / 3);
          if (t % 3 < 2) return w;
          v = v.map((old, i) => 0.9 * old + sum[i]!);
          sum = START.map(() => 0);
          return w.map((x, i) => x - rate * v[i]!);
        };
      },
    ],
    [
      "lookahead",
      [sgd({ learningRate: rate }), lookahead({ syncPeriod: 4, slowStepSize: 0.25 })],
      () => {
        let slow = START;
        return (g, w, t) => {
          const fast = w.map((x, i) => x - rate * g[i]!);
          if (t % 4 < 3) return fast;
          slow = slow.map((s, i) => s + 0.25 * (fast[i]! - s));
          return slow;
        };
      },
    ],
    [
      "accumulateGradients before lookahead",
      [
        accumulateGradients(2),
        sgd({ learningRate: rate }),
        lookahead({ syncPeriod: 2, slowStepSize: 0.5 }),
      ],
      () => {
        let [slow, sum] = [START, START.map(() => 0)];
        return (g, w, t) => {
          sum = sum.map((s, i) => s + g[i]! / 2);
          if (t % 2 === 0) return w;
          const fast = w.map((x, i) => x - rate * sum[i]!);
          sum = START.map(() => 0);
          if (t % 4 < 3) return fast;
          slow = slow.map((s, i) => s + 0.5 * (fast[i]! - s));
          return slow;
        };
      },
    ],
  ];
  test.each(cases)("%s", (_name, links, rule) => {
    near(steps(chain(...links)), reference(rule));
  });

  test("a norm over gradients whose squares float32 cannot hold", () => {
    const [w] = steps(chain(clipByGlobalNorm(1), sgd({ learningRate: 1 })), [[3e30, 0, 4e30, 0]]);
    expectAllclose(w!, [1 - 0.6, -2, 0.5 - 0.8, 3], 1e-6);
    const [still] = steps(chain(clipByNorm(1), sgd({ learningRate: 1 })), [[0, 0, 0, 0]]);
    expect(still).toEqual(START);
  });

  test("one of one's own: Adam, debiased by a mean of ones", () => {
    const [b1, b2] = [0.9, 0.99];
    const mean = (old: Tensor, x: Tensor | number, b: number) => add(mul(old, b), mul(x, 1 - b));
    const own = () =>
      optimizer({
        name: "ownAdam",
        options: { learningRate: 0.05 },
        init: ({ shape }) => ({ m: zeros(shape), v: zeros(shape), ones: zeros([2]) }),
        update(g, { m, v, ones }) {
          const now = { m: mean(m, g, b1), v: mean(v, square(g), b2) };
          const weights = add(mul(ones, [b1, b2]), [1 - b1, 1 - b2]);
          const [c1, c2] = [mul(weights, [1, 0]), mul(weights, [0, 1])].map((one) => sum(one));
          const update = div(div(now.m, c1!), add(sqrt(div(now.v, c2!)), 1e-8));
          return { update, state: { ...now, ones: weights } };
        },
      });
    near(steps(own()), steps(adam({ learningRate: 0.05, beta1: b1, beta2: b2 })), 1e-5);
  });

  test("the rate, the step and each n-th step are told", () => {
    const w = variable([0], { name: "w" });
    const told = transform({
      name: "seen",
      update: (update, _state, { rate, step, every }) => ({
        update: add(mul(update, 0), add(mul(every(2), 100), add(mul(step, 10), rate))),
      }),
    });
    using made = chain(told, sgd({ learningRate: 0.5 }));
    const values = [0, 1, 2, 3].map(() => {
      const before = w.item();
      made.minimize(sum(w), [w]);
      return (before - w.item()) / 0.5;
    });
    expectAllclose(values, [0.5, 110.5, 20.5, 130.5], 1e-4);
    w.dispose();
  });
});

const { x, y } = blobs();
const net = (made: Optimizer) =>
  sequential([dense(8, { activation: "relu" }), dense(3)], { inputShape: [4], seed: 1 }).compile({
    optimizer: made,
    loss: "sparseCategoricalCrossentropy",
  });

describe("in a model", () => {
  test("exclusions and rates go by paths", () => {
    const [kernel, bias] = [variable([1], { name: "a/kernel" }), variable([1], { name: "a/bias" })];
    using made = chain(
      sgd({ learningRate: 1 }),
      addDecayedWeights(0.5, { exclude: ["bias"] }),
      layerRates({ a: 0.5, "a/bias": 0.25 }),
    );
    made.minimize(add(sum(kernel), sum(bias)), [kernel, bias]);
    expect([kernel.item(), bias.item()]).toEqual([1 - 0.5 * 1.5, 1 - 0.25]);
    for (const one of [kernel, bias]) one.dispose();
  });

  test("layers are frozen, and thawed with the state that they had", () => {
    const layer = dense(8, { activation: "relu" });
    const model = sequential([layer, dense(3)], { inputShape: [4], seed: 1 }).compile({
      optimizer: chain(adam(), lookahead()),
      loss: "sparseCategoricalCrossentropy",
    });
    model.trainOnBatch(x, y);
    const before = model.getWeights();
    layer.trainable = false;
    for (let i = 0; i < 3; i++) model.trainOnBatch(x, y);
    const frozen = model.getWeights();
    expect(frozen.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(frozen[2]).not.toEqual(before[2]);
    layer.trainable = true;
    model.trainOnBatch(x, y);
    expect(model.getWeights()[0]).not.toEqual(before[0]);
    expect(model.optimizer.steps).toBe(5);
    model.dispose();
  });

  test("averages are exchanged, and training waits until they are back", async () => {
    const decay = 0.75;
    using model = net(chain(sgd({ learningRate: 0.5 }), averageWeights({ decay })));
    let average = flatWeights(model);
    for (let i = 0; i < 5; i++) {
      model.trainOnBatch(x, y);
      average = flatWeights(model).map((w, i) => decay * average[i]! + (1 - decay) * w);
    }
    const weights = flatWeights(model);
    swapAverages(model);
    expectAllclose(flatWeights(model), average, 1e-6);
    expect(await failure(() => model.trainOnBatch(x, y))).toBe(
      "StateError: minimize(): expected weights, got their averages; call swapAverages() again, which puts the weights back",
    );
    expect(await failure(() => model.save({ includeOptimizer: true }))).toMatch(
      /^StateError: save/,
    );
    expect(model.save().length).toBeGreaterThan(0);
    swapAverages(model);
    expect(flatWeights(model)).toEqual(weights);
    model.trainOnBatch(x, y);
    const { optimizer, variables } = model;
    optimizer.dispose();
    expect(await failure(() => swapAverages({ optimizer, variables }))).toBe(
      "DisposedError: chain: the optimizer was disposed",
    );
    using plain = net(adam());
    expect(await failure(() => swapAverages(plain))).toBe(
      "StateError: swapAverages(): expected an optimizer with averageWeights() in its chain, got adam",
    );
  });

  test("its memory goes with the models that it trained", () => {
    const { bytes } = memory();
    const made = chain(accumulateGradients(2), adam(), lookahead(), averageWeights());
    for (let i = 0; i < 2; i++) {
      const model = net(made);
      for (let j = 0; j < 3; j++) model.trainOnBatch(x, y);
      expect(made.steps).toBe(3);
      model.dispose();
      expect(memory().bytes).toBe(bytes);
    }
    made.dispose();
    expect(memory().bytes).toBe(bytes);
  });

  test("two optimizers on one variable in one call are refused, as ever", async () => {
    const w = variable([1]);
    using a = chain(sgd());
    using b = sgd();
    const step = jit(() => {
      a.minimize(sum(square(w)), [w]);
      b.minimize(sum(square(w)), [w]);
    });
    expect(await failure(step)).toBe(
      'StateError: variable "variable": expected at most one assign or minimize in one call, got two',
    );
    w.dispose();
  });
});

describe("a step commits finite numbers or nothing", () => {
  const state = (model: ReturnType<typeof net>) =>
    new TextDecoder("latin1").decode(model.save({ includeOptimizer: true }));
  const broken = (which: string) =>
    transform({
      name: "broken",
      init: ({ shape }) => ({ sum: zeros(shape) }),
      update(update, { sum: old }, { step }) {
        const bad = div(1, sub(step, 2)); // infinite in the third step
        return which === "slot"
          ? { update, state: { sum: add(old, bad) } }
          : { update: mul(update, bad), state: { sum: add(old, 1) } };
      },
    });

  test.each(["slot", "weight"])("a %s", async (which) => {
    using model = net(chain(adam(), broken(which), lookahead()));
    model.trainOnBatch(x, y);
    model.trainOnBatch(x, y);
    const before = state(model);
    const message = await failure(() => model.trainOnBatch(x, y));
    const where = which === "slot" ? 'slot "broken.sum" of "dense/kernel"' : '"dense/kernel"';
    expect(message).toBe(
      "NumericError: trainOnBatch(): expected finite weights and optimizer state after the step, got NaN or infinity " +
        `in ${where} (element 0); likely cause: a number in a transform that float32 cannot hold, or a division by 0; ` +
        "scale the data, or clip before it; the model is as it was before this step",
    );
    expect(state(model)).toBe(before);
  });

  test("a rate that is too high", async () => {
    const w = variable([1]);
    using made = chain(sgd({ learningRate: 1e38 }));
    expect(await failure(() => made.minimize(sum(mul(w, 1e3)), [w]))).toBe(
      'NumericError: minimize(): expected finite variables and optimizer state after the step, got NaN or infinity in "variable" (element 0); ' +
        "likely cause: the learning rate 1e+38 is too high; no variable was changed",
    );
    expect([w.item(), made.steps]).toEqual([1, 0]);
    w.dispose();
  });
});

const signum = (options: {
  learningRate: number | ReturnType<typeof cosineDecay>;
  decay: number;
}) =>
  optimizer({
    name: "signum",
    options,
    init: ({ shape }) => ({ mean: zeros(shape) }),
    update(gradient, { mean }) {
      const next = add(mul(mean, options.decay), mul(gradient, 1 - options.decay));
      return { update: sign(next), state: { mean: next } };
    },
  });
const halved = ({ by }: { by: number }) =>
  transform({ name: "halved", options: { by }, update: (u) => ({ update: mul(u, by) }) });

describe("saved and loaded", () => {
  const falling = cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
  const made: Record<string, () => Optimizer> = {
    "every transform": () =>
      chain(
        clipByValue(1),
        accumulateGradients(2),
        clipByNorm(1),
        clipByGlobalNorm(1),
        adam({ learningRate: falling, beta1: 0.8 }),
        addDecayedWeights(0.01, { exclude: ["bias"] }),
        layerRates({ dense_1: 0.5 }),
        averageWeights(),
        lookahead({ syncPeriod: 2 }),
      ),
    "a chain in a chain": () => chain(chain(clipByNorm(1), sgd({ momentum: 0.9 })), lookahead()),
    "the same transform twice": () =>
      chain(accumulateGradients(2), accumulateGradients(2), adamW({ weightDecay: 0.1 })),
    lazyAdam: () => lazyAdam({ learningRate: falling, clipNorm: 1 }),
    "lazyAdam in a chain": () => chain(lazyAdam({ weightDecay: 0.1 }), lookahead()),
    "one's own optimizer": () => signum({ learningRate: falling, decay: 0.9 }),
    "one's own in a chain": () =>
      chain(halved({ by: 0.5 }), signum({ learningRate: 0.1, decay: 0.9 }), lookahead()),
  };
  test.each(ours(Object.keys(made)))("%s goes on with the same bits", (name) => {
    using whole = net(made[name]!());
    using half = net(made[name]!());
    for (let i = 0; i < 3; i++) for (const model of [whole, half]) model.trainOnBatch(x, y);
    half.optimizer.learningRate = 0.05;
    whole.optimizer.learningRate = 0.05;
    const optimizers = { signum, halved };
    using loaded = loadModel(half.save({ includeOptimizer: true }), { optimizers });
    expect([loaded.optimizer.steps, loaded.optimizer.learningRate]).toEqual([3, 0.05]);
    for (let i = 0; i < 5; i++) {
      expect(loaded.trainOnBatch(x, y)).toEqual(whole.trainOnBatch(x, y));
    }
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
  });

  test.each([
    ["no links", { links: 5 }, "expected the links of a chain, got 5"],
    ["a link that is none", { links: [1] }, "expected a link of a chain, got 1"],
    [
      "no optimizer",
      { links: [] },
      "chain(): links: expected one optimizer such as sgd() among them, got none",
    ],
    [
      "a name that nobody knows",
      { links: [{ name: "clipByNrm", options: { norm: 1 } }] },
      'unknown optimizer "clipByNrm"; did you mean "clipByNorm"?',
    ],
    [
      "an option out of range",
      { links: [{ name: "clipByNorm", options: { norm: -1 } }] },
      "clipByNorm(): norm: expected a number above 0, got -1",
    ],
    [
      "chains in chains without end",
      {
        links: Array.from({ length: 99 }).reduce(
          (links) => [{ name: "chain", options: { links } }],
          [{ name: "sgd", options: {} }] as unknown,
        ),
      },
      "expected the links of a chain, got an array",
    ],
  ])("a file with %s is refused", async (_what, options, message) => {
    using model = net(chain(clipByNorm(1), sgd()));
    const { tensors, metadata } = readSafetensors(model.save());
    const saved = JSON.parse(metadata.get("model")!);
    saved.training.options = options;
    const changed = new Map([...metadata, ["model", JSON.stringify(saved)]]);
    const file = writeSafetensors(tensors, changed);
    expect(await failure(() => loadModel(file))).toContain(
      `FormatError: loadModel(): architecture: ${message}`,
    );
  });

  test("without one's own it predicts, and goes on once it is compiled again", async () => {
    using model = net(signum({ learningRate: 0.1, decay: 0.9 }));
    for (let i = 0; i < 3; i++) model.trainOnBatch(x, y);
    using loaded = loadModel(model.save({ includeOptimizer: true }));
    expect(loaded.predict([[1, 2, 3, 4]]).data()).toEqual(model.predict([[1, 2, 3, 4]]).data());
    expect(await failure(() => loaded.trainOnBatch(x, y))).toContain(
      'unknown optimizer "signum"; ',
    );
    const again = signum({ learningRate: 0.1, decay: 0.9 });
    loaded.compile({ optimizer: again, loss: "sparseCategoricalCrossentropy" });
    expect(again.steps).toBe(3);
    for (const one of [loaded, model]) one.trainOnBatch(x, y);
    expect(flatWeights(loaded)).toEqual(flatWeights(model));
  });
});

describe("refused", () => {
  const stepWith = (update: (u: Tensor) => unknown) => () => {
    using w = variable([1, 2], { name: "w" });
    using made = chain(transform({ name: "mine", update: update as never }), sgd());
    made.minimize(sum(w), [w]);
  };
  const bad: [string, () => unknown, string][] = [
    [
      "a chain without an optimizer",
      () => chain(clipByNorm(1)),
      "ArgumentError: chain(): links: expected one optimizer such as sgd() among them, got none",
    ],
    [
      "a chain with two",
      () => chain(adam(), sgd()),
      "ArgumentError: chain(): links: expected one optimizer such as sgd() among them, got adam and sgd",
    ],
    [
      "what is no link",
      () => chain(adam as never),
      "ArgumentError: chain(): links[0]: expected a transform or an optimizer, got a function",
    ],
    [
      "a transform that does nothing",
      () => transform({ name: "mine" }),
      "ArgumentError: transform(): update: expected a function, got undefined",
    ],
    [
      "an optimizer without a rate",
      () => optimizer({ name: "mine", options: {} as never, update: (update) => ({ update }) }),
      "ArgumentError: optimizer(): learningRate: expected a finite number of 0 or more that float32 holds, got undefined",
    ],
    [
      "a clip of 0",
      () => clipByNorm(0),
      "ArgumentError: clipByNorm(): norm: expected a number above 0, got 0",
    ],
    [
      "another shape",
      stepWith((u) => ({ update: sum(u) })),
      "ShapeError: mine: update: expected float32 [2], got float32 []",
    ],
    [
      "no tensor",
      stepWith(() => ({ update: "no" })),
      'ArgumentError: mine: update: expected a tensor, a number or arrays of numbers, got "no"',
    ],
    [
      "a state that was not there",
      stepWith((update) => ({ update, state: { more: update } })),
      'ShapeError: mine: update: state: expected slots that init gave (none), got "more"',
    ],
  ];
  test.each(bad)("%s", async (_what, make, message) => {
    expect(await failure(make)).toBe(message);
  });
});

test("a chain jitted, in a model and at once has the same steps", () => {
  const make = () => chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }), lookahead());
  const [a, b] = [variable(START, { name: "w" }), variable(START, { name: "w" })];
  const [once, traced] = [make(), make()];
  const step = jit((one: Tensor) => traced.minimize(sum(mul(square(b), one)), [b]));
  for (let i = 0; i < 8; i++) {
    once.minimize(sum(mul(square(a), tensor(1))), [a]);
    step(tensor(1));
  }
  expect(b.data()).toEqual(a.data());
  step.dispose();
  for (const owner of [a, b, once, traced]) owner.dispose();
});
