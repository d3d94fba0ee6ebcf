import {
  add,
  cast,
  dense,
  dropout,
  fill,
  gather,
  jit,
  layer,
  loadModel,
  mean,
  memory,
  mul,
  readSafetensors,
  relu,
  type Shape,
  sequential,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  type Variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

/** Subtracts the mean of the batch while training, a running mean otherwise. */
function centered({ momentum, name }: { momentum: number; name?: string }) {
  let running: Variable; // (features)
  return layer({
    type: "centered",
    name,
    config: { momentum },
    build(inputShape, add) {
      running = add("mean", [inputShape.at(-1)!], "zeros", { trainable: false });
    },
    call(x, { training, update }) {
      if (!training) return sub(x, running);
      const now = mean(x, { axis: 0 });
      update(running, (before) => add(mul(before, momentum), mul(now, 1 - momentum)));
      return sub(x, now);
    },
  });
}

/** Two dense layers and a way around them. */
function block({ units, name }: { units: number; name?: string }) {
  const inner = [dense(units, { activation: "relu" }), dense(units)] as const;
  return layer({
    type: "block",
    name,
    config: { units },
    layers: inner,
    call: (x) => add(x, inner[1](inner[0](x))),
  });
}

/** The squares of its weights times a factor join the loss. */
function decayed({ factor, name }: { factor: number; name?: string }) {
  let w: Variable; // (in, 1)
  return layer({
    type: "decayed",
    name,
    config: { factor },
    build(inputShape, add) {
      w = add("w", [inputShape.at(-1)!], "ones");
    },
    call(x, { addLoss }) {
      addLoss(mul(sum(square(w)), factor));
      return mul(x, w);
    },
  });
}

const layers = { centered, block, decayed };
const x = [
  [1, 2],
  [3, 4],
  [5, 9],
];
const y = [[1], [2], [3]];
const owners = () => JSON.stringify(memory().owners);

describe("statistics", () => {
  test("are written by steps that train, and by nothing else", () => {
    using model = sequential([centered({ momentum: 0.5 }), dense(1)], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const running = () => [...model.getWeights()[0]!];
    expect(model.layers).toEqual(["centered", "dense"]);
    expect(model.parameterCount).toBe(3);
    expect(model.variables.map(({ name }) => name)).toEqual(["dense/kernel", "dense/bias"]);
    model.predict(x);
    model.evaluate(x, y);
    expect(running()).toEqual([0, 0]);
    model.trainOnBatch(x, y);
    expect(running()).toEqual([1.5, 2.5]);
    model.trainOnBatch(x, y);
    expect(running()).toEqual([2.25, 3.75]);
    expect(model.summary()).toContain("5 parameters, 20 bytes, 2 of them not trained");
  });

  test("of a layer that stands twice follow from each other", () => {
    const twice = centered({ momentum: 0.5 });
    using model = sequential([twice, twice, dense(1)], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    model.trainOnBatch(x, y);
    // The mean of x, then that of what was centered: 0.
    expect([...model.getWeights()[0]!]).toEqual([0.75, 1.25]);
  });

  test("stay as they were where a step fails", async () => {
    using model = sequential([centered({ momentum: 0.5 }), dense(1)], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    model.trainOnBatch(x, y);
    const before = flatWeights(model);
    const far = [[3e38], [1], [2]];
    expect(await failure(() => model.trainOnBatch(x, far))).toMatch(/^NumericError/);
    expect(flatWeights(model)).toEqual(before);
  });

  test("travel with the file, and training goes on with the same bits", async () => {
    const make = () =>
      sequential([block({ units: 2 }), centered({ momentum: 0.75 }), dropout(0.25), dense(1)], {
        inputShape: [2],
        seed: 3,
      }).compile({ optimizer: "adam", loss: "meanSquaredError" });
    using whole = make();
    await whole.fit(x, y, { epochs: 4, batchSize: 2 });
    using half = make();
    await half.fit(x, y, { epochs: 2, batchSize: 2 });
    using loaded = loadModel(half.save({ includeOptimizer: true }), { layers });
    await loaded.fit(x, y, { epochs: 2, batchSize: 2 });
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
    expect(loaded.layers).toEqual(whole.layers);
  });

  test("may be written at predictions, and be integers", () => {
    let seen: Variable<Shape, "int32">; // (1)
    const counting = layer({
      type: "counting",
      config: {},
      build(_shape, add) {
        seen = add("seen", [1], "zeros", { dtype: "int32" });
      },
      call(x, { training, update }) {
        if (!training) update(seen, (now) => cast(gather(tensor([1, 2, 3, 4]), now), "int32"));
        return x;
      },
    });
    using model = sequential([counting], { inputShape: [1] });
    for (const times of [1, 2, 3]) {
      model.predict([[1]]);
      expect([...seen!.data()]).toEqual([times]);
    }
    expect(model.getWeights()).toEqual([]);
    expect(readSafetensors(model.save()).tensors.get("counting/seen")?.dtype).toBe("I32");
  });
});

describe("a layer that contains layers", () => {
  test("has them under its own path, and they train, freeze and go with it", async () => {
    const before = owners();
    const outer = block({ units: 2, name: "outer" });
    {
      using model = sequential([outer, dense(1)], { inputShape: [2], seed: 1 }).compile({
        optimizer: "sgd",
        loss: "meanSquaredError",
      });
      expect(model.variables.map(({ name }) => name)).toEqual([
        "outer/dense/kernel",
        "outer/dense/bias",
        "outer/dense_1/kernel",
        "outer/dense_1/bias",
        "dense/kernel",
        "dense/bias",
      ]);
      outer.trainable = false;
      expect(model.parameterCount).toBe(3);
      const frozen = outer.variables.map((variable) => variable.data());
      model.fitSync(x, y, { epochs: 2 });
      expect(outer.variables.map((variable) => variable.data())).toEqual(frozen);
      outer.trainable = true;
      model.fitSync(x, y);
      expect(outer.variables.map((variable) => variable.data())).not.toEqual(frozen);
    }
    expect(owners()).toBe(before);
  });

  test("may be called by itself", () => {
    const outer = block({ units: 3 });
    expect(outer(random([2, 3])).shape).toEqual([2, 3]);
    expect(outer.variables.map(({ name }) => name)).toContain("block/dense_1/kernel");
    for (const variable of outer.variables) variable.dispose();
  });

  test("leaves nothing where one of them does not fit", async () => {
    const before = owners();
    const bad = layer({ type: "bad", layers: [], call: (x) => add(x, fill([7, 7, 7], 1)) });
    expect(
      await failure(() => sequential([block({ units: 2 }), bad], { inputShape: [2] })),
    ).toMatch(/^ShapeError/);
    expect(await failure(() => sequential([block({ units: 5 })], { inputShape: [2] }))).toMatch(
      /^ShapeError/,
    );
    expect(owners()).toBe(before);
  });
});

describe("what is frozen", () => {
  const trained = (freeze: (first: { trainable: boolean }) => void) => {
    const first = dense(4, { activation: "tanh" });
    using model = sequential([first, dense(1)], { inputShape: [2], seed: 2 }).compile({
      optimizer: "adam",
      loss: "meanSquaredError",
    });
    freeze(first);
    model.fitSync(x, y, { epochs: 2 });
    return { summary: model.summary(), weights: model.getWeights() };
  };

  test("keeps its bits, and is told", () => {
    const { summary, weights } = trained((first) => {
      first.trainable = false;
    });
    const fresh = trained(() => {});
    using untrained = sequential([dense(4, { activation: "tanh" }), dense(1)], {
      inputShape: [2],
      seed: 2,
    });
    expect(weights.slice(0, 2)).toEqual(untrained.getWeights().slice(0, 2));
    expect(weights[0]).not.toEqual(fresh.weights[0]);
    expect(summary).toContain("dense (dense, tanh, frozen)");
    expect(summary).toContain("17 parameters, 68 bytes, 12 of them not trained");
  });

  test("is true or false", async () => {
    const one = dense(1);
    expect(await failure(() => Object.assign(one, { trainable: 1 }))).toBe(
      "ArgumentError: dense: trainable: expected true or false, got 1",
    );
  });

  test("all of a model leaves nothing to train", async () => {
    const only = dense(1);
    using model = sequential([only], { inputShape: [2] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    only.trainable = false;
    const step = model.compileTrainOnBatch();
    const calls: Record<string, () => unknown> = {
      trainOnBatch: () => model.trainOnBatch(x, y),
      compileTrainOnBatch: () => step(Float32Array.of(1, 2), Float32Array.of(3)),
      fit: () => model.fit(x, y),
      fitSync: () => model.fitSync(x, y),
      train: () => model.train(x, y).next(),
    };
    for (const [name, call] of Object.entries(calls)) {
      expect(await failure(call)).toBe(
        `StateError: ${name}(): expected something to train, got layers that are frozen or have no variables; set \`trainable\` of one that has`,
      );
    }
  });
});

test("losses of layers join that of the model", () => {
  const compiled = (factor: number) =>
    sequential([decayed({ factor }), dense(1, { kernelInitializer: "zeros" })], {
      inputShape: [2],
    }).compile({ optimizer: "sgd", loss: "meanSquaredError" });
  using plain = compiled(0);
  using heavy = compiled(0.5);
  expect(heavy.evaluate(x, y).loss).toBeCloseTo(plain.evaluate(x, y).loss + 1, 5);
  const loss = plain.trainOnBatch(x, y).loss;
  expect(heavy.trainOnBatch(x, y).loss).toBeCloseTo(loss + 1, 5);
  // The slope of 0.5·w² beside that of the loss, which is 0 where the kernel is.
  expect([...heavy.getWeights()[0]!]).toEqual([Math.fround(0.99), Math.fround(0.99)]);
  expect([...plain.getWeights()[0]!]).toEqual([1, 1]);
});

describe("what is wrong", () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => layer({ type: "a/b", call: (x) => x }),
      'layer(): type: expected text without "/", got "a/b"',
    ],
    [() => layer({ type: "a" } as never), "layer(): call: expected a function, got undefined"],
    [
      () => layer({ type: "a", config: { f: () => 1 }, call: (x) => x }),
      "layer(): config.f: expected options that JSON holds, got a function",
    ],
    [
      () => layer({ type: "a", layers: [relu as never], call: (x) => x }),
      "layer(): layers[0]: expected a layer, got a function",
    ],
    [
      () => layer(5 as never),
      "layer(): expected an object of options, got 5; or give it a function of a tensor",
    ],
    [
      () =>
        sequential(
          [
            layer({
              type: "a",
              build(_shape, add) {
                add("w", [1], "ones");
                add("w", [1], "ones");
              },
              call: (x) => x,
            }),
          ],
          { inputShape: [1] },
        ),
      'a: add("w"): expected each name once, got it twice',
    ],
    [
      () => jit((t: Tensor) => block({ units: 2 })(t))(x),
      "block: expected a built layer inside the function that jit traces; call it once outside, or put it into a model",
    ],
  ];
  test.each(cases)("%#", async (call, message) => {
    expect((await failure(call)).replace(/^\w+: /, "")).toBe(message);
  });

  test("a file with a layer of one's own says how it is given", async () => {
    using model = sequential([centered({ momentum: 0.5 })], { inputShape: [2] });
    const bytes = model.save();
    expect(await failure(() => loadModel(bytes))).toContain(
      "layers of your own are given to loadModel(bytes, { layers: { ... } })",
    );
    expect(await failure(() => loadModel(bytes, { layers: { centered: () => dense(1) } }))).toBe(
      "FormatError: loadModel(): architecture: loadModel(): layers: centered: expected a function that makes such a layer, " +
        'got one of type "dense"',
    );
  });
});
