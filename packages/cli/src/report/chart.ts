import type { Response } from "../explain.ts";
import { short } from "../terminal/results.ts";
import { type Html, html } from "./html.ts";

/** A line of a chart, one value for each epoch. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

const WIDTH = 460;
const HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 28;
const TOP = 10;
const TICKS = 6;
const inner = { width: WIDTH - LEFT - 12, height: HEIGHT - TOP - BOTTOM };

interface Range {
  readonly least: number;
  readonly most: number;
}

function rangeOf(...series: readonly ArrayLike<number>[]): Range {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of series) {
    for (let i = 0; i < values.length; i++) {
      least = Math.min(least, values[i]!);
      most = Math.max(most, values[i]!);
    }
  }
  return most > least ? { least, most } : { least: least - 1, most: most + 1 };
}

const across = ({ least, most }: Range, v: number) =>
  LEFT + ((v - least) / (most - least)) * inner.width;
const up = ({ least, most }: Range, v: number) =>
  TOP + (1 - (v - least) / (most - least)) * inner.height;

/** Round values across a range: multiples of 1, 2 or 5 times a power of ten, at most TICKS + 1. */
export function roundTicks({ least, most }: Range): number[] {
  const gap = (most - least) / TICKS;
  const power = Number(`1e${gap.toExponential().split("e")[1]}`);
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= gap)!;
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Axes with values beside them, and what is drawn between them. */
function frame(title: string, x: Range, y: Range, xName: string, body: readonly Html[]): Html {
  const rows = roundTicks(y).map((value) => {
    const at = up(y, value).toFixed(1);
    return html`<path class="grid" d="M${LEFT} ${at}H${WIDTH - 12}"/><text x="${LEFT - 6}" y="${at}" dy=".32em" text-anchor="end">${value}</text>`;
  });
  const ends = [x.least, x.most].map(
    (value, i) =>
      html`<text x="${across(x, value)}" y="${HEIGHT - 10}" text-anchor="${i === 0 ? "start" : "end"}">${short(value)}</text>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${rows}${ends}<text x="${LEFT + inner.width / 2}" y="${HEIGHT - 10}" text-anchor="middle">${xName}</text>${body}</svg>`;
}

/** Lines over the epochs, with their names. */
export function lineChart(title: string, lines: readonly Line[]): Html {
  const shown = lines.filter(({ values }) => values.length > 0);
  const y = rangeOf(...shown.map(({ values }) => values));
  const x = { least: 1, most: Math.max(2, ...shown.map(({ values }) => values.length)) };
  const paths = shown.map(({ values }, i) => {
    const points = values.map((v, e) => `${across(x, e + 1).toFixed(1)} ${up(y, v).toFixed(1)}`);
    // A path of one point is drawn as a dot by its round cap.
    return html`<path class="line c${i}" d="M${points.join("L")}${points.length === 1 ? "h0" : ""}"/>`;
  });
  const names = shown.map(
    ({ name, values }, i) =>
      html`<span class="key c${i}">${name} <b>${values.at(-1)!.toFixed(4)}</b></span> `,
  );
  return html`<figure><figcaption>${title}: ${names}</figcaption>${frame(title, x, y, "epoch", paths)}</figure>`;
}

/** Bars below each other, the longest for the largest value. */
export function barsChart(
  title: string,
  bars: readonly { readonly name: string; readonly value: number }[],
): Html {
  const most = Math.max(...bars.map(({ value }) => value), 1e-9);
  const rows = bars.map(({ name, value }) => {
    const width = ((Math.max(0, value) / most) * 100).toFixed(1);
    return html`<tr><th scope="row">${name}</th><td>${value.toFixed(3)}</td><td class="share"><span style="--width:${width}%"></span></td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="bars"><tbody>${rows}</tbody></table></div>`;
}

/** As long as there is room for between the ends of an axis. */
const LONGEST = 36;
const cut = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;

/** Mean answers over the values of a column: lines over numbers, points over texts. */
export function responseChart(name: string, { at, lines }: Response): Html {
  const numeric = at.every((value) => typeof value === "number");
  const places = at.map((value, i) => (numeric ? Number(value) : i));
  const x = rangeOf(places);
  const y = rangeOf(...lines.map(({ values }) => values));
  const paths = lines.map(({ values }, i) => {
    const points = values.map(
      (value, j) => `${across(x, places[j]!).toFixed(1)} ${up(y, value).toFixed(1)}`,
    );
    return html`<path class="line ${numeric ? "" : "points "}c${i}" d="M${points.join(numeric ? "L" : "h0M")}h0"/>`;
  });
  const keys = lines.map((line, i) => html`<span class="key c${i}">${line.name}</span> `);
  const title = `Mean answer over ${name}`;
  const below = cut(numeric ? name : at.join(", "));
  return html`<figure><figcaption>${name}: ${keys}</figcaption>${frame(title, x, y, below, paths)}</figure>`;
}

/** More dots than these hide each other. */
const MOST_DOTS = 2000;

/** Predicted over true values; where they agree is the diagonal. */
export function scatterChart(
  title: string,
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Html {
  const range = rangeOf(truth, predicted);
  const { least, most } = range;
  const line = html`<path class="grid" d="M${across(range, least)} ${up(range, least)}L${across(range, most)} ${up(range, most)}"/>`;
  const every = Math.ceil(truth.length / MOST_DOTS);
  const dots = Array.from({ length: Math.ceil(truth.length / every) }, (_, i) => {
    const row = i * every;
    const cx = across(range, truth[row]!).toFixed(1);
    const cy = up(range, predicted[row]!).toFixed(1);
    return html`<circle class="dot" cx="${cx}" cy="${cy}" r="2.5"/>`;
  });
  return html`<figure><figcaption>${title}: ${dots.length} of ${truth.length} rows</figcaption>${frame(title, range, range, "true", [line, ...dots])}</figure>`;
}
