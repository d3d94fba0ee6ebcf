import {
  type Box,
  type Draw,
  drawing,
  exact,
  leftAxis,
  leftRoom,
  legend,
  valueScale,
} from "./frame.ts";
import { colorOf } from "./palette.ts";
import { unique } from "./series.ts";
import { hint, label, line, s, textWidth } from "./svg.ts";

/** Words in lines no wider than the room. */
function wrapped(text: string, room: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Groups of upright bars: one group per category, one bar per series. */
export const bars: Draw = (chart, series, canvas) => {
  const { width, em, say } = canvas;
  const categories = unique(series.flatMap(({ points }) => points.map(({ x }) => x)));
  const keys = legend(series, canvas);
  const height = em * 16 + keys.height;
  const [top, size] = [keys.height + em * 0.6, em * 0.75];
  const left = leftRoom(valueScale(chart, series, [0, 1], true), chart, em);
  const slot = (width - left) / categories.length;
  const names = categories.map((name) => wrapped(say(String(name)), slot * 0.94, size));
  const below = Math.max(...names.map((lines) => lines.length)) * size * 1.25 + em * 0.5;
  const box: Box = { left, right: width, top, bottom: height - below };
  const scale = valueScale(chart, series, [box.bottom, box.top], true);
  const floor = chart.scale === "log" ? box.bottom : scale.at(0);
  const share = Math.min(em * 2.6, (slot * 0.8) / series.length);
  const group = s("g");
  categories.forEach((category, c) => {
    const middle = left + slot * (c + 0.5);
    names[c]!.forEach((text, i) => {
      group.append(label(text, middle, box.bottom + size * (1.4 + 1.25 * i)));
    });
    series.forEach(({ name, points }, index) => {
      const point = points.find(({ x }) => x === category);
      if (point === undefined) return;
      const x = middle + share * (index - series.length / 2);
      const y = scale.at(point.y);
      const bar = s("rect", {
        x: x + share * 0.08,
        y: Math.min(y, floor - 1),
        width: share * 0.84,
        height: Math.max(1, floor - y),
        rx: Math.min(3, share * 0.15),
        style: `fill: ${colorOf(name, index)}`,
      });
      const said = `${say(String(category))}, ${say(name)}: ${exact(point.y, chart)}`;
      group.append(hint(bar, said));
      if (point.low === undefined) return;
      const center = x + share / 2;
      group.append(line(center, scale.at(point.low), center, scale.at(point.high!), "whisker"));
    });
  });
  group.append(line(left, floor, width, floor, "base"));
  return drawing(width, height, keys.group, ...leftAxis(scale, chart, box, em), group);
};
