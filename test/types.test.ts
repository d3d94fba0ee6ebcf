import {
  adam,
  add,
  dense,
  type FitOptions,
  type FitResult,
  input,
  layer,
  loadModel,
  type Model,
  model,
  type SymbolicTensor,
  sequential,
  type Tensor,
  type UncompiledModel,
} from "ferrograd";
import { describe, expect, expectTypeOf, test } from "vitest";
import { blobs } from "./support/model.ts";

const { x, y } = blobs();
const net = () => sequential([dense(3)], { inputShape: [4], seed: 1 });
const loss = "sparseCategoricalCrossentropy";

describe("types", () => {
  test("before compile there is no fit, trainOnBatch or evaluate", () => {
    using model = net();
    expectTypeOf(model).toEqualTypeOf<UncompiledModel>();
    // @ts-expect-error: not compiled
    expect(() => model.fitSync(x, y)).toThrow("expected a compiled model");
    // @ts-expect-error: not compiled
    expect(() => model.trainOnBatch(x, y)).toThrow("expected a compiled model");
    // @ts-expect-error: not compiled
    expect(() => model.evaluate(x, y)).toThrow("expected a compiled model");
    expectTypeOf(model).not.toHaveProperty("fit");
    expectTypeOf(model.predict(x)).toEqualTypeOf<Tensor>();
  });

  test("compile gives the model its metrics", () => {
    using model = net().compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
    expectTypeOf(model).toEqualTypeOf<Model<"accuracy">>();
    const measured = model.evaluate(x, y);
    expectTypeOf(measured).toEqualTypeOf<{
      readonly accuracy: number;
      readonly loss: number;
    }>();
    expect(measured.accuracy).toBeGreaterThanOrEqual(0);
    expectTypeOf(model.trainOnBatch(x, y).accuracy).toEqualTypeOf<number>();
    // @ts-expect-error: not asked for
    expect(measured.precision).toBeUndefined();
  });

  test("history has the loss, the metrics asked for, and both for validation", () => {
    using model = net().compile({ optimizer: adam(), loss, metrics: ["accuracy"] });
    const result = model.fitSync(x, y);
    expectTypeOf(result).toEqualTypeOf<FitResult<"accuracy">>();
    expectTypeOf(result.history.accuracy).toEqualTypeOf<number[]>();
    expectTypeOf(result.history.loss).toEqualTypeOf<number[]>();
    expectTypeOf(result.history.val_accuracy).toEqualTypeOf<number[] | undefined>();
    expectTypeOf(result.stopReason).toEqualTypeOf<"completed" | "stopped">();
    // @ts-expect-error: not asked for
    expect(result.history.precision).toBeUndefined();
  });

  test("history has validation for certain where fit is told to validate", async () => {
    using model = net().compile({ optimizer: adam(), loss, metrics: ["accuracy"] });
    const { history } = await model.fit(x, y, { epochs: 2, validationSplit: 0.2 });
    expectTypeOf(history.val_loss).toEqualTypeOf<number[]>();
    expectTypeOf(history.val_accuracy).toEqualTypeOf<number[]>();
    expect(history.val_loss.length).toBe(2);
    const other = model.fitSync({ x, y }, { validationData: [x, y] }).history;
    expectTypeOf(other.val_accuracy).toEqualTypeOf<number[]>();
    expect(other.val_accuracy.length).toBe(1);
    const options: FitOptions = {};
    expectTypeOf(model.fitSync(x, y, options).history.val_loss).toEqualTypeOf<
      number[] | undefined
    >();
    // @ts-expect-error: no such option
    expect(() => model.fitSync(x, y, { epoch: 2 })).toThrow('did you mean "epochs"?');
    expect(() =>
      // @ts-expect-error: no such option
      model.fitSync({ x, y }, { validationSplit: 0.1, batchsize: 2 }),
    ).toThrow('did you mean "batchSize"?');
  });

  test("without metrics there is only the loss", () => {
    using model = net().compile({ optimizer: "sgd", loss });
    expectTypeOf(model).toEqualTypeOf<Model<never>>();
    const measured = model.evaluate(x, y);
    expectTypeOf(measured).toEqualTypeOf<{ readonly loss: number }>();
    // @ts-expect-error: not asked for
    expect(measured.accuracy).toBeUndefined();
    // @ts-expect-error: not asked for
    expect(model.fitSync(x, y).history.accuracy).toBeUndefined();
  });

  test("names and options are checked", () => {
    // @ts-expect-error: no such activation
    expect(() => dense(3, { activation: "rleu" })).toThrow('did you mean "relu"?');
    // @ts-expect-error: relu takes no slope
    expect(() => dense(3, { activation: "relu", negativeSlope: 0.1 })).toThrow("unknown option");
    // @ts-expect-error: no such optimizer
    expect(() => net().compile({ optimizer: "adamm", loss })).toThrow('did you mean "adam"?');
    // @ts-expect-error: no such loss
    expect(() => net().compile({ optimizer: "adam", loss: "mse" })).toThrow("unknown loss");
    expect(() =>
      // @ts-expect-error: no such metric
      net().compile({ optimizer: "adam", loss, metrics: ["acc"] }),
    ).toThrow("unknown metric");
    // @ts-expect-error: no such option
    expect(() => adam({ lr: 0.1 })).toThrow('did you mean "learningRate"?');
  });

  test("data have the names of inputs and outputs", async () => {
    const [left, right] = [input([2]), input([2])];
    const both = layer(([a, b]: readonly Tensor[]) => add(a!, b!));
    const sum = both([dense(3)(left), dense(3)(right)]) as SymbolicTensor;
    const outputs = { kind: dense(2)(sum), size: dense(1)(sum) };
    using made = model({ inputs: { left, right }, outputs }).compile({
      optimizer: "sgd",
      loss: { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" },
    });
    const rows = [
      [1, 2],
      [3, 4],
    ];
    const x = { left: rows, right: rows };
    const y = { kind: [0, 1], size: [1, 2] };
    await made.fit(x, y);
    await made.fit({ x, y, sampleWeight: { size: [1, 2] } });
    expect(made.trainOnBatch([rows, rows], y).loss).toBeGreaterThan(0);
    expect(made.evaluate(x, y).loss).toBeGreaterThan(0);
    expectTypeOf(made.predict(x)).toEqualTypeOf<{ kind: Tensor; size: Tensor }>();
    // @ts-expect-error: misspelt
    expect(() => made.predict({ lft: rows, right: rows })).toThrow('did you mean "left"?');
    // @ts-expect-error: missing
    await expect(made.fit({ left: rows }, y)).rejects.toThrow('for input "right", got none');
    // @ts-expect-error: missing
    expect(() => made.evaluate(x, { kind: [0, 1] })).toThrow('for output "size", got none');
    // @ts-expect-error: one too many
    expect(() => made.trainOnBatch({ ...x, up: rows }, y)).toThrow('unknown input "up"');
    // @ts-expect-error: misspelt
    expect(() => made.evaluate({ x, y: { kind: [0, 1], sise: [1, 2] } })).toThrow('"size"?');
  });

  test("a name of one alone may be said", () => {
    const left = input([2]);
    using made = model({ inputs: { left }, outputs: { size: dense(1)(left) } });
    const compiled = made.compile({ optimizer: "sgd", loss: { size: "meanSquaredError" } });
    const rows = [[1, 2]];
    expect(made.predict({ left: rows }).size.array()).toEqual(made.predict(rows).size.array());
    const named = compiled.evaluate({ left: rows }, { size: [[1]] });
    expect(named).toEqual(compiled.evaluate(rows, [[1]]));
    expect(compiled.trainOnBatch({ left: rows }, { size: [[1]] })).toEqual(named);
    expect(() => made.predict({ lft: rows })).toThrow("predict(): x: expected arrays of numbers");
  });

  test("a loaded model may have every metric", () => {
    using model = net().compile({ optimizer: "sgd", loss, metrics: ["accuracy"] });
    using loaded = loadModel(model.save());
    expectTypeOf(loaded.evaluate(x, y).accuracy).toEqualTypeOf<number>();
    expect(loaded.evaluate(x, y)).toEqual(model.evaluate(x, y));
  });
});
