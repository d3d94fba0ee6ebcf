import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../../scripts/lib/documents.mjs";
import { which } from "../../scripts/lib/run.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const part = (language: string, text: string) =>
  blocksOf("CONTRIBUTING.md").find(({ head, body }) => head === language && body.includes(text))!;

/** Where CONTRIBUTING.md says that each part of the new activation goes: behind the row of another. */
const PARTS = [
  {
    file: "crates/kernels/src/activation.rs",
    body: part("rust", "name: ").body,
    behind: /df: \|x, _\| slope_between\(x, -1\.0, 1\.0, 0\.5\),\n {8}d2f: .*\n {4}\}\n/,
  },
  {
    file: "crates/kernels/tests/activation.rs",
    body: part("rust", "Activation::").body,
    behind: /Activation::Linear => x,\n/,
  },
  {
    file: "packages/ferrograd/src/check/activations.ts",
    body: part("ts part", "df: ").body,
    behind: /linear: \{ f: .*\n/,
  },
];

describe("the worked example of CONTRIBUTING.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-worked-"));
  beforeAll(() => {
    const copied = ["Cargo.toml", "Cargo.lock", "crates", "packages/ferrograd/src/check"];
    for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
    for (const { file, body, behind } of PARTS) {
      const text = readFileSync(join(folder, file), "utf8");
      writeFileSync(
        join(folder, file),
        text.replace(behind, (row) => `${row}\n${body}`),
      );
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(PARTS)("$file: has a place for its part", ({ file, body }) => {
    expect(readFileSync(join(folder, file), "utf8")).toContain(body);
  });

  const cargo = (...args: string[]) => {
    const env = { ...process.env, CARGO_TARGET_DIR: join(root, "target/worked") };
    const options = { cwd: folder, env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync("cargo", args, options);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    return stdout;
  };

  // These build the kernels.
  if (process.env.FERROGRAD_LONG === "1" && which("cargo") !== undefined) {
    it("passes the test that it names", () => {
      const named = /^cargo (test .+)$/m.exec(part("sh", "cargo test").body)![1]!;
      expect(cargo(...named.split(" "), "-q")).toContain("test result: ok");
    });

    it("is among the names that are generated", () => {
      const table = cargo("run", "-q", "-p", "ferrograd-engine", "--example", "op-table");
      expect(table).toContain("reluSquared");
    });
  }
});
