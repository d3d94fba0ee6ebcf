import { type Draw, drawing, legend } from "./frame.ts";
import { colorOf, markOf } from "./palette.ts";
import { linear, tickText } from "./scale.ts";
import type { Series } from "./series.ts";
import { hint, label, line, s } from "./svg.ts";

/** Walks in the plane: each two columns are the coordinates of one. */
export const path: Draw = (_chart, columns, canvas) => {
  const { width, em } = canvas;
  const walks = columns.flatMap(({ name, points }, i): Series[] => {
    if (i % 2 === 1) return [];
    const ys = columns[i + 1]!.points;
    const both = points.map((point, step) => ({ x: point.y, y: ys[step]!.y }));
    return [{ name: name.replace(/: w1$/, ""), points: both }];
  });
  const keys = legend(walks, canvas);
  const top = keys.height + em * 0.6;
  const side = Math.min(width - em * 2.4, em * 24);
  const all = walks.flatMap(({ points }) => points);
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [[west, east], [south, north]] = [
    ends(all.map(({ x }) => x as number)),
    ends(all.map(({ y }) => y)),
  ];
  const reach = (Math.max(east - west, north - south) / 2) * 1.08;
  const [cx, cy] = [(west + east) / 2, (south + north) / 2];
  const left = (width - side) / 2 + em;
  const across = linear([cx - reach, cx + reach], [left, left + side - em], 6);
  const up = linear([cy - reach, cy + reach], [top + side - em, top], 6);
  const bottom = top + side - em;
  const group = s("g");
  for (const tick of across.ticks) {
    group.append(line(across.at(tick), top, across.at(tick), bottom, tick === 0 ? "base" : "grid"));
    group.append(label(tickText(tick, undefined), across.at(tick), bottom + em));
  }
  for (const tick of up.ticks) {
    group.append(
      line(left, up.at(tick), left + side - em, up.at(tick), tick === 0 ? "base" : "grid"),
    );
    group.append(label(tickText(tick, undefined), left - em * 0.3, up.at(tick) + em * 0.25, "end"));
  }
  group.append(label("w₁", left + side - em, bottom + em * 2.1, "end", "axis"));
  group.append(label("w₂", left - em * 0.3, top - em * 0.2, "end", "axis"));
  walks.forEach(({ name, points }, index) => {
    const color = colorOf(name, index);
    const at = points.map(({ x, y }) => [across.at(x as number), up.at(y)] as const);
    const d = `M${at.map(([x, y]) => `${x} ${y}`).join("L")}`;
    group.append(s("path", { d, class: "curve thin", style: `stroke: ${color}` }));
    at.forEach(([x, y], step) => {
      const mark = s("path", {
        d: markOf(name, index, em * (step === 0 || step === at.length - 1 ? 0.34 : 0.18)),
        transform: `translate(${x} ${y})`,
        style: `fill: ${color}`,
      });
      group.append(hint(mark, `${step}`));
    });
  });
  return drawing(width, bottom + em * 2.4, keys.group, group);
};
