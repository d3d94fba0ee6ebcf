import { Dataset } from "ferrograd";
import { afterEach, describe, expect, test, vi } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";

const { x, y } = blobs();
const part = (begin: number, end: number) => new Dataset({ x, y }).slice(begin, end);

describe("validation", () => {
  afterEach(() => vi.restoreAllMocks());

  test("a split holds back the last rows", async () => {
    using model = classifier();
    const { history, steps } = await model.fit(x, y, {
      epochs: 2,
      batchSize: 8,
      validationSplit: 0.2,
    });
    expect(steps).toBe(2 * 6);
    expect(Object.keys(history)).toEqual(["loss", "accuracy", "val_loss", "val_accuracy"]);
    const { loss, accuracy } = model.evaluate(part(48, 60));
    expect(history.val_loss?.[1]).toBe(loss);
    expect(history.val_accuracy?.[1]).toBe(accuracy);
  });

  test("a split trains as the rows before it would alone", async () => {
    using a = classifier();
    using b = classifier();
    await a.fit(x, y, { epochs: 2, validationSplit: 0.2 });
    await b.fit(part(0, 48), { epochs: 2 });
    expect(flatWeights(a)).toEqual(flatWeights(b));
  });

  test("data of their own are taken as a pair or a data set", async () => {
    using a = classifier();
    using b = classifier();
    const held = part(50, 60);
    const pair = await a.fit(x, y, { validationData: [held.x, held.y] });
    const set = await b.fit(x, y, { validationData: held });
    expect(pair.history).toEqual(set.history);
    expect(pair.history.val_loss?.[0]).toBe(a.evaluate(held).loss);
  });

  test("validation data do not change what is learned", async () => {
    using a = classifier();
    using b = classifier();
    await a.fit(x, y, { epochs: 2 });
    await b.fit(x, y, { epochs: 2, validationData: [x, y] });
    expect(flatWeights(a)).toEqual(flatWeights(b));
  });

  test("a class-sorted tail is warned of by the names of its classes", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const order = Array.from(y.keys()).sort((a, b) => y[a]! - y[b]!);
    const sorted = new Dataset({ x, y, classNames: ["ant", "bee", "cat"] }).rows(order);
    using model = classifier();
    await model.fit(sorted, { validationSplit: 0.1 });
    expect(warn.mock.calls).toEqual([
      [
        "fit(): the rows are sorted by class, so the last 6, taken for validation, hold only cat; " +
          "shuffle them first: new Dataset({ x, y }).shuffle(1)",
      ],
    ]);
    await model.fit(sorted.x, sorted.y, { validationSplit: 0.1 });
    expect(warn.mock.calls[1]?.[0]).toContain("hold only class 2;");
    await model.fit(sorted, {});
    await model.fit(sorted.shuffle(1), { validationSplit: 0.1 });
    expect(warn).toHaveBeenCalledTimes(2);
  });

  test("a split that leaves no rows is refused", async () => {
    using model = classifier();
    expect(await failure(() => model.fit(x, y, { validationSplit: 0.01 }))).toBe(
      "ArgumentError: fit(): validationSplit: expected a fraction that leaves rows on both sides, got 0.01 of 60 rows",
    );
    for (const [split, shown] of [
      [1, "1"],
      [-0.1, "-0.1"],
      [Number.NaN, "NaN"],
    ] as const) {
      expect(await failure(() => model.fit(x, y, { validationSplit: split }))).toBe(
        `ArgumentError: fit(): validationSplit: expected a number from 0 to below 1, got ${shown}`,
      );
    }
  });

  test("bad validation data are named as such", async () => {
    using model = classifier();
    const bad = (data: readonly [number[][], number[]]) =>
      failure(() => model.fit(x, y, { validationData: data }));
    expect(await bad([[[1, 2, 3, 4]], [3]])).toBe(
      "DataError: fit(): validationData y: row 0: expected a class from 0 to 2, got 3",
    );
    expect(await bad([[[1, 2, 3]], [0]])).toBe(
      "ShapeError: fit(): validationData x: expected rows of shape [4], got [3]",
    );
    expect(await bad([[[1, 2, 3, Number.NaN]], [0]])).toBe(
      "DataError: fit(): validationData x: row 0, column 3: expected a finite number, got NaN",
    );
  });
});
