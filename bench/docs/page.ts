import type { Report } from "../main.ts";
import { cpuShare, EXTRAS, formatAmount } from "../table.ts";
import type { Row, Suite } from "../types.ts";
import { ahead, times } from "./ratios.ts";
import type { Chart } from "./svg.ts";

/** What is said of a suite beside its notes, and the chart that shows it. */
const CHARTS: Readonly<Record<string, string>> = {
  gemm: "bench-gemm.svg",
  activations: "bench-activations.svg",
  train: "bench-train.svg",
  predict: "bench-predict.svg",
  init: "bench-start.svg",
};

/** docs/benchmarks.md. */
export function page(
  { machine, date, command, method, rows }: Report,
  suites: readonly Suite[],
  charts: readonly Chart[],
): string {
  const runtimes = [...new Set(rows.map(({ runtime }) => runtime))].filter(
    (name) => name !== "any",
  );
  const parts = suites.flatMap((suite) => {
    const own = rows.filter((row) => row.suite === suite.name);
    if (own.length === 0) return [];
    const chart = charts.find(({ file }) => file === CHARTS[suite.name]);
    return [section(suite, own, chart, runtimes.length > 1)];
  });
  const { cpu, cores, memoryGiB, os } = machine;
  return `# Benchmarks

Written by

\`\`\`sh
${command}
\`\`\`

on ${date}: ${runtimes.join(", ")} on ${os}, ${cpu}, ${cores} cores, ${memoryGiB} GiB. One thread each.${processor(rows)}
${method}
The results are compared with ours before anything is timed. Peers: the times in units of ours, so 2 is twice as long and 0.5 half. A dash: it has no such work.
Compare the ratios; milliseconds are this machine's. brain.js has no softmax and one activation for all
layers, so it is in the first prediction and in 2-8-1/xor only. PyTorch is native code with wider SIMD.

${parts.join("\n")}`;
}

function section(
  suite: Suite,
  rows: readonly Row[],
  chart: Chart | undefined,
  severalRuntimes: boolean,
): string {
  const image = chart === undefined ? [] : [`![${chart.label}](images/${chart.file})`, ""];
  const others = ahead(rows);
  const notes = [
    ...(others.length === 0 ? [] : [`- ahead of ours: ${others.join("; ")}`]),
    ...suite.notes.map((note) => `- ${note}`),
  ];
  return [`## ${suite.name}`, "", ...image, ...table(rows, severalRuntimes), "", ...notes, ""].join(
    "\n",
  );
}

function table(rows: readonly Row[], severalRuntimes: boolean): string[] {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  const extras = EXTRAS.filter(({ title, of }) => {
    return title !== "cpu" && rows.some((row) => of(row) !== undefined);
  });
  const versions = peers.map((name) => {
    const { version } = rows.find((row) => name in row.peers)?.peers[name] ?? { version: "" };
    return version === "1" ? name : `${name} ${version}`;
  });
  const unit = "bytes" in rows[0].ours ? "bytes" : "accuracy" in rows[0].ours ? "accuracy" : "ms";
  const head = ["case", ...(severalRuntimes ? ["runtime"] : []), `ours, ${unit}`];
  head.push(...extras.map(({ title }) => title), ...versions);
  const lines = rows.map((row) => [
    row.case,
    ...(severalRuntimes ? [row.runtime] : []),
    formatAmount(row.ours),
    ...extras.map(({ of }) => of(row) ?? "–"),
    ...peers.map((name) => (name in row.ratio ? times(row.ratio[name]) : "–")),
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Whether others took a part of the time. */
function processor(rows: readonly Row[]): string {
  const shares = rows.flatMap((row) => cpuShare(row) ?? []);
  if (shares.length === 0) return "";
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((s) => Math.round(100 * s));
  return ` Ours had the processor for ${least} to ${most} % of its time.`;
}
