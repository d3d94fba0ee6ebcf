import { h } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { type PathFrame, STEPS, VIEW } from "./frames/paths.ts";
import { button, row, slider } from "./kit/controls.ts";
import { numbers, readings } from "./kit/numbers.ts";
import { failing, latest } from "./kit/pace.ts";
import { type Area, type Drawing, figures, plot, ticks } from "./kit/plot.ts";
import { pathOf, s } from "./kit/svg.ts";
import type { LiveContext, LivePart } from "./part.ts";

const BATCHES = [1, 2, 4, 8, 16, 32];
const RATES = [0.5, 1, 2, 4, 8, 16, 32];
/** A walk is drawn in at most so many pictures. */
const PICTURES = 90;
const SEED = 1;

type Frames = readonly [positive: PathFrame, centered: PathFrame];

export const pathsPart: LivePart = {
  id: "paths",
  section: "f",
  mount(root, context) {
    const { texts } = context;
    const t = texts.paths;
    let wish = { batchSize: 4, rate: 8, seed: SEED };
    const view = pictures(context);
    const load = latest(
      failing(root, texts, async (input: typeof wish) => {
        const found: PathFrame[] = [];
        for await (const frame of context.run("paths", input)) found.push(frame);
        if (found.length === 2) view.walk([found[0]!, found[1]!]);
      }),
    );
    const change = (part: Partial<typeof wish>) => {
      wish = { ...wish, ...part };
      load(wish);
    };
    const batch = slider({
      name: t.batchSize,
      values: BATCHES,
      value: wish.batchSize,
      format: t.rows,
      change: (batchSize) => change({ batchSize }),
    });
    const rate = slider({
      name: texts.learningRate,
      values: RATES,
      value: wish.rate,
      format: figures,
      change: (wanted) => change({ rate: wanted }),
    });
    const again = button("restart", t.replay, () => load(wish));
    root.append(
      h("p", { className: "hint" }, t.hint),
      row(batch.element, rate.element, again.element),
      ...view.elements,
    );
    load(wish);
  },
};

function pictures({ texts, nextFrame, reducedMotion, signal }: LiveContext) {
  const t = texts.paths;
  const maps = [t.positive, t.centered].map((inputs) => map(t, inputs));
  const table = numbers(t.table, [
    texts.step,
    t.first(t.positive),
    t.second(t.positive),
    t.first(t.centered),
    t.second(t.centered),
  ]);
  let walks = 0;
  return {
    elements: [
      h("div", { className: "pictures two" }, ...maps.map(({ element }) => element)),
      table.element,
    ],
    /** Draws both paths step by step, until another walk begins. */
    async walk(frames: Frames): Promise<void> {
      const mine = ++walks;
      maps.forEach(({ say }, i) => say(frames[i]!));
      table.show(rowsOf(frames));
      const longest = Math.max(...frames.map(({ weights }) => weights.length));
      const pace = reducedMotion ? longest : Math.ceil(longest / PICTURES);
      for (let seen = 1; seen < longest + pace && mine === walks && !signal.aborted; seen += pace) {
        maps.forEach(({ draw }, i) => draw(frames[i]!, reducedMotion ? longest : seen));
        await nextFrame();
      }
    },
  };
}

function rowsOf(frames: Frames): string[][] {
  const longest = Math.max(...frames.map(({ weights }) => weights.length));
  return Array.from({ length: longest }, (_, step) => [
    String(step),
    ...frames.flatMap(({ weights }) =>
      [0, 1].map((i) => (weights[step] ? figures(weights[step][i]!) : "")),
    ),
  ]);
}

/** One loss with its lines and the path over it. */
function map(t: LiveContext["texts"]["paths"], inputs: string) {
  const chart = plot({ label: inputs, className: "map", aspect: 1.15 });
  const read = readings([t.steps, t.equal]);
  return {
    element: h("figure", {}, h("figcaption", {}, h("b", {}, inputs)), chart.element, read.element),
    say({ reached, equalSigns }: PathFrame): void {
      const steps = reached === undefined ? t.notReached(STEPS) : String(reached);
      read.show([steps, percent(equalSigns)]);
      chart.element.setAttribute("aria-label", t.mapLabel(inputs, `${t.steps}: ${steps}`));
    },
    draw(frame: PathFrame, seen: number): void {
      chart.draw(drawing(t, frame, seen));
    },
  };
}

function drawing(t: LiveContext["texts"]["paths"], frame: PathFrame, seen: number): Drawing {
  const [[left, right], [low, high]] = [VIEW.x, VIEW.y];
  return {
    x: { from: left, to: right, ticks: ticks(left, right, 6), name: t.w1 },
    y: { from: low, to: high, ticks: ticks(low, high, 6), name: t.w2 },
    marks: (area) =>
      framed(area, [
        ...frame.lines.map(({ segments }, i) =>
          s("path", { class: "level", d: contour(segments, area), "stroke-opacity": 1 - i / 16 }),
        ),
        cross(area, frame.lowest.weights),
        ...walked(frame.weights.slice(0, seen), area),
      ]),
  };
}

/** What lies outside is not drawn. */
function framed({ left, right, top, bottom }: Area, marks: readonly SVGElement[]): SVGElement[] {
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  const viewBox = `${left} ${top} ${place.width} ${place.height}`;
  return [s("svg", { ...place, viewBox, overflow: "hidden" }, ...marks)];
}

function cross({ x, y, em }: Area, [w1, w2]: readonly [number, number]): SVGElement {
  const [cx, cy, r] = [x(w1), y(w2), 0.45 * em];
  const d = `M${cx - r} ${cy - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`;
  return s("path", { class: "lowest", d });
}

function contour(segments: readonly number[], { x, y }: Area): string {
  let path = "";
  for (let i = 0; i < segments.length; i += 4) {
    const [a, b, c, d] = segments.slice(i, i + 4) as [number, number, number, number];
    path += pathOf([x(a), x(c)], [y(b), y(d)]);
  }
  return path;
}

function walked(weights: PathFrame["weights"], area: Area): SVGElement[] {
  const [xs, ys] = [weights.map(([a]) => area.x(a)), weights.map(([, b]) => area.y(b))];
  const steps = xs
    .slice(1, -1)
    .map((cx, i) => s("circle", { class: "step", cx, cy: ys[i + 1]!, r: 0.17 * area.em }));
  return [
    s("path", { class: "walk", d: pathOf(xs, ys) }),
    ...steps,
    s("circle", { class: "start", cx: xs[0]!, cy: ys[0]!, r: 0.42 * area.em }),
    s("circle", { class: "here", cx: xs.at(-1)!, cy: ys.at(-1)!, r: 0.42 * area.em }),
  ];
}
