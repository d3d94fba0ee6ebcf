import {
  ArgumentError,
  DataError,
  Dataset,
  type DatasetInit,
  permutation,
  ShapeError,
  standardizer,
  trainTestRows,
  trainTestSplit,
} from "ferrograd";
import { describe, expect, test } from "vitest";

const xor = () =>
  new Dataset({
    x: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    y: [0, 1, 1, 0],
  });

/** n rows of one column that holds the row's number, `classes` classes in sorted blocks. */
const numbered = (n: number, classes = 1) =>
  new Dataset({
    x: Array.from({ length: n }, (_, i) => [i]),
    y: Array.from({ length: n }, (_, i) => Math.floor((i * classes) / n)),
  });

const counts = (values: Iterable<number>) => {
  const result: number[] = [];
  for (const v of values) result[v] = (result[v] ?? 0) + 1;
  return result;
};

describe("Dataset", () => {
  test("takes nested arrays, typed arrays with a shape, and what has shape and data()", () => {
    const shape = [2, 3];
    const data = new Float32Array([1, 2, 3, 4, 5, 6]);
    const inputs: DatasetInit["x"][] = [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [new Float32Array([1, 2, 3]), new Uint8Array([4, 5, 6])],
      { data, shape },
      { data: [1, 2, 3, 4, 5, 6], shape },
      { data: Int32Array.from(data), shape },
      { data: () => data, shape },
    ];
    for (const x of inputs) {
      const dataset = new Dataset({ x, y: [0, 1] });
      expect(dataset.x.shape).toEqual(shape);
      expect(dataset.x.data).toEqual(data);
      expect(dataset.length).toBe(2);
    }
    expect(new Dataset({ x: [[[1], [2]]], y: [0] }).x.shape).toEqual([1, 2, 1]);
    expect(new Dataset({ x: { data, shape }, y: [0, 1] }).x.data).toBe(data);
  });

  test("labels are int32 classes, or float32 numbers and probabilities", () => {
    const x = [[1], [2]];
    expect(new Dataset({ x, y: [0, 1] }).y.data).toEqual(new Int32Array([0, 1]));
    expect(new Dataset({ x, y: new Uint8Array([3, 1]) }).y.data).toEqual(new Int32Array([3, 1]));
    expect(new Dataset({ x, y: new Float32Array([3, 1]) }).y.data).toEqual(new Int32Array([3, 1]));
    expect(new Dataset({ x, y: [0.5, 1] }).y.data).toEqual(new Float32Array([0.5, 1]));
    const oneHot = new Dataset({
      x,
      y: [
        [0, 1],
        [1, 0],
      ],
    }).y;
    expect(oneHot).toEqual({ data: new Float32Array([0, 1, 1, 0]), shape: [2, 2] });
  });

  test("batches in order, the last one smaller, as often as asked", () => {
    const batches = numbered(5).batch(2);
    const rows = () => [...batches].map(([x, y]) => [x.shape, [...x.data], y.shape]);
    const expected = [
      [[2, 1], [0, 1], [2]],
      [[2, 1], [2, 3], [2]],
      [[1, 1], [4], [1]],
    ];
    expect(rows()).toEqual(expected);
    expect(rows()).toEqual(expected);
    expect([...numbered(5).batch(2, { dropLast: true })]).toHaveLength(2);
    expect([...numbered(5).batch(9)]).toHaveLength(1);
  });

  test("shuffles x and y together, decided by the seed, leaving the original alone", () => {
    const data = numbered(100, 100);
    const shuffled = data.shuffle(1);
    expect([...shuffled.y.data]).toEqual([...shuffled.x.data]);
    expect([...shuffled.y.data]).toEqual([...permutation(100, 1)]);
    expect(shuffled.y.data).toEqual(data.shuffle(1).y.data);
    expect(shuffled.y.data).not.toEqual(data.shuffle(2).y.data);
    expect([...data.y.data]).toEqual([...Array(100).keys()]);
  });

  test("slice, take and rows", () => {
    const data = numbered(6);
    expect([...data.slice(1, 3).x.data]).toEqual([1, 2]);
    expect([...data.slice(-2).x.data]).toEqual([4, 5]);
    expect([...data.take(2).x.data]).toEqual([0, 1]);
    expect(data.take(99)).toHaveLength(6);
    expect([...data.rows([5, 0, 5]).x.data]).toEqual([5, 0, 5]);
    expect(() => data.slice(3, 3)).toThrow(
      new ArgumentError("slice(): expected rows between 0 and 6, at least one, got 3 to 3"),
    );
    expect(() => data.rows([6])).toThrow(
      new ArgumentError("rows(): position 0: expected a row from 0 to 5, got 6"),
    );
  });

  test("keeps its names", () => {
    const names = { name: "xor", classNames: ["same", "other"], featureNames: ["a", "b"] };
    const { x, y } = xor();
    expect(new Dataset({ x, y, ...names }).shuffle(1).take(2)).toMatchObject(names);
  });

  const refusals: [string, unknown, unknown, Error][] = [
    [
      "ragged",
      [[1, 2], [3, 4], [5]],
      [0, 1, 1],
      new DataError("Dataset: x is ragged: row 2 has 1 value, expected 2"),
    ],
    [
      "ragged below",
      [
        [[1], [2]],
        [[1], [2, 3]],
      ],
      [0, 1],
      new DataError("Dataset: x is ragged: row 1, [1] has 2 values, expected 1"),
    ],
    [
      "number among rows",
      [[1], 2],
      [0, 1],
      new DataError("Dataset: x is ragged: row 1 is 2, expected 1"),
    ],
    [
      "text",
      [[1], ["2"]],
      [0, 1],
      new DataError('Dataset: x: row 1, [0]: expected a number, got "2"'),
    ],
    [
      "a hole",
      [[1], [undefined]],
      [0, 1],
      new DataError("Dataset: x: row 1, [0]: expected a number, got undefined"),
    ],
    [
      "empty",
      [],
      [],
      new DataError("Dataset: x is empty: expected at least one row of at least one value"),
    ],
    [
      "empty rows",
      [[], []],
      [0, 1],
      new DataError("Dataset: x is empty: expected at least one row of at least one value"),
    ],
    ["different lengths", [[1], [2]], [0], new DataError("Dataset: x has 2 rows but y has 1")],
    [
      "short data",
      { data: new Float32Array(5), shape: [2, 3] },
      [0, 1],
      new ShapeError("Dataset: x: shape [2, 3]: expected 6 values, got 5"),
    ],
    [
      "a shape of fractions",
      { data: new Float32Array(5), shape: [2.5, 2] },
      [0, 1],
      new ShapeError("Dataset: x: shape: expected positive integers, rows first, got [2.5, 2]"),
    ],
    [
      "no numbers at all",
      "rows",
      [0],
      new ArgumentError('Dataset: x: expected arrays of numbers or { data, shape }, got "rows"'),
    ],
    [
      "no y",
      [[1]],
      undefined,
      new ArgumentError("Dataset: y: expected arrays of numbers or { data, shape }, got undefined"),
    ],
  ];
  for (const [name, x, y, error] of refusals) {
    test(`refuses ${name}`, () => {
      expect(() => new Dataset({ x, y } as DatasetInit)).toThrow(error);
    });
  }

  test("refuses endless nesting", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => new Dataset({ x: loop, y: [0] } as DatasetInit)).toThrow(
      new ShapeError("Dataset: x: expected at most 8 dimensions, got more"),
    );
  });

  test("refuses unknown options and bad sizes, by name", () => {
    const bad = { x: [[1]], y: [0], class_names: ["a"] };
    expect(() => new Dataset(bad)).toThrow(
      new ArgumentError('Dataset: unknown option "class_names"; did you mean "classNames"?'),
    );
    expect(() => xor().batch(0)).toThrow(
      new ArgumentError("batch(): size: expected a positive integer, got 0"),
    );
    expect(() => xor().batch(2, { droplast: true } as object)).toThrow(
      new ArgumentError('batch(): unknown option "droplast"; did you mean "dropLast"?'),
    );
    expect(() => xor().shuffle(Number.NaN)).toThrow(
      new ArgumentError("shuffle(): seed: expected an integer of 0 or more, got NaN"),
    );
  });
});

describe("trainTestSplit", () => {
  test("trainTestRows has its rows, of classes and of numbers", () => {
    const classes = numbered(150, 3);
    const x = classes.x;
    const numbers = new Dataset({ x, y: { data: x.data, shape: x.shape } });
    for (const data of [classes, numbers]) {
      const sets = trainTestSplit(data, { seed: 4 });
      const rows = trainTestRows(data, { seed: 4 });
      expect(data.rows(rows.train).x).toEqual(sets.train.x);
      expect(data.rows(rows.test).y).toEqual(sets.test.y);
    }
    expect(() => trainTestRows(numbers, { stratify: true })).toThrow("trainTestRows(): stratify");
  });

  test("each row goes to one side, each class keeps its share", () => {
    const { train, test } = trainTestSplit(numbered(150, 3), { seed: 4 });
    expect([...train.x.data, ...test.x.data].sort((a, b) => a - b)).toEqual([...Array(150).keys()]);
    expect(counts(train.y.data)).toEqual([40, 40, 40]);
    expect(counts(test.y.data)).toEqual([10, 10, 10]);
    expect(counts(train.y.data.subarray(96)).filter(Boolean)).toHaveLength(3);
  });

  test("uneven classes differ by less than a row, and the total is exact", () => {
    const y = [...Array(7).fill(0), ...Array(5).fill(1), ...Array(11).fill(2)];
    const data = new Dataset({ x: y.map((_, i) => [i]), y });
    const { train, test } = trainTestSplit(data, { testFraction: 0.3 });
    expect([train.length, test.length]).toEqual([16, 7]);
    expect(counts(test.y.data)).toEqual([2, 2, 3]);
  });

  test("the seed decides", () => {
    const rows = (seed: number) => trainTestSplit(numbered(40, 2), { seed }).test.x.data;
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1)).not.toEqual(rows(2));
  });

  test("labels that are no classes are split at random, and cannot be stratified", () => {
    const data = new Dataset({ x: [[1], [2], [3], [4]], y: [0.1, 0.2, 0.3, 0.4] });
    expect(trainTestSplit(data, { testFraction: 0.25 }).test).toHaveLength(1);
    expect(() => trainTestSplit(data, { stratify: true })).toThrow(
      new ArgumentError(
        "trainTestSplit(): stratify: expected integer classes, got labels of shape [4]; " +
          "write { stratify: false }",
      ),
    );
    expect(() => trainTestSplit(data, { testFraction: 0.1 })).toThrow(
      new ArgumentError(
        "trainTestSplit(): testFraction: expected at least one row in either set, " +
          "got 0 of 4 for the test",
      ),
    );
    expect(() => trainTestSplit(data, { testSize: 0.5 } as object)).toThrow(ArgumentError);
  });
});

describe("standardizer", () => {
  test("mean 0 and deviation 1 by column, constant columns to 0", () => {
    const scaler = standardizer([
      [1, 5, 0.1],
      [3, 5, 0.1],
      [5, 5, 0.1],
    ]);
    expect([...scaler.mean.subarray(0, 2)]).toEqual([3, 5]);
    expect(scaler.deviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect([...scaler.transform([[3, 6, 0.1]]).data]).toEqual([0, 1, 0]);
    expect(() => scaler.transform([[1, 2]])).toThrow(
      new ShapeError("transform(): expected rows of 3 values, got 2"),
    );
  });
});
