import { existsSync, readdirSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Project } from "./packaged.ts";

/** The package's own files that are shipped once, as the maps of bundles and declarations name them. */
export function describeMaps(project: Project): void {
  const { node, write } = project;
  const dist = () => join(project.folder(), "node_modules/ferrograd/dist");
  const files = (end: RegExp) =>
    readdirSync(dist(), { recursive: true, encoding: "utf8" }).filter((name) => end.test(name));
  const read = (...path: string[]) => readFileSync(join(dist(), ...path), "utf8");

  /** What a declaration says first, in the sources, of each function, constant and class that it declares. */
  function definitions(name: string): { declared: string; found: string | undefined }[] {
    const text = read(name);
    const [, url] = /^\/\/# sourceMappingURL=(.+)$/m.exec(text)!;
    const at = join(dirname(name), url!);
    const map = new SourceMap(JSON.parse(read(at)));
    const lines = text.split("\n");
    return lines.flatMap((line, i) => {
      const start = /^export declare (?:abstract )?(?:class|const|function) (?=(\w+))/.exec(line);
      if (!start) return [];
      const entry = map.findEntry(i, start[0].length);
      if (!("originalSource" in entry)) return [{ declared: start[1]!, found: undefined }];
      const source = read(dirname(at), entry.originalSource).split("\n")[entry.originalLine]!;
      const found = /^\w+/.exec(source.slice(entry.originalColumn))?.[0];
      return [{ declared: start[1]!, found }];
    });
  }

  describe("its maps", () => {
    it("name the sources in a stack, in both forms", () => {
      const throws =
        'try { dense(-1); } catch ({ stack }) { console.log(stack.includes("src/layers/dense.ts:")); }';
      write("maps.mjs", `import { dense } from "ferrograd"; ${throws}`);
      write("maps.cjs", `const { dense } = require("ferrograd"); ${throws}`);
      for (const file of ["maps.mjs", "maps.cjs"])
        expect(node("--enable-source-maps", file)).toBe("true\n");
    });

    it("name files that are there", () => {
      const missing = files(/\.map$/).flatMap((name) => {
        const { sources } = JSON.parse(read(name)) as { sources: string[] };
        return sources.filter((source) => !existsSync(join(dist(), dirname(name), source)));
      });
      expect(missing.filter((source) => !source.includes("node_modules"))).toStrictEqual([]);
    });

    it.each([
      ["modules", /(?<!wasm)\.d\.ts$/],
      ["CommonJS", /(?<!wasm)\.d\.cts$/],
    ])("lead from each declaration of %s to its definition", (_, end) => {
      const all = files(end).flatMap(definitions);
      expect(all.length).toBeGreaterThan(300);
      expect(all.filter(({ declared, found }) => found !== declared)).toStrictEqual([]);
    });
  });
}
