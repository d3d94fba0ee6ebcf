import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { charts } from "../../bench/docs/charts.ts";
import { page } from "../../bench/docs/page.ts";
import { ahead, times } from "../../bench/docs/ratios.ts";
import { withoutPassages, writeReadme } from "../../bench/docs/readme.ts";
import type { Report } from "../../bench/main.ts";
import { suites } from "../../bench/suites/index.ts";
import type { AccuracyRow, Row, SizeRow, TimeRow } from "../../bench/types.ts";

const base = { runtime: "node24", build: "simd", api: "op", copies: "none" } as const;

/** Ours takes 2 ms, each peer so many times that. */
function timeRow(suite: string, name: string, ratio: Record<string, number>): TimeRow {
  const peers = Object.entries(ratio).map(
    ([peer, times]) => [peer, { version: "1.2.3", medianMs: 2 * times }] as const,
  );
  return {
    ...base,
    suite,
    case: name,
    ours: { medianMs: 2 },
    peers: Object.fromEntries(peers),
    ratio,
  };
}

const sizes: SizeRow = {
  ...{ ...base, runtime: "any", suite: "size", case: "sequential+dense/gzip" },
  ...{ ours: { bytes: 70_000 }, ceilingBytes: 75_000, ratio: { "tfjs-wasm": 4 } },
  peers: { "tfjs-wasm": { version: "1.2.3", bytes: 280_000 } },
};
const worth = (name: string, accuracy: number): AccuracyRow => {
  const row = { ...base, suite: "equal-time", case: name, peers: {}, ratio: {} };
  return { ...row, ours: { accuracy }, steps: 300 };
};

const rows: Row[] = [
  { ...timeRow("gemm", "NN/128x128x128", { "tfjs-wasm": 1.5 }), ceilingShare: 0.9 },
  timeRow("train", "784-128-10/b32/sgd", { "tfjs-wasm": 9, pytorch: 0.8 }),
  timeRow("predict", "784-128-10/b32", { "tfjs-wasm": 2 }),
  timeRow("init", "import-to-first-prediction", { "tfjs-wasm": 5 }),
  sizes,
  ...["relu", "tanh"].flatMap((name) => [
    timeRow("activations", `${name}/forward/256k`, { "plain-ts": 4 }),
    timeRow("activations", `${name}/backward/256k`, { "plain-ts": 3 }),
    timeRow("dense", `64-1024/b128/${name}`, {}),
    worth(name, 0.96),
  ]),
  { ...timeRow("health", "64-128-10/1437-rows/off", {}), overhead: 0.013 },
];
const report = {
  machine: { cpu: "a processor", cores: 2, memoryGiB: 8, os: "linux 6", node: "24.1.0" },
  ...{ date: "2026-11-25", command: "npm -s run bench -- --write", rows },
  method: "In turns.",
};

describe("docs/benchmarks.md", () => {
  const drawn = charts(rows);
  const text = page(report, suites, drawn);

  it("says where its numbers come from", () => {
    for (const said of [
      "2026-11-25",
      report.command,
      "In turns.",
      "a processor, 2 cores",
      "node24",
    ]) {
      expect(text).toContain(said);
    }
  });

  it("has a table for each suite, and its chart", () => {
    expect(text).toContain("| case | ours, ms | tfjs-wasm 1.2.3 | pytorch 1.2.3 |");
    expect(text).toContain("| 784-128-10/b32/sgd | 2.00 | 9.0 | 0.80 |");
    expect(text).toContain("| sequential+dense/gzip | 70000 | 75000 | 4.0 |");
    expect(text).toContain("| 64-128-10/1437-rows/off | 2.00 | 1.3 % |");
    for (const { file } of drawn) expect(text).toContain(`(images/${file})`);
  });

  it("has a mark for each number in its charts", () => {
    const count = (file: string, pattern: RegExp) =>
      drawn.find((chart) => chart.file === file)!.svg.match(pattern)!.length;
    const marks = drawn.map(({ file }) => file).sort();
    expect(marks).toEqual(
      ["activations", "gemm", "predict", "start", "train"].map((name) => `bench-${name}.svg`),
    );
    expect(count("bench-train.svg", /<circle /g)).toBe(3 + 3); // with the legend's
    expect(count("bench-activations.svg", /<circle /g)).toBe(8 + 2 + 2 + 2);
    for (const { svg } of drawn) {
      expect(svg).toContain("prefers-color-scheme: dark");
      expect(svg).not.toContain("NaN");
    }
  });
});

describe("what is said of the numbers", () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const kept = JSON.parse(read("docs/benchmarks.json")) as Report;
  const readme = read("README.md");

  it("docs/benchmarks.md is what npm run bench:docs writes of docs/benchmarks.json", () => {
    expect(read("docs/benchmarks.md")).toBe(page(kept, suites, charts(kept.rows)));
  });

  it("the readme quotes the same numbers", () => {
    expect(readme).toBe(writeReadme(readme, kept.rows));
  });

  it("the readme quotes no others where it speaks of what was measured", () => {
    const rest = withoutPassages(readme);
    const measured = rest.slice(rest.indexOf("## Measured"), rest.indexOf("## Documents"));
    expect(measured).toContain("What these numbers do not say");
    expect(measured).not.toMatch(/\d times|times (as|less|more)|twice|half as/);
  });

  it("a peer that is ahead is said to be", () => {
    const faster = kept.rows.filter(({ suite }) => suite === "gemm");
    const changed = kept.rows.map((row) =>
      row.suite === "gemm" ? { ...row, ratio: { ...row.ratio, pytorch: 0.4 } } : row,
    ) as Row[];
    const [said] = ahead(changed.filter(({ suite }) => suite === "gemm")).slice(-1);
    expect(said).toBe(
      `pytorch in ${faster.length} of ${faster.length} cases, at best 2.5 times as fast`,
    );
    const text = writeReadme(readme, changed);
    expect(text).toMatch(
      /\| matrix product 512x512x512 \| .*times as long; PyTorch 2.5 times as fast \|/,
    );
    expect(text.replaceAll(/\s+/g, " ")).toContain(said);
    expect([0.5, 7.44, 99.6, 322.4].map(times)).toEqual(["0.50", "7.4", "100", "322"]);
  });
});
