import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../main.ts";
import { suites } from "../suites/index.ts";
import { charts } from "./charts.ts";
import { page } from "./page.ts";

/** Writes benchmarks.md and its charts into the folder of the documents. */
export function writeDocs(results: string, folder: string): void {
  const all = JSON.parse(readFileSync(results, "utf8")) as Report;
  const report = { ...all, rows: all.rows.filter(({ build }) => build === "simd") };
  const drawn = charts(report.rows);
  mkdirSync(join(folder, "images"), { recursive: true });
  for (const { file, svg } of drawn) writeFileSync(join(folder, "images", file), svg);
  writeFileSync(join(folder, "benchmarks.md"), page(report, suites, drawn));
}
