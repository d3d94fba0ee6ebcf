import { readFileSync, writeFileSync } from "node:fs";
import { Dataset } from "ferrograd";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClassResults, NumberResults } from "../../packages/cli/src/results.ts";
import { bootstrap, meanInterval } from "../../packages/cli/src/scores/bootstrap.ts";
import { mostConfused, scoreClasses } from "../../packages/cli/src/scores/classes.ts";
import { findLeaks } from "../../packages/cli/src/scores/leaks.ts";
import { scoreNumbers } from "../../packages/cli/src/scores/numbers.ts";
import { verdicts } from "../../packages/cli/src/scores/verdict.ts";
import { heldOut } from "../../packages/cli/src/table/held-out.ts";
import { sortRows } from "../../packages/cli/src/table/sort.ts";
import { cutFolds, cutOnce } from "../../packages/cli/src/table/split.ts";
import { visible } from "../../packages/cli/src/terminal/visible.ts";
import { folderOfTests } from "./cli-command.ts";

function classes(names: readonly string[], truth: number[], said: number[]): ClassResults {
  const predictions = {
    labels: Int32Array.from(said),
    probabilities: new Float32Array(truth.length),
    truthProbabilities: new Float32Array(truth.length),
  };
  const accuracy = said.filter((label, row) => label === truth[row]).length / truth.length;
  return { kind: "classes", names, truth, predictions, loss: 0, accuracy };
}

describe("scores of classes", () => {
  it("are those of scikit-learn's classification_report", () => {
    const results = classes(["a", "b", "c"], [0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 0, 0, 0]);
    const { accuracy, base, balancedAccuracy, classes: each } = scoreClasses(results);
    expect(scoreClasses(results)).toBe(scoreClasses(results)); // counted once
    expect(accuracy).toBe(0.5);
    expect(base).toEqual({ name: "a", share: 0.5, label: 0 });
    expect(balancedAccuracy).toBeCloseTo((0.75 + 0.5 + 0) / 3, 12);
    expect(each.map(({ precision, recall, f1, count }) => [precision, recall, f1, count])).toEqual([
      [0.5, 0.75, 0.6, 4],
      [0.5, 0.5, 0.5, 2],
      [undefined, 0, 0, 2],
    ]);
  });

  it("name the 20 classes that are most often confused", () => {
    const matrix = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 30 }, (_, j) => (i === j ? 100 : i + j === 29 && i < 10 ? i + 1 : 0)),
    );
    const confused = Array.from({ length: 30 }, (_, i) => i).filter((i) => i < 10 || i >= 20);
    expect(mostConfused(matrix)).toEqual(confused);
    expect(mostConfused(matrix.slice(0, 3))).toEqual([0, 1, 2]);
  });

  it("come with an interval that the same rows give again", () => {
    const right = Array.from({ length: 100 }, (_, i) => Number(i < 90));
    const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + right[row]!, 0) / 100;
    const [low, high] = bootstrap(100, mean)!;
    // The binomial's: 0.9 ± 1.96·√(0.9·0.1/100)
    expect(low).toBeGreaterThan(0.82);
    expect(low).toBeLessThan(0.86);
    expect(high).toBeGreaterThan(0.93);
    expect(high).toBeLessThan(0.97);
    expect(bootstrap(100, mean)).toEqual([low, high]);
    expect(bootstrap(1, mean)).toBeUndefined();
  });

  it("come with the normal distribution's of many rows, within what a row is worth", () => {
    const interval = (rows: number, share: number) =>
      meanInterval(rows, (row) => Number(row < rows * share))!;
    const error = (share: number, rows: number) => Math.sqrt((share * (1 - share)) / (rows - 1));
    const [low, high] = interval(20_000, 0.9);
    expect(low).toBeCloseTo(0.9 - 1.959964 * error(0.9, 20_000), 9);
    expect(high).toBeCloseTo(0.9 + 1.959964 * error(0.9, 20_000), 9);
    const [below, above] = interval(10_000, 0.9); // drawn
    expect(high - low).toBeCloseTo((above - below) * Math.SQRT1_2, 2);
    expect(interval(20_000, 0.99995)[1]).toBe(1);
  });
});

describe("classes that are whole numbers", () => {
  const said = (names: readonly string[]) => {
    const truth = Array.from({ length: 40 }, (_, i) => i % names.length);
    return verdicts(
      classes(
        names,
        truth,
        truth.map((label) => label && label - 1),
      ),
      undefined,
    );
  };

  it("may be amounts where they are told badly", () => {
    expect(said(["0", "1", "2", "3", "4"]).at(-1)).toMatch(
      /^the classes are whole numbers: --task/,
    );
    expect(said(["0", "1", "2", "3", "x"]).at(-1)).not.toMatch(/whole numbers/);
    expect(said(["0", "1"]).at(-1)).not.toMatch(/whole numbers/);
  });
});

describe("scores of numbers", () => {
  const numbers = (truth: number[], predicted: number[]): NumberResults => ({
    ...{ kind: "numbers", truth, predicted, loss: 0 },
  });

  it("stand beside those of always answering the mean", () => {
    const { rmse, mae, r2, rmseOfMean } = scoreNumbers(numbers([1, 2, 3, 6], [1, 2, 4, 4]));
    expect(rmse).toBeCloseTo(Math.sqrt(5 / 4), 12);
    expect(mae).toBe(0.75);
    expect(r2).toBeCloseTo(1 - 5 / 14, 12);
    expect(rmseOfMean).toBeCloseTo(Math.sqrt(14 / 4), 12);
  });

  it("have no R² of one row, or of equal targets", () => {
    expect(scoreNumbers(numbers([3], [2])).r2).toBeUndefined();
    expect(scoreNumbers(numbers([3, 3], [2, 4])).r2).toBeUndefined();
  });

  it("that are no better than the mean, or a linear model, are said to be", () => {
    const truth = Array.from({ length: 40 }, (_, i) => i % 7);
    const poor = numbers(
      truth,
      truth.map(() => 2),
    );
    const good = numbers(
      truth,
      truth.map((value) => value + 0.1),
    );
    expect(verdicts(poor, good).map((said) => said.slice(0, 48))).toEqual([
      "this is no better than always answering the mean",
      "this is no better than a linear model trained be",
    ]);
    expect(verdicts(good, poor)).toEqual([]);
    const exact = numbers(
      truth,
      truth.map((value) => value + 1e-4),
    );
    expect(verdicts(exact, poor)).toEqual([expect.stringMatching(/^this is exact: is the target/)]);
  });
});

describe("leaks", () => {
  const rows = Array.from({ length: 100 }, (_, i) => [
    i % 2 ? 5 + (i % 7) : -5 - (i % 7),
    (i * 37) % 11,
  ]);
  const data = new Dataset({ x: rows, y: rows.map((_, i) => i % 2) });
  const split = { train: data.slice(0, 80), test: data.slice(80) };
  const groups = [
    { name: "sign", from: 0, to: 1 },
    { name: "noise", from: 1, to: 2 },
  ];

  it("a column that alone tells the target is named", () => {
    expect(findLeaks(split, groups, "y").filter((said) => !said.includes("test rows"))).toEqual([
      "sign alone tells y to 1.00: is it known before y is? --ignore leaves it out",
    ]);
  });

  it("rows that are in both parts are counted", () => {
    const same = { train: data, test: data.slice(0, 7) };
    expect(findLeaks(same, groups, "y")[0]).toMatch(
      /^7 of 7 test rows stand among the training rows/,
    );
    const twice = { train: data.slice(0, 50), test: data.rows([99, 3, 98, 3, 60, 7]) };
    expect(findLeaks(twice, groups, "y")[0]).toMatch(/^3 of 6 test rows/);
  });

  it("a target that equals a column makes no row the same as the one of the opposite sign", () => {
    const values = Array.from({ length: 200 }, (_, i) => (i - 99.5) / 10);
    const line = new Dataset({ x: values.map((value) => [value]), y: new Float32Array(values) });
    expect(findLeaks({ train: line.slice(0, 100), test: line.slice(100) }, [], "y")).toEqual([]);
  });
});

describe("cuts", () => {
  const x = { data: Float32Array.from({ length: 100 }, (_, i) => i), shape: [100, 1] };
  const labels = Int32Array.from(x.data, (i) => i % 4);
  const data = new Dataset({ x, y: { data: labels, shape: [100] } });
  const keys = Array.from({ length: 100 }, (_, i) => `g${i % 13}`);

  it("in folds have each row in one test, and each class in its share", () => {
    const folds = cutFolds({ data, keys: [] }, { by: "chance" }, 5);
    expect(folds.flatMap(({ test }) => Array.from(test)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    for (const { train, test } of folds) {
      expect(train.length + test.length).toBe(100);
      for (const c of [0, 1, 2, 3]) {
        expect(Array.from(test).filter((row) => labels[row] === c)).toHaveLength(5);
      }
    }
  });

  it("by groups have no group on both sides", () => {
    for (const { train, test } of [
      cutOnce({ data, keys }, { by: "group" }),
      ...cutFolds({ data, keys }, { by: "group" }, 4),
    ]) {
      const known = new Set(Array.from(train, (row) => keys[row]));
      expect(Array.from(test).some((row) => known.has(keys[row]!))).toBe(false);
      expect(test.length).toBeGreaterThan(10);
    }
  });

  it("by groups hold whole groups out from each network, each group from one", () => {
    const cuts = [
      cutOnce({ data, keys }, { by: "group" }),
      ...cutFolds({ data, keys }, { by: "group" }, 4),
    ];
    for (const { train, holding } of cuts) {
      const groups = Array.from(train, (row) => keys[row]!);
      const parts = [0, 1, 2, 3, 4].map((member) => {
        const { begin, end } = heldOut(groups.length, 0.2, member, holding);
        const own = new Set(groups.slice(begin, end));
        expect(groups.filter((group) => own.has(group))).toHaveLength(end - begin);
        return [...own];
      });
      expect(parts.every((own) => own.length > 0)).toBe(true);
      expect(parts.flat().sort()).toEqual([...new Set(groups)].sort());
    }
  });

  it("of few, large groups hold out one, and of one group some rows", () => {
    const held = (ends: number[], member: number) => heldOut(ends.at(-1)!, 0.2, member, { ends });
    expect([0, 1, 2].map((member) => held([90, 95, 100], member))).toEqual([
      { begin: 95, end: 100 },
      { begin: 90, end: 95 },
      { begin: 0, end: 90 },
    ]);
    expect(held([100], 1)).toEqual({ begin: 60, end: 80 });
    expect(heldOut(100, 0, 3, { ends: [50, 100] })).toEqual({ begin: 100, end: 100 });
  });

  it("by time hold out the latest of the rows to learn from, whichever network learns", () => {
    const times = keys.map((_, i) => (i * 7) % 100);
    const { train, holding } = cutOnce({ data, keys: times }, { by: "time" });
    const { begin, end } = heldOut(80, 0.2, 3, holding);
    expect(Array.from(train, (row) => times[row]).slice(begin, end)).toEqual(
      Array.from({ length: 16 }, (_, i) => 64 + i),
    );
  });

  it("by time have the last fifth for the test", () => {
    const times = keys.map((_, i) => (i * 7) % 100);
    const { train, test } = cutOnce({ data, keys: times }, { by: "time" });
    expect(Math.min(...Array.from(test, (row) => times[row]!))).toBe(80);
    expect(Math.max(...Array.from(train, (row) => times[row]!))).toBe(79);
  });

  it("sort rows in place", () => {
    const data = Float32Array.from({ length: 21 }, (_, i) => i); // (7, 3)
    const order = [3, 0, 6, 1, 4, 2, 5];
    sortRows(data, 7, order);
    expect([...data]).toEqual(order.flatMap((row) => [row * 3, row * 3 + 1, row * 3 + 2]));
  });
});

describe("text of files in a terminal", () => {
  it("is spelled out where it would act on the terminal", () => {
    expect(visible("a\x1b[31mb\u009b\n\u202ec\tü🙂")).toBe(
      "a\\u{1b}[31mb\\u{9b}\\n\\u{202e}c\\tü🙂",
    );
  });
});

const { file, run } = folderOfTests();

describe("ferrograd train --group and --split-by-time", () => {
  beforeAll(() => {
    const rows = Array.from(
      { length: 120 },
      (_, i) =>
        `p${i % 20},2026-0${1 + Math.floor(i / 20)}-${10 + (i % 19)},${(i * 7) % 23},${i % 3 ? "u" : "v"}`,
    );
    writeFileSync(file("visits.csv"), `patient,day,x,k\n${rows.join("\n")}\n`);
  });

  it("a group is no feature, and on one side", async () => {
    const { stdout } = await run(
      "train visits.csv --target k --group patient --epochs 2 --no-report",
    );
    expect(stdout).toContain("96 rows to learn from, 24 for the test");
    expect(stdout).toMatch(/^patient +left out/m);
  });

  it("two folds need two groups", async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `g${i % 2},${(i * 7) % 23},${"uv"[(i >> 1) % 2]}`,
    );
    writeFileSync(file("pair.csv"), `group,x,k\n${rows.join("\n")}\n`);
    const line = "train pair.csv --target k --group group --epochs 2 --networks 1 --no-report";
    const { stdout } = await run(`${line.replace("--no-report", "--report pair.html")} --folds 2`);
    expect(stdout).toContain("each tested once in 2 trainings");
    const sentence = "2 of the 2 trainings had one group alone to learn from";
    expect(stdout).toContain(sentence);
    expect(readFileSync(file("pair.html"), "utf8")).toContain(sentence);
    const whole = await run(`${line} --folds 2 --validation-split 0`);
    expect([whole.status, whole.stdout.includes("one group alone")]).toEqual([0, false]);
    expect((await run(line)).stderr).toContain(
      "--group: expected at least 5 different texts, got 2",
    );
  });

  it("time: the last rows are tested", async () => {
    const { stdout } = await run(
      "train visits.csv --target k --split-by-time day --epochs 2 --no-report",
    );
    const rows = [...stdout.matchAll(/^row +(\d+)/gm)].map(([, row]) => Number(row));
    expect(rows.length).toBeGreaterThan(0);
    expect(Math.min(...rows)).toBeGreaterThan(90);
  });

  it.each([
    [
      "--group patient --split-by-time day",
      2,
      "ferrograd: --group: expected no --split-by-time beside it, got both",
    ],
    ["--folds 1", 2, "ferrograd: --folds: expected 2 or more, got 1"],
    [
      "--split-by-time patient",
      2,
      'ferrograd: --split-by-time: expected a column of dates or numbers, got "p0" in patient',
    ],
    ["--group nobody", 1, 'visits.csv: no column "nobody"'],
  ])("%s is refused", async (options, status, sentence) => {
    const result = await run(`train visits.csv --target k ${options} --no-report`);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(sentence);
  });
});
