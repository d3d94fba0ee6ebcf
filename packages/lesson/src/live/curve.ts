import { h, setText } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import type { ActivationName } from "ferrograd";
import { type CurveFrame, POINTS, REACH, type State } from "./frames/curve.ts";
import { choice, row, slider } from "./kit/controls.ts";
import { legend } from "./kit/legend.ts";
import { numbers, readings } from "./kit/numbers.ts";
import { failing, latest } from "./kit/pace.ts";
import { type Area, type Drawing, decades, figures, type Plot, plot, ticks } from "./kit/plot.ts";
import { pathOf, s } from "./kit/svg.ts";
import type { LiveContext, LivePart } from "./part.ts";

/** Values above this leave the picture. */
const LIMIT = 8;
const MOST_LAYERS = 20;
/** Powers of ten that the bars of what is left cover. */
const LEFT = { from: -12, to: 3 };

/** Every second point of the grid is a place of the slider. */
const PLACES = Array.from({ length: (POINTS + 1) / 2 }, (_, i) => 2 * i);
const DEPTHS = Array.from({ length: MOST_LAYERS }, (_, i) => i + 1);

export const curvePart: LivePart = {
  id: "curve",
  section: "b",
  mount(root, context) {
    const { texts } = context;
    const t = texts.curve;
    let name: ActivationName = "sigmoid";
    let [at, depth] = [(POINTS - 1) / 2 + 80, 10];
    let frame: CurveFrame | undefined;
    const view = pictures(context);
    const draw = () => frame && view.draw(frame, { name, at, depth });
    const load = latest(
      failing(root, texts, async (wish: ActivationName) => {
        for await (const next of context.run("curve", { name: wish })) frame = next;
        draw();
      }),
    );
    const place = slider({
      name: t.x,
      values: PLACES,
      value: at,
      format: (i) => figures(xOf(i)),
      change: (i) => {
        at = i;
        draw();
      },
    });
    const layers = slider({
      name: t.through,
      values: DEPTHS,
      value: depth,
      format: t.layers,
      change: (n) => {
        depth = n;
        draw();
      },
    });
    const names = choice(texts.activation, ACTIVATION_NAMES, name, (wanted) => {
      name = wanted;
      load(name);
    });
    view.onDrag((x) => place.set(2 * Math.round((x + REACH) * ((POINTS - 1) / (4 * REACH)))));
    root.append(h("p", { className: "hint" }, t.hint), row(names, place.element, layers.element));
    root.append(...view.elements);
    load(name);
  },
};

const xOf = (i: number): number => Number((-REACH + (2 * REACH * i) / (POINTS - 1)).toFixed(3));

interface Chosen {
  readonly name: ActivationName;
  /** Position on the grid. */
  readonly at: number;
  readonly depth: number;
}

/** The two curves, what is left of a gradient, and all of it in numbers. */
function pictures({ texts }: LiveContext) {
  const t = texts.curve;
  const f = plot({ label: t.f, className: "value" });
  const df = plot({ label: t.slope, className: "slope" });
  const left = plot({ label: t.leftLabel, className: "left", aspect: 1.6 });
  const read = readings([t.f, t.slope, t.state, t.mean, t.positive]);
  const table = numbers(t.table, ["x", t.f, t.slope, t.state]);
  const after = h("figcaption");
  const show = (frame: CurveFrame, { name, at, depth }: Chosen) => {
    const label = (what: string) => t.plotLabel(what, name);
    f.element.setAttribute("aria-label", label(t.f));
    df.element.setAttribute("aria-label", label(t.slope));
    f.draw(drawing(frame, frame.y, at, []));
    df.draw(drawing(frame, frame.slope, at, [frame.threshold]));
    left.draw(bars(t, frame.log10Slope[at]!, depth));
    setText(after, `${t.left(depth)}: ${figures(product(frame.slope[at]!, depth))}`);
    const { mean, positive } = frame.outputs;
    read.show([
      figures(frame.y[at]!),
      figures(frame.slope[at]!),
      t.states[frame.states[at]!],
      figures(mean),
      percent(positive),
    ]);
    table.show(
      PLACES.filter((i) => i % 40 === 0).map((i) => [
        figures(xOf(i)),
        figures(frame.y[i]!),
        figures(frame.slope[i]!),
        t.states[frame.states[i]!],
      ]),
    );
  };
  return {
    elements: [
      h(
        "div",
        { className: "pictures three" },
        h("figure", {}, h("figcaption", {}, t.f), f.element),
        h("figure", {}, h("figcaption", {}, t.slope), df.element),
        h("figure", {}, after, left.element),
      ),
      legend([
        ["threshold", t.keyThreshold],
        ["saturated", t.keySaturated],
        ["off", t.keyOff],
      ]),
      read.element,
      h("p", { className: "hint" }, t.normal),
      table.element,
    ],
    draw: show,
    onDrag(move: (x: number) => void): void {
      for (const one of [f, df]) draggable(one, move);
    },
  };
}

function draggable(chart: Plot, move: (x: number) => void): void {
  chart.element.classList.add("draggable");
  chart.element.addEventListener("pointerdown", (event) => {
    chart.element.setPointerCapture(event.pointerId);
    move(chart.valueAt(event.clientX));
  });
  chart.element.addEventListener("pointermove", (event) => {
    if (event.buttons > 0) move(chart.valueAt(event.clientX));
  });
}

const product = (factor: number, times: number): number =>
  Array.from({ length: times }).reduce<number>((total) => total * factor, 1);

/** A curve with the flat parts behind it, lines across, and the point. */
function drawing(
  frame: CurveFrame,
  values: Float32Array,
  at: number,
  across: readonly number[],
): Drawing {
  const least = Math.max(-LIMIT, Math.min(0, ...values));
  const most = Math.min(LIMIT, Math.max(0, ...values));
  const room = 0.08 * (most - least);
  const [from, to] = [least - room, most + room];
  const inside = Array.from(values, (v) => (v >= from && v <= to ? v : Number.NaN));
  return {
    x: { from: -REACH, to: REACH, ticks: ticks(-REACH, REACH, 4), name: "x" },
    y: { from, to, ticks: ticks(from, to, 5) },
    marks: (area) => [
      ...regions(frame, area),
      ...across
        .filter((v) => v < to)
        .map((v) =>
          s("line", {
            class: "limit",
            x1: area.left,
            x2: area.right,
            y1: area.y(v),
            y2: area.y(v),
          }),
        ),
      s("path", { class: "curve", d: pathOf(frame.x.map(area.x), inside.map(area.y)) }),
      ...pointer(area, frame.x[at]!, values[at]!),
    ],
  };
}

/** Rectangles behind the stretches where the unit is saturated or off. */
function regions({ x, states }: CurveFrame, { x: across, top, bottom }: Area): SVGElement[] {
  const found: SVGElement[] = [];
  let begin = 0;
  for (let i = 1; i <= states.length; i++) {
    if (states[i] === states[begin]) continue;
    const state: State = states[begin]!;
    const [from, to] = [across(x[begin]!), across(x[Math.min(i, x.length - 1)]!)];
    if (state !== "open")
      found.push(
        s("rect", { class: state, x: from, y: top, width: to - from, height: bottom - top }),
      );
    begin = i;
  }
  return found;
}

function pointer(area: Area, x: number, y: number): SVGElement[] {
  const [cx, foot] = [area.x(x), area.bottom];
  const inside = y <= LIMIT && y >= -LIMIT;
  const stem = s("line", { class: "stem", x1: cx, x2: cx, y1: area.top, y2: foot });
  return inside
    ? [stem, s("circle", { class: "point", cx, cy: area.y(y), r: 0.5 * area.em })]
    : [stem];
}

/** What is left of a gradient of 1 after each layer, on an axis of powers of ten. */
function bars(t: LiveContext["texts"]["curve"], log10Slope: number, depth: number): Drawing {
  const { from, to } = LEFT;
  return {
    x: { from: 0.4, to: MOST_LAYERS + 0.6, ticks: [1, 5, 10, 15, 20], name: t.layerAxis },
    y: { from, to, ...decades(from, to, 5) },
    marks: ({ x, y }) =>
      DEPTHS.map((n) => {
        const power = Math.min(to, Math.max(from, n * log10Slope));
        const [start, end] = [y(Math.max(0, power)), y(Math.min(0, power))];
        return s("rect", {
          class: n <= depth ? "bar" : "bar later",
          x: x(n - 0.36),
          width: x(n + 0.36) - x(n - 0.36),
          y: start,
          height: Math.max(1.5, end - start),
        });
      }),
  };
}
