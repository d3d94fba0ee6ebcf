const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const point = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;

/** A path through points; it is broken where one of them is not finite. */
export function pathOf(xs: ArrayLike<number>, ys: ArrayLike<number>): string {
  let [path, drawing] = ["", false];
  for (let i = 0; i < xs.length; i++) {
    const seen = Number.isFinite(xs[i]!) && Number.isFinite(ys[i]!);
    if (seen) path += `${drawing ? "L" : "M"}${point(xs[i]!, ys[i]!)}`;
    drawing = seen;
  }
  return path;
}
