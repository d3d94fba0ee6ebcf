import {
  adam,
  dense,
  jit,
  mean,
  memory,
  sequential,
  sgd,
  square,
  sub,
  type Tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";

const x = [
  [1, 2],
  [3, 4],
  [0, 1],
];
const y = [[1], [2], [3]];
const optimizers = { sgd, adam } as const;
const names = ["sgd", "adam"] as const;
const owners = () => JSON.stringify(memory().owners);

describe("models with a layer in common", () => {
  /** Two models of which the last layer is one; what the second comes to when `between` happens in its training. */
  function second(name: (typeof names)[number], between: (first: Disposable) => void) {
    const shared = dense(1);
    const make = (seed: number) =>
      sequential([dense(3, { activation: "tanh" }), shared], { inputShape: [2], seed });
    const compiling = { optimizer: name, loss: "meanSquaredError" } as const;
    const [first, other] = [make(1).compile(compiling), make(2).compile(compiling)];
    first.fitSync(x, y, { epochs: 2 });
    other.fitSync(x, y, { epochs: 2 });
    between(first);
    const { history } = other.fitSync(x, y, { epochs: 2 });
    const result = [...flatWeights(other), ...history.loss, ...other.predict(x).data()];
    first.dispose();
    other.dispose();
    return result;
  }

  test.each(names)("%s: disposing one leaves the other whole", (name) => {
    const before = owners();
    expect(second(name, (first) => first[Symbol.dispose]())).toEqual(second(name, () => {}));
    expect(owners()).toBe(before);
  });

  test("dispose what nobody has any more, with what optimizers keep for it", () => {
    const before = owners();
    const shared = dense(1);
    const optimizer = adam();
    const models = [1, 2, 3].map((seed) =>
      sequential([dense(2, { activation: "relu" }), shared], { inputShape: [2], seed }).compile({
        optimizer,
        loss: "meanSquaredError",
      }),
    );
    for (const model of models) model.fitSync(x, y);
    models.pop()!.dispose();
    models.pop()!.dispose();
    expect(models[0]!.fitSync(x, y).steps).toBe(1);
    models[0]!.dispose();
    expect(owners()).toBe(before);
  });

  test("twice in one model, a layer is disposed once", () => {
    const before = owners();
    const twice = dense(2);
    sequential([twice, twice], { inputShape: [2] }).dispose();
    expect(owners()).toBe(before);
  });

  test("a layer whose last model is gone says so", async () => {
    const layer = dense(2);
    sequential([layer], { inputShape: [2] }).dispose();
    const said =
      "DisposedError: dense: expected a layer of a model that is not disposed; make a new layer";
    expect(await failure(() => sequential([layer], { inputShape: [2] }))).toBe(said);
    expect(await failure(() => layer(x))).toBe(said);
  });
});

describe("models with one optimizer", () => {
  test.each(names)("%s: disposing one leaves the other, and a loop of one's own, whole", (name) => {
    const run = (disposes: boolean) => {
      const optimizer = optimizers[name]({ learningRate: 0.05 });
      const make = (seed: number) =>
        sequential([dense(1)], { inputShape: [2], seed }).compile({
          optimizer,
          loss: "meanSquaredError",
        });
      const [first, other] = [make(1), make(2)];
      using w = variable([1, 2]);
      using step = jit((to: Tensor) => {
        const loss = mean(square(sub(to, w)));
        optimizer.minimize(loss, [w]);
        return loss;
      });
      for (const model of [first, other]) model.fitSync(x, y);
      step([3, 4]);
      if (disposes) first.dispose();
      other.fitSync(x, y);
      const losses = [step([3, 4]).item(), step([3, 4]).item()];
      const result = [...flatWeights(other), ...losses, optimizer.steps];
      other.dispose();
      step([3, 4]);
      first.dispose();
      optimizer.dispose();
      return result;
    };
    expect(run(true)).toEqual(run(false));
  });

  test.each(names)("%s: one that was disposed is named, and nothing changes", async (name) => {
    const optimizer = optimizers[name]();
    using model = sequential([dense(1)], { inputShape: [2] }).compile({
      optimizer,
      loss: "meanSquaredError",
    });
    model.fitSync(x, y);
    const weights = flatWeights(model);
    optimizer.dispose();
    expect(await failure(() => model.fit(x, y))).toMatch(/^DisposedError: .*optimizer/);
    expect(await failure(() => model.trainOnBatch(x, y))).toMatch(/^DisposedError: .*optimizer/);
    expect(flatWeights(model)).toEqual(weights);
    model.compile({ optimizer: name, loss: "meanSquaredError" });
    expect((await model.fit(x, y)).steps).toBe(1);
  });
});
