import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfTests } from "./cli-command.ts";

const cases = fileURLToPath(new URL("../cases/csv/", import.meta.url));
const { file, run } = folderOfTests();

/** What a training of one network on one of the files says. */
async function train(name: string, options: string) {
  const { status, stdout, stderr } = await run(
    `train --networks 1 --csv ${name} ${options} --no-report --json`,
  );
  if (status !== 0) throw new Error(stderr);
  const result = JSON.parse(stdout);
  const column = (named: string) =>
    result.columns.find((one: { name: string }) => one.name === named);
  return { ...result, column, said: stderr };
}

/** Test rows that were answered right; a fifth of 60. */
const right = ({ testAccuracy }: { testAccuracy: number }) => Math.round(testAccuracy * 12);

describe("small files of the kinds that people have", () => {
  let plain = 0;
  beforeAll(async () => {
    for (const name of readdirSync(cases)) copyFileSync(join(cases, name), file(name));
    plain = right(await train("windows.csv", "--target kind"));
  });

  it.each([
    ["index-column.csv", "column1", "it has no name and numbers the rows"],
    ["row-number.csv", "id", "it counts the rows"],
    ["unique-names.csv", "name", "its texts hardly repeat: 60 in 60 rows"],
    ["trailing-comma.csv", "column6", "it has no values"],
  ])("%s: %s is left out: %s", async (name, column, why) => {
    const trained = await train(name, "--target kind");
    expect(trained.column(column)).toMatchObject({ use: "left out", why });
    expect(trained.said).toContain(why);
    expect(trained.model[0]).toBe(4);
    expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
  });

  it("sep-line.csv: the first line names the delimiter", async () => {
    const trained = await train("sep-line.csv", "--target kind");
    expect(trained.model[0]).toBe(4);
    expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
  });

  it("missing-marks.csv: twelve marks are missing values, filled and counted", async () => {
    const trained = await train("missing-marks.csv", "--target kind");
    expect(trained.column("width")).toMatchObject({ says: "number", missing: 12 });
    expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
  });

  it("target-missing.csv: three rows without a target are left out and counted", async () => {
    const trained = await train("target-missing.csv", "--target kind --networks 5");
    expect(trained.said).toContain("3 rows have no target: left out");
    expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
  });

  it.each(["", " --no-header"])(
    "no-header.csv%s: columns are called by their places",
    async (said) => {
      const trained = await train("no-header.csv", `--target column5${said}`);
      const note = "the first line looks like data, so the columns are called column1 to column5";
      expect(trained.said.includes(note)).toBe(said === "");
      expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
    },
  );

  it("units.csv: numbers with %, $, thousands and kg", async () => {
    const trained = await train("units.csv", "--target kind");
    const says = ["share", "price", "amount", "weight"].map((name) => trained.column(name).says);
    expect(says).toEqual(["number in %", "number in $", "number", "number in kg"]);
    expect(Math.abs(right(trained) - plain)).toBeLessThanOrEqual(1);
  });

  it("dates.csv: a date, and what is sold by the temperature", async () => {
    const trained = await train("dates.csv", "--target sold --networks 5");
    expect(trained.column("day").says).toMatch(/^date, year-month-day: days since the first/);
    expect(trained.testR2).toBeGreaterThan(0.9);
  });

  it("timestamps.csv: seconds since 1970, all of them different", async () => {
    const trained = await train("timestamps.csv", "--target load");
    expect(trained.column("time")).toMatchObject({ distinct: 100 });
    expect(trained.testR2).toBeGreaterThan(0.9);
  });

  it("large-target.csv: learnt relative to its least value", async () => {
    const trained = await train("large-target.csv", "--target y --save large.model");
    expect(trained.testR2).toBeGreaterThan(0.9);
    expect(trained.testRmse).toBeGreaterThan(0);
    const { stdout } = await run("predict --model large.model --csv large-target.csv --json");
    const answers: { prediction: number }[] = JSON.parse(stdout);
    expect(Math.abs(answers[50]!.prediction - 1_000_000_005)).toBeLessThan(1);
    expect(new Set(answers.map(({ prediction }) => prediction)).size).toBeGreaterThan(90);
  });

  it("unseen-new.csv: the row whose colour was never seen is marked, or refused", async () => {
    await train("unseen-train.csv", "--target good --save unseen.model");
    const answers = await run("predict --model unseen.model --csv unseen-new.csv");
    expect(answers.stdout.split("\n").map((line) => line.split(",").slice(3).join(","))).toEqual([
      "remark",
      "",
      '"colour: ""purple"" was never seen in training"',
      "",
      "",
    ]);
    expect(answers.stderr).toMatch(/^1 of 3 rows have something that training never saw/);
    expect(await run("predict --model unseen.model --csv unseen-new.csv --strict")).toMatchObject({
      status: 1,
      stderr:
        'unseen-new.csv: row 3, column "colour": expected a text that training saw, got "purple"; expected one of "blue", "green", "red"\n',
    });
  });

  it("noise-with-id.csv: nothing is learnt, and it is said", async () => {
    const trained = await train("noise-with-id.csv", "--target kind");
    expect(trained.column("id")).toMatchObject({ use: "left out", why: "it counts the rows" });
    expect(right(trained)).toBeLessThanOrEqual(7);
    expect(trained.said).toContain(
      "this is no better than always answering alba, the most frequent class, as far as 12 rows tell",
    );
  });

  it("imbalanced.csv: the base rate and the recall of yes are said, class weights suggested", async () => {
    const trained = await train("imbalanced.csv", "--target fraud");
    expect(trained.testMostFrequentClass.name).toBe("no");
    expect(trained.said).toMatch(/; always answering no 0\.98\d\d$/m);
    expect(trained.said).toMatch(/^yes +\S+ +\d\.\d\d +\S+ +2$/m);
    expect(trained.said).toContain("yes is 1.7 % of the rows: --class-weights balanced");
  });

  it("imbalanced.csv, balanced, each row tested once: yes is found", async () => {
    const options = "--target fraud --folds 5 --class-weights balanced";
    const { testClasses, said } = await train("imbalanced.csv", options);
    expect(testClasses[1]).toMatchObject({ name: "yes", count: 12 });
    expect(testClasses[1].recall).toBeGreaterThanOrEqual(0.5);
    expect(said).toContain("588 rows, each tested once in 5 trainings without it");
    expect(said).not.toContain("no better than always answering");
  });

  it("class-spellings.csv: 1 and 1.0 are one class", async () => {
    const trained = await train("class-spellings.csv", "--target class");
    expect(trained.said).toContain("1 and 1.0 are one class, 2 and 2.0 are one class");
    expect(trained.model.at(-1)).toBe(2);
  });

  it("stray-quotes.tsv: with and without --quote none", async () => {
    for (const options of ["", " --quote none"]) {
      const trained = await train("stray-quotes.tsv", `--target kind${options}`);
      expect(trained.column("name").says).toContain('the 5" pipe 0');
    }
  });

  it("yes-no.csv: yes and no in any case are one column of 1 and 0", async () => {
    const trained = await train("yes-no.csv", "--target active");
    expect(trained.column("member").says).toBe("yes/no, as 1 and 0");
    expect(trained.model).toEqual([2, expect.any(Number), 2]);
  });

  it("two-faults.csv: all that is wrong is said at once", async () => {
    const trained = await train("two-faults.csv", "--target kind");
    expect(trained.column("column1").use).toBe("left out");
    expect(trained.column("note").why).toMatch(/^its texts hardly repeat/);
    expect(trained.column("sold")).toMatchObject({ use: "feature", missing: 7 });
    const asked = "--target kind --missing error --text note --numeric column1";
    const { status, stderr } = await run(`train --csv two-faults.csv ${asked}`);
    expect(status).toBe(1);
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      "two-faults.csv: 2 problems",
      '  row 3, column "note": expected a value, got none; --missing fill fills it in',
      '  row 2, column "sold": expected a value, got none; --missing fill fills it in',
    ]);
  });
});

describe("ferrograd describe", () => {
  it.each(readdirSync(cases).filter((name) => /\.[ct]sv$/.test(name)))(
    "%s: no line of it is taken for a title",
    async (name) => {
      const quote = name === "stray-quotes.tsv" ? " --quote none" : "";
      const { status, stdout } = await run(`describe ${name} --json${quote}`);
      expect([status, JSON.parse(stdout).notes.join()]).toEqual([
        0,
        name === "no-header.csv" ? expect.stringContaining("the first line looks like data") : "",
      ]);
    },
  );

  it("shows what columns are, and which one is most likely the target", async () => {
    const { stdout } = await run("describe units.csv");
    const lines = stdout.split("\n").map((line) => line.replaceAll(/ +/g, " "));
    expect(lines[0]).toBe("units.csv: 60 rows, 5 columns");
    expect(lines[3]).toBe("share number in % 43 to 74");
    expect(lines.at(-2)).toBe(
      "the column to predict is most likely price or kind: ferrograd train --csv units.csv --target kind",
    );
    const { rows, columns, likelyTarget } = JSON.parse(
      (await run("describe units.csv --json")).stdout,
    );
    expect([rows, columns.length, likelyTarget]).toEqual([60, 5, "kind"]);
  });

  it("names the likely target of a training without one", async () => {
    const { status, stderr } = await run("train units.csv");
    expect(status).toBe(2);
    expect(stderr).toMatch(/got none; most likely --target price or --target kind\n$/);
  });
});
