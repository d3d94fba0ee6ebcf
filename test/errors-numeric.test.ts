import {
  dense,
  div,
  exp,
  log,
  mean,
  type NumericError,
  sequential,
  sgd,
  sqrt,
  sub,
  type Tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const targets = Float32Array.from(y);

/** A regression whose rate is as given, through a function between two layers. */
const net = (between: (t: Tensor) => Tensor, learningRate = 0.01) =>
  sequential([dense(4, { name: "first" }), between, dense(1, { name: "last" })], {
    inputShape: [4],
    seed: 1,
  }).compile({ optimizer: sgd({ learningRate }), loss: "meanSquaredError" });

describe("a loss that becomes NaN or infinite", () => {
  test("stops fit with step, layer and likely cause, the model as before the step", async () => {
    using model = net((t) => t, 1e18);
    const seen: number[][] = [];
    const onBatchEnd = () => seen.push(flatWeights(model));
    const message = await failure(() =>
      model.fit(x, targets, { epochs: 50, batchSize: 30, callbacks: { onBatchEnd } }),
    );
    const step = seen.length + 1;
    const [epoch, batch] = [Math.ceil(step / 2), ((step - 1) % 2) + 1];
    expect(message).toMatch(
      new RegExp(
        "^NumericError: fit\\(\\): expected a finite loss and finite gradients, got NaN or infinity " +
          `at step ${step} \\(epoch ${epoch}, batch ${batch}\\); ` +
          'it first appeared in \\S+\\(\\)( in layer "\\S+")?; ' +
          "likely cause: the learning rate 1000000000000000000 is too high; " +
          "the model is as it was before this step$",
      ),
    );
    expect(flatWeights(model)).toEqual(seen.at(-1));
  });

  test("goes on with a smaller rate", async () => {
    using model = net((t) => t, 1e18);
    await failure(() => model.fit(x, targets, { epochs: 50 }));
    model.setWeights(model.getWeights().map((weights) => weights.fill(0.1)));
    model.optimizer.learningRate = 0.01;
    expect((await model.fit(x, targets, { epochs: 2 })).stopReason).toBe("completed");
  });

  const causes: [string, (t: Tensor) => Tensor, string][] = [
    ["log", (t) => log(sub(t, 1000)), "a logarithm of 0 or of a negative number"],
    [
      "div",
      (t) => div(t, sub(t, t)),
      "a division by 0, as the slope of sqrt() at 0 is; that of norm() is 0",
    ],
    ["sqrt", (t) => sqrt(sub(t, 1000)), "a root of a negative number, or its slope at 0"],
    ["exp", (t) => exp(sub(t, -1000)), "an exponential above 88, which float32 cannot hold"],
  ];

  test.each(causes)("of %s names the function and its domain", async (name, between, cause) => {
    using model = net(between);
    const before = flatWeights(model);
    const message = await failure(() => model.trainOnBatch(x, targets));
    expect(message).toBe(
      "NumericError: trainOnBatch(): expected a finite loss and finite gradients, got NaN or infinity; " +
        `it first appeared in ${name}() in layer "function"; likely cause: ${cause}; ` +
        "the model is as it was before this step",
    );
    expect(flatWeights(model)).toEqual(before);
    expect(model.optimizer.steps).toBe(0);
  });

  test("names the built-in layer that made it", async () => {
    using model = net((t) => t);
    const weights = model.getWeights();
    weights[0]!.fill(3e38);
    model.setWeights(weights);
    const message = await failure(() => model.fit(x, targets));
    expect(message).toContain('it first appeared in matmul() in layer "first"; likely cause: ');
    expect(message).toContain("at step 1 (epoch 1, batch 1)");
    expect(message).toContain(
      "weights that grew too large, with the learning rate 0.01 too high or inputs that are not scaled",
    );
  });

  test("is told for each step by itself: of its rows, and of the weights as they are now", async () => {
    using model = net((t) => log(sub(t, 1000)));
    const sound = model.getWeights();
    const where = async () =>
      /in (\w+)\(\) in layer "(\w+)"/
        .exec(await failure(() => model.trainOnBatch(x, targets)))!
        .slice(1);
    expect(await where()).toEqual(["log", "function"]);
    model.setWeights([sound[0]!.map(() => 3e38), ...sound.slice(1)]);
    expect(await where()).toEqual(["matmul", "first"]);
    model.setWeights(sound);
    expect(await where()).toEqual(["log", "function"]);
    model.setWeights([sound[0]!.fill(0), sound[1]!.fill(2000), ...sound.slice(2)]);
    expect(model.trainOnBatch(x, targets).loss).toBeGreaterThan(0);
  });

  test("names a loss of one's own", async () => {
    using model = sequential([dense(1)], { inputShape: [4] }).compile({
      optimizer: "sgd",
      loss: (yTrue, yPred) => mean(log(sub(yTrue, div(yPred, 0)))),
    });
    const error = await model.fit(x, targets).catch((reason: NumericError) => reason);
    expect(error).toMatchObject({ name: "NumericError", code: "numeric" });
    expect((error as Error).message).toContain(
      "it first appeared in div(); likely cause: a division by 0",
    );
  });

  test("evaluate and predict say what IEEE says", () => {
    using model = net((t) => log(sub(t, 1000)));
    expect(model.evaluate(x, targets).loss).toBeNaN();
    expect(model.predict(x).data().every(Number.isNaN)).toBe(true);
  });
});
