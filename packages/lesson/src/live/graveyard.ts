import { h, setText } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { UNITS as FILTERS } from "./frames/filters.ts";
import { type GraveyardFrame, type GraveyardPlot, PLOTS, UNITS } from "./frames/graveyard.ts";
import { row, slider } from "./kit/controls.ts";
import { legend } from "./kit/legend.ts";
import { lines } from "./kit/lines.ts";
import { numbers } from "./kit/numbers.ts";
import { failing, player } from "./kit/pace.ts";
import { figures, plot, ticks } from "./kit/plot.ts";
import type { LiveContext, LivePart } from "./part.ts";

const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const STEPS = 300;
/** Where less motion is wanted. */
const CALM_STEPS = 15;
/** Of the table's rows. */
const EVERY = 30;
const SEED = 1;

/** What goes dark, and where it stands on the page. */
interface Graves extends Pick<LivePart, "section"> {
  /** Its task, its texts and its part. */
  readonly id: "graveyard" | "filters";
  readonly units: number;
  /** The names of the two nets. */
  plots(texts: LiveContext["texts"]): readonly string[];
}

const graves = ({ id, section, units, plots }: Graves): LivePart => ({
  id,
  section,
  mount(root, context) {
    const { texts } = context;
    let learningRate = 0.1;
    const view = pictures({ texts, t: texts[id], units }, plots(texts));
    const training = player<GraveyardFrame>({
      context,
      root,
      run: () =>
        context.run(id, {
          learningRate,
          seed: SEED,
          steps: STEPS,
          stepsPerFrame: context.reducedMotion ? CALM_STEPS : 1,
        }),
      show: view.show,
      clear: view.clear,
    });
    const rate = slider({
      name: texts.learningRate,
      values: RATES,
      value: learningRate,
      format: figures,
      change: (wanted) => {
        learningRate = wanted;
        training.restart();
      },
    });
    root.append(
      h("p", { className: "hint" }, texts[id].hint),
      row(rate.element, training.element),
      ...view.elements,
    );
    view.clear();
    void failing(root, texts, async () => {
      const input = { learningRate, seed: SEED, steps: 1, stepsPerFrame: 2 };
      for await (const frame of context.run(id, input)) view.show(frame);
    })();
  },
});

export const graveyardPart = graves({
  id: "graveyard",
  section: "g",
  units: UNITS,
  plots: () => PLOTS,
});
export const filtersPart = graves({
  id: "filters",
  section: "j",
  units: FILTERS,
  plots: ({ filters }) => ["relu", filters.normalized],
});

interface Shown extends Pick<LiveContext, "texts"> {
  /** Those of the part. */
  readonly t: LiveContext["texts"]["graveyard"];
  readonly units: number;
}

function pictures(shown: Shown, plots: readonly string[]) {
  const { texts, t, units } = shown;
  const fields = plots.map((name, i) => field(shown, name, i === 0 ? "one" : "two"));
  const chart = plot({ label: t.chartLabel, aspect: 1.15 });
  const columns = plots.flatMap((name) => [`${name}: ${t.dead}`, `${name}: ${texts.accuracy}`]);
  const table = numbers(t.table, [texts.step, ...columns]);
  let frames: GraveyardFrame[] = [];
  const draw = () => {
    const steps = frames.map(({ step }) => step);
    const drawn = plots.map((_, i) => ({
      kind: i === 0 ? ("one" as const) : ("two" as const),
      values: frames.map(({ plots }) => plots[i]!.dead.length),
    }));
    chart.draw(
      lines(
        { from: 0, to: STEPS, ticks: ticks(0, STEPS, 4), name: t.axisStep },
        { from: 0, to: units, ticks: [0, 1, 2, 3, 4].map((i) => (i * units) / 4), name: t.chart },
        steps,
        drawn,
      ),
    );
    const shown = frames.filter(({ step }) => step % EVERY === 0);
    table.show(
      shown.map(({ step, plots }) => [
        String(step),
        ...plots.flatMap(({ dead, accuracy }) => [String(dead.length), percent(accuracy)]),
      ]),
    );
  };
  return {
    elements: [
      h(
        "div",
        { className: "pictures three" },
        ...fields.map(({ element }) => element),
        h(
          "figure",
          {},
          h("figcaption", {}, t.chartLabel),
          chart.element,
          legend([
            ["line one", plots[0]!],
            ["line two", plots[1]!],
          ]),
        ),
      ),
      legend([
        ["glow", t.glow],
        ["grave", t.grave],
      ]),
      table.element,
    ],
    show(frame: GraveyardFrame): void {
      frames.push(frame);
      fields.forEach((one, i) => one.show(frame.plots[i]!));
      draw();
    },
    clear(): void {
      frames = [];
      draw();
    },
  };
}

/** Units on a dark field, eight in a row. */
function field({ texts, t, units }: Shown, name: string, kind: "one" | "two") {
  const cells = Array.from({ length: units }, () => h("i"));
  const label = { role: "img", "aria-label": t.unitsLabel(name, 0) }; // before a frame comes
  const night = h("div", { className: "night", attrs: label }, ...cells);
  const count = h("span", { className: "count" });
  const accuracy = h("span");
  const element = h(
    "figure",
    { className: "field" },
    h("figcaption", {}, h("b", { className: kind }, name), count, accuracy),
    night,
  );
  return {
    element,
    show({ active, dead, accuracy: right }: GraveyardPlot): void {
      const gone = new Set(dead);
      cells.forEach((cell, unit) => {
        cell.className = gone.has(unit) ? "dead" : "";
        cell.style.setProperty("--glow", Math.sqrt(active[unit]!).toFixed(2));
      });
      night.setAttribute("aria-label", t.unitsLabel(name, dead.length));
      setText(count, `${t.dead}: ${t.deadOf(dead.length)}`);
      setText(accuracy, `${texts.accuracy} ${percent(right)}`);
    },
  };
}
