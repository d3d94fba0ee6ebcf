/** The runtimes beside each other. */
import * as Plot from "@observablehq/plot";
import type { Row, Suite, TimeRow } from "../types.ts";
import { COLORS, OURS } from "./colors.ts";
import type { Run } from "./data.ts";
import { type Chart, legend, plot, toSvg } from "./svg.ts";

const ORDER = ["node20", "node22", "node24", "node26", "deno", "bun", "chromium", "firefox"];
const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** Those that were timed, in one order. */
export function timedRuntimes(runs: readonly Run[]): string[] {
  const names = new Set(runs.map(({ runtime }) => runtime).filter((name) => name !== "any"));
  return [...names].sort((a, b) => place(a) - place(b));
}

const cases = (runs: readonly Run[], name: string) =>
  runs.filter(({ runtime }) => runtime === name).flatMap(({ rows }) => rows);

/** The runtime that has the most cases. */
export function wholeOf(runs: readonly Run[]): string {
  const count = (name: string) => cases(runs, name).length;
  return timedRuntimes(runs).reduce((most, name) => (count(name) > count(most) ? name : most));
}

/** Its rows, and the sizes. */
export const wholeRows = (runs: readonly Run[]): Row[] => [
  ...cases(runs, "any"),
  ...cases(runs, wholeOf(runs)),
];

export interface Comparable {
  readonly title: string;
  readonly rows: ReadonlyMap<string, TimeRow>;
}

/** The cases that several runtimes have, in the order of the suites. */
export function comparable(runs: readonly Run[], suites: readonly Suite[]): Comparable[] {
  const names = timedRuntimes(runs);
  return suites.flatMap((suite) =>
    (suite.everywhere ?? []).flatMap((name) => {
      const found = names.flatMap((runtime) => {
        const row = cases(runs, runtime).find(
          (row) => row.suite === suite.name && row.case === name,
        );
        return row === undefined ? [] : [[runtime, row as TimeRow] as const];
      });
      return found.length < 2 ? [] : [{ title: `${suite.name} ${name}`, rows: new Map(found) }];
    }),
  );
}

const OURS_FILE = "bench-runtimes.svg";
const PEERS_FILE = "bench-runtimes-peers.svg";
export const RUNTIME_CHARTS: readonly string[] = [OURS_FILE, PEERS_FILE];

/** What the second chart shows of all cases. */
const SHOWN = [
  ...["gemm NN/512x512x512", "activations tanh/forward/256k", "train 784-128-10/b32/sgd"],
  ...["train 2-8-2/b16/sgd", "predict 784-128-10/b32"],
];

/** Hues of a family for the Nodes; they read on white and on near-black. */
const RUNTIME_COLORS = [
  "#b2d235",
  "#74b816",
  "#2f9e44",
  "#0f766e",
  "#868e96",
  "#d9a400",
  "#1c7ed6",
];
const LAST_COLOR = "#e8590c";

export function runtimeCharts(runs: readonly Run[], suites: readonly Suite[]): Chart[] {
  const all = comparable(runs, suites);
  if (all.length === 0) return [];
  const beside = SHOWN.flatMap((title) => all.find((item) => item.title === title) ?? []);
  return [
    oursIn(timedRuntimes(runs), all, wholeOf(runs)),
    ...(beside.length > 0 ? [peersIn(beside)] : []),
  ];
}

/** Our time in each runtime, in units of that in the one that has all cases. */
function oursIn(names: readonly string[], all: readonly Comparable[], unit: string): Chart {
  const label = `ferrograd in each runtime: times the time in ${unit}`;
  const color = (name: string) => RUNTIME_COLORS[names.indexOf(name)] ?? LAST_COLOR;
  const points = all.flatMap(({ title, rows }) => {
    const one = rows.get(unit)?.ours.medianMs;
    if (one === undefined) return [];
    return [...rows].map(([name, row]) => ({ title, name, value: row.ours.medianMs / one }));
  });
  const titles = [...new Set(points.map(({ title }) => title))];
  const dots = plot({
    ...{ width: 760, height: 60 + 21 * titles.length },
    ...{ marginLeft: 220, marginRight: 30, marginTop: 30 },
    x: { type: "log", grid: true, label: `times the time in ${unit} →`, tickFormat: "~g" },
    y: { domain: titles, label: null },
    marks: [
      Plot.ruleX([1], { stroke: "currentColor" }),
      Plot.dot(points, {
        ...{ x: "value", y: "title", r: 5, fillOpacity: 0.9 },
        fill: ({ name }: { name: string }) => color(name),
      }),
    ],
  });
  const key = legend(names.map((name) => [name, color(name)]));
  return {
    file: OURS_FILE,
    label,
    svg: toSvg(label, [[{ title: label, plot: key }], [{ plot: dots }]]),
  };
}

/** Those beside us in each runtime, for some cases. */
function peersIn(all: readonly Comparable[]): Chart {
  const label = "Each runtime: how many times our time there";
  const pointsOf = ({ rows }: Comparable) =>
    [...rows].flatMap(([name, row]) => [
      { name, library: OURS, value: 1 },
      ...Object.entries(row.ratio).map(([library, value]) => ({ name, library, value })),
    ]);
  const libraries = new Set(all.flatMap(pointsOf).map(({ library }) => library));
  const panels = all.map((item) => {
    const names = [...item.rows.keys()];
    const dots = plot({
      ...{ width: 760, height: 50 + 19 * names.length },
      ...{ marginLeft: 90, marginRight: 30, marginTop: 24 },
      x: { type: "log", grid: true, label: "times our time →", tickFormat: "~g" },
      y: { domain: names, label: null },
      marks: [
        Plot.ruleX([1], { stroke: "currentColor" }),
        Plot.dot(pointsOf(item), {
          ...{ x: "value", y: "name", r: 4.5, fillOpacity: 0.9 },
          fill: ({ library }: { library: string }) => COLORS[library],
        }),
      ],
    });
    return [{ title: item.title, plot: dots }];
  });
  const key = legend(Object.entries(COLORS).filter(([name]) => libraries.has(name)));
  return { file: PEERS_FILE, label, svg: toSvg(label, [[{ title: label, plot: key }], ...panels]) };
}
