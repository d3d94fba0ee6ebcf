import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { charts } from "../../bench/docs/charts.ts";
import { keepRun, mergeRun, type Run, readRuns } from "../../bench/docs/data.ts";
import { page } from "../../bench/docs/page.ts";
import { ahead, times } from "../../bench/docs/ratios.ts";
import { withoutPassages, writeReadme } from "../../bench/docs/readme.ts";
import { runtimeCharts, wholeRows } from "../../bench/docs/runtimes.ts";
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
/** A run of some runtime that measured these rows. */
function runOf(runtime: string, version: string, measured: readonly Row[], more = {}): Run {
  return {
    ...{ runtime, version, date: "2026-11-25", state: "abc1234", method: "In turns." },
    command: "npm -s run bench -- --write",
    machine: { cpu: "a processor", cores: 2, memoryGiB: 8, os: "linux 6" },
    seconds: Object.fromEntries(measured.map((row) => [`${row.suite} ${row.case}`, 2.5])),
    rows: measured.map((row) => ({ ...row, runtime })),
    ...more,
  };
}
const brief = (suite: string) => rows.filter((row) => row.suite === suite).slice(0, 1);
const runs = [
  runOf("firefox", "140.0", [...brief("train"), ...brief("predict")], { date: "2026-11-26" }),
  runOf("any", "", [sizes]),
  runOf(
    "node24",
    "24.1.0",
    rows.filter((row) => row !== sizes),
  ),
];

describe("docs/benchmarks.md", () => {
  const drawn = charts(rows);
  const text = page(runs, suites, drawn);

  it("says where its numbers come from", () => {
    for (const said of [
      "2026-11-25",
      "npm -s run bench -- --write",
      "In turns.",
      "| node24 24.1.0 | 13 | 2026-11-25 | abc1234 |",
      "| firefox 140.0 | 2 | 2026-11-26 | abc1234 |",
      "All on one machine: a processor, 2 cores, 8 GiB, linux 6.",
    ]) {
      expect(text).toContain(said);
    }
    const machine = { cpu: "another", cores: 4, memoryGiB: 16, os: "darwin 25" };
    expect(page([{ ...runs[0]!, machine }, ...runs.slice(1)], suites, drawn)).toContain(
      "| firefox 140.0 | 2 | 2026-11-26 | abc1234 | another, 4 cores, 16 GiB, darwin 25 |",
    );
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

describe("every runtime", () => {
  const drawn = runtimeCharts(runs, suites);
  const text = page(runs, suites, drawn);

  it("stands beside the others in a table, with who is beside us there", () => {
    expect(text).toContain("| **ours, ms**; peers, in units of it | node24 | firefox |");
    expect(text).toContain("| **train 784-128-10/b32/sgd** | **2.00** | **2.00** |");
    expect(text).toContain("| pytorch | 0.80 | 0.80 |");
  });

  it("is in charts, a dot for each number", () => {
    const count = (svg: string) => svg.match(/<circle /g)!.length;
    expect(drawn.map(({ file }) => file)).toEqual([
      "bench-runtimes.svg",
      "bench-runtimes-peers.svg",
    ]);
    expect(count(drawn[0]!.svg)).toBe(2 * 2 + 2); // two cases in two runtimes, and the legend's
    expect(count(drawn[1]!.svg)).toBe(2 * (3 + 2) + 3);
    for (const { file } of drawn) expect(text).toContain(`(images/${file})`);
  });

  it("has cases that there are", () => {
    for (const { name, everywhere = [], cases } of suites) {
      const there = cases.map((item) => item.name);
      for (const item of everywhere) expect(there, name).toContain(item);
    }
  });

  it("of one runtime says nothing", () => {
    const alone = runs.filter(({ runtime }) => runtime !== "firefox");
    expect(runtimeCharts(alone, suites)).toEqual([]);
    expect(page(alone, suites, [])).not.toContain("Every runtime");
  });

  it("marks a call of more than a second", () => {
    const [row] = rows as [TimeRow];
    const slow = { "tfjs-wasm": { version: "1", medianMs: 2400 } };
    const run = runOf("node24", "24.1.0", [{ ...row, peers: slow, ratio: { "tfjs-wasm": 64 } }]);
    expect(page([run], suites, [])).toMatch(/\| NN\/128x128x128 \| .* \| 64² \|/);
  });
});

describe("a peer that was left out", () => {
  it("stands in the table with the seconds, which a note explains", () => {
    const [row] = rows as [TimeRow];
    const over = { "jax-js": 12, "tfjs-wasm": 12 };
    const run = runOf("node24", "24.1.0", [{ ...row, over, peers: {}, ratio: {} }, rows[1]!]);
    const text = page([run], suites, []);
    expect(text).toMatch(/\| NN\/128x128x128 \| .* \| over 12 s \| over 12 s \|/);
    expect(text).toContain("Over so many seconds: the first call");
    expect(page(runs, suites, [])).not.toContain("Over so many seconds");
  });
});

describe("runs that are kept", () => {
  const [firefox, , node] = runs as [Run, Run, Run];
  const suitesIn = ({ rows }: Run) => rows.map(({ suite }) => suite);

  it("take the place of the same suites in the same runtime", () => {
    const later = runOf("firefox", "141.0", brief("train"));
    const [left, other, last] = mergeRun([firefox, node], later);
    expect(suitesIn(left!)).toEqual(["predict"]);
    expect(Object.keys(left!.seconds)).toEqual(["predict 784-128-10/b32"]);
    expect([other, last]).toEqual([node, later]);
    expect(mergeRun([firefox, node], { ...firefox, version: "141.0" })).toEqual([
      node,
      { ...firefox, version: "141.0" },
    ]);
  });

  it("are read as they were written, with four digits and without other builds", () => {
    const folder = mkdtempSync(join(tmpdir(), "ferrograd-bench-"));
    try {
      expect(readRuns(folder)).toEqual([]);
      const [row] = brief("train") as [TimeRow];
      const relaxed: TimeRow = { ...row, build: "relaxed" };
      const precise: TimeRow = { ...row, ours: { medianMs: 1 / 3 } };
      keepRun(node, folder);
      keepRun({ ...firefox, rows: [precise, relaxed] }, folder);
      const rounded = { ...row, ours: { medianMs: 0.3333 } };
      expect(readRuns(folder)).toEqual([node, { ...firefox, rows: [rounded] }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what is said of the numbers", () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const runs = readRuns(fileURLToPath(new URL("../../docs", import.meta.url)));
  const kept = { rows: wholeRows(runs) };
  const readme = read("README.md");

  it("docs/benchmarks.md is what npm run bench:docs writes of docs/benchmarks.json", () => {
    const drawn = [...charts(kept.rows), ...runtimeCharts(runs, suites)];
    expect(read("docs/benchmarks.md")).toBe(page(runs, suites, drawn));
    for (const { file, svg } of drawn) expect(read(`docs/images/${file}`)).toBe(svg);
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
