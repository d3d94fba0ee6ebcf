import { type Draw, drawing, exact, legend, valueScale } from "./frame.ts";
import { colorOf, markOf } from "./palette.ts";
import { tickText } from "./scale.ts";
import { unique } from "./series.ts";
import { hint, label, line, s, textWidth } from "./svg.ts";

/** One row per category: a mark at the value, on the range around it or on a line from 0. */
export const rows: Draw = (chart, series, canvas) => {
  const { width, em, say } = canvas;
  const categories = unique(series.flatMap(({ points }) => points.map(({ x }) => String(x))));
  const keys = legend(series, canvas);
  const pitch = em * 1.15;
  const [size, top] = [em * 0.75, keys.height + em * 1.2];
  const left = Math.max(...categories.map((name) => textWidth(say(name), size))) + em * 0.8;
  const bottom = top + pitch * categories.length;
  const [from, to] = [left + em * 0.4, width - em * 1.1];
  const scale = valueScale(chart, series, [from, to], chart.range === undefined, width / em / 6);
  const group = s("g");
  for (const tick of scale.ticks) {
    const x = scale.at(tick);
    group.append(line(x, top - em * 0.2, x, bottom, tick === 0 ? "base" : "grid"));
    group.append(label(tickText(tick, chart.scale), x, top - em * 0.5));
  }
  categories.forEach((category, i) => {
    const y = top + pitch * (i + 0.5);
    group.append(label(say(category), left, y + size * 0.35, "end", "tick name"));
    series.forEach(({ points }) => {
      const { y: value, low, high } = points.find(({ x }) => String(x) === category)!;
      const color = colorOf(category, 7);
      const [start, end] = [scale.at(low ?? 0), scale.at(high ?? value)];
      const said = low === undefined ? "" : ` (${exact(low, chart)} – ${exact(high!, chart)})`;
      const mark = s("g", { class: "row" });
      mark.append(
        s("line", { x1: start, y1: y, x2: end, y2: y, class: "range", style: `stroke: ${color}` }),
        s("path", {
          d: markOf(category, 7, em * 0.32),
          transform: `translate(${scale.at(value)} ${y})`,
          style: `fill: ${color}`,
        }),
      );
      const [least] = chart.domain ?? [value];
      if (value < least) {
        mark.replaceChildren(
          label(`◂ ${exact(value, chart)}`, from, y + size * 0.35, "start", "point"),
        );
      }
      group.append(hint(mark, `${say(category)}: ${exact(value, chart)}${said}`));
    });
  });
  return drawing(width, bottom + em * 0.4, keys.group, group);
};
