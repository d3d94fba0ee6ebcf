// Packs packages/ferrograd/data into packages/ferrograd/src/datasets/generated: the rows as CSV,
// raw-deflated, base64. With --check nothing is written; it fails where a file is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { deflateSync } from "fflate";

const root = fileURLToPath(new URL("../packages/ferrograd/", import.meta.url));

const SETS = [
  { file: "digits.csv.gz", module: "digits", header: false },
  { file: "iris.csv", module: "iris", header: true },
  { file: "wine_data.csv", module: "wine", header: true },
  { file: "breast_cancer.csv", module: "breast-cancer", header: true },
];

function readRows({ file, header }) {
  const bytes = readFileSync(`${root}data/${file}`);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("ascii");
  const lines = text.trim().split(/\r?\n/);
  return header ? lines.slice(1) : lines;
}

function generate(set) {
  const rows = readRows(set);
  const features = rows[0].split(",").length - 1;
  const csv = new TextEncoder().encode(rows.join("\n"));
  const packed = Buffer.from(deflateSync(csv, { level: 9, mem: 12 })).toString("base64");
  return `// Generated from data/${set.file} by scripts/make-datasets.mjs; do not edit.
import type { PackedTable } from "../table.ts";

export const table: PackedTable = {
  rows: ${rows.length},
  features: ${features},
  deflatedCsv:
    "${packed}",
};
`;
}

const read = (path) => {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
};

const check = process.argv.includes("--check");
let stale = 0;
for (const set of SETS) {
  const path = `${root}src/datasets/generated/${set.module}.ts`;
  const source = generate(set);
  if (read(path) === source) continue;
  if (check) {
    console.error(`${path} is not current: run node scripts/make-datasets.mjs`);
    stale++;
  } else {
    writeFileSync(path, source);
    console.error(`wrote ${path} (${source.length} bytes)`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
