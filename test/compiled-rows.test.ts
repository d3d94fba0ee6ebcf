import {
  dense,
  embedding,
  flatten,
  input,
  metrics,
  model as modelOf,
  sequential,
  sgd,
  variable,
  zeros,
} from "ferrograd";
import { describe, expect, it } from "vitest";
import { unrollInTests } from "./support/unrolled.ts";

unrollInTests();

const net = (activation: "sigmoid" | "relu" = "sigmoid") =>
  sequential([dense(8, { activation }), dense(1, { activation })], { inputShape: [2], seed: 3 });
const trained = (activation?: "sigmoid" | "relu") =>
  net(activation).compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
const row = (i: number) => Float32Array.of(Math.fround(i / 7) - 1, (i % 3) / 2);
const flat = (model: { getWeights(): Float32Array[] }) =>
  model.getWeights().flatMap((each) => [...each]);

describe("compilePredict", () => {
  it.each([1, 2, 5, 40])("has the bits of predict, %i rows at a time", (batch) => {
    const model = net();
    const predict = model.compilePredict({ batch });
    const data = Float32Array.from({ length: 2 * batch }, (_, i) => i / 5 - 1);
    const output = new Float32Array(batch);
    expect(predict(data, output)).toBe(output);
    expect(output).toEqual(model.predict({ data, shape: [batch, 2] }).data());
  });

  it("follows weights, also after compile, and gives no logits for probabilities", () => {
    const model = trained();
    const predict = model.compilePredict();
    const output = new Float32Array(1);
    const check = () =>
      expect(predict(row(1), output)).toEqual(model.predict([[...row(1)]]).data());
    check();
    model.trainOnBatch([[1, 2]], [[1]]);
    check();
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
    check();
    model.setWeights(model.getWeights().map((each) => each.map((value) => value / 2)));
    check();
  });

  it("takes integers where the input has them", () => {
    const model = sequential([
      input([2], { dtype: "int32" }),
      embedding(5, 3),
      flatten(),
      dense(2),
    ]);
    const predict = model.compilePredict();
    const output = new Float32Array(2);
    expect(predict(Int32Array.of(4, 0), output)).toEqual(model.predict([[4, 0]]).data());
    expect(() => predict(Int32Array.of(5, 0), output)).toThrow(
      "expected an index from 0 to 4, got 5",
    );
    expect(() => predict(Float32Array.of(1, 0), output)).toThrow(
      "compilePredict(): x: expected Int32Array of 2 numbers, got",
    );
  });

  it("refuses what is not as long, or not finite, and leaves the output", () => {
    const predict = net().compilePredict();
    const output = Float32Array.of(7);
    const refused = (x: unknown, into: unknown, text: string) =>
      expect(() => predict(x as Float32Array, into as Float32Array)).toThrow(text);
    for (const x of [new Float32Array(3), new Float32Array(0), [1, 2], undefined, null, 3, "ab"]) {
      refused(x, output, "compilePredict(): x: expected Float32Array of 2 numbers, got");
    }
    for (const into of [new Float32Array(2), [1], undefined]) {
      refused(row(0), into, "compilePredict(): output: expected Float32Array of 1 numbers, got");
    }
    refused(new Float32Array(3), output, "expected Float32Array of 2 numbers, got 3");
    refused({ [Symbol.toStringTag]: "Float32Array", length: 2 }, output, "compilePredict(): x: ");
    const nan = "compilePredict(): x: row 0, column 1: expected a finite number, got";
    refused(Float32Array.of(1, Number.NaN), output, `${nan} NaN`);
    refused(Float32Array.of(1, Number.NEGATIVE_INFINITY), output, `${nan} -Infinity`);
    expect(output[0]).toBe(7);
  });

  it("is refused for several inputs, sizes that differ, wrong options and a model that is gone", () => {
    const [a, b] = [input([2], { name: "a" }), input([2], { name: "b" })];
    const two = modelOf({ inputs: [a, b], outputs: [dense(1)(a), dense(1)(b)] });
    expect(() => two.compilePredict()).toThrow(
      "expected a model of one input, of known sizes, got 2",
    );
    const any = input([null, 2]);
    const open = modelOf({ inputs: any, outputs: dense(1)(any) });
    expect(() => open.compilePredict()).toThrow("got sizes that differ");
    for (const batch of [0, -1, 1.5, "1", Number.NaN]) {
      expect(() => net().compilePredict({ batch } as never)).toThrow("compilePredict(): batch:");
    }
    const model = net();
    const predict = model.compilePredict();
    predict(row(0), new Float32Array(1));
    model.dispose();
    expect(() => predict(row(0), new Float32Array(1))).toThrow("was disposed");
  });
});

describe("compileTrainOnBatch", () => {
  it.each([
    [1, "sigmoid"],
    [3, "relu"],
  ] as const)("has the bits of trainOnBatch, %i rows at a time", (batch, activation) => {
    const [one, other] = [trained(activation), trained(activation)];
    const step = one.compileTrainOnBatch({ batch });
    for (let i = 0; i < 20; i++) {
      const x = Float32Array.from({ length: 2 * batch }, (_, at) => row(i + (at >> 1))[at % 2]!);
      const y = Float32Array.from({ length: batch }, (_, at) => ((i + at) % 2) / 2);
      const loss = other.trainOnBatch(
        { data: x, shape: [batch, 2] },
        { data: y, shape: [batch, 1] },
      );
      expect(step(x, y)).toBe(loss.loss);
    }
    expect(flat(one)).toEqual(flat(other));
  });

  it("takes class numbers, counts in metrics, and follows compile, freezing and other rates", () => {
    const make = () =>
      sequential([dense(4, { activation: "relu" }), dense(3)], { inputShape: [2], seed: 2 });
    const [one, other] = [make(), make()].map((each) =>
      each.compile({
        optimizer: "sgd",
        loss: "sparseCategoricalCrossentropy",
        metrics: [metrics.precision({ average: "macro" })],
      }),
    );
    const step = one!.compileTrainOnBatch();
    const both = (label: number) =>
      expect(step(row(label), Int32Array.of(label))).toBe(
        other!.trainOnBatch([[...row(label)]], [label]).loss,
      );
    both(1);
    for (const each of [one!, other!]) each.optimizer.learningRate = 0.5;
    both(2);
    for (const each of [one!, other!]) each.getLayer("dense").trainable = false;
    both(0);
    for (const each of [one!, other!]) {
      each.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    }
    both(1);
    expect(flat(one!)).toEqual(flat(other!));
  });

  it("goes on after steps of other sizes, calls of fit and a memory that has grown", () => {
    const [one, other] = [trained("relu"), trained("relu")];
    const step = one.compileTrainOnBatch();
    const [x, y] = [row(2), Float32Array.of(0.5)];
    const both = () => expect(step(x, y)).toBe(other.trainOnBatch([[...row(2)]], [[...y]]).loss);
    both();
    for (const each of [one, other])
      each.trainOnBatch(
        [
          [1, 2],
          [3, 4],
        ],
        [[0], [1]],
      );
    both();
    for (const each of [one, other]) each.fitSync([[0, 1]], [[1]], { epochs: 3 });
    both();
    using grown = variable(zeros([1 << 23]));
    both();
    expect(grown.size).toBe(1 << 23);
    for (const each of [one, other]) each.getLayer("dense").trainable = false;
    both();
    for (const each of [one, other]) each.getLayer("dense").trainable = true;
    both();
    expect(flat(one)).toEqual(flat(other));
  });

  it("refuses bad rows and steps, the model being as it was", () => {
    const model = trained();
    const step = model.compileTrainOnBatch();
    const [x, y] = [row(1), Float32Array.of(1)];
    step(x, y);
    const before = flat(model);
    const where = "compileTrainOnBatch(): ";
    expect(() => step(x, Int32Array.of(1))).toThrow(
      `${where}y: expected Float32Array of 1 numbers`,
    );
    expect(() => step([1, 2] as never, y)).toThrow(`${where}x: expected Float32Array of 2 numbers`);
    expect(() => step(Float32Array.of(Number.NaN, 0), y)).toThrow(`${where}x: row 0, column 0`);
    expect(() => step(x, Float32Array.of(Number.NaN))).toThrow(`${where}y: row 0`);
    expect(() => step(x, Float32Array.of(1e38))).toThrow("compileTrainOnBatch()");
    expect(flat(model)).toEqual(before);
    step(x, y);
    expect(flat(model)).not.toEqual(before);
  });

  it("refuses labels that a loss cannot take", () => {
    const model = sequential([dense(3)], { inputShape: [2] });
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    const step = model
      .compile({
        optimizer: "sgd",
        loss: "sparseCategoricalCrossentropy",
      })
      .compileTrainOnBatch();
    expect(() => step(row(0), Int32Array.of(3))).toThrow(
      "compileTrainOnBatch(): y: row 0: expected a class from 0 to 2, got 3",
    );
    const binary = net().compile({ optimizer: "sgd", loss: "binaryCrossentropy" });
    expect(() => binary.compileTrainOnBatch()(row(0), Float32Array.of(2))).toThrow(
      "compileTrainOnBatch(): y: row 0",
    );
  });

  it("is refused before compile, in fit and for a model that is gone", async () => {
    expect(() => (net() as never as { compileTrainOnBatch(): void }).compileTrainOnBatch()).toThrow(
      "compileTrainOnBatch(): expected a compiled model",
    );
    const model = trained();
    const step = model.compileTrainOnBatch();
    const said: string[] = [];
    await model.fit([[1, 2]], [[1]], {
      callbacks: {
        onBatchEnd() {
          try {
            step(row(0), Float32Array.of(0));
          } catch (error) {
            said.push((error as Error).message);
          }
        },
      },
    });
    expect(said).toEqual([expect.stringContaining("expected a model that is not training")]);
    model.dispose();
    expect(() => step(row(0), Float32Array.of(0))).toThrow("was disposed");
  });
});
