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
import { colorOf, markOf } from "./palette.ts";
import { unique } from "./series.ts";
import { hint, label, line, s } from "./svg.ts";

/** Lines over numbers, which stand at equal distances. */
export const lines: Draw = (chart, series, canvas) => {
  const { width, em, say } = canvas;
  const keys = legend(series, canvas);
  const height = em * 16 + keys.height;
  const places = unique(series.flatMap(({ points }) => points.map(({ x }) => x)));
  const left = leftRoom(valueScale(chart, series, [0, 1], false), chart, em) + em * 0.6;
  const box: Box = {
    left,
    right: width - em * 0.8,
    top: keys.height + em * 0.6,
    bottom: height - em * 2.6,
  };
  const scale = valueScale(chart, series, [box.bottom, box.top], false);
  const along = (x: string | number) =>
    box.left + ((box.right - box.left) * places.indexOf(x)) / Math.max(1, places.length - 1);
  const group = s("g");
  const every = Math.ceil(places.length / 12);
  places.forEach((place, i) => {
    if (i % every === 0) group.append(label(String(place), along(place), box.bottom + em * 1.1));
  });
  group.append(
    label(say(chart.x), (box.left + box.right) / 2, box.bottom + em * 2.3, "middle", "axis"),
  );
  series.forEach(({ name, points }, index) => {
    const style = `stroke: ${colorOf(name, index)}`;
    const at = points.map(({ x, y }) => `${along(x)} ${scale.at(y)}`);
    group.append(s("path", { d: `M${at.join("L")}`, class: "curve", style }));
    const radius = em * (places.length > 12 ? 0.2 : 0.26);
    for (const { x, y } of points) {
      const mark = s("path", {
        d: markOf(name, index, radius),
        transform: `translate(${along(x)} ${scale.at(y)})`,
        style: `fill: ${colorOf(name, index)}`,
      });
      group.append(hint(mark, `${say(name)}, ${say(chart.x)} ${x}: ${exact(y, chart)}`));
    }
  });
  const base = line(box.left - em * 0.6, box.bottom, width, box.bottom, "base");
  return drawing(
    width,
    height,
    keys.group,
    ...leftAxis(scale, chart, { ...box, left: left - em * 0.6, right: width }, em),
    base,
    group,
  );
};
