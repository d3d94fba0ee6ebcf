/** The order of rooms: the checkout keeps it, and what breaks it is refused. */
import { describe, expect, it } from "vitest";
import { rustImports } from "../../scripts/lib/imports-rust.mjs";
import { importsOf, typeScriptImports } from "../../scripts/lib/imports-typescript.mjs";
import {
  drawingOf,
  faultsOf,
  graphOf,
  HOUSES,
  insideFaults,
  outside,
} from "../../scripts/lib/rooms.mjs";

const house = { name: "made up", rooms: ["low", "middle", "high"] };
const texts = (files: Record<string, string>) => new Map(Object.entries(files));
const faults = (files: Record<string, string>, except?: Record<string, string>) =>
  faultsOf(typeScriptImports(texts(files)), { ...house, ...(except && { except }) });

describe("the checkout", () => {
  it.each(HOUSES)("$name has no arrow up and no circle", (own) => {
    const graph = graphOf(own);
    expect(graph.size).toBeGreaterThan(10);
    expect(faultsOf(graph, own)).toEqual([]);
  });

  // Models of one's own bring the layers that they are made of, and no others.
  it("has a registry of layers for those alone who make layers from their options", () => {
    const graph = graphOf(HOUSES[0]!);
    const importing = (file: string): string[] =>
      [...graph].flatMap(([from, arrows]) =>
        arrows.some(({ to, types }) => to === file && !types) ? [from] : [],
      );
    const collapse = "diagnostics/collapse.ts"; // copies the layers that it leaves as they are
    const makers = [collapse, "model/registries.ts", "tables.ts"];
    expect(importing("layers/registry.ts").sort()).toEqual(makers);
    const copies = ["diagnostics/copies.ts", "diagnostics/options.ts"];
    expect(importing("model/registries.ts").sort()).toEqual([
      ...copies,
      "model/load.ts",
      "model/saved-optimizer.ts", // a part of it
    ]);
    const loads = ["model/load-progress.ts", "model/load.ts"];
    expect(importing("model/saved-optimizer.ts").sort()).toEqual(loads);
    expect(importing("model/load.ts").sort()).toEqual([
      "diagnostics/copies.ts",
      "index.ts",
      "worker/serve.ts",
    ]);
  });

  it("is drawn from the top", () => {
    const [ferrograd] = HOUSES;
    const lines = drawingOf(graphOf(ferrograd!), ferrograd!.rooms!);
    expect(lines.at(-1)).toMatch(/^errors +1$/);
    expect(lines.find((line) => line.startsWith("layers"))).toContain(" graph compile ");
  });
});

describe("pages, command, benchmarks, examples and tests", () => {
  it("import the package by its name", () => {
    const files = outside();
    expect(files.size).toBeGreaterThan(200);
    expect(insideFaults(files)).toEqual([]);
  });

  it("do not get past its entries, but where it is named with its reason", () => {
    const text =
      'import { dense } from "ferrograd";\nimport type { A } from "../ferrograd/src/a.ts";';
    const files = texts({ "packages/page/x.ts": text, "test/y.test.ts": text });
    const except = { "test/y.test.ts": "because", "test/z.test.ts": "no more" };
    expect(insideFaults(files, except)).toEqual([
      'packages/page/x.ts: expected imports of "ferrograd" and its entries, got "../ferrograd/src/a.ts"',
      "test/z.test.ts: expected such an import, got none",
    ]);
  });
});

describe("TypeScript", () => {
  it("imports from its own room and from below", () => {
    const files = {
      "low/a.ts": 'import { b } from "./b.ts";',
      "low/b.ts": "",
      "high.ts": 'import { a } from "./low/a.ts";\nexport * from "./middle/c.ts";',
      "middle/c.ts": 'import "../low/b.ts";\nimport fs from "node:fs";',
    };
    expect(faults(files)).toEqual([]);
  });

  it.each([
    ["a value", 'import {\n  a,\n} from "../middle/a.ts";'],
    ["a type", 'import type { A } from "../middle/a.ts";'],
    ["what is handed on", 'export { a } from "../middle/a.ts";'],
    ["what is imported for its effect", 'import "../middle/a.ts";'],
    ["what is imported when it is needed", 'const a = await import("../middle/a.ts");'],
    ["a type in the middle", 'let a: import("../middle/a.ts").A;'],
  ])("does not import from above: %s", (_, text) => {
    expect(faults({ "low/x.ts": text, "middle/a.ts": "" })).toEqual([
      'made up: low/x.ts -> middle/a.ts: expected an import from "low" or a room below it, got "middle", which is above',
    ]);
  });

  it("does not count what comments show", () => {
    const text =
      '/**\n * import { a } from "../middle/a.ts";\n * {@link import("../middle/a.ts")}\n */';
    expect(faults({ "low/x.ts": text, "middle/a.ts": "" })).toEqual([]);
  });

  it("has no circle, but for types of one room", () => {
    const files = (word: string) => ({
      "low/a.ts": `import { b } from "./b.ts";`,
      "low/b.ts": `import { c } from "./c.ts";`,
      "low/c.ts": `${word} { a } from "./a.ts";`,
    });
    expect(faults(files("import type"))).toEqual([]);
    expect(faults(files("import"))).toEqual([
      "made up: expected no circle of imports, got low/a.ts -> low/b.ts -> low/c.ts -> low/a.ts",
    ]);
  });

  it("has a place for every room", () => {
    expect(faults({ "attic/x.ts": "" })).toEqual([
      'made up: attic/x.ts: expected its room in the order of scripts/lib/rooms.mjs, got "attic", which is none of it',
    ]);
  });

  it("lets through an arrow that is named with its reason, as long as it is there", () => {
    const files = { "low/x.ts": 'import "../high.ts";', "high.ts": "" };
    const except = { "low/x.ts -> high.ts": "because" };
    expect(faults(files, except)).toEqual([]);
    expect(faults({ ...files, "low/x.ts": "" }, except)).toEqual([
      "made up: low/x.ts -> high.ts: expected an arrow, got none",
    ]);
  });

  it("tells types from values", () => {
    expect(importsOf('import type { A } from "a";\nimport { type B, b } from "b";')).toEqual([
      { from: "a", types: true },
      { from: "b", types: false },
    ]);
  });
});

describe("Rust", () => {
  const modules = (files: Record<string, string>) => {
    const graph = rustImports.ofModules(texts(files));
    return faultsOf(graph, { name: "made up", rooms: ["op", "verify", "run", "lib"] });
  };
  const rest = {
    "op.rs": "pub mod row;",
    "op/row.rs": "",
    "run.rs": "pub mod copy;",
    "lib.rs": "",
  };

  it.each([
    ["use", "use crate::run::Run;"],
    ["a list of use", "use crate::{op::{row, Op}, run::{self as other, copy::{Copy}}};"],
    ["a path", "fn f() { crate::run::copy::go(1) }"],
    ["a path from the parent", "fn f() { super::run::go() }"],
  ])("does not import from above: %s", (_, text) => {
    const [fault, ...more] = modules({ ...rest, "verify.rs": text, "run/copy.rs": "" });
    expect(fault).toMatch(
      /^made up: verify\.rs -> run(\/copy)?\.rs: expected an import from "verify"/,
    );
    expect(more.every((line) => line.startsWith("made up: verify.rs -> run"))).toBe(true);
  });

  it("imports from below, names its parts and is named by them; tests and comments do not count", () => {
    const files = {
      ...rest,
      "verify.rs": "use crate::op::row::Row; // crate::run::Run",
      "run.rs": "mod copy; use copy::go; use crate::verify::Verifier;",
      "run/copy.rs":
        "use super::Run; use crate::op::Op;\n#[cfg(test)]\nmod tests { use crate::table::Ops; }",
      "lib.rs": "mod op; pub use op::Op;",
    };
    expect(modules(files)).toEqual([]);
  });

  it("has no circle among the parts of a module", () => {
    const files = { ...rest, "run/a.rs": "use super::b::B;", "run/b.rs": "use super::a::A;" };
    expect(modules(files)).toEqual([
      "made up: expected no circle of imports, got run/a.rs -> run/b.rs -> run/a.rs",
    ]);
  });

  it("has no crate that names one above it", () => {
    const graph = rustImports.ofCrates(
      texts({
        "kernels/src/lib.rs": "use ferrograd_engine::Engine;",
        "engine/src/lib.rs": "",
      }),
    );
    expect(faultsOf(graph, { name: "crates", rooms: ["kernels", "engine"] })).toEqual([
      'crates: kernels/src/lib.rs -> engine/src/lib.rs: expected an import from "kernels" or a room below it, got "engine", which is above',
    ]);
  });
});
