import { css, NEGATIVE, POSITIVE } from "@ferrograd/shared/color.ts";
import { card, h, setText } from "@ferrograd/shared/dom.ts";
import { percent } from "@ferrograd/shared/format.ts";
import { type Point, toImage } from "../data/stroke.ts";
import type { Answer } from "../protocol.ts";
import { drawInk, inkPicture } from "./ink.ts";
import { stages } from "./stages.ts";
import type { Context, View, ViewFactory } from "./view.ts";

/** Units of a pad's side: strokes are kept in these. */
const SIDE = 280;
const KEY_STEP = 14;
const PEN = 22;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

/** A pad to draw on, the image that the network makes of it, and its answer stage by stage. */
export const pad: ViewFactory = (context): View | undefined => {
  const { texts, info } = context;
  const { image, test } = info;
  if (image === undefined || test === undefined) return undefined;
  const sheet = drawingSheet(texts, (strokes) => context.look(toImage(strokes)));
  const seen = inkPicture(image);
  const verdict = h("p", { className: "verdict" }, texts.nothingDrawn);
  const answerStages = stages(context);
  let next = 0;
  const size = image.width * image.height;
  const takeImage = () => {
    const row = next++ % test.labels.length;
    context.look(test.x.slice(row * size, (row + 1) * size));
  };
  const button = (text: string, click: () => void) =>
    h("button", { type: "button", on: { click } }, text);
  const element = card(
    texts.pad,
    "pad",
    h("p", { className: "hint" }, texts.padHint),
    h(
      "div",
      { className: "sheets" },
      sheet.canvas,
      h("figure", { className: "seen" }, seen, h("figcaption", {}, texts.asSeen), verdict),
    ),
    h(
      "div",
      { className: "buttons" },
      button(texts.clear, sheet.clear),
      button(texts.nextImage, takeImage),
    ),
    ...answerStages.elements,
  );
  return {
    element,
    frame({ playing }) {
      // Read aloud when it comes from a stroke, not with every step of a training.
      verdict.setAttribute("aria-live", playing ? "off" : "polite");
    },
    image(pixels) {
      if (!sheet.drawing()) sheet.clear();
      drawInk(seen, pixels);
    },
    answer(answer: Answer) {
      const best = answer.probabilities.indexOf(Math.max(...answer.probabilities));
      const sure = percent(answer.probabilities[best]!);
      setText(verdict, texts.readsAs(info.classNames[best]!, sure));
      answerStages.show(answer);
    },
    redraw: sheet.redraw,
  };
};

/** A canvas that gathers strokes from pointer and keyboard. */
function drawingSheet(texts: Context["texts"], changed: (strokes: Point[][]) => void) {
  const canvas = h("canvas", {
    width: SIDE,
    height: SIDE,
    className: "sheet",
    tabIndex: 0,
    attrs: { role: "application", "aria-label": texts.padLabel },
  });
  const draw = canvas.getContext("2d")!;
  let strokes: Point[][] = [];
  let pen: Point = { x: SIDE / 2, y: SIDE / 2 };
  let down = false;
  let telling = false;

  const redraw = () => {
    draw.clearRect(0, 0, SIDE, SIDE);
    Object.assign(draw, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    draw.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) {
      draw.beginPath();
      for (const { x, y } of [stroke[0]!, ...stroke]) draw.lineTo(x, y);
      draw.stroke();
    }
    if (document.activeElement !== canvas || !canvas.matches(":focus-visible")) return;
    draw.beginPath();
    draw.arc(pen.x, pen.y, PEN / 2 + 3, 0, 2 * Math.PI);
    Object.assign(draw, { lineWidth: 2, strokeStyle: css(down ? POSITIVE : NEGATIVE) });
    draw.stroke();
  };
  const tell = () => {
    redraw();
    if (strokes.length === 0) return;
    telling = true;
    changed(strokes);
    telling = false;
  };
  const begin = () => strokes.push([pen]);
  const moveTo = (x: number, y: number) => {
    pen = { x: Math.min(SIDE, Math.max(0, x)), y: Math.min(SIDE, Math.max(0, y)) };
    if (down) strokes.at(-1)!.push(pen);
  };
  const at = ({ offsetX, offsetY }: PointerEvent): [number, number] => {
    const scale = SIDE / canvas.clientWidth;
    return [offsetX * scale, offsetY * scale];
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down = false;
    moveTo(...at(event));
    down = true;
    begin();
    tell();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!down || !canvas.hasPointerCapture(event.pointerId)) return;
    moveTo(...at(event));
    tell();
  });
  for (const name of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(name, () => {
      down = false;
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (event.key === " ") {
      down = !down;
      if (down) begin();
    } else if (dx !== 0 || dy !== 0) moveTo(pen.x + dx, pen.y + dy);
    else return;
    event.preventDefault();
    tell();
  });
  canvas.addEventListener("focus", redraw);
  canvas.addEventListener("blur", redraw);

  return {
    canvas,
    redraw,
    /** Does the image that is looked at come from here? */
    drawing: () => telling,
    clear() {
      strokes = [];
      down = false;
      redraw();
    },
  };
}
