import { type Box, type Draw, drawing, exact, leftAxis, leftRoom, valueScale } from "./frame.ts";
import { colorOf, markOf } from "./palette.ts";
import { linear, tickText } from "./scale.ts";
import { hint, label, line, s, textWidth } from "./svg.ts";

/** Names are left out where they would lie on another. */
function placer() {
  const taken: (readonly [number, number, number, number])[] = [];
  return (x: number, y: number, width: number, height: number): boolean => {
    const free = taken.every(
      ([a, b, w, h]) => x + width < a || a + w < x || y + height < b || b + h < y,
    );
    if (free) taken.push([x, y, width, height]);
    return free;
  };
}

/** The axis of costs. */
export const COST = "ns per element, forward and backward";

/** Named points: what they cost on this machine, and the value. */
export const scatter: Draw = (chart, [series], canvas) => {
  const { width, em, say } = canvas;
  const { points } = series!;
  const height = Math.min(em * 31, Math.max(em * 21, width * 1.1));
  const left = leftRoom(valueScale(chart, [series!], [0, 1], false), chart, em);
  const box: Box = { left, right: width - em * 0.6, top: em * 0.6, bottom: height - em * 2.8 };
  const scale = valueScale(chart, [series!], [box.bottom, box.top], false);
  const across = points.map(({ x }) => x as number);
  const most = Math.max(...across);
  const wide = linear([0, most * 1.05], [box.left, box.right], width / em / 6);
  const group = s("g");
  for (const tick of wide.ticks) {
    group.append(line(wide.at(tick), box.top, wide.at(tick), box.bottom, "grid"));
    group.append(label(tickText(tick, undefined), wide.at(tick), box.bottom + em * 1.1));
  }
  group.append(
    label(say(COST), (box.left + box.right) / 2, box.bottom + em * 2.4, "middle", "axis"),
  );
  const size = em * 0.7;
  const place = placer();
  const marks = points.map(({ x, y }) => [wide.at(x as number), scale.at(y)] as const);
  for (const [x, y] of marks) place(x - em * 0.3, y - em * 0.3, em * 0.6, em * 0.6);
  points.forEach(({ x, y, name = "" }, i) => {
    const [px, py] = marks[i]!;
    const mark = s("path", {
      d: markOf(name, 7, em * 0.32),
      transform: `translate(${px} ${py})`,
      style: `fill: ${colorOf(name, 7)}`,
    });
    group.append(
      hint(mark, `${name}: ${exact(x as number, { ...chart, scale: "log" })}, ${exact(y, chart)}`),
    );
    const room = textWidth(name, size);
    const fits =
      px + em * 0.5 + room < box.right && place(px + em * 0.5, py - size / 2, room, size);
    if (fits) group.append(label(name, px + em * 0.5, py + size * 0.35, "start", "point"));
    else if (place(px - em * 0.5 - room, py - size / 2, room, size)) {
      group.append(label(name, px - em * 0.5, py + size * 0.35, "end", "point"));
    }
  });
  return drawing(width, height, ...leftAxis(scale, chart, box, em), group);
};
