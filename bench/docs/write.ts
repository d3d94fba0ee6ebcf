import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../main.ts";
import { suites } from "../suites/index.ts";
import { charts } from "./charts.ts";
import { DATA } from "./data.ts";
import { page } from "./page.ts";
import { writeReadme } from "./readme.ts";

/** Writes benchmarks.md, its charts and the readme's sentences from the rows that were kept. */
export function writeDocs(root: string): void {
  const folder = join(root, "docs");
  const report = JSON.parse(readFileSync(join(folder, DATA), "utf8")) as Report;
  const drawn = charts(report.rows);
  mkdirSync(join(folder, "images"), { recursive: true });
  for (const { file, svg } of drawn) writeFileSync(join(folder, "images", file), svg);
  writeFileSync(join(folder, "benchmarks.md"), page(report, suites, drawn));
  const readme = join(root, "README.md");
  writeFileSync(readme, writeReadme(readFileSync(readme, "utf8"), report.rows));
}
