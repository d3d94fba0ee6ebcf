import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suites } from "../suites/index.ts";
import { charts } from "./charts.ts";
import { readRuns } from "./data.ts";
import { page } from "./page.ts";
import { writeReadme } from "./readme.ts";
import { runtimeCharts, wholeRows } from "./runtimes.ts";

/** Writes benchmarks.md, its charts and the readme's sentences from the rows that were kept. */
export function writeDocs(root: string): void {
  const folder = join(root, "docs");
  const runs = readRuns(folder);
  const rows = wholeRows(runs);
  const drawn = [...charts(rows), ...runtimeCharts(runs, suites)];
  mkdirSync(join(folder, "images"), { recursive: true });
  for (const { file, svg } of drawn) writeFileSync(join(folder, "images", file), svg);
  writeFileSync(join(folder, "benchmarks.md"), page(runs, suites, drawn));
  const readme = join(root, "README.md");
  writeFileSync(readme, writeReadme(readFileSync(readme, "utf8"), rows));
}
