type Props<E extends HTMLElement> = Partial<Omit<E, "style" | "dataset" | "children">> & {
  readonly attrs?: Readonly<Record<string, string>>;
  /** Event listeners by the event's name. */
  readonly on?: {
    readonly [name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[name]) => void;
  };
};

/** An HTML element with properties, attributes, listeners and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const { attrs = {}, on = {}, ...properties } = props;
  const element = document.createElement(tag);
  Object.assign(element, properties);
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, value);
  for (const [name, listener] of Object.entries(on)) {
    element.addEventListener(name, listener as EventListener);
  }
  element.append(...children);
  return element;
}

/** A part of the page with a heading. */
export function card(title: string, className: string, ...children: readonly (Node | string)[]) {
  return h("section", { className: `card ${className}` }, h("h2", {}, title), ...children);
}

/** A picture: a canvas of so many pixels with a name for those who cannot see it. */
export function picture(width: number, height: number, label: string, className = "") {
  return h("canvas", { width, height, className, attrs: { role: "img", "aria-label": label } });
}

/** Changes a text only where it differs, which saves layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const SVG = "http://www.w3.org/2000/svg";

/** A small drawing beside a text: a path on a square of 16 units. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 16 16",
    class: "icon",
    "aria-hidden": "true",
  })) {
    svg.setAttribute(name, value);
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/** Lets the page breathe: resolves in a later task. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
