import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "ferrograd";
import { activations as ACTIVATIONS } from "ferrograd/tables";
import { describe, expect, it, test } from "vitest";
import { wordsOf } from "../../packages/site/build/activations.mjs";
import { wrongLinks } from "../../packages/site/build/check-links.mjs";
import { entries, exportsOf } from "../../packages/site/build/exports.mjs";
import { LISTS } from "../../packages/site/build/lists.mjs";
import { documentsOfSite } from "../../packages/site/build/pages.mjs";

type Names = Record<string, "type" | "internal" | "namespace" | [string, string]>;
interface Group {
  readonly title: string;
  readonly about: string;
  readonly exports: Record<string, Names>;
}

const site = fileURLToPath(new URL("../../packages/site/", import.meta.url));
const read = (name: string) => readFileSync(site + name, "utf8");
const groups: Record<string, Group> = JSON.parse(read("names.json"));
const namesOf = (from: string) =>
  Object.values(groups).flatMap(({ exports }) => Object.keys(exports[from] ?? {}));

describe("the reference", () => {
  const main = exportsOf(entries().find(({ from }) => from === "ferrograd")!.file);

  it.each(entries())("has each export of $from in one group", ({ from, file }) => {
    const all = [...exportsOf(file)];
    // The data sets export Dataset again, slim and fused all that the main entry has, and metrics what stands in it under that name.
    const again = /datasets|slim|fused|metrics/.test(from);
    const inside = /metrics/.test(from) ? namesOf("metrics") : [];
    const own = again ? all.filter((name) => !main.has(name) && !inside.includes(name)) : all;
    expect(namesOf(from).sort()).toEqual(own.sort());
    expect(own.length).toBeGreaterThan(0);
  });

  const { constraints, initializers, metrics, regularizers } = library;
  it.each(Object.entries({ constraints, initializers, metrics, regularizers }))(
    "has each of %s in one group",
    (name, space) => {
      expect(namesOf(name).sort()).toEqual(Object.keys(space).sort());
    },
  );

  it("knows what is a value, which has names in Keras and PyTorch or says none", () => {
    const values = Object.keys(library).sort();
    const named = Object.values(groups).flatMap(({ exports }) =>
      Object.entries(exports.ferrograd ?? {}).filter(([, other]) => other !== "type"),
    );
    expect(named.map(([name]) => name).sort()).toEqual(values);
    for (const [name, other] of named) {
      if (typeof other === "string") continue;
      expect(other, name).toHaveLength(2);
      expect(other[0], name).toMatch(/^(?:none|(?:keras|tf)\.[\w.]+(?:\(.+\))?)$/);
      expect(other[1], name).toMatch(
        /^(?:none|(?:torch|torchvision|safetensors)\.[\w.]+(?:\(.+\))?|\w+Error)$/,
      );
    }
  });
});

describe("the guide of activations", () => {
  const uses: Record<string, string> = JSON.parse(read("activations.json"));

  test("says of each when to use it", () => {
    expect(Object.keys(uses)).toEqual(Object.keys(ACTIVATIONS));
  });

  test.each(Object.keys(ACTIVATIONS))("has the formula and the range of %s", (name) => {
    const { about, range } = wordsOf(name);
    expect(about).toMatch(/^f\(x\) = .+ f'\(x\) = /);
    expect(range).toMatch(/^[([].+/);
  });
});

describe("the pages", () => {
  const pages = readdirSync(`${site}pages`, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".md"));
  const known = new Set(
    [
      ...pages,
      ...documentsOfSite().values(),
      ...["index", ...Object.keys(groups)].map((slug) => `reference/${slug}.md`),
      "guides/activations.md",
      ...Object.keys(LISTS).map((list) => `from/${list}.md`),
    ].map((name) => `/${name.replace(/(?:index)?\.md$/, "")}`),
  );

  test.each(pages)("%s: links to pages that are there", (name) => {
    const links = [...read(`pages/${name}`).matchAll(/\]\((\/[^)#]*)|link: (\/[\w/-]*)/g)];
    const missing = links.map(([, link, other]) => link ?? other!).filter((to) => !known.has(to));
    expect(missing).toEqual([]);
  });

  test.each([...documentsOfSite().keys(), ...pages.map((name) => `packages/site/pages/${name}`)])(
    "%s: each column of a table has a name",
    (name) => {
      const lines = readFileSync(new URL(`../../${name}`, import.meta.url), "utf8").split("\n");
      const heads = lines.filter((_, at) => /^\|(?: *:?-+:? *\|)+$/.test(lines[at + 1] ?? ""));
      expect(heads.filter((head) => /\| *\|/.test(head))).toEqual([]);
    },
  );
});

test("links of the built site that lead nowhere, and what is loaded from outside, are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-site-"));
  try {
    writeFileSync(
      join(folder, "index.html"),
      '<a href="/a.html#there">1</a><a href="./a.html#gone">2</a><a href="/b.html">3</a><a href="https://x.org">4</a>',
    );
    writeFileSync(join(folder, "a.html"), '<h1 id="there">a</h1><img src="https://x.org/y.png">');
    expect(wrongLinks(folder)).toEqual([
      "a.html: loads something from outside",
      "index.html: ./a.html#gone: no such place",
      "index.html: /b.html: no such page",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
