import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfTests } from "./cli-command.ts";

const { file, run } = folderOfTests();

/** Three kinds of points on a line; the target stands in a column of another name in the second file. */
function writePoints(): void {
  const rows = Array.from(
    { length: 90 },
    (_, i) => `${i % 30},${"abc"[Math.floor((i % 30) / 10)]}`,
  );
  writeFileSync(file("points.csv"), `x,kind\n${rows.join("\n")}\n`);
  writeFileSync(file("renamed.csv"), `x,species\n${rows.join("\n")}\n`);
}

describe("ferrograd diagnose", () => {
  beforeAll(async () => {
    writePoints();
    const train =
      "train --csv points.csv --target kind --hidden 32 --networks 1 --epochs 40 --early-stopping 40 --no-report";
    await run(`${train} --save healthy.model`);
    await run(`${train} --optimizer adam --learning-rate 1 --save dead.model`);
  });

  it("says nothing loud of a healthy model: a table and histograms", async () => {
    const { status, stdout, stderr } = await run("diagnose --model healthy.model --csv points.csv");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^layer +f +units +saturated +dead +zeros +one sign +dL\/dy +dL\/dw +update$/m,
    );
    expect(stdout).toMatch(/^dense +relu +32 +0 % +\d+ %/m);
    expect(stdout).not.toMatch(/^(warning|error)/m);
    expect(stdout.match(/[▁▂▃▄▅▆▇█]/g)!.length).toBeGreaterThan(50);
  });

  it("finds dead units, with what helps and what it did", async () => {
    const { stdout } = await run("diagnose --model dead.model --csv points.csv --try");
    expect(stdout).toMatch(
      /^warning (dead|dying) dense: \d+ % of the 32 relu units are dead.*; lower the learning rate, use leakyRelu/m,
    );
    expect(stdout).toMatch(
      /^ {2}dense: tried "use leakyRelu", 200 steps: d\w+ \S+ without it, 0 with it; loss/m,
    );
  });

  it("--json: the diagnosis for programs, with trials when asked for", async () => {
    const { stdout, stderr } = await run(
      "diagnose --model dead.model --csv points.csv --json --rows 30",
    );
    const { layers, findings, step, loss, chance } = JSON.parse(stdout);
    expect(layers.map(({ name }: { name: string }) => name)).toEqual([
      "normalization",
      "dense",
      "dense_1",
    ]);
    expect(layers[1].histograms.activations.counts.reduce((a: number, b: number) => a + b)).toBe(
      30 * 32,
    );
    expect(step).toBe(JSON.parse((await run("inspect dead.model --json")).stdout).training.steps);
    expect(Math.abs(chance - Math.log(3))).toBeLessThan(0.1);
    expect(loss).toEqual(expect.any(Number));
    expect(findings[0]).toMatchObject({
      severity: "warning",
      layer: "dense",
      page: expect.any(String),
    });
    expect(findings[0].trial).toBeUndefined();
    expect(stderr).toContain("relu units are dead");
    const tried = JSON.parse(
      (await run("diagnose --model dead.model --csv points.csv --json --try")).stdout,
    );
    expect(tried.findings[0].trial.remedied.loss).toHaveLength(200);
  });

  it("takes the target from another column, and the rows of a data set", async () => {
    expect(
      await run("diagnose --model healthy.model --csv renamed.csv --target species"),
    ).toMatchObject({ status: 0 });
    await run("train --dataset iris --epochs 5 --save iris.model --no-report");
    expect((await run("diagnose --model iris.model --dataset iris")).stdout).toMatch(
      /^dense_1 +linear +3 /m,
    );
  });

  it("of a regression: the layer that gives the target's units is no trouble", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i},${i * 2500}.5`);
    writeFileSync(file("line.csv"), `x,y\n${rows.join("\n")}\n`);
    await run("train --csv line.csv --target y --save line.model --no-report");
    const { stdout } = await run("diagnose --model line.model --csv line.csv");
    expect(stdout).toMatch(/^units +linear +1 /m);
    expect(stdout).not.toMatch(/^(warning|error)/m);
  });

  it.each([
    ["--model healthy.model", "ferrograd: expected --dataset or --csv, got neither"],
    [
      "--model healthy.model --csv points.csv --dataset iris",
      "ferrograd: expected --dataset or --csv, got both",
    ],
    [
      "--model healthy.model --csv points.csv --rows 0",
      "ferrograd: --rows: expected a positive integer, got 0",
    ],
    [
      "--model healthy.model --dataset iris --target kind",
      "ferrograd: --target: expected with --csv, got it with --dataset",
    ],
  ])("%s: one sentence", async (options, sentence) => {
    expect(await run(`diagnose ${options}`)).toEqual({
      status: 2,
      stdout: "",
      stderr: `${sentence}\n`,
    });
  });

  it("a column that is not there is named", async () => {
    const { status, stderr } = await run("diagnose --model healthy.model --csv renamed.csv");
    expect(status).toBe(1);
    expect(stderr).toContain('no target column "kind"');
  });
});

describe("the report", () => {
  it("has the health of each layer, findings and histograms", async () => {
    await run(
      "train --dataset digits --hidden 32,16 --learning-rate 0.1 --epochs 3 --report digits.html",
    );
    const page = readFileSync(file("digits.html"), "utf8");
    expect(page).toContain("<h2>Health</h2>");
    expect(page).toMatch(/<tr><th scope="row">dense_1<\/th><td>relu<\/td><td>16<\/td>/);
    expect(page).toMatch(/<li class="warning"><b>warning: (dead|dying)<\/b>/);
    expect(page.match(/aria-label="(z|f\(z\)|y|dL\/dy|weights) of dense/g)).toHaveLength(4 + 4 + 3);
  });
});
