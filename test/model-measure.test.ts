import {
  activation,
  adam,
  dense,
  dropout,
  flatten,
  input,
  leakyRelu,
  memory,
  mul,
  sequential,
  softmaxLayer,
  sub,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { floats } from "./support/numbers.ts";

const { x, y } = blobs(300);
const head = (n: number) => ({
  x: { data: x.data.slice(0, n * 4), shape: [n, 4] },
  y: y.slice(0, n),
});

describe("trainOnBatch", () => {
  test("returns the loss and the accuracy before its step", () => {
    using model = classifier();
    const batch = head(32);
    const before = model.evaluate(batch);
    const logs = model.trainOnBatch(batch.x, batch.y);
    expect(Object.keys(logs)).toEqual(["loss", "accuracy"]);
    expectAllclose([logs.loss, logs.accuracy], [before.loss, before.accuracy], 1e-6);
    expect(model.evaluate(batch).loss).toBeLessThan(before.loss);
  });

  test("is one call into wasm, for any number of rows", () => {
    using model = classifier();
    for (const rows of [1, 2, 17, 32]) {
      const batch = head(rows);
      const before = memory().calls;
      model.trainOnBatch(batch.x, batch.y);
      expect(memory().calls - before).toBe(1);
    }
  });

  test("works with batches of ever other sizes in bounded memory", () => {
    using model = classifier();
    for (let rows = 1; rows <= 20; rows++) model.trainOnBatch(head(rows).x, head(rows).y);
    const { bytes } = memory();
    for (let rows = 1; rows <= 40; rows++) model.trainOnBatch(head(rows).x, head(rows).y);
    expect(memory().bytes - bytes).toBeLessThan(100_000);
    expect(model.trainOnBatch(head(5).x, head(5).y).loss).toBeGreaterThan(0);
  });
});

describe("evaluate", () => {
  test("is the mean over all rows, whatever remains after whole batches", () => {
    using model = classifier();
    for (const rows of [1, 31, 32, 33, 255, 257, 300]) {
      const logits = model.predict(head(rows).x).array() as number[][];
      let [loss, hits] = [0, 0];
      logits.forEach((row, i) => {
        const top = Math.max(...row);
        const total = row.reduce((sum, v) => sum + Math.exp(v - top), 0);
        loss -= row[y[i]!]! - top - Math.log(total);
        if (row.indexOf(top) === y[i]) hits++;
      });
      const measured = model.evaluate(head(rows));
      expectAllclose([measured.loss, measured.accuracy], [loss / rows, hits / rows], 1e-6);
    }
  });

  test("changes nothing", () => {
    using model = classifier();
    const before = flatWeights(model);
    model.evaluate(x, y);
    model.predict(x);
    expect(flatWeights(model)).toEqual(before);
  });

  test("takes a data set or x and y", () => {
    using model = classifier();
    const set = { x, y };
    expect(model.evaluate(set)).toEqual(model.evaluate(x, y));
  });

  test("takes losses of one's own, per row or as one number", () => {
    const perRow = (yTrue: Tensor, yPred: Tensor) => mul(sub(yTrue, yPred), sub(yTrue, yPred));
    using model = sequential([dense(1)], { inputShape: [4], seed: 1 }).compile({
      optimizer: "sgd",
      loss: perRow,
    });
    const targets = { data: floats(300, 3), shape: [300, 1] };
    const predicted = model.predict(x).data();
    const expected = predicted.reduce((sum, p, i) => sum + (p - targets.data[i]!) ** 2, 0) / 300;
    expectAllclose([model.evaluate(x, targets).loss], [expected], 1e-5);
    expect(Object.keys(model.evaluate(x, targets))).toEqual(["loss"]);
  });
});

describe("predict", () => {
  const net = () =>
    sequential([dense(33, { activation: "tanh" }), dropout(0.5), dense(5), softmaxLayer()], {
      inputShape: [4],
      seed: 3,
    });

  test("gives a row the same bits alone and in any batch", () => {
    using model = net();
    const all = model.predict(x);
    expect(all.shape).toEqual([300, 5]);
    const together = all.data();
    for (const row of [0, 1, 31, 32, 255, 256, 299]) {
      const alone = model.predict({ data: x.data.slice(row * 4, row * 4 + 4), shape: [1, 4] });
      expect(alone.data()).toEqual(together.slice(row * 5, row * 5 + 5));
    }
    for (const rows of [2, 3, 33, 257]) {
      expect(model.predict(head(rows).x).data()).toEqual(together.slice(0, rows * 5));
    }
  });

  test("makes no more programs for other numbers of rows", () => {
    using model = net();
    for (const rows of [1, 20, 200]) model.predict(head(rows).x);
    const { bytes } = memory();
    for (let rows = 1; rows <= 300; rows += 7) model.predict(head(rows).x);
    expect(memory().bytes).toBe(bytes);
  });

  test("works before compile, and drops nothing out", () => {
    using model = net();
    expect(model.predict(x).data()).toEqual(model.predict(x).data());
    const sums = (model.predict(x).array() as number[][]).map((row) => row.reduce((a, b) => a + b));
    expectAllclose(sums, sums.fill(1).slice(), 1e-6);
  });

  test("takes tensors and nested arrays", () => {
    using model = net();
    const rows = [[1, 2, 3, 4]];
    expect(model.predict(rows).data()).toEqual(model.predict(tensor(rows)).data());
  });
});

describe("summary", () => {
  test("is a table of layers, shapes and parameters", () => {
    const layers = () => [
      input([8, 8]),
      flatten(),
      dense(128, { activation: "relu", name: "hidden" }),
      dropout(0.2),
      (t: Tensor) => leakyRelu(t, { negativeSlope: 0.2 }),
      activation("tanh"),
      dense(10),
      softmaxLayer(),
    ];
    using model = sequential(layers(), { name: "digits" });
    expect(model.summary()).toBe(`digits
--------------------------------------------------------
layer                          output         parameters
--------------------------------------------------------
inputs                         (batch, 8, 8)           0
input (input)                  (batch, 8, 8)           0
flatten (flatten)              (batch, 64)             0
hidden (dense, relu)           (batch, 128)        8,320
dropout (dropout)              (batch, 128)            0
function (function)            (batch, 128)            0
activation (activation, tanh)  (batch, 128)            0
dense (dense, linear)          (batch, 10)         1,290
softmax (softmax)              (batch, 10)             0
--------------------------------------------------------
9,610 parameters, 38,440 bytes
not compiled`);
  });

  test("says what memory a training step needs", () => {
    using model = sequential([dense(128, { activation: "relu" }), dense(10)], {
      inputShape: [784],
    }).compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    expect(model.summary().split("\n").at(-2)).toBe(
      "a training step of 32 rows needs about 1,746,336 bytes: " +
        "parameters 407,080, optimizer 814,160, gradients 407,080, activations 118,016",
    );
  });

  test("says what the loss reads and how it trains", () => {
    const last = (end: "logits" | "softmax") => {
      const layers = end === "softmax" ? [dense(3), softmaxLayer()] : [dense(3)];
      using model = sequential(layers, { inputShape: [4] }).compile({
        optimizer: adam({ learningRate: 0.01 }),
        loss: "sparseCategoricalCrossentropy",
      });
      return model.summary().split("\n").at(-1);
    };
    const tail = "; optimizer adam, learning rate 0.01";
    expect(last("logits")).toBe(
      `loss sparseCategoricalCrossentropy, from the outputs as logits${tail}`,
    );
    expect(last("softmax")).toBe(
      `loss sparseCategoricalCrossentropy, from the logits of the final softmax${tail}`,
    );
  });
});

describe("weights", () => {
  test("are copies, layer by layer: kernel, then bias", () => {
    using model = classifier();
    expect(model.getWeights().map((weights) => weights.length)).toEqual([32, 8, 24, 3]);
    expect(model.parameterCount).toBe(67);
    model.getWeights()[0]!.fill(7);
    expect(flatWeights(model)).not.toContain(7);
  });

  test("go from one model to another", () => {
    using a = classifier({}, 1);
    using b = classifier({}, 2);
    expect(flatWeights(b)).not.toEqual(flatWeights(a));
    b.setWeights(a.getWeights());
    expect(flatWeights(b)).toEqual(flatWeights(a));
    expect(b.predict(x).data()).toEqual(a.predict(x).data());
  });

  test("may be nested arrays", () => {
    using model = sequential([dense(1)], { inputShape: [2] });
    model.setWeights([[[2], [3]], [1]]);
    expect(model.predict([[10, 100]]).array()).toEqual([[321]]);
  });

  test("that do not fit are refused before anything changes", async () => {
    using model = classifier();
    const before = flatWeights(model);
    const [kernel, bias, kernel2, bias2] = model.getWeights() as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    kernel.fill(5);
    const bad = Float32Array.from(kernel2);
    bad[4] = Number.NaN;
    const set = (...weights: Float32Array[]) => failure(() => model.setWeights(weights));
    expect(await set(kernel, bias, kernel2)).toBe(
      'ShapeError: setWeights(): expected 4 arrays ("dense/kernel" [4, 8], "dense/bias" [8], "dense_1/kernel" [8, 3], "dense_1/bias" [3]), got 3',
    );
    expect(await failure(() => model.setWeights("abcd" as never))).toBe(
      'ShapeError: setWeights(): expected 4 arrays, or arrays by name, got "abcd"',
    );
    expect(await set(kernel, bias, kernel2, bias)).toBe(
      'ShapeError: setWeights(): "dense_1/bias": expected 3 values for shape [3], got 8',
    );
    expect(await set(kernel, bias, bad, bias2)).toBe(
      'DataError: setWeights(): "dense_1/kernel": weights: row 1, column 1: expected a finite number, got NaN',
    );
    expect(flatWeights(model)).toEqual(before);
  });
});
