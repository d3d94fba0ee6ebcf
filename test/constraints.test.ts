import {
  accumulateGradients,
  adam,
  adamW,
  averageWeights,
  type Constraint,
  chain,
  clip,
  constraint,
  constraints,
  cosineDecay,
  dense,
  div,
  embedding,
  flatten,
  input,
  lazyAdam,
  loadModel,
  lookahead,
  memory,
  mul,
  type Optimizer,
  rmsprop,
  sequential,
  sgd,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const X = random([8, 3], 1);
const Y = random([8, 2], 2);

/** x·W against Y, W (3, 2). */
const net = (kernelConstraint: Constraint | undefined, optimizer: Optimizer, from?: number[]) => {
  const made = sequential([dense(2, { kernelConstraint, useBias: false } as object)], {
    inputShape: [3],
    seed: 7,
  }).compile({ optimizer, loss: "meanSquaredError" });
  if (from !== undefined) made.setWeights([from]);
  return made;
};

const norms = (w: ArrayLike<number>, axis: number) =>
  Array.from({ length: axis === 0 ? 2 : 3 }, (_, i) =>
    Math.hypot(...(axis === 0 ? [w[i]!, w[2 + i]!, w[4 + i]!] : [w[2 * i]!, w[2 * i + 1]!])),
  );

/** W (3, 2) with these norms along an axis, by Keras's formula in float64. */
function withNorms(w: readonly number[], axis: number, wanted: (norm: number) => number) {
  const of = norms(w, axis);
  return w.map((v, i) => {
    const norm = of[axis === 0 ? i % 2 : i >> 1]!;
    return (v * wanted(norm)) / (norm + 1e-7);
  });
}

const START = [3, -0.1, 0.5, 0.2, -2, 0.05];

describe("constraints", () => {
  test.each<[string, Constraint, (w: number[]) => number[]]>([
    ["maxNorm", constraints.maxNorm(1.5), (w) => withNorms(w, 0, (n) => Math.min(n, 1.5))],
    [
      "maxNorm of rows",
      constraints.maxNorm(0.4, { axis: 1 }),
      (w) => withNorms(w, 1, (n) => Math.min(n, 0.4)),
    ],
    ["unitNorm", constraints.unitNorm(), (w) => withNorms(w, 0, () => 1)],
    ["unitNorm of rows", constraints.unitNorm({ axis: -1 }), (w) => withNorms(w, 1, () => 1)],
    ["nonNeg", constraints.nonNeg(), (w) => w.map((v) => Math.max(v, 0))],
    [
      "minMaxNorm",
      constraints.minMaxNorm({ minValue: 0.5, maxValue: 1, rate: 0.75 }),
      (w) => withNorms(w, 0, (n) => 0.75 * Math.min(Math.max(n, 0.5), 1) + 0.25 * n),
    ],
  ])("%s: what the optimizer makes, constrained", (_name, rule, expected) => {
    using free = net(undefined, sgd({ learningRate: 0.1 }), START);
    using kept = net(rule, sgd({ learningRate: 0.1 }), START);
    free.trainOnBatch(X, Y);
    kept.trainOnBatch(X, Y);
    expectAllclose(flatWeights(kept), expected(flatWeights(free)));
    const w = [START.slice(0, 2), START.slice(2, 4), START.slice(4)];
    expectAllclose(rule(w).data(), expected(START));
  });

  test.each<[string, () => Optimizer]>([
    ["adam", () => adam({ learningRate: 0.1, globalClipNorm: 1 })],
    [
      "adamW",
      () => adamW({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 20 }) }),
    ],
    ["rmsprop", () => rmsprop({ learningRate: 0.1, weightDecay: 0.1 })],
    ["momentum", () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    ["lazyAdam", () => lazyAdam({ learningRate: 0.1 })],
  ])("%s: as its own steps, each constrained", (_name, make) => {
    const nothing = constraint({ name: "nothing", call: (w) => w });
    using free = net(undefined, make(), START);
    using same = net(nothing, make(), START);
    using kept = net(constraints.maxNorm(1), make(), START);
    for (let step = 0; step < 12; step++) {
      free.trainOnBatch(X, Y);
      same.trainOnBatch(X, Y);
      kept.trainOnBatch(X, Y);
      expect(Math.max(...norms(flatWeights(kept), 0))).toBeLessThan(1 + 1e-6);
    }
    expectAllclose(flatWeights(same), flatWeights(free));
    expect(flatWeights(kept)).not.toEqual(flatWeights(free));
  });

  test("hold where transforms change weights too", () => {
    const unit = () => constraints.unitNorm();
    const optimizers = [
      chain(adam({ learningRate: 0.1 }), lookahead({ syncPeriod: 2 })),
      chain(sgd({ learningRate: 0.1 }), averageWeights()),
      chain(accumulateGradients(3), sgd({ learningRate: 0.1 })),
    ];
    for (const optimizer of optimizers) {
      using kept = net(
        unit(),
        optimizer,
        withNorms(START, 0, () => 1),
      );
      kept.fitSync(X, Y, { epochs: 5, batchSize: 4 });
      expectAllclose(norms(flatWeights(kept), 0), [1, 1]);
    }
  });

  test("of a table and a bias, and only of what trains", () => {
    const table = embedding(5, 2, { embeddingsConstraint: constraints.unitNorm({ axis: 1 }) });
    const end = dense(1, { biasConstraint: constraints.nonNeg(), biasInitializer: "ones" });
    using model = sequential([input([2], { dtype: "int32" }), table, flatten(), end], { seed: 1 });
    const words = model.compile({
      optimizer: sgd({ learningRate: 0.5 }),
      loss: "meanSquaredError",
    });
    words.fitSync([[0, 1]], [[-9]], { epochs: 4 });
    const [rows, , bias] = words.getWeights();
    for (let id = 0; id < 5; id++) {
      expectAllclose([Math.hypot(rows![2 * id]!, rows![2 * id + 1]!)], [1]); // unused ones too, as in Keras
    }
    expect(bias![0]).toBe(0);
    table.trainable = false;
    const before = [...table.variables[0]!.data()];
    words.fitSync([[0, 1]], [[-9]], { epochs: 2 });
    expect([...table.variables[0]!.data()]).toEqual(before);
  });

  test("a training goes on from a file bit for bit, and with frozen layers by the core", () => {
    const make = () =>
      sequential(
        [
          dense(4, { activation: "tanh", kernelConstraint: constraints.maxNorm(0.5) }),
          dense(2, { biasConstraint: constraints.minMaxNorm({ maxValue: 0.1 }) }),
        ],
        { inputShape: [3], seed: 7 },
      ).compile({ optimizer: adam({ learningRate: 0.05 }), loss: "meanSquaredError" });
    using whole = make();
    using half = make();
    whole.fitSync(X, Y, { epochs: 4, batchSize: 4, shuffle: false });
    half.fitSync(X, Y, { epochs: 2, batchSize: 4, shuffle: false });
    using loaded = loadModel(half.save({ includeOptimizer: true }));
    loaded.fitSync(X, Y, { epochs: 2, batchSize: 4, shuffle: false });
    expectSameBits(flatWeights(loaded), flatWeights(whole));
    const slots = (model: { save(options: object): Uint8Array }) =>
      model.save({ includeOptimizer: true }).length;
    expect(slots(loaded)).toBe(slots(whole));
  });

  test("steps with and without a constraint take turns on one optimizer", () => {
    const train = (constrained: boolean) => {
      const a = dense(3, {
        kernelConstraint: constrained ? constraint((w) => w) : undefined,
      } as object);
      const made = sequential([a, dense(2)], { inputShape: [3], seed: 2 }).compile({
        optimizer: adam({ learningRate: 0.1 }),
        loss: "meanSquaredError",
        warn: () => {},
      });
      for (let step = 0; step < 9; step++) {
        a.trainable = step % 3 !== 2; // the core's own step in each third
        made.trainOnBatch(X, Y);
      }
      const weights = flatWeights(made);
      made.dispose();
      return weights;
    };
    expectAllclose(train(true), train(false), 1e-5);
  });

  test("memory comes back", () => {
    const held = () => ({ bytes: memory().bytes, owners: memory().owners });
    const before = held();
    const optimizer = adam();
    const made = net(constraints.unitNorm(), optimizer, START);
    made.trainOnBatch(X, Y);
    made.dispose();
    expect(held()).toEqual(before);
    const again = net(constraints.unitNorm(), optimizer, START);
    again.trainOnBatch(X, Y);
    again.dispose();
    expect(held()).toEqual(before);
  });
});

describe("constraints of one's own", () => {
  const bounded = (config: { most: number }) =>
    constraint({ name: "bounded", config, call: (w) => clip(w, -config.most, config.most) });

  test("are saved and loaded", async () => {
    using made = net(bounded({ most: 0.25 }), sgd({ learningRate: 0.1 }), START);
    const bytes = made.save();
    using loaded = loadModel(bytes, { constraints: { bounded } });
    loaded.trainOnBatch(X, Y);
    made.trainOnBatch(X, Y);
    expect(flatWeights(loaded)).toEqual(flatWeights(made));
    expect(Math.max(...flatWeights(loaded).map(Math.abs))).toBe(0.25);
    expect(await failure(() => loadModel(bytes))).toContain('unknown constraint "bounded"');
    using loadedOurs = loadModel(
      net(constraints.minMaxNorm({ minValue: 0.5, rate: 0.5, axis: [1] }), sgd()).save(),
    );
    expect(JSON.stringify(loadedOurs.save().length)).toBeTruthy();
  });

  test("commit finite numbers or nothing", async () => {
    const broken = constraint({ name: "broken", call: (w) => div(w, mul(w, 0)) });
    for (const optimizer of [sgd({ learningRate: 0.1 }), chain(adam(), lookahead())]) {
      using made = net(broken, optimizer, START);
      expect(await failure(() => made.trainOnBatch(X, Y))).toMatch(
        /^NumericError: trainOnBatch\(\): expected finite weights .* in "dense\/kernel" \(element 0\)/,
      );
      expectAllclose(flatWeights(made), START);
    }
  });

  test("of another shape, or other axes, are refused where the layer is built", async () => {
    const other = constraint((w) => clip(w, 0, 1).data());
    expect(await failure(() => net(other, sgd()))).not.toBe("no error");
    const flat = constraint({ name: "flat", call: (w) => mul(w, [[[1]]]) });
    expect(await failure(() => net(flat, sgd()))).toMatch(
      /flat\(\): expected a constraint that gives the same shape, got float32 \[1, 3, 2\] of \[3, 2\]/,
    );
    expect(await failure(() => net(constraints.maxNorm(1, { axis: 2 }), sgd()))).toMatch(
      /^ArgumentError: .*maxNorm\(\): axis: expected an integer from -2 to 1, got 2/,
    );
  });

  test("and of wrong numbers at once", async () => {
    expect(await failure(() => constraints.maxNorm(-1))).toContain("maxNorm(): maxValue:");
    expect(await failure(() => constraints.unitNorm({ axis: 0.5 }))).toContain("unitNorm(): axis:");
    expect(await failure(() => constraints.minMaxNorm({ rate: 2 }))).toContain("rate:");
    expect(await failure(() => constraints.minMaxNorm({ minValue: 3 }))).toContain("minValue:");
    expect(await failure(() => constraint({ name: "x" } as never))).toContain("call:");
  });
});
