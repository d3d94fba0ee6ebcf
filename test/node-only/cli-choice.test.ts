import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import ours from "../../bench/tables/ours.json" with { type: "json" };
import { behind, OPTIONS, scoresOf } from "../../bench/tables/ours.ts";
import peers from "../../bench/tables/peers.json" with { type: "json" };
import { CHECKS, SETS, splitOf } from "../../bench/tables/sets.ts";
import { balancedWeights, choiceSentence, compareTried } from "../../packages/cli/src/choice.ts";
import { settingsOf } from "../../packages/cli/src/settings.ts";
import type { Source } from "../../packages/cli/src/source.ts";
import { folderOfTests } from "./cli-command.ts";

const LONG = Boolean(import.meta.env.FERROGRAD_LONG);
const IN_SUITE = ["few rows", "noisy"];
/** Of the ten that scores are kept of; in the long run all. */
const SPLITS = LONG ? 10 : 4;
const { file, run } = folderOfTests();
const setsOf = (name: string): Readonly<Record<string, number[]>> =>
  (peers.sets as Record<string, Readonly<Record<string, number[]>>>)[name]!;

it("the simplest way answers of those within one standard error of the best", () => {
  const losses = (mean: number, swing: number) =>
    Array.from({ length: 100 }, (_, i) => mean + (i % 2 === 0 ? swing : -swing));
  const kept = (...all: number[][]) =>
    compareTried(all.map((one, i) => ({ name: `way ${i}`, losses: one }))).map((one) => one.kept);
  expect(kept(losses(1, 0), losses(1.05, 1))).toEqual([false, true]); // 0.05 ± 0.1
  expect(kept(losses(1, 0), losses(1.2, 1))).toEqual([true, false]); // 0.2 ± 0.1
  expect(kept(losses(1, 0), losses(0.9, 0), losses(1.1, 0))).toEqual([false, true, false]);
  const [one, other] = compareTried([
    { name: "networks", losses: losses(1, 0) },
    { name: "linear model", losses: losses(1.05, 1) },
  ]);
  expect(one).toMatchObject({ loss: 1, above: 0, error: 0 });
  expect(other!.above).toBeCloseTo(0.05, 12);
  expect(other!.error).toBeCloseTo(1 / Math.sqrt(99), 12);
  expect(choiceSentence([one!, other!])).toMatch(/^linear model: the simplest /);
});

it("where classes count alike, a row held out counts as much as its class has few", () => {
  expect(balancedWeights([0, 0, 0, 2], 3)).toEqual([4 / 6, 0, 2]);
});

it("what follows a line is answered by a linear model, which is saved as any other", async () => {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [area, rooms] = [30 + ((i * 37) % 100), 1 + (i % 5)];
    return `${area},${rooms},${1000 + area * 30 + rooms * 50 + ((i * 53) % 7)}.5`;
  });
  writeFileSync(file("flats.csv"), `area,rooms,price\n${rows.join("\n")}\n`);
  const options = "--target price --save flats.model --report flats.html";
  const { status, stdout } = await run(`train --csv flats.csv ${options}`);
  expect(status).toBe(0);
  expect(stdout).toContain("what answers: linear model");
  expect(stdout).not.toContain("no better than a linear model");
  const { training, layers } = JSON.parse((await run("inspect flats.model --json")).stdout);
  expect(training).toMatchObject({ network: "2-1", answers: expect.stringContaining("linear") });
  expect(layers).toEqual(["normalization", "dense", "units"]);
  const { stdout: answers } = await run("predict --model flats.model --csv flats.csv --json");
  const [first] = JSON.parse(answers);
  expect(Math.abs(first.prediction - 1950.5)).toBeLessThan(5);
});

it("what no line tells apart is answered by networks", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const [a, b] = [((i * 37) % 101) / 50 - 1, ((i * 53) % 103) / 51 - 1];
    return `${a},${b},${a * b > 0 ? "same" : "other"}`;
  });
  writeFileSync(file("signs.csv"), `a,b,kind\n${rows.join("\n")}\n`);
  const { stdout } = await run("train --csv signs.csv --target kind --no-report --json");
  const { tried, model, testAccuracy } = JSON.parse(stdout);
  expect(tried.map(({ name }: { name: string }) => name)).toEqual([
    "networks with weight decay 0.1",
    "networks with weight decay 1",
    "linear model with penalty 1",
  ]);
  expect(tried[2]).toMatchObject({ kept: false });
  expect(tried[2].loss).toBeGreaterThan(tried[0].loss + 0.2);
  expect(model).toEqual([2, 128, 2]);
  expect(testAccuracy).toBeGreaterThan(0.9);
});

it("several networks are trained where they are cheap, whatever optimizer was said", () => {
  const split = splitOf(SETS[0]!.make(), 0);
  const source = { name: "set", split, table: {} } as Source;
  const members = (optimizer: "adam" | undefined, units: number) =>
    settingsOf({ ...OPTIONS, ...(optimizer && { optimizer }), hidden: [units] }, source).members;
  expect([members(undefined, 16), members("adam", 16)]).toEqual([5, 5]);
  expect([members(undefined, 20_000), members("adam", 20_000)]).toEqual([1, 1]);
});

it("on all sets but one the kept scores are within two standard errors of the best peer, on all within four", () => {
  const errors = SETS.map(({ name }) => behind(ours[name as "linear"], setsOf(name)).errors);
  expect(errors.filter((error) => error > 2).length).toBeLessThanOrEqual(1);
  expect(Math.max(...errors)).toBeLessThanOrEqual(4);
  for (const { name } of CHECKS.filter(({ name }) => name in peers.sets)) {
    expect(behind(ours[name as "rules"], setsOf(name)).errors).toBeLessThanOrEqual(4);
  }
});

const sets = [...SETS, ...CHECKS].filter(({ name }) => LONG || IN_SUITE.includes(name));
it.each(sets)("$name: the scores are those that were kept", async (set) => {
  const scores = (await scoresOf(set, SPLITS)).map((score) => Number(score.toFixed(5)));
  expect(scores).toEqual(ours[set.name as "linear"].slice(0, SPLITS));
});
