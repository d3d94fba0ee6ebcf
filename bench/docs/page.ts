import { LONG_CALL_MS } from "../harness.ts";
import { cpuShare, EXTRAS, formatAmount, overIn, peersOf } from "../table.ts";
import type { Row, Suite, TimeRow } from "../types.ts";
import type { Run } from "./data.ts";
import { ahead, times } from "./ratios.ts";
import { comparable, RUNTIME_CHARTS, timedRuntimes, wholeOf, wholeRows } from "./runtimes.ts";
import type { Chart } from "./svg.ts";

/** Marks a time of few rounds. */
const TWICE = "²";

/** What is said of a suite beside its notes, and the chart that shows it. */
const CHARTS: Readonly<Record<string, string>> = {
  gemm: "bench-gemm.svg",
  activations: "bench-activations.svg",
  train: "bench-train.svg",
  predict: "bench-predict.svg",
  init: "bench-start.svg",
};

/** docs/benchmarks.md: each runtime beside the others, then all cases of the one that has them. */
export function page(
  runs: readonly Run[],
  suites: readonly Suite[],
  charts: readonly Chart[],
): string {
  const rows = wholeRows(runs);
  const parts = suites.flatMap((suite) => {
    const own = rows.filter((row) => row.suite === suite.name);
    if (own.length === 0) return [];
    const chart = charts.find(({ file }) => file === CHARTS[suite.name]);
    return [section(suite, own, chart)];
  });
  const methods = [...new Set(runs.map(({ method }) => method))];
  return `# Benchmarks

Written by

\`\`\`sh
${[...new Set(runs.map(({ command }) => command))].join("\n")}
\`\`\`

${runsTable(runs).join("\n")}

- One thread each.${processor(rows)}
- ${methods.join("\n- ")}
- The results are compared with ours before anything is timed.
- Peers: the times in units of ours, so 2 is twice as long and 0.5 half. A dash: it has no such work.
- ${TWICE} a call of more than a second: two rounds, one of more than four, and in ${wholeOf(runs)} only.
${overNote(rows)}- Compare the ratios; milliseconds are this machine's.
- brain.js has no softmax and one activation for all layers, so it is in the first prediction and in 2-8-1/xor
  only. PyTorch is native code with wider SIMD.

${[...everywhere(runs, suites, charts), ...parts].join("\n")}`;
}

/** Where and when each runtime was measured; below the table, where that was one machine. */
function runsTable(runs: readonly Run[]): string[] {
  const machines = runs.map(({ machine: { cpu, cores, memoryGiB, os } }) => {
    return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}`;
  });
  const isOne = new Set(machines).size === 1;
  const lines = runs.map(({ runtime, version, date, state, rows }, i) => {
    const name = runtime === "any" ? "sizes" : `${runtime} ${version}`.trim();
    return [name, String(rows.length), date, state, ...(isOne ? [] : [machines[i]])];
  });
  const head = ["runtime", "cases", "date", "commit", ...(isOne ? [] : ["machine"])];
  const below = isOne ? ["", `All on one machine: ${machines[0]}.`] : [];
  return [...markdown([head, ...lines]), ...below];
}

const markdown = ([head, ...lines]: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);

function section(suite: Suite, rows: readonly Row[], chart: Chart | undefined): string {
  const image = chart === undefined ? [] : [`![${chart.label}](images/${chart.file})`, ""];
  const others = ahead(rows);
  const notes = [
    ...(others.length === 0 ? [] : [`- ahead of ours: ${others.join("; ")}`]),
    ...suite.notes.map((note) => `- ${note}`),
  ];
  return [`## ${suite.name}`, "", ...image, ...table(rows), "", ...notes, ""].join("\n");
}

function table(rows: readonly Row[]): string[] {
  const peers = peersOf(rows);
  const extras = EXTRAS.filter(({ title, of }) => {
    return title !== "cpu" && rows.some((row) => of(row) !== undefined);
  });
  const versions = peers.map((name) => {
    const { version = "1" } = rows.find((row) => name in row.peers)?.peers[name] ?? {};
    return version === "1" ? name : `${name} ${version}`;
  });
  const unit = "bytes" in rows[0].ours ? "bytes" : "accuracy" in rows[0].ours ? "accuracy" : "ms";
  const head = ["case", `ours, ${unit}`];
  head.push(...extras.map(({ title }) => title), ...versions);
  const lines = rows.map((row) => [
    row.case,
    formatAmount(row.ours),
    ...extras.map(({ of }) => of(row) ?? "–"),
    ...peers.map((name) => ratioIn(row, name)),
  ]);
  return markdown([head, ...lines]);
}

/** Whether others took a part of the time. */
function processor(rows: readonly Row[]): string {
  const shares = rows.flatMap((row) => cpuShare(row) ?? []);
  if (shares.length === 0) return "";
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((s) => Math.round(100 * s));
  return ` Ours had the processor for ${least} to ${most} % of its time.`;
}

/** What it means that a peer was left out. */
const overNote = (rows: readonly Row[]): string =>
  rows.some((row) => (row as TimeRow).over !== undefined)
    ? "- Over so many seconds: the first call, in which some compile, was ended there; nothing is known beyond that.\n"
    : "";

/** A peer's time in units of ours, marked where it is one of few. */
function ratioIn(row: Row, peer: string): string {
  const ratio = row.ratio[peer];
  if (ratio === undefined) return overIn(row, peer) ?? "–";
  const amount = row.peers[peer];
  const isLong = amount !== undefined && "medianMs" in amount && amount.medianMs > LONG_CALL_MS;
  return `${times(ratio)}${isLong ? TWICE : ""}`;
}

/** The cases that several runtimes have: ours in each, and below it who is beside us there. */
function everywhere(
  runs: readonly Run[],
  suites: readonly Suite[],
  charts: readonly Chart[],
): string[] {
  const names = timedRuntimes(runs);
  if (names.length < 2) return [];
  const images = charts
    .filter(({ file }) => RUNTIME_CHARTS.includes(file))
    .map(({ label, file }) => `![${label}](images/${file})\n`);
  const lines = comparable(runs, suites).flatMap(({ title, rows }) => {
    const peers = peersOf([...rows.values()]);
    const cells = (of: (row: Row) => string) =>
      names.map((name) => {
        const row = rows.get(name);
        return row === undefined ? "–" : of(row);
      });
    return [
      [`**${title}**`, ...cells((row) => `**${formatAmount(row.ours)}**`)],
      ...peers.map((peer) => [peer, ...cells((row) => ratioIn(row, peer))]),
    ];
  });
  const table = markdown([["**ours, ms**; peers, in units of it", ...names], ...lines]);
  return [`## Every runtime\n`, ...images, ...table, ""];
}
