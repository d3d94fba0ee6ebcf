import {
  adam,
  add,
  type CompileOptions,
  dense,
  type FitOptions,
  type FitResult,
  input,
  layer,
  loadModel,
  type Model,
  metrics,
  model,
  type RowsLike,
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

describe("types of several outputs", () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];

  test("a loaded model gives what is said that it gives, and is measured by these names", () => {
    const [left, right] = [input([2]), input([2])];
    const outputs = { kind: dense(2)(left), size: dense(1)(right) };
    using made = model({ inputs: { left, right }, outputs }).compile({
      optimizer: "sgd",
      loss: losses,
      metrics: { kind: ["accuracy"] },
    });
    type Outputs = { kind: Tensor; size: Tensor };
    type Inputs = { left: RowsLike; right: RowsLike };
    using loaded = loadModel<Outputs, Inputs>(made.save(), { warn() {} });
    const x = { left: rows, right: rows };
    const predicted = loaded.predict(x);
    expectTypeOf(predicted).toEqualTypeOf<Outputs>();
    expect(predicted.size.array()).toEqual(made.predict(x).size.array());
    const measured = loaded.evaluate(x, said);
    expectTypeOf(measured.kind_accuracy).toEqualTypeOf<number>();
    expectTypeOf(measured.size_loss).toEqualTypeOf<number>();
    expect(measured).toEqual(made.evaluate(x, said));
    expect(loaded.fitSync(x, said).history.kind_accuracy).toHaveLength(1);
    // @ts-expect-error: no such output
    expect(predicted.weight).toBeUndefined();
    // @ts-expect-error: misspelt
    expect(() => loaded.predict({ lft: rows, right: rows })).toThrow('did you mean "left"?');
    // @ts-expect-error: of one output alone
    expect(measured.accuracy).toBeUndefined();
    const { x: one, kind, size } = parts();
    using listed = model({ inputs: one, outputs: [kind, size] });
    const [first, second] = loadModel<[Tensor, Tensor]>(listed.save()).predict(rows);
    expect([first.shape, second.shape]).toEqual([
      [2, 2],
      [2, 1],
    ]);
  });

  const parts = () => {
    const x = input([2]);
    return { x, kind: dense(2, { name: "kind" })(x), size: dense(1, { name: "size" })(x) };
  };
  const losses = { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" } as const;
  const said = { kind: [0, 1], size: [1, 2] };

  test("each has its loss, and its metrics under its name", () => {
    const { x, kind, size } = parts();
    using made = model({ inputs: x, outputs: { kind, size } }).compile({
      optimizer: "sgd",
      loss: losses,
      metrics: {
        kind: ["accuracy", metrics.confusionMatrix()],
        size: [metrics.rootMeanSquaredError({ name: "off" })],
      },
    });
    const { history } = made.fitSync(rows, said, { validationData: [rows, said] });
    expectTypeOf(history.loss).toEqualTypeOf<number[]>();
    expectTypeOf(history.kind_accuracy).toEqualTypeOf<number[]>();
    expectTypeOf(history.val_size_off).toEqualTypeOf<number[]>();
    expectTypeOf(history.val_kind_confusionMatrix).toEqualTypeOf<number[][][]>();
    expect(history.val_size_loss).toHaveLength(1);
    const measured = made.evaluate(rows, said);
    expectTypeOf(measured).toEqualTypeOf<{
      readonly loss: number;
      readonly kind_loss: number;
      readonly size_loss: number;
      readonly kind_accuracy: number;
      readonly size_off: number;
      readonly kind_confusionMatrix: number[][];
    }>();
    expect(Object.keys(made.trainOnBatch(rows, said)).sort()).toEqual(Object.keys(measured).sort());
    expect(Object.values(measured).every((value) => value !== undefined)).toBe(true);
    // @ts-expect-error: of the other output
    expect(measured.size_accuracy).toBeUndefined();
    // @ts-expect-error: of one output alone
    expect(history.accuracy).toBeUndefined();
  });

  test("metrics of all are said of each", () => {
    const { x, size } = parts();
    using made = model({ inputs: x, outputs: { one: size, two: dense(1)(x) } }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      metrics: ["meanAbsoluteError"],
    });
    const measured = made.evaluate(rows, [rows.map(() => 1), rows.map(() => 2)]);
    expectTypeOf(measured.one_meanAbsoluteError).toEqualTypeOf<number>();
    expect(measured.two_meanAbsoluteError).toBeGreaterThan(0);
    // @ts-expect-error: no such output
    expect(measured.three_meanAbsoluteError).toBeUndefined();
  });

  test("outputs in a list are named by their layers, which types do not know", () => {
    const { x, kind, size } = parts();
    using made = model({ inputs: x, outputs: [kind, size] }).compile({
      optimizer: "sgd",
      loss: [losses.kind, losses.size],
      metrics: [["accuracy", metrics.confusionMatrix()], ["meanAbsoluteError"]],
    });
    const { history } = made.fitSync(rows, [said.kind, said.size]);
    expectTypeOf(history.kind_accuracy).toEqualTypeOf<number[]>();
    expectTypeOf(history.loss).toEqualTypeOf<number[]>();
    expect(history.size_loss).toHaveLength(1);
    expectTypeOf(made.evaluate(rows, [said.kind, said.size]).kind_confusionMatrix).toEqualTypeOf<
      number[][]
    >();
    // @ts-expect-error: not asked for
    expect(history.kind_precision).toBeUndefined();
    const [, second] = made.predict(rows);
    expectTypeOf(second).toEqualTypeOf<Tensor>();
    expect(second.shape).toEqual([2, 1]);
  });

  test("one output that has a name has no prefix; nor has a list of one", () => {
    const { x, size } = parts();
    const options = { optimizer: "sgd", loss: { size: "meanSquaredError" } } as const;
    using named = model({ inputs: x, outputs: { size } });
    const compiled = named.compile({ ...options, metrics: { size: ["meanAbsoluteError"] } });
    expectTypeOf(compiled.evaluate(rows, said.size)).toEqualTypeOf<{
      readonly loss: number;
      readonly meanAbsoluteError: number;
    }>();
    expect(compiled.evaluate(rows, said.size).meanAbsoluteError).toBeGreaterThan(0);
    using listed = model({ inputs: x, outputs: [size] });
    const other = listed.compile({ ...options, metrics: ["meanAbsoluteError"] });
    expectTypeOf(other.evaluate(rows, said.size).meanAbsoluteError).toEqualTypeOf<number>();
    expect(other.fitSync(rows, said.size).history.meanAbsoluteError).toHaveLength(1);
  });

  test("metrics may be decided while the program runs", () => {
    const decided = (options: CompileOptions) => net().compile(options);
    using made = decided({ optimizer: "sgd", loss, metrics: ["accuracy"] });
    expect(made.evaluate(x, y).accuracy).toBeGreaterThanOrEqual(0);
    const some: ("accuracy" | "topKCategoricalAccuracy")[] = ["accuracy"];
    using other = net().compile({ optimizer: "sgd", loss, metrics: some });
    expectTypeOf(other.evaluate(x, y).accuracy).toEqualTypeOf<number>();
    expect(other.evaluate(x, y).accuracy).toBeGreaterThanOrEqual(0);
  });
});
