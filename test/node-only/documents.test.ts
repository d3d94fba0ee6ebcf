import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");

/** The programs in a document. */
const programs = (name: string) =>
  [...read(name).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program]) => program!);

/** What a program prints. */
async function run(contents: string) {
  const { outputFiles } = await build({
    stdin: { contents, loader: "ts", resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["@ferrograd/source"],
    logLevel: "error",
  });
  const input = outputFiles[0]!.text;
  const args = ["--input-type=module", "-"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input, encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

describe("the programs of the readmes", () => {
  it.each(["README.md", "packages/ferrograd/README.md"])(
    "%s: trains in ten lines",
    async (name) => {
      const [example] = programs(name);
      expect(example!.split("\n").length).toBeLessThanOrEqual(10);
      const accuracy = Number(await run(example!));
      expect(accuracy).toBeGreaterThanOrEqual(0.95);
    },
  );

  it("README.md: has a training loop of one's own", async () => {
    const losses = (await run(programs("README.md")[1]!)).trim().split("\n").map(Number);
    expect(losses).toHaveLength(45);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  });
});

describe("the documents", () => {
  it("name a test for each difference, and the tests a row", () => {
    const rows = [...read("docs/differences.md").matchAll(/^\| ([^|]+) \|/gm)].map(
      ([, row]) => row!,
    );
    const titles = [...read("test/differences.test.ts").matchAll(/^ +test\("([^"]+)"/gm)];
    expect(titles.map(([, title]) => title).sort()).toStrictEqual(rows.slice(2).sort());
  });

  it.each([
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/benchmarks.md",
    "docs/command-line.md",
    "docs/differences.md",
    "docs/findings/README.md",
    "docs/findings/saturated.md",
    "docs/findings/dead.md",
    "docs/findings/dying.md",
    "packages/ferrograd/README.md",
    "packages/ferrograd/data/README.md",
  ])("%s: links to files that exist", (name) => {
    const links = [...read(name).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
    const files = links.filter((link) => !link.startsWith("https:"));
    const missing = files.filter((file) => !existsSync(join(root, dirname(name), file)));
    expect(missing).toStrictEqual([]);
  });

  it("docs/findings: a page for each code, with what its example prints", {
    timeout: 120_000,
  }, () => {
    const codes = [...read("docs/findings/README.md").matchAll(/^\| \[(\w+)\]\((\w+)\.md\)/gm)];
    const pages = readdirSync(join(root, "docs/findings"));
    expect(codes.map(([, code]) => `${code}.md`).sort()).toEqual(
      pages.filter((page) => page !== "README.md").sort(),
    );
    const args = ["scripts/findings.mjs", "--check"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("docs/architecture.md: names folders and files that exist", () => {
    const named = read("docs/architecture.md").matchAll(/`((?:crates|src|packages)\/[\w./-]+)`/g);
    const paths = [...named].map(([, path]) => path!.replace(/^src/, "packages/ferrograd/src"));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toStrictEqual([]);
    expect(paths.length).toBeGreaterThan(10);
  });
});
