import * as Plot from "@observablehq/plot";
import type { Row, SizeRow, TimeRow } from "../types.ts";
import { activationCosts } from "./activation-chart.ts";
import { COLORS, OURS } from "./colors.ts";
import { type Chart, legend, type Panel, plot, toSvg } from "./svg.ts";

interface Point {
  readonly case: string;
  readonly library: string;
  readonly value: number;
}

const isTime = (row: Row): row is TimeRow => "medianMs" in row.ours;
const isSize = (row: Row): row is SizeRow => "bytes" in row.ours;

/** A dot for each library in each case, the cases from top to bottom. */
function dots(points: readonly Point[], x: Plot.ScaleOptions, ruleAt?: number): Element {
  const cases = [...new Set(points.map((point) => point.case))];
  return plot({
    width: 760,
    height: 60 + 21 * cases.length,
    ...{ marginLeft: 200, marginRight: 30, marginTop: 30 },
    x: { grid: true, ...x },
    y: { domain: cases, label: null },
    marks: [
      ...(ruleAt === undefined ? [] : [Plot.ruleX([ruleAt], { stroke: "currentColor" })]),
      Plot.dot(points, {
        ...{ x: "value", y: "case", r: 5 },
        fill: (point: Point) => COLORS[point.library],
        fillOpacity: 0.9,
      }),
    ],
  });
}

const legendOf = (points: readonly Point[]): Element =>
  legend(Object.entries(COLORS).filter(([name]) => points.some(({ library }) => library === name)));

/** How many times our time each library needs. */
function ratios(file: string, label: string, rows: readonly TimeRow[]): Chart {
  const points = rows.flatMap((row) => [
    { case: row.case, library: OURS, value: 1 },
    ...Object.entries(row.ratio).map(([library, value]) => ({ case: row.case, library, value })),
  ]);
  const x: Plot.ScaleOptions = { type: "log", label: "times our time →", tickFormat: "~g" };
  const panels = [[{ title: label, plot: legendOf(points) }], [{ plot: dots(points, x, 1) }]];
  return { file, label, svg: toSvg(label, panels) };
}

/** Rates in units of the ceiling. */
function shares(rows: readonly TimeRow[]): Chart {
  const label = "Matrix products: share of the ceiling of 128-bit SIMD";
  const points = rows.flatMap(({ case: name, ceilingShare = 0, ratio }) => [
    ...Object.entries(ratio).map(([library, value]) => {
      return { case: name, library, value: (100 * ceilingShare) / value };
    }),
    { case: name, library: OURS, value: 100 * ceilingShare },
  ]);
  const x: Plot.ScaleOptions = {
    label: "% of the ceiling →",
    domain: [0, Math.max(110, ...points.map(({ value }) => value))],
  };
  const panels = [[{ title: label, plot: legendOf(points) }], [{ plot: dots(points, x, 100) }]];
  return { file: "bench-gemm.svg", label, svg: toSvg(label, panels) };
}

/** Three digits, without an exponent. */
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** What a page downloads, and how long its first prediction takes. */
function start(rows: readonly Row[]): Chart {
  const label = "Until the first prediction";
  const all = (row: Row, amount: (row: Row["ours"]) => number) => [
    { case: OURS, library: OURS, value: amount(row.ours) },
    ...Object.entries(row.peers).map(([library, peer]) => ({
      case: library,
      library,
      value: amount(peer),
    })),
  ];
  const bars = (points: readonly Point[], text: (value: number) => string, x: string) =>
    plot({
      ...{ width: 460, height: 50 + 24 * points.length, marginLeft: 120, marginRight: 60 },
      x: { type: "log", grid: true, label: x, tickFormat: "~s" },
      y: { label: null, domain: [...points].sort((a, b) => a.value - b.value).map((p) => p.case) },
      marks: [
        Plot.ruleY(points, {
          ...{ y: "case", x1: Math.min(...points.map(({ value }) => value)) / 2, x2: "value" },
          ...{ stroke: (point: Point) => COLORS[point.library], strokeWidth: 10 },
        }),
        Plot.text(points, {
          x: "value",
          y: "case",
          text: (p: Point) => text(p.value),
          dx: 6,
          textAnchor: "start",
        }),
      ],
    });
  const panels = rows.flatMap((row): Panel[] => {
    if (isSize(row) && row.case === "sequential+dense/gzip") {
      const points = all(row, (amount) => ("bytes" in amount ? amount.bytes / 1000 : 0));
      return [
        {
          title: "Download of a small program, wasm included",
          plot: bars(points, digits, "KB after gzip →"),
        },
      ];
    }
    if (!isTime(row) || row.suite !== "init") return [];
    const points = all(row, (amount) => ("medianMs" in amount ? amount.medianMs : 0));
    return [
      {
        title: "From import to prediction, fresh process",
        plot: bars(points, digits, "ms →"),
      },
    ];
  });
  return { file: "bench-start.svg", label, svg: toSvg(label, [panels]) };
}

/** All charts that the rows have the numbers for. */
export function charts(rows: readonly Row[]): Chart[] {
  const of = (...suites: string[]) =>
    rows.filter(isTime).filter(({ suite }) => suites.includes(suite));
  const made: Chart[] = [];
  const training = of("train", "playground");
  if (training.length > 0)
    made.push(ratios("bench-train.svg", "Training steps: how many times our time", training));
  const predict = of("predict");
  if (predict.length > 0)
    made.push(ratios("bench-predict.svg", "Predictions: how many times our time", predict));
  const gemm = of("gemm");
  if (gemm.length > 0) made.push(shares(gemm));
  if (of("activations").length > 0) made.push(activationCosts(rows));
  if (of("init").length > 0) made.push(start(rows));
  return made;
}
