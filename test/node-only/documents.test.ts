import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { adam, dense, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { afterAll, describe, expect, it } from "vitest";
import { blocksOf, documents, printedAnew } from "../../scripts/lib/documents.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (name: string) => readFileSync(join(root, name), "utf8");
const programs = documents().flatMap((name) => blocksOf(name).filter(({ head }) => head === "ts"));

describe.concurrent("the programs and commands of the documents", () => {
  it.each(documents())(
    "%s: print what stands below them (npm run docs:outputs writes it)",
    async (name) => {
      expect(await printedAnew(name)).toBe(read(name));
    },
  );

  it("are many, and type-check", () => {
    expect(programs.length).toBeGreaterThan(15);
    const folder = join(root, "dist/docs/types");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "vite.d.ts"),
      'declare module "*?url" { const url: string; export default url; }',
    );
    for (const { where, body } of programs) {
      writeFileSync(join(folder, `${where.replaceAll(/\W/g, "-")}.ts`), `export {};\n${body}`);
    }
    const config = { extends: "../../../tsconfig.base.json", include: ["."] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  });
});

describe("a document that says what is not so", () => {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-documents-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const printed = (text: string) => {
    const file = join(folder, "document.md");
    writeFileSync(file, text);
    return printedAnew(relative(root, file));
  };
  const block = (head: string, body: string) => `\`\`\`${head}\n${body}\n\`\`\`\n`;

  it.each([
    [block("ts", "console.log(1 + 1);") + block("", "3"), "3\n", "2\n"],
    [
      block("ts", "for (let i = 1; i < 9; i++) console.log(i);") + block("text lines 2 4-5", "x"),
      "x\n",
      "2\n…\n4\n5\n",
    ],
    [block("sh", "ferrograd --version") + block("", "x"), "x\n", "0.1.0\n"],
  ])("%#: gets what is printed now", async (text, wrong, right) => {
    expect(await printed(text)).toBe(text.replace(`\n${wrong}`, `\n${right}`));
  });

  it.each([
    [block("ts", "console.log(2);"), "document.md:2: expected a block below with\n2"],
    [block("ts", "throw new Error('gone');"), "gone"],
    [block("ts", "console.error('careful');"), "careful"],
    [block("ts", "import { relu7 } from 'ferrograd';\nrelu7();"), "relu7"],
    [block("", "ferrograd train"), "commands are `sh`"],
    [block("bash", "ferrograd train"), "got bash"],
    [block("sh", "ferrograd train --csv gone.csv --target x"), "gone.csv"],
    [block("sh", "cargo test") + block("", "ok"), "got cargo test"],
  ])("%#: is refused", async (text, why) => {
    await expect(printed(text)).rejects.toThrow(why);
  });
});

describe("the readmes", () => {
  it.each(["README.md", "packages/ferrograd/README.md"])("%s: trains in ten lines", (name) => {
    const [example] = blocksOf(name).filter(({ head }) => head === "ts");
    expect(example!.body.split("\n").length).toBeLessThanOrEqual(10);
    expect(Number(/test accuracy (.+)/.exec(example!.prints!.body)![1])).toBeGreaterThanOrEqual(
      0.95,
    );
  });

  it("README.md: says how accurate seeds 1 to 5 are", () => {
    const [, lowest, highest] = /seeds 1 to 5 \| (\S+) to (\S+) \|/.exec(read("README.md"))!;
    const { train, test } = digits();
    for (const seed of [1, 2, 3, 4, 5]) {
      const layers = [dense(128, { activation: "relu" }), dense(10)];
      const model = sequential(layers, { inputShape: [64], seed }).compile({
        optimizer: adam(),
        loss: "sparseCategoricalCrossentropy",
        metrics: ["accuracy"],
      });
      model.fitSync(train, { epochs: 30, validationSplit: 0.1 });
      const { accuracy } = model.evaluate(test);
      model.dispose();
      expect(accuracy).toBeGreaterThanOrEqual(Number(lowest));
      expect(accuracy).toBeLessThanOrEqual(Number(highest));
    }
  });

  it("README.md: shows npm start with the numbers of its first program", () => {
    const [program, start] = blocksOf("README.md").flatMap(({ prints }) => prints?.body ?? []);
    expect(start).toContain(program!.trim());
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

  it.each(documents())("%s: links to files that exist", (name) => {
    const links = [...read(name).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link!);
    // Addresses of the site begin with a slash: site.test.ts looks them up.
    const files = links.filter((link) => !/^(?:https:|\/)/.test(link));
    const missing = files.filter((file) => !existsSync(join(root, dirname(name), file)));
    expect(missing).toStrictEqual([]);
  });

  it("docs/findings: a page for each code", () => {
    const codes = [...read("docs/findings/README.md").matchAll(/^\| \[(\w+)\]\((\w+)\.md\)/gm)];
    const pages = readdirSync(join(root, "docs/findings"));
    expect(codes.map(([, code]) => `${code}.md`).sort()).toEqual(
      pages.filter((page) => page !== "README.md").sort(),
    );
    const shown = pages.filter((page) => blocksOf(`docs/findings/${page}`)[0]?.prints);
    expect(shown).toHaveLength(codes.length);
  });

  it("name scripts of npm that are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = documents().flatMap((name) =>
      [...read(name).matchAll(/\bnpm (?:-s )?run ([\w:]+)/g)].map(([, script]) => script!),
    );
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });

  it("docs/architecture.md: names folders and files that exist", () => {
    const named = read("docs/architecture.md").matchAll(/`((?:crates|src|packages)\/[\w./-]+)`/g);
    const paths = [...named].map(([, path]) => path!.replace(/^src/, "packages/ferrograd/src"));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toStrictEqual([]);
    expect(paths.length).toBeGreaterThan(10);
  });
});
