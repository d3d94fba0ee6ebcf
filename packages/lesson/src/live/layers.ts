import { h, setText } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { ACTIVATION_NAMES } from "@ferrograd/shared/names.ts";
import { BINS, DEPTH, GLOROT, HE, type LayersFrame, type LayersInput } from "./frames/layers.ts";
import { choice, row, slider } from "./kit/controls.ts";
import { legend } from "./kit/legend.ts";
import { numbers } from "./kit/numbers.ts";
import { failing, latest } from "./kit/pace.ts";
import { type Drawing, decades, figures, plot } from "./kit/plot.ts";
import { s } from "./kit/svg.ts";
import { verdictOf } from "./layers-verdict.ts";
import type { LiveContext, LivePart } from "./part.ts";

/** From 0.01 to 1 in equal ratios, with the sizes that have names. */
const STDDEVS = [...Array.from({ length: 41 }, (_, i) => spaced(i)), GLOROT, HE].sort(
  (a, b) => a - b,
);
const NAMED = new Map([
  [GLOROT, "Glorot"],
  [HE, "He"],
]);
const PRESETS = [STDDEVS[0]!, GLOROT, HE, STDDEVS.at(-1)!];
/** Powers of ten of the gradient's axis. */
const GRADIENTS = { from: -12, to: 8 };
const SEED = 1;

function spaced(i: number): number {
  let value = 0.01;
  for (let n = 0; n < i; n++) value *= 1.1220184543;
  return Number(value.toPrecision(3));
}

const sizeName = (stddev: number): string => {
  const name = NAMED.get(stddev);
  return name === undefined ? figures(stddev) : `${name} ${figures(stddev)}`;
};

export const layersPart: LivePart = {
  id: "layers",
  section: "e",
  mount(root, context) {
    const { texts } = context;
    const t = texts.layers;
    let wish: LayersInput = { name: "tanh", stddev: GLOROT, seed: SEED };
    const view = pictures(context);
    const load = latest(
      failing(root, texts, async (input: LayersInput) => {
        for await (const frame of context.run("layers", input)) view.draw(frame);
      }),
    );
    const change = (part: Partial<LayersInput>) => {
      wish = { ...wish, ...part };
      load(wish);
    };
    const size = slider({
      name: t.stddev,
      values: STDDEVS,
      value: wish.stddev,
      format: sizeName,
      change: (stddev) => change({ stddev }),
    });
    const presets = PRESETS.map((stddev) =>
      h("button", { type: "button", on: { click: () => size.set(stddev) } }, sizeName(stddev)),
    );
    const group = h(
      "div",
      { className: "presets", attrs: { role: "group", "aria-label": t.presets } },
      ...presets,
    );
    const names = choice(texts.activation, ACTIVATION_NAMES, wish.name, (name) => change({ name }));
    root.append(h("p", { className: "hint" }, t.hint), row(names, size.element, group));
    root.append(...view.elements);
    load(wish);
  },
};

function pictures({ texts }: LiveContext) {
  const t = texts.layers;
  const strips = Array.from({ length: DEPTH }, (_, i) => strip(t, i + 1));
  const range = h("figcaption");
  const verdict = h("p", { className: "verdict", attrs: { role: "status" } });
  const gradient = plot({ label: t.gradientLabel, className: "gradients", aspect: 4 });
  const table = numbers(t.table, [
    t.layerAxis,
    t.spread,
    t.saturated,
    t.dead,
    t.beyond,
    t.gradient,
  ]);
  return {
    elements: [
      verdict,
      h(
        "figure",
        {},
        range,
        h("div", { className: "strips" }, ...strips.map(({ element }) => element)),
        legend([
          ["inside", t.inside],
          ["outside", t.beyond],
        ]),
      ),
      h("figure", {}, h("figcaption", {}, t.gradientLabel), gradient.element),
      table.element,
    ],
    draw(frame: LayersFrame): void {
      strips.forEach(({ draw }, i) => draw(frame.layers[i]!));
      setText(range, `${t.strip}, ${t.range(figures(frame.low), figures(frame.high))}`);
      const { good, code, values } = verdictOf(frame.layers);
      verdict.className = `verdict ${good ? "good" : "bad"}`;
      const shown = values.map(code === "saturates" ? percent : figures) as [string, string];
      setText(verdict, t.verdicts[code](...shown));
      gradient.draw(bars(t, frame));
      table.show(
        frame.layers.map((layer, i) => [
          String(i + 1),
          figures(layer.deviation),
          percent(layer.saturated),
          String(layer.dead),
          percent(layer.below + layer.above),
          figures(layer.gradientNorm),
        ]),
      );
    },
  };
}

/** Bins as wide as what lies outside is drawn. */
const MARGIN = 2;

/** One layer's histogram; a bin with a seventh of all values or more is as high as the picture. */
function strip(t: LiveContext["texts"]["layers"], layer: number) {
  const inside = s("path", { class: "bars" });
  const outside = s("path", { class: "outside" });
  const viewBox = `${-MARGIN} 0 ${BINS + 2 * MARGIN} 100`;
  const label = (deviation: number) => t.histogramLabel(layer, figures(deviation));
  const attrs = { class: "histogram", viewBox, preserveAspectRatio: "none", role: "img" };
  const picture = s("svg", { ...attrs, "aria-label": label(0) }, inside, outside); // before a frame comes
  const spread = h("small");
  const element = h("div", { className: "strip" }, picture, h("b", {}, String(layer)), spread);
  const bar = (at: number, width: number, share: number) =>
    `M${at},100V${(100 - Math.min(100, 700 * share)).toFixed(1)}h${width}V100z`;
  return {
    element,
    draw({ shares, below, above, deviation }: LayersFrame["layers"][number]): void {
      inside.setAttribute("d", shares.map((share, i) => bar(i, 1, share)).join(""));
      outside.setAttribute("d", bar(-MARGIN, MARGIN, below) + bar(BINS, MARGIN, above));
      picture.setAttribute("aria-label", label(deviation));
      setText(spread, brief(deviation));
    },
  };
}

/** As short as fits below a histogram on a phone. */
const brief = (value: number): string =>
  figures(value < 1e-3 || value >= 1e5 ? Number(value.toPrecision(1)) : value);

function bars(t: LiveContext["texts"]["layers"], { layers }: LayersFrame): Drawing {
  const { from, to } = GRADIENTS;
  const ticks = Array.from({ length: DEPTH }, (_, i) => i + 1);
  return {
    x: { from: 0.4, to: DEPTH + 0.6, ticks, name: t.layerAxis },
    y: { from, to, ...decades(from, to, 5) },
    marks: ({ x, y }) =>
      layers.flatMap(({ log10Gradient }, i) => {
        if (Number.isNaN(log10Gradient)) return [];
        const power = Math.min(to, Math.max(from, log10Gradient));
        const [start, end] = [y(power), y(from)];
        const [left, right] = [x(i + 0.68), x(i + 1.32)];
        const height = Math.max(1.5, end - start);
        return [s("rect", { class: "bar", x: left, width: right - left, y: start, height })];
      }),
  };
}
