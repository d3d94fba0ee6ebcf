import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reportOf } from "../../scripts/lib/api-report.mjs";
import { Declarations } from "../../scripts/lib/declarations.mjs";

const folder = mkdtempSync(join(tmpdir(), "ferrograd-api-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The statements of the reports of these entries, over files of declarations. */
function reports(files: Record<string, string>, entries: readonly string[]): string[][] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name.replace(/\.ts$/, ".d.ts")), text);
  }
  const [declarations, known] = [new Declarations(folder), new Map<string, string>()];
  return entries.map((file) =>
    reportOf(declarations, file.replace(".ts", ""), file, known)
      .split("\n\n")
      .slice(2)
      .map((statement) => statement.trim()),
  );
}

describe("the report of what can be imported", () => {
  const files = {
    "main.ts": [
      'export { type Size, make as create } from "./parts/make.ts";',
      'export * from "./parts/box.ts";',
      'export * as tools from "./tools.ts";',
      'export { hidden } from "./parts/box.ts";',
      "",
    ].join("\n"),
    "parts/make.ts": [
      'import type { Box } from "./box.ts";',
      "export interface Size {\n    readonly width: number;\n}",
      "declare const sizes: {\n    readonly small: Size;\n};",
      "type Name = keyof typeof sizes;",
      "type Unused = Name;",
      "export declare function make(name: Name): Box;",
      "export declare function make(size: Size): Box;",
      "export {};",
      "",
    ].join("\n"),
    "parts/box.ts": [
      'import { type Inner as Content } from "./inner.ts";',
      "export declare class Box {\n    private readonly secret;\n    get content(): Content;\n}",
      "",
    ].join("\n"),
    "parts/inner.ts": "export type Inner = Size;\ntype Size = string;\n",
    "tools.ts": "export declare const hammer: number;\n",
    "other.ts": 'export { Box } from "./parts/box.ts";\nexport declare const own: 1;\n',
    "all.ts": 'export * from "./main.ts";\n',
  };
  const [main, other, all] = reports(files, ["main.ts", "other.ts", "all.ts"]);

  it("has every export under its name outside, overloads together, without private members", () => {
    expect(main!.slice(0, main!.indexOf("// Not exported, but spoken of above."))).toEqual([
      "// Internal: hidden",
      "export declare class Box {\n    get content(): Content;\n}",
      "export interface Size {\n    readonly width: number;\n}",
      [
        "declare function make(name: Name): Box;",
        "declare function make(size: Size): Box;",
        "export { make as create };",
      ].join("\n"),
      "export declare namespace tools {\nexport const hammer: number;\n}",
    ]);
  });

  it("has what they speak of, each once, by name, and nothing else", () => {
    expect(main!.slice(main!.indexOf("// Not exported, but spoken of above.") + 1)).toEqual([
      "type Inner = Size;",
      "type Name = keyof typeof sizes;",
      "type Size = string;",
      "declare const sizes: {\n    readonly small: Size;\n};",
    ]);
  });

  it("says of another entry what it hands on", () => {
    expect(other).toEqual(['export { Box } from "main";', "export declare const own: 1;"]);
    expect(all).toEqual(['export * from "main";', "// Internal: hidden"]);
  });
});
