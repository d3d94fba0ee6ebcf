import { type Fold, groupKFold, kFold, stratifiedKFold, timeSeriesSplit } from "ferrograd/data";
import { describe, expect, test } from "vitest";
import { sequence } from "./support/numbers.ts";

const lists = (folds: readonly Fold[]) => folds.map(({ train, test }) => [[...train], [...test]]);

/** Each row tests once and trains in all other folds. */
function expectParts(folds: readonly Fold[], rows: number) {
  const all = Array.from({ length: rows }, (_, i) => i);
  expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual(all);
  for (const { train, test } of folds) {
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(all);
    expect([...test]).toEqual([...test].sort((a, b) => a - b));
  }
}
const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

describe("folds", () => {
  test("part rows in their order, or drawn", () => {
    expect(lists(kFold(5, { folds: 2 }))).toEqual([
      [
        [3, 4],
        [0, 1, 2],
      ],
      [
        [0, 1, 2],
        [3, 4],
      ],
    ]);
    for (const rows of [7, 10, 101]) {
      const drawn = kFold(rows, { folds: 7, seed: 3 });
      expectParts(drawn, rows);
      expect(spread(drawn.map(({ test }) => test.length))).toBeLessThan(2);
      expect(drawn).toEqual(kFold(rows, { folds: 7, seed: 3 }));
    }
    expect(kFold(100, { seed: 1 })).not.toEqual(kFold(100, { seed: 2 }));
  });

  test("keep each class's share to within a row", () => {
    const next = sequence(4);
    const labels = Array.from({ length: 97 }, () =>
      next() < 0.1 ? "rare" : next() < 0.4 ? "b" : "c",
    );
    for (const seed of [undefined, 1, 2]) {
      const folds = stratifiedKFold(labels, { folds: 4, ...(seed !== undefined && { seed }) });
      expectParts(folds, 97);
      for (const kind of ["rare", "b", "c"]) {
        expect(
          spread(folds.map(({ test }) => [...test].filter((row) => labels[row] === kind).length)),
        ).toBeLessThan(2);
      }
      expect(spread(folds.map(({ test }) => test.length))).toBeLessThan(2);
    }
  });

  test("leave groups whole, in folds of about one size", () => {
    const next = sequence(5);
    const groups = Array.from({ length: 200 }, () => Math.floor(next() * 30));
    const folds = groupKFold(groups, { folds: 5, seed: 2 });
    expectParts(folds, 200);
    for (const { train, test } of folds) {
      const trained = new Set([...train].map((row) => groups[row]));
      expect([...test].filter((row) => trained.has(groups[row]!))).toEqual([]);
    }
    expect(spread(folds.map(({ test }) => test.length))).toBeLessThan(12);
  });

  // Values of scikit-learn 1.5: TimeSeriesSplit(n_splits=3).split(range(6)), and with test_size=2, gap=1, max_train_size=2.
  test("of time test on what comes later, as in scikit-learn", () => {
    expect(lists(timeSeriesSplit(6, { folds: 3 }))).toEqual([
      [[0, 1, 2], [3]],
      [[0, 1, 2, 3], [4]],
      [[0, 1, 2, 3, 4], [5]],
    ]);
    expect(lists(timeSeriesSplit(8, { folds: 2, testSize: 2, gap: 1, maxTrainSize: 2 }))).toEqual([
      [
        [1, 2],
        [4, 5],
      ],
      [
        [3, 4],
        [6, 7],
      ],
    ]);
  });

  test("that cannot be are refused", () => {
    expect(() => kFold(3)).toThrow(
      "kFold(): folds: expected at most 3, as there are 3 rows, got 5",
    );
    expect(() => kFold(3, { folds: 1 })).toThrow("folds: expected at least 2, got 1");
    expect(() => stratifiedKFold([0, 0, 1], { folds: 3 })).toThrow(
      "as there are 2 rows of the largest class",
    );
    expect(() => groupKFold(["a", "b"], { folds: 3 })).toThrow("as there are 2 groups");
    expect(() => stratifiedKFold([0, Number.NaN])).toThrow(
      "labels: row 1: expected a finite number or a text, got NaN",
    );
    expect(() => timeSeriesSplit(5)).toThrow(
      "timeSeriesSplit(): expected rows to train and to test",
    );
    expect(() => timeSeriesSplit(9, { folds: 2, gap: 3 })).toThrow("got 9 rows");
  });
});
