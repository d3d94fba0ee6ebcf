import type { Area, Axis, Drawing } from "./plot.ts";
import { pathOf, s } from "./svg.ts";

/** A line over the steps; its class gives its color. */
export interface Line {
  readonly kind: "one" | "two";
  readonly values: readonly number[];
}

/** Lines over the steps of training, each with its last point marked. */
export function lines(x: Axis, y: Axis, steps: readonly number[], drawn: readonly Line[]): Drawing {
  return {
    x,
    y,
    marks: (area) =>
      drawn.flatMap(({ kind, values }) => [
        s("path", { class: `line ${kind}`, d: pathOf(steps.map(area.x), values.map(area.y)) }),
        ...end(area, kind, steps.at(-1), values.at(-1)),
      ]),
  };
}

function end(area: Area, kind: string, x: number | undefined, y: number | undefined) {
  if (x === undefined || y === undefined || !Number.isFinite(y)) return [];
  return [s("circle", { class: `end ${kind}`, cx: area.x(x), cy: area.y(y), r: 0.3 * area.em })];
}
