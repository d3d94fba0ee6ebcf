import {
  ArgumentError,
  DataError,
  dense,
  loadModel,
  normalization,
  normalizationOf,
  rescaling,
  ShapeError,
  sequential,
  standardizer,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";

const rows = [
  [1, 10, 7],
  [2, 30, 7],
  [3, 20, 7],
];

describe("normalization", () => {
  test("subtracts the mean and divides by the deviation, 0 counting as 1", () => {
    const layer = normalization({ mean: [1, 20], deviation: [2, 0] });
    expect([...layer([[3, 25]]).data()]).toEqual([1, 5]);
    expect([...layer([[[3, 25]], [[1, 20]]]).data()]).toEqual([1, 5, 0, 0]);
  });

  test("normalizationOf does what standardizer does, feature by feature", () => {
    const expected = standardizer(rows).transform(rows);
    expectAllclose(normalizationOf(rows)(rows).data(), expected.data);
    const images = { data: Float32Array.from(rows.flat()), shape: [1, 3, 1, 3] };
    expectAllclose(normalizationOf(images)(images).data(), expected.data);
  });

  test("travels with the model", () => {
    const model = sequential([normalizationOf(rows), dense(2)], { inputShape: [3], seed: 1 });
    const loaded = loadModel(model.save());
    expect(loaded.predict(rows).data()).toEqual(model.predict(rows).data());
    expect(loaded.layers).toEqual(["normalization", "dense"]);
    expect(model.parameterCount).toBe(3 * 2 + 2);
    model.dispose();
    loaded.dispose();
  });

  test.each([
    [
      new ArgumentError("normalization(): deviation: expected 2 numbers, as mean has, got 1"),
      () => normalization({ mean: [1, 2], deviation: [1] }),
    ],
    [
      new ArgumentError("normalization(): mean: expected finite numbers, got NaN at 1"),
      () => normalization({ mean: [1, Number.NaN], deviation: [1, 1] }),
    ],
    [
      new ArgumentError(
        "normalization(): deviation: expected finite numbers of 0 or more, got -1 at 0",
      ),
      () => normalization({ mean: [1], deviation: [-1] }),
    ],
    [
      new ArgumentError(
        'normalization(): unknown option "std"; expected one of "mean", "deviation", "name"',
      ),
      () => normalization({ mean: [1], std: [1] } as never),
    ],
    [
      new ShapeError("normalization(): expected inputs (…, 2), got shape [1, 3]"),
      () => normalization({ mean: [1, 2], deviation: [1, 1] })([[1, 2, 3]]),
    ],
    [
      new ShapeError("normalizationOf(): x: expected rows (rows, …, features), got shape [3]"),
      () => normalizationOf([1, 2, 3]),
    ],
    [
      new DataError("normalizationOf(): x: row 1, column 0: expected a finite number, got NaN"),
      () =>
        normalizationOf([
          [1, 2],
          [Number.NaN, 3],
        ]),
    ],
    [
      new DataError("normalizationOf(): x is ragged: row 1 has 1 value, expected 2"),
      () => normalizationOf([[1, 2], [3]]),
    ],
  ])("refuses: %s", (error, body) => {
    expect(body).toThrow(error);
  });
});

describe("what a model says of itself", () => {
  const layers = () => [dense(3)];
  const classNames = ["a", "b", "c"];

  test("class names and the caller's texts are saved, loaded and saved again", () => {
    const model = sequential(layers(), { inputShape: [2], classNames });
    expect([model.classNames, model.metadata]).toEqual([classNames, {}]);
    const metadata = { format: "mine", model: "7", größe: "ä" };
    const once = loadModel(model.save({ metadata }));
    const twice = loadModel(once.save());
    for (const loaded of [once, twice]) {
      expect(loaded.classNames).toEqual(classNames);
      expect(loaded.metadata).toEqual(metadata);
    }
    expect(loadModel(once.save({ metadata: {} })).metadata).toEqual({});
  });

  test("without them a model has none", () => {
    const loaded = loadModel(sequential(layers(), { inputShape: [2] }).save());
    expect([loaded.classNames, loaded.metadata]).toEqual([undefined, {}]);
  });

  test("one output tells two classes apart", () => {
    const model = sequential([dense(1)], { inputShape: [2], classNames: ["no", "yes"] });
    expect(model.classNames).toEqual(["no", "yes"]);
  });

  test.each([
    ["expected 3 names for outputs [3], got 2", ["a", "b"]],
    ['expected each name once, got "a" twice', ["a", "b", "a"]],
    ["expected an array of strings, got an array of length 3", [1, 2, 3]],
    ['expected an array of strings, got "abc"', "abc"],
  ])("refuses names: %s", (message, names) => {
    expect(() => sequential(layers(), { inputShape: [2], classNames: names as string[] })).toThrow(
      new ArgumentError(`sequential(): classNames: ${message}`),
    );
  });

  test("refuses texts that are none", () => {
    const model = sequential(layers(), { inputShape: [2] });
    expect(() => model.save({ metadata: { a: 7 as never } })).toThrow(
      new ArgumentError('save(): metadata: "a": expected a string, got 7'),
    );
  });
});

describe("rescaling", () => {
  test("multiplies, then adds; is saved with its numbers", () => {
    const layer = rescaling({ scale: 2 / 255, offset: -1 });
    expectAllclose(layer([[0, 255, 51]]).data(), [-1, 1, -0.6]);
    expectAllclose(rescaling({ scale: 0.5 })([[3, -4]]).data(), [1.5, -2]);
    const model = sequential([layer, dense(2)], { inputShape: [3], seed: 1 });
    const loaded = loadModel(model.save());
    const x = [[10, 200, 90]];
    expect(loaded.predict(x).data()).toEqual(model.predict(x).data());
  });

  test("numbers that are not finite are refused", () => {
    expect(() => rescaling({ scale: Number.NaN })).toThrow(
      "rescaling(): scale: expected a finite number that float32 holds, got NaN",
    );
    // @ts-expect-error no scale
    expect(() => rescaling({})).toThrow("rescaling(): scale: expected a finite number");
  });
});
