import {
  categoricalFocalCrossentropy,
  dense,
  type FitOptions,
  type Loss,
  sequential,
  sparseCategoricalFocalCrossentropy,
  type UncompiledModel,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs(6);
const rows = Array.from({ length: 6 }, (_, i) => Array.from(x.data.subarray(i * 4, i * 4 + 4)));
const labels = Array.from(y);
const replaced = <T>(list: readonly T[], at: number, value: T): T[] => list.with(at, value);

/** Bad data, and the error of `fit` for them. */
const DATA: Record<string, { x?: unknown; y?: unknown; error: string }> = {
  "rows too narrow": {
    x: rows.map((row) => row.slice(1)),
    error: "ShapeError: x: expected rows of shape [4], got [3]",
  },
  "one row without its brackets": {
    x: [1, 2, 3, 4],
    y: [0, 1, 2, 0],
    error: "ShapeError: x: expected rows of shape [4], got []; one row is written [[...]]",
  },
  "ragged rows": {
    x: replaced(rows, 3, [1, 2, 3, 4, 5]),
    error: "DataError: x is ragged: row 3 has 5 values, expected 4",
  },
  "a number for a row": {
    x: replaced(rows, 2, 7 as never),
    error: "DataError: x is ragged: row 2 is 7, expected 4",
  },
  "no rows": {
    x: [],
    error: "DataError: x is empty: expected at least one row of at least one value",
  },
  "no labels": {
    y: new Int32Array(0),
    error: "DataError: y is empty: expected at least one row",
  },
  "text in x": {
    x: replaced(rows, 1, ["a", 2, 3, 4] as never),
    error: 'DataError: x: row 1, [0]: expected a number, got "a"',
  },
  "x of another kind": {
    x: "rows",
    error: 'ArgumentError: x: expected arrays of numbers or { data, shape }, got "rows"',
  },
  "a shape that does not fit": {
    x: { data: x.data, shape: [6, 5] },
    error: "ShapeError: x: shape [6, 5]: expected 30 values, got 24",
  },
  "a label too large": {
    y: replaced(labels, 4, 3),
    error: "DataError: y: row 4: expected a class from 0 to 2, got 3",
  },
  "a negative label": {
    y: replaced(labels, 0, -1),
    error: "DataError: y: row 0: expected a class from 0 to 2, got -1",
  },
  "a label that is no integer": {
    y: replaced(labels, 2, 1.5),
    error: "DataError: y: row 2: expected an integer class, got 1.5",
  },
  "a label that is NaN": {
    y: replaced(labels, 2, Number.NaN),
    error: "DataError: y: row 2: expected an integer class, got NaN",
  },
  "fewer labels than rows": {
    y: labels.slice(1),
    error: "DataError: x has 6 rows but y has 5",
  },
  "one-hot rows for a sparse loss": {
    y: labels.map((label) => [0, 1, 2].map((i) => Number(i === label))),
    error:
      'ShapeError: y: expected rows of shape [], got [3]; for rows of probabilities use "categoricalCrossentropy"',
  },
  "NaN in x": {
    x: replaced(rows, 5, [1, 2, Number.NaN, 4]),
    error: "DataError: x: row 5, column 2: expected a finite number, got NaN",
  },
  "infinity in x": {
    x: replaced(rows, 0, [1, 2, 3, -Infinity]),
    error: "DataError: x: row 0, column 3: expected a finite number, got -Infinity",
  },
  "a number beyond float32": {
    x: replaced(rows, 0, [1, 1e39, 3, 4]),
    error: "DataError: x: row 0, column 1: expected a finite number, got Infinity",
  },
};

/** The message as a function words it: after `where: `. */
const worded = (where: string, error: string) => error.replace(": ", `: ${where}: `);

describe("bad data", () => {
  for (const [name, { x: badX = rows, y: badY = labels, error }] of Object.entries(DATA)) {
    test(`${name}: refused before anything runs, and training goes on`, async () => {
      using model = classifier();
      model.trainOnBatch(rows, labels);
      const before = flatWeights(model);
      const [xs, ys] = [badX as typeof rows, badY as typeof labels];
      expect(await failure(() => model.fit(xs, ys))).toBe(worded("fit()", error));
      expect(await failure(() => model.fitSync(xs, ys))).toBe(worded("fitSync()", error));
      expect(await failure(() => model.evaluate(xs, ys))).toBe(worded("evaluate()", error));
      expect(await failure(() => model.trainOnBatch(xs, ys))).toBe(worded("trainOnBatch()", error));
      if (badX !== rows) {
        expect(await failure(() => model.predict(xs))).toBe(worded("predict()", error));
      }
      expect(flatWeights(model)).toEqual(before);
      expect(model.trainOnBatch(rows, labels).loss).toBeGreaterThan(0);
      expect(flatWeights(model)).not.toEqual(before);
    });
  }

  test("missing labels", async () => {
    using model = classifier();
    expect(await failure(() => model.fit(rows, undefined as never))).toBe(
      "ArgumentError: fit(): y: expected labels for x, or a data set with x and y, got undefined",
    );
  });

  test("NaN in targets that are numbers", async () => {
    using model = sequential([dense(2)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
    });
    const error = "y: row 1, column 0: expected a finite number, got NaN";
    const ys = [
      [1, 2],
      [Number.NaN, 2],
    ];
    expect(await failure(() => model.fit([[1], [2]], ys))).toBe(`DataError: fit(): ${error}`);
    expect(await failure(() => model.trainOnBatch([[1], [2]], ys))).toBe(
      `DataError: trainOnBatch(): ${error}`,
    );
  });

  test("targets of another width", async () => {
    using model = sequential([dense(2)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss: "categoricalCrossentropy",
    });
    expect(await failure(() => model.fit([[1], [2]], [0, 1]))).toBe(
      'ShapeError: fit(): y: expected rows of shape [2], got []; for class numbers use "sparseCategoricalCrossentropy"',
    );
  });

  test("targets in the other form, of losses that are values", async () => {
    const said = async (loss: Loss, y: number[] | number[][]) => {
      using model = sequential([dense(2)], { inputShape: [1] }).compile({ optimizer: "sgd", loss });
      return await failure(() => model.fit([[1], [2]], y));
    };
    expect(await said(categoricalFocalCrossentropy(), [0, 1])).toBe(
      "ShapeError: fit(): y: expected rows of shape [2], got []; for class numbers use sparseCategoricalFocalCrossentropy()",
    );
    const rows = [
      [0, 1],
      [1, 0],
    ];
    expect(await said(sparseCategoricalFocalCrossentropy(), rows)).toBe(
      "ShapeError: fit(): y: expected rows of shape [], got [2]; for rows of probabilities use categoricalFocalCrossentropy()",
    );
  });
});

describe("bad options of fit", () => {
  const positive = (name: string, value: unknown) =>
    [{ [name]: value }, `${name}: expected a positive integer, got ${value}`] as const;
  const OPTIONS: (readonly [unknown, string])[] = [
    ...["epochs", "batchSize"].flatMap((name) =>
      [0, -1, 1.5, Number.NaN, Infinity].map((value) => positive(name, value)),
    ),
    [{ epochs: "3" }, 'epochs: expected a positive integer, got "3"'],
    [{ epoch: 3 }, 'unknown option "epoch"; did you mean "epochs"?'],
    [{ batch_size: 3 }, 'unknown option "batch_size"; did you mean "batchSize"?'],
    [{ shuffle: "yes" }, 'shuffle: expected true or false, got "yes"'],
    [{ seed: -1 }, "seed: expected an integer of 0 or more, got -1"],
    [{ seed: 1.5 }, "seed: expected an integer of 0 or more, got 1.5"],
    [{ callbacks: { onEpochEnd: 3 } }, "onEpochEnd: expected a function, got 3"],
    [
      { callbacks: { onEpochEdn: () => {} } },
      'unknown callback "onEpochEdn"; did you mean "onEpochEnd"?',
    ],
    ["fast", 'expected an object of options, got "fast"; options have names: { batchSize: ... }'],
    [{ callbacks: 3 }, "callbacks: expected objects of functions, got 3"],
    [{ callbacks: new Set([{}]) }, "callbacks: expected objects of functions, got a Set"],
  ];

  test("are named", async () => {
    using model = classifier();
    const before = flatWeights(model);
    for (const [options, message] of OPTIONS) {
      expect(await failure(() => model.fit(rows, labels, options as FitOptions))).toBe(
        `ArgumentError: fit(): ${message}`,
      );
    }
    expect(flatWeights(model)).toEqual(before);
  });

  test("a signal that is none", async () => {
    using model = classifier();
    expect(await failure(() => model.fit(rows, labels, { signal: {} as AbortSignal }))).toBe(
      "ArgumentError: fit(): signal: expected an AbortSignal, got an object",
    );
  });

  test("evaluate has one", async () => {
    using model = classifier();
    const evaluate = () => (model.evaluate as (...a: unknown[]) => unknown)(rows, labels, { a: 1 });
    expect(await failure(evaluate)).toBe(
      'ArgumentError: evaluate(): unknown option "a"; expected one of "sampleWeight"',
    );
  });
});

describe("bad options of compile", () => {
  const OPTIONS: [object, string][] = [
    [{ optimizer: "adma" }, 'compile(): unknown optimizer "adma"; did you mean "adam"?'],
    [
      { optimizer: 3 },
      "compile(): optimizer: expected a name or an optimizer such as adam(), got 3",
    ],
    [
      { loss: "sparseCategoricalCrossEntropie" },
      'compile(): unknown loss "sparseCategoricalCrossEntropie"; did you mean "sparseCategoricalCrossentropy"?',
    ],
    [
      { loss: "perceptual" },
      'compile(): unknown loss "perceptual"; expected one of "sparseCategoricalCrossentropy", ' +
        '"categoricalCrossentropy", "binaryCrossentropy", "meanSquaredError", ' +
        '"meanAbsoluteError", "huber", "logCosh", "poisson", "cosineSimilarity", "hinge", ' +
        '"squaredHinge", "categoricalHinge", "klDivergence" or a value such as dice()',
    ],
    [{ metrics: ["acuracy"] }, 'compile(): unknown metric "acuracy"; did you mean "accuracy"?'],
    [{ metrics: "accuracy" }, 'compile(): metrics: expected a list of names, got "accuracy"'],
    [{ metric: ["accuracy"] }, 'compile(): unknown option "metric"; did you mean "metrics"?'],
  ];

  test("are named with the nearest that exists, and leave the model as it was", async () => {
    using model = classifier();
    const compile = model.compile.bind(model) as (options: object) => unknown;
    for (const [options, message] of OPTIONS) {
      const all = { optimizer: "adam", loss: "sparseCategoricalCrossentropy", ...options };
      expect(await failure(() => compile(all))).toBe(`ArgumentError: ${message}`);
    }
    expect(Object.keys(model.trainOnBatch(rows, labels))).toEqual(["loss", "accuracy"]);
  });
});

describe("calls out of order", () => {
  test("before compile", async () => {
    const model: UncompiledModel = sequential([dense(3)], { inputShape: [4] });
    const early = model as ReturnType<typeof classifier>;
    const remedy =
      'expected a compiled model; call model.compile({ optimizer: "adam", loss: "..." }) first';
    const calls = {
      fit: () => early.fit(rows, labels),
      fitSync: () => early.fitSync(rows, labels),
      trainOnBatch: () => early.trainOnBatch(rows, labels),
      evaluate: () => early.evaluate(rows, labels),
    };
    for (const [name, call] of Object.entries(calls)) {
      expect(await failure(call)).toBe(`StateError: ${name}(): ${remedy}`);
    }
    expect(await failure(() => early.optimizer)).toBe(`StateError: optimizer: ${remedy}`);
    model.dispose();
  });

  test("after dispose", async () => {
    const model = classifier();
    model.dispose();
    model.dispose();
    const calls: Record<string, () => unknown> = {
      fit: () => model.fit(rows, labels),
      trainOnBatch: () => model.trainOnBatch(rows, labels),
      evaluate: () => model.evaluate(rows, labels),
      predict: () => model.predict(rows),
      summary: () => model.summary(),
      getWeights: () => model.getWeights(),
      setWeights: () => model.setWeights([]),
      save: () => model.save(),
      compile: () => model.compile({ optimizer: "sgd", loss: "meanSquaredError" }),
      call: () => model.call(rows as never),
    };
    for (const [name, call] of Object.entries(calls)) {
      expect(await failure(call)).toBe(`DisposedError: ${name}(): the model was disposed`);
    }
  });
});
