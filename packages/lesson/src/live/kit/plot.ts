import { s } from "./svg.ts";

/** An axis: its ends in the order of the screen (left to right, bottom to top) and where it is marked. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly format?: (value: number) => string;
  readonly name?: string;
}

/** The inner part of a plot: where values lie, in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Height of the letters. */
  readonly em: number;
  x(value: number): number;
  y(value: number): number;
}

export interface Drawing {
  readonly x: Axis;
  readonly y: Axis;
  marks(area: Area): readonly SVGElement[];
}

export interface PlotOptions {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly className?: string;
  /** Width over height; default 1.6. */
  readonly aspect?: number;
  /** Least height in letters; default 13. */
  readonly least?: number;
}

/** A plot in SVG, as wide as its place. Its colors are the style sheet's. */
export function plot({ label, className = "", aspect = 1.6, least = 13 }: PlotOptions) {
  const element = s("svg", {
    class: `live-plot ${className}`,
    style: `aspect-ratio: ${aspect}; min-height: ${least}em`,
    role: "img",
    "aria-label": label,
  });
  let drawing: Drawing | undefined;
  let size = { width: 0, height: 0, em: 0 };
  let area: Area | undefined;
  const render = () => {
    if (drawing === undefined || size.width === 0) return;
    area = areaOf(drawing, size);
    element.replaceChildren(...axes(drawing, area), ...drawing.marks(area));
  };
  new ResizeObserver(() => {
    const { width, height } = element.getBoundingClientRect();
    size = { width, height, em: Number.parseFloat(getComputedStyle(element).fontSize) };
    render();
  }).observe(element);
  return {
    element,
    draw(next: Drawing): void {
      drawing = next;
      render();
    },
    /** The value of x under a place of the screen, within the axis. */
    valueAt(clientX: number): number {
      if (drawing === undefined || area === undefined) return 0;
      const { from, to } = drawing.x;
      const at = clientX - element.getBoundingClientRect().left;
      const share = (at - area.left) / (area.right - area.left);
      return from + (to - from) * Math.min(1, Math.max(0, share));
    },
  };
}

export type Plot = ReturnType<typeof plot>;

const plain = (value: number) => String(value).replace("-", "−");
const labels = ({ ticks, format = plain }: Axis) => ticks.map(format);

function areaOf({ x, y }: Drawing, size: { width: number; height: number; em: number }): Area {
  const { width, height, em } = size;
  const longest = Math.max(0, ...labels(y).map((text) => text.length));
  const [left, right] = [longest * 0.62 * em + 8, width - 0.9 * em];
  const [top, bottom] = [
    (y.name === undefined ? 0.6 : 1.7) * em,
    height - (x.name === undefined ? 1.7 : 3) * em,
  ];
  const along = (axis: Axis, start: number, end: number) => (value: number) =>
    start + ((value - axis.from) / (axis.to - axis.from)) * (end - start);
  return { left, right, top, bottom, em, x: along(x, left, right), y: along(y, bottom, top) };
}

function axes({ x, y }: Drawing, area: Area): SVGElement[] {
  const { left, right, top, bottom, em } = area;
  const across = y.ticks.map((value) => {
    const at = area.y(value);
    const kind = value === 0 ? "zero" : "grid";
    return s("line", { class: kind, x1: left, x2: right, y1: at, y2: at });
  });
  const zero =
    x.from < 0 && x.to > 0
      ? [s("line", { class: "zero", x1: area.x(0), x2: area.x(0), y1: top, y2: bottom })]
      : [];
  const down = labels(y).map((text, i) =>
    s("text", { x: left - 6, y: area.y(y.ticks[i]!) + 0.33 * em, "text-anchor": "end" }, text),
  );
  const along = labels(x).map((text, i) =>
    s("text", { x: area.x(x.ticks[i]!), y: bottom + 1.2 * em, "text-anchor": "middle" }, text),
  );
  const names = [
    ...(x.name === undefined
      ? []
      : [s("text", { x: right, y: bottom + 2.5 * em, "text-anchor": "end" }, x.name)]),
    ...(y.name === undefined ? [] : [s("text", { x: 2, y: 0.9 * em }, y.name)]),
  ];
  return [...across, ...zero, ...down, ...along, ...names];
}

/** About so many round numbers between two. */
export function ticks(from: number, to: number, about = 5): number[] {
  let step = 1e-9;
  for (let i = 0; (to - from) / step > about; i++) step *= i % 3 === 1 ? 2.5 : 2;
  const first = Math.ceil(from / step - 1e-6);
  const last = Math.floor(to / step + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(6)),
  );
}

/** Whole powers of ten between two, about so many: for an axis of logarithms. */
export function decades(from: number, to: number, about = 5): Pick<Axis, "ticks" | "format"> {
  const every = Math.max(1, Math.ceil((to - from) / about));
  const first = Math.ceil(from / every) * every;
  const count = Math.floor((to - first) / every) + 1;
  return {
    ticks: Array.from({ length: count }, (_, i) => first + i * every),
    format: (power) => `10${superscript(power)}`,
  };
}

const HIGH = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((c, i) => [i, c])) } as Record<
  string,
  string
>;

/** A number as an exponent. */
export const superscript = (value: number): string =>
  Array.from(String(value), (c) => HIGH[c] ?? c).join("");

/** Three digits that matter: 0.105, 12.4, 1.6·10⁻¹⁰. */
export function figures(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return plain(value).replace("Infinity", "∞");
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return plain(Number(value.toPrecision(3)));
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${plain(Number(mantissa))}·10${superscript(Number(exponent))}`;
}
