import * as Plot from "@observablehq/plot";
import type { Row } from "../types.ts";
import { type Chart, legend, type Panel, plot, toSvg } from "./svg.ts";

const ELEMENTS = 256 * 1024;
const COLORS = { ours: "#e8590c", naive: "#868e96", other: "#1c7ed6" };

interface Mark {
  readonly activation: string;
  readonly value: number;
  readonly color: string;
  /** Drawn as a circle. */
  readonly backward: boolean;
}

/** What each activation costs alone, by a loop that calls Math.exp, and in a layer; what it is worth. */
export function activationCosts(rows: readonly Row[]): Chart {
  const alone = aloneOf(rows);
  const layer = layerOf(rows);
  const worth = rows.flatMap((row) =>
    row.suite === "equal-time" && "accuracy" in row.ours
      ? [mark(row.case, 100 * row.ours.accuracy)]
      : [],
  );
  const naive = alone.filter(({ color, backward }) => color === COLORS.naive && !backward);
  const names = naive.sort((a, b) => a.value - b.value).map(({ activation }) => activation);
  const log: Plot.ScaleOptions = {
    type: "log",
    label: "ns →",
    ticks: [0.1, 1, 10, 100],
    tickFormat: "~g",
  };
  const panels: Panel[] = [
    { title: "Alone, ns per element", plot: column(names, alone, log, true) },
    { title: "In a layer, times relu's", plot: column(names, layer, { label: "times →" }) },
    { title: "Accuracy, equal time", plot: column(names, worth, { label: "% →" }) },
  ];
  const label = "What an activation costs, and what it is worth";
  const key = legend([
    ["ferrograd: dot forward, circle backward", COLORS.ours],
    ["a loop that calls Math.exp, Math.tanh and their like", COLORS.naive],
  ]);
  return {
    file: "bench-activations.svg",
    label,
    svg: toSvg(label, [[{ title: label, plot: key }], panels]),
  };
}

const mark = (activation: string, value: number, color = COLORS.other, backward = false): Mark => {
  return { activation, value, color, backward };
};

/** Nanoseconds per element, of ours and of the loop. */
function aloneOf(rows: readonly Row[]): Mark[] {
  return rows.flatMap((row) => {
    if (row.suite !== "activations") return [];
    const [activation, direction] = row.case.split("/");
    const all = [
      [row.peers["plain-ts"], COLORS.naive],
      [row.ours, COLORS.ours],
    ] as const;
    return all.flatMap(([amount, color]) => {
      if (amount === undefined || !("medianMs" in amount)) return [];
      const ns = (1e6 * amount.medianMs) / ELEMENTS;
      return [mark(activation, ns, color, direction === "backward")];
    });
  });
}

/** Forward and backward of a dense layer, in units of the same with relu. */
function layerOf(rows: readonly Row[]): Mark[] {
  const times = rows.flatMap((row) => {
    if (row.suite !== "dense" || !("medianMs" in row.ours)) return [];
    return [mark(row.case.slice(row.case.lastIndexOf("/") + 1), row.ours.medianMs)];
  });
  const relu = times.find(({ activation }) => activation === "relu")?.value ?? Number.NaN;
  return times.map((time) => ({ ...time, value: time.value / relu }));
}

/** One panel; the first has the names beside it. */
function column(
  names: readonly string[],
  marks: readonly Mark[],
  x: Plot.ScaleOptions,
  named = false,
) {
  return plot({
    ...{ width: named ? 400 : 220, height: 60 + 19 * names.length },
    ...{ marginLeft: named ? 110 : 16, marginRight: 16, marginTop: 30 },
    x: { grid: true, nice: true, ...x },
    y: { domain: [...names], label: null, axis: named ? "left" : null },
    marks: [
      Plot.ruleY(names, { stroke: "currentColor", strokeOpacity: 0.12 }),
      Plot.dot(
        marks.filter(({ activation }) => names.includes(activation)),
        {
          ...{ x: "value", y: "activation", r: 4.5, strokeWidth: 1.6 },
          stroke: "color",
          fill: (item: Mark) => (item.backward ? "none" : item.color),
        },
      ),
    ],
  });
}
