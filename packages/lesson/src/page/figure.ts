import { h } from "@ferrograd/shared/dom.ts";
import type { Chart, Table } from "../experiment.ts";
import { shown } from "../format.ts";
import { KINDS } from "./charts/all.ts";
import { savePng } from "./charts/png.ts";
import { COST } from "./charts/scatter.ts";
import { seriesOf } from "./charts/series.ts";
import type { Context } from "./context.ts";

/** Wider charts are no easier to read: letters of the page's text. */
const MOST_WIDTH = 72;

type Times = Readonly<Record<string, number>> | undefined;

/** One chart, drawn as wide as there is room, with a button that saves it. */
function figure(
  { texts, say, signal }: Context,
  id: string,
  table: Table,
  chart: Chart,
  times: Times,
) {
  const title = say(chart.title);
  const host = h("div", {
    className: "host",
    attrs: { role: "img", "aria-label": texts.chartLabel(title) },
  });
  const series = seriesOf(table, chart, times);
  let drawn = "";
  const draw = () => {
    const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const width = Math.min(MOST_WIDTH * em, host.clientWidth);
    if (width === 0 || drawn === `${width} ${em}`) return;
    drawn = `${width} ${em}`;
    host.replaceChildren(KINDS[chart.kind](chart, series, { width, em, say }));
  };
  const observer = new ResizeObserver(draw);
  observer.observe(host);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  const save = () => void savePng(host.querySelector("svg")!, title, `lesson-${id}`);
  const button = h(
    "button",
    {
      type: "button",
      className: "quiet",
      attrs: { "aria-label": texts.savePng(title) },
      on: { click: save },
    },
    texts.png,
  );
  return h("figure", {}, h("figcaption", {}, h("span", {}, title), button), host);
}

/** The numbers as they are. */
function numbers({ say }: Context, { title, columns, rows }: Table): HTMLElement {
  const head = columns.map((column) => h("th", { scope: "col" }, say(column)));
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      ...row.map((value, i) =>
        i === 0
          ? h("th", { scope: "row" }, say(shown(value)))
          : h("td", { className: typeof value === "number" ? "number" : "" }, say(shown(value))),
      ),
    ),
  );
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body));
  return h(
    "div",
    { className: "scroll", tabIndex: 0, attrs: { role: "region", "aria-label": say(title) } },
    table,
  );
}

/** The table, with what each row costs where a chart shows it. */
function withCosts(table: Table, times: Times): Table {
  if (times === undefined || !table.charts?.some(({ kind }) => kind === "scatter")) return table;
  const rows = table.rows.map((row) => [...row, times[row[0]!]!]);
  return { ...table, columns: [...table.columns, COST], rows };
}

/** A table's charts, and under them the table. */
export function figures(context: Context, id: string, table: Table, times: Times): HTMLElement {
  const { texts, say } = context;
  const charts = (table.charts ?? []).map((chart) => figure(context, id, table, chart, times));
  const caption = h("p", { className: "caption" }, say(table.title));
  if (charts.length === 0)
    return h(
      "div",
      { className: "numbers-of" },
      caption,
      numbers(context, withCosts(table, times)),
    );
  const details = h(
    "details",
    {},
    h("summary", {}, texts.table),
    caption,
    numbers(context, withCosts(table, times)),
  );
  return h(
    "div",
    { className: "numbers-of" },
    h("div", { className: "charts" }, ...charts),
    details,
  );
}
