import type { Chart } from "../../experiment.ts";
import { colorOf, markOf } from "./palette.ts";
import { linear, logarithmic, type Scale, tickText } from "./scale.ts";
import type { Series } from "./series.ts";
import { label, line, s, textWidth } from "./svg.ts";

/** What a chart is drawn with. */
export interface Canvas {
  readonly width: number;
  /** Pixels of the page's text. */
  readonly em: number;
  /** A text of the experiments in the reader's language. */
  say(text: string): string;
}

/** The room between the axes. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Draw = (chart: Chart, series: readonly Series[], canvas: Canvas) => SVGSVGElement;

export const drawing = (width: number, height: number, ...children: readonly Node[]) =>
  s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, class: "plot", "aria-hidden": "true" },
    ...children,
  );

/** Marks and names of the series, in as many lines as they take; how high they are. */
export function legend(series: readonly Series[], { width, em, say }: Canvas) {
  const group = s("g");
  if (series.length < 2) return { group, height: em * 0.3 };
  const [size, gap] = [em * 0.8, em * 1.2];
  let [x, y] = [0, size];
  series.forEach(({ name }, index) => {
    const text = say(name);
    const room = size * 1.2 + textWidth(text, size);
    if (x > 0 && x + room > width) [x, y] = [0, y + size * 1.6];
    const mark = s("path", {
      d: markOf(name, index, size * 0.38),
      transform: `translate(${x + size * 0.45} ${y - size * 0.33})`,
      style: `fill: ${colorOf(name, index)}`,
    });
    group.append(mark, label(text, x + size * 1.15, y, "start", "key"));
    x += room + gap;
  });
  return { group, height: y + size * 0.9 };
}

/** All numbers that the axis of values has to hold. */
export const valuesOf = (series: readonly Series[]): number[] =>
  series.flatMap(({ points }) =>
    points.flatMap(({ y, low, high }) => [y, ...(low === undefined ? [] : [low, high!])]),
  );

/** The axis of values over so many pixels; bars grow from 0. */
export function valueScale(
  chart: Chart,
  series: readonly Series[],
  pixels: readonly [number, number],
  fromZero: boolean,
  count = 5,
): Scale {
  const values = valuesOf(series);
  if (chart.scale === "log") return logarithmic(values, pixels, count);
  const [least, most] = chart.domain ?? [Math.min(...values), Math.max(...values)];
  const pad = chart.domain ? 0 : (most - least) * 0.06 || 0.1;
  const low = fromZero ? Math.min(0, least) : least - pad;
  return linear([low, most + pad], pixels, count);
}

/** Horizontal lines with their values, left of the box. */
export function leftAxis(scale: Scale, chart: Chart, { left, right }: Box, em: number): Node[] {
  return scale.ticks.flatMap((tick) => {
    const y = scale.at(tick);
    return [
      line(left, y, right, y, "grid"),
      label(tickText(tick, chart.scale), left - em * 0.4, y + em * 0.25, "end"),
    ];
  });
}

/** Room for the axis on the left. */
export const leftRoom = (scale: Scale, chart: Chart, em: number): number =>
  Math.max(...scale.ticks.map((tick) => textWidth(tickText(tick, chart.scale), em * 0.75))) +
  em * 0.7;

/** A value for those who point at it. */
export const exact = (value: number, chart: Chart): string =>
  chart.scale === "share" ? `${(value * 100).toFixed(1)} %` : String(Number(value.toPrecision(3)));
