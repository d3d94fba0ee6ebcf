import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkMetadata } from "../../scripts/lib/metadata.mjs";
import { formatsOf, releaseRows, runRows } from "../../scripts/lib/release.mjs";
import { Failure } from "../../scripts/lib/run.mjs";

const test = fileURLToPath(new URL("../", import.meta.url));

describe("the check of a release", () => {
  it("refuses an address that is a placeholder, and takes another", () => {
    expect(() => checkMetadata("https://example.invalid/x")).toThrow(
      "expected the project's address in scripts/lib/metadata.mjs, got the placeholder https://example.invalid/x",
    );
    expect(() => checkMetadata("https://example.org/x")).not.toThrow();
  });

  it("has a row for the files of each format, whose tests are there", () => {
    const formats = formatsOf();
    expect(formats).toContain("format-1");
    expect(formats).toEqual(
      readdirSync(`${test}golden`)
        .filter((name) => /^format-\d+$/.test(name))
        .sort(),
    );
    for (const format of formats) expect(existsSync(`${test}${format}.test.ts`)).toBe(true);
    const names = releaseRows("nowhere", formats).map(([name]) => name);
    expect(names.slice(-formats.length)).toEqual(
      formats.map((format) => `it loads the files of ${format}`),
    );
  });

  it("goes on after a row that failed, and counts both", async () => {
    const said: string[] = [];
    const fails = () => {
      throw new Failure("expected one, got two\nthe second");
    };
    const counts = await runRows(
      [
        ["good", () => "3 tests"],
        ["bad", fails],
        ["late", () => {}],
      ],
      (line: string) => said.push(line.replace(/\d+\.\d/, "0.0")),
    );
    expect(counts).toEqual({ passed: 2, failed: 1 });
    expect(said).toEqual([
      "ok      good   0.0 s  3 tests",
      "failed  bad    0.0 s  expected one, got two",
      "    the second",
      "ok      late   0.0 s",
    ]);
  });
});
