import { classColor, css, MAP_PIXELS, setSigned, styleColor } from "@ferrograd/shared/color.ts";
import { card, h, picture, setText } from "@ferrograd/shared/dom.ts";
import { type Frame, type PlaneFrame, SHOWN_UNITS, type ShownRows } from "../protocol.ts";
import { drawLinks } from "./links.ts";
import type { Context, View, ViewFactory } from "./view.ts";

/** Pixels of the picture that points are drawn on. */
const POINTS = 640;
/** Pixels of an input's picture. */
const RAMP = 24;

/** A unit of the network as a picture of the plane. */
interface Tile {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

/** A hidden unit: layers and units count from 0. */
interface UnitId {
  readonly layer: number;
  readonly unit: number;
}

/** The network with what each unit computes over the plane, and the decision boundary. */
export const plane: ViewFactory = (context): View | undefined => {
  const { texts, info } = context;
  if (info.reach === undefined) return undefined;
  const hidden = info.widths.slice(1, -1);
  let chosen: UnitId | undefined;
  let latest: Frame | undefined;
  const boundary = picture(1, 1, texts.planeLabel, "boundary");
  const dots = h("canvas", { width: POINTS, height: POINTS, attrs: { "aria-hidden": "true" } });
  const shown = h("figcaption", {}, texts.showing(texts.output));
  const output = h(
    "figure",
    { className: "output" },
    h("div", { className: "square" }, boundary, dots),
    legend(info.classNames),
    shown,
  );

  const choose = (unit: UnitId | undefined) => {
    chosen = unit;
    setText(shown, texts.showing(unit ? texts.unit(unit.layer + 1, unit.unit + 1) : texts.output));
    if (latest?.plane) drawBoundary(boundary, latest.plane, info.widths.at(-1)!, chosen);
  };
  const inputs = [0, 1].map((axis) => inputTile(context, axis));
  const layers = hidden.map((units, layer) =>
    Array.from({ length: Math.min(units, SHOWN_UNITS) }, (_, unit) =>
      unitTile(texts.unit(layer + 1, unit + 1), { layer, unit }, choose),
    ),
  );
  const links = h("canvas", { className: "links", attrs: { "aria-hidden": "true" } });
  const network = h(
    "div",
    { className: "network", attrs: { style: `--levels: ${hidden.length + 1}` } },
    links,
    column("", inputs),
    ...layers.map((tiles, i) => layerColumn(context, tiles, i, hidden[i]!)),
    output,
  );
  const drawNetwork = () => {
    if (latest === undefined) return;
    drawLinks(links, latest.kernels, info.widths, [
      ...[inputs, ...layers].map(boxes),
      [output.firstElementChild!],
    ]);
  };
  const redraw = () => {
    drawPoints(dots, info);
    drawNetwork();
  };
  new ResizeObserver(drawNetwork).observe(network);
  return {
    element: card(
      texts.plane,
      "plane",
      h("p", { className: "hint" }, texts.planeHint),
      scrollable(network, texts.plane),
    ),
    frame(frame) {
      latest = frame;
      const { plane: maps } = frame;
      if (maps === undefined) return;
      layers.forEach((tiles, layer) => {
        tiles.forEach(({ canvas }, unit) => drawUnit(canvas, maps, { layer, unit }));
      });
      drawBoundary(boundary, maps, info.widths.at(-1)!, chosen);
      drawNetwork();
    },
    redraw,
  };
};

/** The classes with their colors. */
const legend = (names: readonly string[]) =>
  h(
    "ul",
    { className: "legend" },
    ...names.map((name, i) => {
      const swatch = h("span", { className: "swatch" });
      swatch.style.background = css(classColor(i));
      return h("li", {}, swatch, name);
    }),
  );

const boxes = (tiles: readonly Tile[]): Element[] => tiles.map(({ element }) => element);

const scrollable = (content: HTMLElement, name: string) =>
  h(
    "div",
    { className: "scroll", tabIndex: 0, attrs: { role: "region", "aria-label": name } },
    content,
  );

function column(title: string, tiles: readonly Tile[], more = ""): HTMLElement {
  const end = more === "" ? [] : [h("small", {}, more)];
  const start = title === "" ? [] : [h("small", {}, title)];
  return h("div", { className: "column" }, ...start, ...boxes(tiles), ...end);
}

function layerColumn({ texts }: Context, tiles: readonly Tile[], layer: number, units: number) {
  const left = units - tiles.length;
  return column(texts.hiddenLayer(layer + 1), tiles, left > 0 ? texts.andMore(left) : "");
}

/** A coordinate: dark where it is large. */
function inputTile({ texts, info }: Context, axis: number): Tile {
  const name = info.featureNames?.[axis] ?? ["x₁", "x₂"][axis]!;
  const canvas = picture(RAMP, RAMP, texts.input(name), "unit");
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(RAMP, RAMP);
  for (let i = 0; i < RAMP * RAMP; i++) {
    const along = axis === 0 ? i % RAMP : RAMP - 1 - Math.floor(i / RAMP);
    setSigned(image.data, i, (along / (RAMP - 1)) * 2 - 1);
  }
  context.putImageData(image, 0, 0);
  const label = h("small", { title: name }, name);
  return { element: h("div", { className: "tile" }, canvas, label), canvas };
}

function unitTile(label: string, id: UnitId, choose: (unit: UnitId | undefined) => void): Tile {
  const canvas = h("canvas", { className: "unit", attrs: { "aria-hidden": "true" } });
  const enter = () => choose(id);
  const leave = () => choose(undefined);
  const element = h(
    "button",
    {
      type: "button",
      className: "tile",
      title: label,
      attrs: { "aria-label": label },
      on: { pointerenter: enter, focus: enter, click: enter, pointerleave: leave, blur: leave },
    },
    canvas,
  );
  return { element, canvas };
}

const mapOf = ({ units, side }: PlaneFrame, { layer, unit }: UnitId): Uint8Array =>
  units[layer]!.subarray(unit * side * side, (unit + 1) * side * side);

/** Draws on a canvas that has as many pixels as the grid has points. */
function paint(canvas: HTMLCanvasElement, side: number, draw: (pixels: Uint8ClampedArray) => void) {
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(side, side);
  draw(image.data);
  context.putImageData(image, 0, 0);
}

function drawUnit(canvas: HTMLCanvasElement, maps: PlaneFrame, id: UnitId): void {
  const map = mapOf(maps, id);
  paint(canvas, maps.side, ({ buffer }) => {
    const pixels = new Uint32Array(buffer);
    for (let i = 0; i < map.length; i++) pixels[i] = MAP_PIXELS[map[i]!]!;
  });
}

/** The most probable class by its color, the more opaque the surer; or one unit's map. */
function drawBoundary(
  canvas: HTMLCanvasElement,
  maps: PlaneFrame,
  classes: number,
  chosen: UnitId | undefined,
): void {
  if (chosen !== undefined) {
    drawUnit(canvas, maps, chosen);
    return;
  }
  const { probabilities } = maps;
  paint(canvas, maps.side, (pixels) => {
    for (let i = 0; i < maps.side * maps.side; i++) {
      let best = 0;
      for (let c = 1; c < classes; c++) {
        if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
      }
      const sure = probabilities[i * classes + best]! / 255;
      pixels.set(classColor(best), 4 * i);
      pixels[4 * i + 3] = 25 + 125 * Math.max(0, (sure - 1 / classes) / (1 - 1 / classes));
    }
  });
}

/** Rows to train on as discs, rows to test on as rings. */
function drawPoints(canvas: HTMLCanvasElement, { train, test, reach }: Context["info"]): void {
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, POINTS, POINTS);
  const paper = styleColor("--card");
  const each = ({ x, labels }: ShownRows, draw: (color: string) => void) => {
    labels.forEach((label, row) => {
      const [left, up] = [x[2 * row]! / reach!, x[2 * row + 1]! / reach!];
      context.beginPath();
      context.arc(((left + 1) / 2) * POINTS, ((1 - up) / 2) * POINTS, 7, 0, 2 * Math.PI);
      draw(css(classColor(label)));
    });
  };
  each(train!, (color) => {
    Object.assign(context, { fillStyle: color, strokeStyle: paper, lineWidth: 2 });
    context.fill();
    context.stroke();
  });
  each(test!, (color) => {
    Object.assign(context, { fillStyle: paper, strokeStyle: color, lineWidth: 3.5 });
    context.fill();
    context.stroke();
  });
}
