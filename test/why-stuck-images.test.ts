import {
  activation,
  batchNormalization,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  embedding,
  flatten,
  input,
  type Layer,
  maxPooling2d,
  model,
  separableConv2d,
  sequential,
  sgd,
  slice,
} from "ferrograd";
import { diagnose, health, whyStuck } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { integers, random } from "./support/numbers.ts";

const y = integers([12, 1], 3);
const net = (layers: Layer[], inputShape: number[], learningRate = 1) =>
  sequential([...layers, flatten(), dense(3)], { inputShape, seed: 1 }).compile({
    optimizer: sgd({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
  });
const images = random([12, 6, 5, 2], 1);
const at = (row: number, ...place: number[]) => {
  const { shape } = images;
  return images.data()[[row, ...place].reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]!;
};

/** A layer, and the element of its kernel from input 2 to unit 3. */
const KINDS: Record<string, [layer: Layer, inputShape: number[], element: number]> = {
  conv2d: [conv2d(4, 3, { padding: "same", activation: "tanh" }), [6, 5, 2], 2 * 4 + 3],
  "conv2d with strides, groups and a dilation": [
    conv2d(4, [2, 3], { strides: [2, 1], groups: 2, dilationRate: [1, 2] }),
    [6, 5, 2],
    2 * 4 + 3,
  ],
  conv1d: [conv1d(4, 3, { padding: "causal", activation: "relu" }), [6, 2], 2 * 4 + 3],
  depthwiseConv2d: [depthwiseConv2d(2, { depthMultiplier: 2 }), [6, 5, 2], 2 * 4 + 3],
  "conv2dTranspose, whose kernel ends in channels": [
    conv2dTranspose(4, 2, { strides: 2, activation: "tanh" }),
    [3, 3, 4],
    3 * 4 + 2,
  ],
  "separableConv2d, whose mixtures come last": [
    separableConv2d(4, 3, { activation: "tanh", depthMultiplier: 2 }),
    [6, 5, 2],
    2 * 4 + 3,
  ],
  "dense along an axis": [dense(4, { activation: "sigmoid" }), [6, 3], 2 * 4 + 3],
};

describe("why a weight of a filter does not move", () => {
  for (const [kind, [layer, inputShape, element]] of Object.entries(KINDS)) {
    test(`${kind}: the sum over rows and places is the gradient`, () => {
      const x = random([12, ...inputShape], 2);
      using model = net([layer], inputShape);
      const found = whyStuck(model, x, y, { layer: layer.path, unit: 3, input: 2 });
      const kernel = layer.variables.findLastIndex(({ name }) => name.endsWith("kernel"));
      const before = layer.getWeights()[kernel]![element]!;
      model.trainOnBatch(x, y);
      const moved = before - layer.getWeights()[kernel]![element]!;
      expect(Math.abs(found.gradient - moved)).toBeLessThan(1e-6);
      expect(Math.abs(moved)).toBeGreaterThan(1e-4);
      expect(found.rows).toHaveLength(12);
      for (const { input, slope, upstream, product, place } of found.rows) {
        expect(product).toBe(input * slope * upstream);
        expect(place).toHaveLength(inputShape.length - 1);
      }
    });
  }

  test("the input is the pixel under the tap, or 0 outside of the image", () => {
    using model = net([conv2d(3, 3, { padding: "same", activation: "tanh" })], [6, 5, 2]);
    const tap = (2 * 3 + 1) * 2 + 1; // (2, 1), channel 1
    for (let row = 0; row < 12; row++) {
      const [one, label] = [slice(images, [[row, row + 1]]), slice(y, [[row, row + 1]])];
      const { rows } = whyStuck(model, one, label, { layer: "conv2d", unit: 0, input: tap });
      const [top, left] = rows[0]!.place;
      expect(rows[0]!.input).toBe(top! + 1 < 6 ? at(row, top! + 1, left!, 1) : 0);
    }
    const { text } = whyStuck(model, images, y, { layer: "conv2d", unit: 0, input: tap });
    expect(text).toContain("conv2d: weight from input 15, [2, 1, 1], to unit 0, dL/dw = ");
    expect(text).toMatch(/row and place .*zero or tiny at every place/);
    expect(text).toMatch(/ 0 \[\d, \d\] .* in all\n/);
  });

  test("a dead filter has no slope, and a live one behind a pool no culprit", () => {
    using model = net([conv2d(3, 3, { activation: "relu" }), maxPooling2d(2)], [6, 5, 2]);
    model.setWeights({ "conv2d/bias": [0, -50, 0] });
    const of = (unit: number) => whyStuck(model, images, y, { layer: "conv2d", unit });
    expect(of(1)).toMatchObject({ culprit: "slope", gradient: 0 });
    expect(of(0).culprit).toBeUndefined();
    expect(of(0).text).toContain("no factor is zero or tiny on most rows");
  });

  test("a channel that is 0 everywhere leaves its weights without input", () => {
    const dark = random([12, 6, 5, 2], 1).data().slice();
    for (let i = 1; i < dark.length; i += 2) dark[i] = 0;
    using model = net([conv2d(3, 3, { activation: "relu" })], [6, 5, 2]);
    const x = { data: dark, shape: [12, 6, 5, 2] };
    expect(whyStuck(model, x, y, { layer: "conv2d", unit: 0, input: 1 }).culprit).toBe("input");
    expect(whyStuck(model, x, y, { layer: "conv2d", unit: 0, input: 0 }).culprit).toBeUndefined();
  });

  test("filters that relu kills behind a batch normalization lack what comes from there", () => {
    using model = net(
      [conv2d(3, 3), batchNormalization(), activation("relu"), maxPooling2d(2)],
      [6, 5, 2],
    );
    model.setWeights({ "batchNormalization/beta": [0, -50, 0] });
    const of = (unit: number) => whyStuck(model, images, y, { layer: "conv2d", unit });
    expect(of(1)).toMatchObject({ culprit: "upstream", gradient: 0 });
    expect(of(2).culprit).toBeUndefined();
    expect(of(2).path.map(({ layer }) => layer)).toEqual([...model.layers].reverse());
    expect(() => whyStuck(model, images, y, { layer: "batchNormalization", unit: 0 })).toThrow(
      'layer: expected one with a kernel that trains, got "batchNormalization"',
    );
    expect(() => whyStuck(model, images, y, { layer: "conv2d", unit: 3 })).toThrow(
      "unit: expected one of the 3 of conv2d, from 0, got 3",
    );
    expect(() => whyStuck(model, images, y, { layer: "conv2d", unit: 0, input: 18 })).toThrow(
      "input: expected one of the 18 of conv2d, from 0, got 18",
    );
  });

  test("a table of words, where an input is a word", () => {
    const ids = input([6], { dtype: "int32" });
    const outputs = dense(3)(flatten()(embedding(5, 4)(ids)));
    using words = model({ inputs: ids, outputs, seed: 1 }).compile({
      optimizer: sgd(),
      loss: "sparseCategoricalCrossentropy",
    });
    const x = integers([12, 6], 4, 3); // never word 4
    const of = (input: number) =>
      whyStuck(words, x, y, { layer: "embedding", unit: 1, input }).rows.map((row) => row.input);
    expect(of(4)).toEqual(new Array(12).fill(0));
    expect(new Set(of(1))).toEqual(new Set([0, 1]));
  });
});

describe("what is known of filters", () => {
  test("first weights suit, with groups, one filter for each channel, and transposed", () => {
    for (const [layer, inputShape] of [
      [conv2d(64, 3, { groups: 16, activation: "tanh", padding: "same" }), [6, 5, 64]],
      [depthwiseConv2d(5, { activation: "tanh", padding: "same" }), [6, 5, 64]],
      [conv2dTranspose(32, 3, { activation: "relu", padding: "same" }), [6, 5, 8]],
      [conv2dTranspose(8, 3, { activation: "relu", padding: "same" }), [6, 5, 32]],
      [separableConv2d(32, 3, { activation: "tanh", padding: "same" }), [6, 5, 8]],
    ] as const) {
      using model = net([layer], [...inputShape]);
      const { layers, findings } = diagnose(model, random([12, ...inputShape], 1), y);
      const { actual, suited } = layers[0]!.kernelDeviation!;
      expect(Math.abs(actual / suited - 1)).toBeLessThan(0.15);
      expect(layers[0]!.perUnit.gradientSigns).toHaveLength(layers[0]!.units);
      expect(findings.filter(({ code }) => code === "initMismatch")).toEqual([]);
    }
  });

  test("the callback remembers when filters died, and leaves the bits", () => {
    const build = () => {
      const layers = [conv2d(16, 3, { activation: "relu" }), maxPooling2d(2)];
      const model = net(layers, [6, 5, 2], 0.3);
      model.setWeights({ "conv2d/bias": Array.from({ length: 16 }, (_, i) => (i < 2 ? -50 : 0)) });
      return model;
    };
    using alone = build();
    alone.fitSync(images, y, { epochs: 4, batchSize: 4 });
    using model = build();
    const watch = health({ every: 3, thresholds: { dying: 0 } });
    model.fitSync(images, y, { epochs: 4, batchSize: 4, callbacks: watch });
    expect(model.getWeights()).toEqual(alone.getWeights());
    expect(watch.history.map(({ step }) => step)).toEqual([3, 6, 9, 12]);
    const { layers, deaths, findings, updateCosine } = watch.history.at(-1)!;
    expect(layers).toHaveLength(4);
    expect([...deaths.get("conv2d")!.keys()]).toEqual(layers[0]!.dead.units);
    expect(layers[0]!.dead.units.slice(0, 2)).toEqual([0, 1]);
    expect(deaths.get("conv2d")!.get(1)).toBe(3);
    expect(Math.abs(updateCosine!)).toBeLessThanOrEqual(1);
    const said = findings.find(({ layer, code }) => layer === "conv2d" && /^d/.test(code))!;
    expect(said.sentence).toMatch(/of the 16 relu units have been dead since step/);
  });
});
