import {
  concatenateLayer,
  Dataset,
  dense,
  globalAveragePooling1d,
  input,
  model as modelOf,
  sequential,
  tensor,
} from "ferrograd";
import { fromArrays } from "ferrograd/data";
import { inWorker } from "ferrograd/worker";
import { describe, expect, test, vi } from "vitest";
import { blobs, failure } from "./support/model.ts";

const { x, y } = blobs();
const data = new Dataset({ x, y });
const build = () =>
  sequential([dense(3, { activation: "softmax" })], { inputShape: [4], seed: 1 }).compile({
    optimizer: "sgd",
    loss: "sparseCategoricalCrossentropy",
  });
const nested = (begin: number, end: number) => tensor(x.data, [60, 4]).array().slice(begin, end);
const pairs = () => [...data.batch(25)];

/** The same 60 rows in all forms that predict takes beside x. */
const now = {
  "a data set": () => data,
  "x with something for y": () => ({ x, y: "what" }),
  "batches of a data set": () => data.batch(7),
  "pairs of an array": () => pairs().values(),
  "a generator": function* () {
    yield* pairs();
  },
  "a set of records": () => new Set(pairs().map(([x, y]) => ({ x, y }))),
  "triples and x alone": () =>
    [
      [nested(0, 20), [1], [2]],
      [nested(20, 50)],
      { data: x.data.slice(200), shape: [10, 4] },
    ].values(),
};
const later = {
  "a pipeline": () => fromArrays(data).batch(9),
  "a pipeline of x": () => fromArrays(x).batch(9).prefetch(),
  "an async generator": async function* () {
    for (const [x] of pairs()) yield tensor(x.data, [x.shape[0]!, 4]);
  },
};

describe("predict", () => {
  test.each(Object.keys(now) as (keyof typeof now)[])("of %s", (name) => {
    using model = build();
    const got = model.predict(now[name]() as never);
    expect([got.shape, got.data()]).toEqual([[60, 3], model.predict(x).data()]);
  });

  test.each(Object.keys(later) as (keyof typeof later)[])("waits for %s", async (name) => {
    using model = build();
    const promise: unknown = model.predict(later[name]() as never);
    expect(promise).toBeInstanceOf(Promise);
    const got = (await promise) as ReturnType<typeof model.predict>;
    expect([got.shape, got.data()]).toEqual([[60, 3], model.predict(x).data()]);
  });

  test("of several inputs and outputs, by name and in their order", async () => {
    const [a, b] = [input([4], { name: "x" }), input([4], { name: "y" })];
    const both = concatenateLayer()([a, b]);
    using two = modelOf({
      inputs: [a, b],
      outputs: { one: dense(1)(both), other: dense(2)(both) },
    });
    const expected = two.predict({ x, y: x }); // its inputs, whatever they are called
    const rows = nested(0, 60);
    for (const each of [{ x, y: x }, [[rows, rows], y], [{ x, y: x }], [{ x, y: x }, y]]) {
      const got = two.predict([each].values() as never);
      expect(got.one.data()).toEqual(expected.one.data());
      expect(got.other.data()).toEqual(expected.other.data());
    }
  });

  test("in a worker", async () => {
    using model = build();
    await using remote = await inWorker(model);
    const expected = model.predict(x).data();
    expect((await remote.predict(data)).data()).toEqual(expected);
    expect((await remote.predict(fromArrays(data).batch(9))).data()).toEqual(expected);
    expect((await remote.predict(data.batch(50))).data()).toEqual(expected);
  });

  test("keeps what outputs mean, takes rows of several sizes, and batches that fit walks through", async () => {
    using model = build();
    const made = fromArrays(data).shuffle(3).batch(20);
    await model.fit(made, { callbacks: { onBatchEnd: () => model.predict(made).then(() => {}) } });
    using other = build();
    await other.fit(fromArrays(data).shuffle(3).batch(20));
    expect(model.getWeights()).toEqual(other.getWeights());
    const series = input([null, 2]);
    using open = modelOf({ inputs: series, outputs: globalAveragePooling1d()(series) });
    const got = open.predict(
      [
        [
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
        ],
        [[[[5, 6]]]],
      ].values() as never,
    );
    expect(got.array()).toEqual([
      [2, 3],
      [5, 6],
    ]);
    using same = modelOf({ inputs: series, outputs: dense(2)(series) });
    const odd = () =>
      same.predict(
        [
          [
            [
              [
                [1, 2],
                [3, 4],
              ],
            ],
          ],
          [[[[5, 6]]]],
        ].values() as never,
      );
    expect(await failure(odd)).toBe(
      "ShapeError: predict(): data: expected outputs of one shape, got 2,2 and 1,2",
    );
  });

  test("says what is wrong, closes what it was given, and leaves the model usable", async () => {
    using model = build();
    const closed = vi.fn();
    function* giving(second: unknown) {
      try {
        yield [x, y];
        yield second;
      } finally {
        closed();
      }
    }
    const at = "predict(): data: batch 2: x";
    const bad: readonly (readonly [unknown, string])[] = [
      [
        [{ data: new Float32Array(3), shape: [1, 3] }],
        `ShapeError: ${at}: expected rows of shape [4], got [3]`,
      ],
      [
        [[[1, 2, 3, Number.NaN]]],
        `DataError: ${at}: row 0, column 3: expected a finite number, got NaN`,
      ],
      [
        [[1, 2, 3, 4]],
        `ShapeError: ${at}: expected rows of shape [4], got []; batch(n) puts single rows together`,
      ],
      [7, `ArgumentError: ${at}: expected arrays of numbers or { data, shape }, got 7`],
      [[], `ArgumentError: ${at}: expected arrays`],
    ];
    for (const [second, message] of bad) {
      expect(
        await failure(() => model.predict({ [Symbol.iterator]: () => giving(second) } as never)),
      ).toContain(message);
      const waited = async function* () {
        yield* giving(second);
      };
      expect(
        await failure(() => model.predict({ [Symbol.asyncIterator]: waited } as never)),
      ).toContain(message);
    }
    expect(closed).toHaveBeenCalledTimes(2 * bad.length);
    expect(await failure(() => model.predict([].values() as never))).toContain(
      "expected batches, got none",
    );
    expect(await failure(() => model.predict(pairs as never))).toContain(
      "predict(): x: expected arrays",
    );
    expect(await failure(() => model.predict([x, y] as never))).toMatch(
      /^(Argument|Data)Error: predict\(\): x/,
    );
    const gone = build();
    const waiting = gone.predict(
      later["an async generator"]() as never,
    ) as unknown as Promise<unknown>;
    gone.dispose();
    expect(await failure(() => waiting)).toBe("DisposedError: predict(): the model was disposed");
    expect(await failure(() => gone.predict([[Number.NaN]]))).toMatch(/^DisposedError/);
    expect(model.predict(data).shape).toEqual([60, 3]);
  });
});
