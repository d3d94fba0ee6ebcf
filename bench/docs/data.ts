import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../node.ts";
import type { Row } from "../types.ts";

/** What one runtime measured at one time. */
export interface Run {
  /** "any": sizes, which are the same in all of them. */
  readonly runtime: string;
  readonly version: string;
  readonly date: string;
  /** The commit that was measured, with "-dirty" where files were changed. */
  readonly state: string;
  readonly command: string;
  /** How the numbers came about, for people. */
  readonly method: string;
  readonly machine: Machine;
  /** How long each of its cases took, all libraries together. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
}

/** The rows that everything else is written from, in the folder of the documents. */
export const DATA = "benchmarks.json";

/** The runs that are kept. */
export function readRuns(folder: string): Run[] {
  const file = join(folder, DATA);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, "utf8")) as { runs: Run[] }).runs;
}

/** The suites that a run measured take the place of the same in the same runtime's earlier runs. */
export function mergeRun(runs: readonly Run[], run: Run): Run[] {
  const measured = new Set(run.rows.map(({ suite }) => suite));
  const left = runs.map((earlier) => {
    if (earlier.runtime !== run.runtime) return earlier;
    const rows = earlier.rows.filter(({ suite }) => !measured.has(suite));
    const labels = new Set(rows.flatMap((row) => [row.suite, `${row.suite} ${row.case}`]));
    const seconds = Object.entries(earlier.seconds).filter(([label]) => labels.has(label));
    return { ...earlier, seconds: Object.fromEntries(seconds), rows };
  });
  return [...left.filter(({ rows }) => rows.length > 0), run];
}

/** Keeps what a run measured of the default build: a row a line, four digits. */
export function keepRun(run: Run, folder: string): void {
  const kept = { ...run, rows: run.rows.filter(({ build }) => build === "simd") };
  const digits = (_key: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const parts = mergeRun(readRuns(folder), kept).map(({ rows, ...rest }) => {
    const lines = rows.map((row) => JSON.stringify(row, digits));
    return `${JSON.stringify(rest, digits).slice(0, -1)},"rows":[\n${lines.join(",\n")}\n]}`;
  });
  writeFileSync(join(folder, DATA), `{"runs":[\n${parts.join(",\n")}\n]}\n`);
}
