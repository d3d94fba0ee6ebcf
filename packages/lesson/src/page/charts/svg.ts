const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element with attributes and children. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A text, end or middle or start of it at x. */
export const label = (
  text: string,
  x: number,
  y: number,
  anchor: "start" | "middle" | "end" = "middle",
  className = "tick",
) => s("text", { x, y, "text-anchor": anchor, class: className }, text);

export const line = (x1: number, y1: number, x2: number, y2: number, className: string) =>
  s("line", { x1, y1, x2, y2, class: className });

/** Says a value when pointed at. */
export function hint<E extends SVGElement>(element: E, text: string): E {
  element.append(s("title", {}, text));
  return element;
}

const ruler = document.createElement("canvas").getContext("2d")!;

/** Width of a text in pixels. */
export function textWidth(text: string, size: number): number {
  ruler.font = `${size}px ${getComputedStyle(document.documentElement).fontFamily}`;
  return ruler.measureText(text).width;
}
