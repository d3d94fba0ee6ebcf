import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

const NAMESPACE = "http://www.w3.org/2000/svg";
const GAP = 24;
const TITLE = 20;

/** Colors that read on white and on near-black; text takes the page's scheme. */
const STYLE = `
  svg { color: #24292f; --plot-background: none; }
  @media (prefers-color-scheme: dark) { svg { color: #d1d7e0; } }
`;

export interface Chart {
  /** Its name in docs/images. */
  readonly file: string;
  readonly label: string;
  readonly svg: string;
}

/** A plot as an SVG element. */
export function plot(options: Plot.PlotOptions): Element {
  const base = { document: document as unknown as Document, style: { fontSize: "11px" } };
  return Plot.plot({ ...base, ...options }) as unknown as Element;
}

export interface Panel {
  readonly title?: string;
  readonly plot: Element;
}

/** Rows of panels, as the text of one SVG file. */
export function toSvg(label: string, rows: readonly (readonly Panel[])[]): string {
  let [width, height] = [0, 0];
  const parts: string[] = [];
  for (const row of rows) {
    let [x, bottom] = [0, height];
    for (const { title, plot } of row) {
      const [w, h] = ["width", "height"].map((name) => Number(plot.getAttribute(name)));
      const top = title === undefined ? 0 : TITLE;
      plot.setAttribute("x", String(x));
      plot.setAttribute("y", String(height + top));
      if (title !== undefined) parts.push(text(title, x + 8, height + 15));
      parts.push(plot.outerHTML);
      bottom = Math.max(bottom, height + top + h);
      x += w + GAP;
    }
    width = Math.max(width, x - GAP);
    height = bottom + GAP / 2;
  }
  return [
    `<svg xmlns="${NAMESPACE}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="system-ui, sans-serif" role="img" aria-label="${label}">`,
    `<style>${STYLE}</style>${parts.join("")}</svg>\n`,
  ].join("");
}

const text = (title: string, x: number, y: number): string =>
  `<text x="${x}" y="${y}" font-size="13" font-weight="600" fill="currentColor">${title}</text>`;

/** A line of names beside their colors. */
export function legend(entries: readonly (readonly [name: string, color: string])[]): Element {
  const plot = document.createElementNS(NAMESPACE, "svg") as unknown as Element;
  let x = 8;
  const items = entries.map(([name, color]) => {
    const item = [
      `<circle cx="${x + 5}" cy="8" r="5" fill="${color}"></circle>`,
      `<text x="${x + 15}" y="12" font-size="12" fill="currentColor">${name}</text>`,
    ].join("");
    x += 36 + 7 * name.length;
    return item;
  });
  plot.setAttribute("width", String(x));
  plot.setAttribute("height", "18");
  plot.innerHTML = items.join("");
  return plot;
}
