import type { Chart, Table } from "../../experiment.ts";

type Cell = string | number;

export interface Point {
  readonly x: Cell;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  /** Its name, where points have one each. */
  readonly name?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** A chart's numbers as points; what a point of a scatter costs is looked up in the times. */
export function seriesOf(
  table: Table,
  chart: Chart,
  times: Readonly<Record<string, number>> = {},
): readonly Series[] {
  const at = (name: string) => table.columns.indexOf(name);
  const rows = table.rows.filter(
    (row) => chart.where === undefined || row[at(chart.where[0])] === chart.where[1],
  );
  const number = (row: readonly Cell[], column: string) => row[at(column)] as number;
  if (chart.across) {
    return rows.map((row) => ({
      name: String(row[at(chart.series!)]),
      points: chart.y.map((column, i) => ({ x: i + 1, y: number(row, column) })),
    }));
  }
  const along = (row: readonly Cell[]) => row[at(chart.x)]!;
  if (chart.kind === "scatter") {
    const points = rows.map((row) => {
      const name = String(along(row));
      return { name, x: times[name]!, y: number(row, chart.y[0]!) };
    });
    return [{ name: chart.y[0]!, points }];
  }
  const point = (row: readonly Cell[], y: string): Point => ({
    x: along(row),
    y: number(row, y),
    ...(chart.range && { low: number(row, chart.range[0]), high: number(row, chart.range[1]) }),
  });
  if (chart.series === undefined) {
    return chart.y.map((name) => ({ name, points: rows.map((row) => point(row, name)) }));
  }
  const names = unique(rows.map((row) => String(row[at(chart.series!)])));
  return names.map((name) => ({
    name,
    points: rows
      .filter((row) => String(row[at(chart.series!)]) === name)
      .map((row) => point(row, chart.y[0]!)),
  }));
}

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
