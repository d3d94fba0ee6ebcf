import { styleColor } from "@ferrograd/shared/color.ts";
import { card, h, setText } from "@ferrograd/shared/dom.ts";
import { loss as asLoss, percent } from "@ferrograd/shared/format.ts";
import uPlot from "uplot";
import type { Frame } from "../protocol.ts";
import type { Context, View } from "./view.ts";

const HEIGHT = 168;
const AXIS_FONT = "12px system-ui, sans-serif";

interface Curve {
  readonly name: string;
  readonly values: { readonly train: number[]; readonly test: number[] };
  readonly range: (lowest: number, highest: number) => [number, number];
  of(measured: Frame["train"]): string;
}

/** Loss and accuracy of train and test rows over the steps. */
export function chart({ texts, history }: Context): View {
  const curves: readonly Curve[] = [
    {
      name: texts.loss,
      values: history.loss,
      range: (_lowest, highest) => [0, Math.max(highest, 0.01) * 1.05],
      of: (measured) => asLoss(measured.loss),
    },
    {
      name: texts.accuracy,
      values: history.accuracy,
      range: (lowest) => [Math.min(Math.max(0, lowest - 0.05), 0.9), 1.01],
      of: (measured) => percent(measured.accuracy),
    },
  ];
  const panels = curves.map((curve) => panel(curve, context(texts, history.steps)));
  const element = card(texts.chart, "chart", ...panels.map(({ element }) => element));
  const resize = new ResizeObserver(() => {
    for (const { fit } of panels) fit();
  });
  resize.observe(element);
  return {
    element,
    frame(frame) {
      for (const { show } of panels) show(frame);
    },
    redraw() {
      for (const { build } of panels) build();
    },
  };
}

const context = (texts: Context["texts"], steps: number[]) => ({ texts, steps });

function panel(curve: Curve, { texts, steps }: ReturnType<typeof context>) {
  const numbers = {
    train: h("span", { className: "value" }),
    test: h("span", { className: "value" }),
  };
  const host = h("div", { attrs: { role: "img", "aria-label": texts.chartLabel(curve.name) } });
  const element = h(
    "figure",
    {},
    h(
      "figcaption",
      {},
      h("strong", {}, curve.name),
      h("span", { className: "key train" }, texts.train, " ", numbers.train),
      h("span", { className: "key test" }, texts.test, " ", numbers.test),
    ),
    host,
  );
  let plot: uPlot | undefined;
  const data = (): uPlot.AlignedData => [steps, curve.values.train, curve.values.test];
  const build = () => {
    plot?.destroy();
    plot = new uPlot(options(curve, host.clientWidth || 320), data(), host);
  };
  return {
    element,
    build,
    fit() {
      if (plot === undefined) build();
      else if (plot.width !== host.clientWidth)
        plot.setSize({ width: host.clientWidth, height: HEIGHT });
    },
    show(frame: Frame) {
      setText(numbers.train, curve.of(frame.train));
      setText(numbers.test, curve.of(frame.test));
      plot?.setData(data());
    },
  };
}

function options(curve: Curve, width: number): uPlot.Options {
  const [ink, grid] = [styleColor("--faint"), styleColor("--line")];
  const axis = {
    stroke: ink,
    font: AXIS_FONT,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        time: false,
        range: (_plot, from, to) => [from ?? 0, Math.max(to ?? 0, (from ?? 0) + 10)],
      },
      y: { range: (_plot, from, to) => curve.range(from ?? 0, to ?? 1) },
    },
    axes: [
      { ...axis, size: 26 },
      { ...axis, size: 42 },
    ],
    series: [
      {},
      { stroke: styleColor("--train"), width: 2, points: { show: false } },
      { stroke: styleColor("--test"), width: 2, dash: [5, 3], points: { show: false } },
    ],
  };
}
