import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfTests, runInProcess } from "./cli-command.ts";

const { folder, file } = folderOfTests();
const run = (...args: string[]) => runInProcess(args, folder);

describe("exports of spreadsheets", () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `r${i % 4},${i % 7},${(i * 5) % 11},${"ab"[i % 2]}`,
  );
  const table = `region,Weight (kg),Price [$],kind\n${rows.join("\n")}\n`;
  beforeAll(() => {
    writeFileSync(file("export.csv"), `Sales,,,\n,,,\nas of 2024,,,\n${table}Total,120,200,\n`);
    writeFileSync(file("stray.csv"), `"5" things\n${table}`);
  });

  it("lines above the header are left out, one below is named", async () => {
    const { stdout } = await run("describe", "export.csv");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "export.csv: 41 rows, 4 columns",
      "3 lines above the header left out",
      'row 45 looks like a line below the table: "Total"',
    ]);
  });

  it("names with units are names: suggested, quoted, trained on, predicted", async () => {
    const { stdout } = await run("describe", "export.csv", "--ignore", "region");
    expect(stdout).toContain(
      "most likely Price [$] or kind: ferrograd train --csv export.csv --target kind",
    );
    const none = await run("train", "export.csv", "--ignore", "kind");
    expect(none.stderr).toContain("got none; most likely --target 'Price [$]'");
    const trained = await run(
      ...["train", "export.csv", "--target", "Price [$]", "--ignore", "Weight (kg),kind"],
      ...["--networks", "1", "--epochs", "2", "--no-report", "--save", "price.model"],
    );
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    expect(trained.stdout).toMatch(/^Weight \(kg\) +left out/m);
    const said = await run("predict", "--model", "price.model", "--csv", "export.csv");
    expect(said.stderr).toContain("3 lines above the header left out");
    expect(said.stdout.split("\n")[1]).toMatch(/^5,/);
    const wrong = await run("train", "export.csv", "--target", "Price");
    expect(wrong.stderr).toContain('did you mean "Price [$]"?');
  });

  it("--skip-lines says how many there are", async () => {
    expect((await run("describe", "stray.csv")).stderr).toContain("--quote none");
    const { stdout } = await run("describe", "stray.csv", "--skip-lines", "1");
    expect(stdout).toContain("stray.csv: 40 rows, 4 columns\n\n");
    const { status, stderr } = await run("describe", "stray.csv", "--skip-lines", "some");
    expect([status, stderr]).toEqual([
      2,
      'ferrograd: --skip-lines: expected an integer of 0 or more, got "some"\n',
    ]);
  });
});
