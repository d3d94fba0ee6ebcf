import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  dense,
  jit,
  lion,
  loadModel,
  mean,
  mul,
  nadam,
  type Optimizer,
  radam,
  readSafetensors,
  rmsprop,
  sequential,
  sgd,
  type Tensor,
  tensor,
  type Variable,
  variable,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { ours } from "./support/shares.ts";

type Options = {
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly clipValue?: number;
  readonly clipNorm?: number;
  readonly globalClipNorm?: number;
};

/** Every rule of the core. */
const optimizers: Readonly<Record<string, (options: Options) => Optimizer>> = {
  sgd,
  momentum: (options) => sgd({ momentum: 0.9, ...options }),
  nesterov: (options) => sgd({ momentum: 0.9, nesterov: true, ...options }),
  adam,
  adamW,
  amsgrad: (options) => adam({ amsgrad: true, ...options }),
  adamax,
  nadam,
  radam,
  rmsprop,
  "rmsprop with momentum": (options) => rmsprop({ momentum: 0.9, ...options }),
  "centered rmsprop": (options) => rmsprop({ centered: true, ...options }),
  adagrad,
  adadelta,
  lion,
};

/** Options that change the gradient before the rule sees it. */
const ways: Readonly<Record<string, Options>> = {
  plain: {},
  "weight decay": { weightDecay: 0.01 },
  "weight decay 1e30": { weightDecay: 1e30 },
  clipValue: { clipValue: 1 },
  clipNorm: { clipNorm: 1e30 },
  globalClipNorm: { globalClipNorm: 1 },
};

type Batch = { readonly x: number[][]; readonly y: number[][] };
const ordinary: Batch = {
  x: [
    [0.5, -1],
    [1, 0.25],
    [-0.75, 0.5],
    [0.1, 0.9],
  ],
  y: [[0.3], [-0.2], [0.5], [0.1]],
};
const batches: Readonly<Record<string, Batch>> = {
  ordinary,
  "x 1000, y 1e4": { x: [[1000, 1000]], y: [[1e4]] },
  "x 1e20": { x: [[1e20, 1], ...ordinary.x.slice(1)], y: ordinary.y },
  "x 1e18": { x: [[1e18, 1], ...ordinary.x.slice(1)], y: ordinary.y },
  "y 1e38": { x: ordinary.x, y: [[1e38], ...ordinary.y.slice(1)] },
};

/** Every batch in the plain way, every other way with one of the batches. */
const cases: [Options, Batch][] = [
  ...Object.values(batches).map((batch): [Options, Batch] => [ways.plain!, batch]),
  ...Object.values(ways).map((options, i): [Options, Batch] => {
    const all = Object.values(batches);
    return [options, all[i % all.length]!];
  }),
];

const net = (optimizer: Optimizer) =>
  sequential([dense(1)], { inputShape: [2], seed: 1 }).compile({
    optimizer,
    loss: "meanAbsoluteError",
    warn: () => {},
  });

type Net = ReturnType<typeof net>;

/** Weights, slots and counters, to the bit. */
const stateOf = (model: Net) =>
  new TextDecoder("latin1").decode(model.save({ includeOptimizer: true }));

/** One step: what it threw, if anything. */
function step(model: Net, { x, y }: Batch): Error | undefined {
  try {
    model.trainOnBatch(x, y);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

describe.each(Object.keys(optimizers))("%s", (name) => {
  const make = optimizers[name]!;

  test.each(ours([3e38, 1e38, 1e20, 1e10, 0.01]))(
    "rate %s: a step is finite or refused",
    (learningRate) => {
      const found = { refused: 0, done: 0 };
      for (const [options, batch] of ours(cases)) {
        using model = net(make({ learningRate, ...options }));
        using twin = net(make({ learningRate, ...options }));
        for (const each of [ordinary, batch, batch, ordinary]) {
          const before = stateOf(model);
          const error = step(model, each);
          if (error !== undefined) {
            expect(error.name).toBe("NumericError");
            expect(error.message).toContain("the model is as it was before this step");
            expect(stateOf(model)).toEqual(before);
            found.refused++;
            continue;
          }
          // What was refused might as well not have been tried.
          expect(step(twin, each)).toBe(undefined);
          expect(stateOf(model)).toEqual(stateOf(twin));
          found.done++;
        }
        // A file holds finite numbers only, and loadModel looks.
        loadModel(model.save({ includeOptimizer: true })).dispose();
      }
      if (learningRate <= 1) expect(found.done).toBeGreaterThan(found.refused);
    },
  );

  test("an outlier that is refused leaves a model that learns", () => {
    using model = net(make({ learningRate: 0.01 }));
    step(model, ordinary);
    const before = stateOf(model);
    const error = step(model, batches["x 1e20"]!);
    const weights = flatWeights(model);
    if (error === undefined) return expect(weights.every(Number.isFinite)).toBe(true);
    expect(stateOf(model)).toEqual(before);
    for (let i = 0; i < 300; i++) expect(step(model, ordinary)).toBe(undefined);
    expect(flatWeights(model).slice(0, 2)).not.toEqual(weights.slice(0, 2));
  });
});

describe("what the error says", () => {
  test("of weights: which, where, and the rate", async () => {
    using model = net(sgd({ learningRate: 1e38 }));
    expect(await failure(() => model.trainOnBatch([[1000, 1000]], [[1e4]]))).toBe(
      "NumericError: trainOnBatch(): expected finite weights and optimizer state after the step, got NaN or " +
        'infinity in "dense/kernel" (element 0, where the gradient is -1000); ' +
        "likely cause: the learning rate 1e+38 is too high; the model is as it was before this step",
    );
  });

  test("of a slot: which, and the gradient", async () => {
    using model = net(adam());
    expect(await failure(() => model.fit([[1e20, 1]], [[0]]))).toMatch(
      /got NaN or infinity at step 1 \(epoch 1, batch 1\) in slot "v" of "dense\/kernel" \(element 0, where the gradient is -?100000002004087730000\); likely cause: a gradient so large/,
    );
  });
});

describe("minimize", () => {
  const w = () => variable(tensor([1, 2]), { name: "w" });
  const steep = (v: Variable) => mean(mul(v, tensor([3, -3])));

  test("called as it is refuses and leaves variable and optimizer as they were", async () => {
    using v = w();
    using optimizer = sgd({ learningRate: 3e38, momentum: 0.5 });
    expect(await failure(() => optimizer.minimize(steep(v), [v]))).toBe(
      "NumericError: minimize(): expected finite variables and optimizer state after the step, got NaN or " +
        'infinity in "w" (element 0, where the gradient is 1.5); likely cause: the learning rate 3e+38 is ' +
        "too high; no variable was changed",
    );
    expect([v.array(), optimizer.steps]).toEqual([[1, 2], 0]);
    optimizer.learningRate = 1;
    optimizer.minimize(steep(v), [v]);
    expect([v.array(), optimizer.steps]).toEqual([[-0.5, 3.5], 1]);
  });

  test("in jit refuses together with all else that the call would write", async () => {
    using v = w();
    using other = variable(tensor([5]));
    const first = sgd({ learningRate: 0.5 });
    const second = adam();
    const step = jit((x: Tensor) => {
      first.minimize(mean(mul(other, other)), [other]);
      second.minimize(mean(mul(v, x)), [v]);
    });
    expect(await failure(() => step(tensor([1e25, 1])))).toContain('slot "v" of "w" (element 0');
    expect([v.array(), other.array(), first.steps, second.steps]).toEqual([[1, 2], [5], 0, 0]);
    step(tensor([1, 1]));
    expect([other.array(), first.steps, second.steps]).toEqual([[0], 1, 1]);
  });

  test("an assignment of one's own in jit is what IEEE says; a step on it is refused", async () => {
    using v = w();
    const step = sgd({ learningRate: 0.5 });
    step.minimize(steep(v), [v]);
    jit((x: Tensor) => v.assign(x))(tensor([Number.POSITIVE_INFINITY, 1]));
    expect(v.array()).toEqual([Number.POSITIVE_INFINITY, 1]);
    expect(await failure(() => step.minimize(steep(v), [v]))).toBe(
      'NumericError: variable "w": expected finite values before a step, got Infinity at element 0; ' +
        "no variable was changed; assign() finite ones",
    );
    v.assign([1, 1]);
    step.minimize(steep(v), [v]);
    expect(v.array()).toEqual([0.25, 1.75]);
  });

  test.each([
    ["adam", () => adam({ epsilon: 0 })],
    ["rmsprop", () => rmsprop({ epsilon: 0 })],
    ["adagrad, epsilon too small for float32", () => adagrad({ epsilon: 1e-50 })],
  ] as const)("0 divided by 0 in %s is refused and named", async (_, make) => {
    using v = w();
    const optimizer = make();
    const half = () => mean(mul(v, tensor([1, 0])));
    expect(await failure(() => optimizer.minimize(half(), [v]))).toMatch(
      /in "w" \(element 1, where the gradient is 0\); likely cause: epsilon \S+ is too small: a division by 0;/,
    );
    optimizer.minimize(steep(v), [v]);
    expect(optimizer.steps).toBe(1);
  });
});

describe("counters", () => {
  test("end with an error, nothing changed", async () => {
    const { tensors, metadata } = (() => {
      using model = net(sgd());
      step(model, ordinary);
      return readSafetensors(model.save({ includeOptimizer: true }));
    })();
    tensors.get("optimizer/step")!.data[0] = 0x7f7f_ffff;
    using model = loadModel(writeSafetensors(tensors, metadata)) as unknown as Net;
    expect(step(model, ordinary)).toBe(undefined);
    const before = stateOf(model);
    expect(await failure(() => model.trainOnBatch(ordinary.x, ordinary.y))).toBe(
      "NumericError: trainOnBatch(): expected fewer than 2139095040 steps, got to the end of the counter; " +
        "the model is as it was before this step",
    );
    expect(stateOf(model)).toBe(before);
  });
});
