import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../main.ts";

/** The rows that everything else is written from, in the folder of the documents. */
export const DATA = "benchmarks.json";

/** Keeps what a run measured of the default build: a row a line, four digits. */
export function keepReport({ rows, ...rest }: Report, folder: string): void {
  const digits = (_key: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const lines = rows
    .filter(({ build }) => build === "simd")
    .map((row) => JSON.stringify(row, digits));
  const head = JSON.stringify(rest).slice(0, -1);
  writeFileSync(join(folder, DATA), `${head},"rows":[\n${lines.join(",\n")}\n]}\n`);
}
