import { describe, expect, it } from "vitest";
import type { Chart, Table } from "../../packages/lesson/src/experiment.ts";
import { linear, logarithmic, tickText } from "../../packages/lesson/src/page/charts/scale.ts";
import { seriesOf } from "../../packages/lesson/src/page/charts/series.ts";
import { expectAllclose } from "../support/allclose.ts";

describe("scales of charts", () => {
  it.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-2, 3, [-2, -1, 0, 1, 2, 3]],
    [0.9, 1, [0.9, 0.92, 0.94, 0.96, 0.98, 1]],
    [130, 870, [200, 400, 600, 800]],
  ])("%f to %f has round ticks", (low, high, ticks) => {
    const scale = linear([low, high], [100, 0]);
    expectAllclose(scale.ticks, ticks, 1e-12);
    expectAllclose([low, (low + high) / 2, high].map(scale.at), [100, 50, 0], 1e-9);
  });

  it("values beyond the ends are drawn at the ends", () => {
    const scale = linear([-2, 3], [0, 500]);
    expect([-10, 22026].map(scale.at)).toEqual([0, 500]);
  });

  it("logarithms go from power of ten to power of ten, and what is not above 0 to the lower end", () => {
    const scale = logarithmic([0, 3e-3, 40], [0, 100]);
    expect(scale.ticks).toEqual([1e-3, 1e-2, 0.1, 1, 10, 100]);
    expectAllclose([0, -1, 1e-3, 1, 100].map(scale.at), [0, 0, 0, 60, 100], 1e-9);
  });

  it("ticks are percents, powers or plain numbers", () => {
    expect(tickText(0.4, "share")).toBe("40\u00a0%");
    expect([1e-7, 0.1, 10, 1e5].map((value) => tickText(value, "log"))).toEqual([
      "10⁻⁷",
      "0.1",
      "10",
      "10⁵",
    ]);
    expect(tickText(0.1 + 0.2, undefined)).toBe("0.3");
  });
});

describe("series of a chart", () => {
  const table: Table = {
    title: "",
    columns: ["data", "name", "median", "low", "high"],
    rows: [
      ["digits", "relu", 3, 2, 4],
      ["digits", "tanh", 5, 4, 6],
      ["wine", "relu", 7, 6, 9],
    ],
  };
  const chart = (part: Partial<Chart>): Chart => ({
    kind: "lines",
    title: "",
    x: "data",
    y: ["median"],
    ...part,
  });

  it("one per column", () => {
    const series = seriesOf(table, chart({ y: ["low", "high"] }));
    expect(series.map(({ name }) => name)).toEqual(["low", "high"]);
    expect(series[1]!.points).toEqual([
      { x: "digits", y: 4 },
      { x: "digits", y: 6 },
      { x: "wine", y: 9 },
    ]);
  });

  it("one per value of a column, with ranges", () => {
    const series = seriesOf(table, chart({ series: "name", range: ["low", "high"] }));
    expect(series).toEqual([
      {
        name: "relu",
        points: [
          { x: "digits", y: 3, low: 2, high: 4 },
          { x: "wine", y: 7, low: 6, high: 9 },
        ],
      },
      { name: "tanh", points: [{ x: "digits", y: 5, low: 4, high: 6 }] },
    ]);
  });

  it("one per row, counted across its columns; only the rows that are asked for", () => {
    const across = { across: true, series: "name", y: ["low", "median", "high"] };
    const series = seriesOf(table, chart({ ...across, where: ["data", "wine"] }));
    expect(series).toEqual([
      {
        name: "relu",
        points: [
          { x: 1, y: 6 },
          { x: 2, y: 7 },
          { x: 3, y: 9 },
        ],
      },
    ]);
  });

  it("costs are looked up by name", () => {
    const where = ["data", "digits"] as const;
    const series = seriesOf(table, chart({ kind: "scatter", x: "name", where }), {
      relu: 1.5,
      tanh: 2,
    });
    expect(series[0]!.points).toEqual([
      { name: "relu", x: 1.5, y: 3 },
      { name: "tanh", x: 2, y: 5 },
    ]);
  });
});
