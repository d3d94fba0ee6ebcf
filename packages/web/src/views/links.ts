import { css, NEGATIVE, POSITIVE } from "../color.ts";

/** Weights below this share of the layer's largest are not drawn. */
const FAINT = 0.03;
/** Between the places where the links of two classes arrive. */
const SPREAD = 28;

/** Draws every weight between the boxes of two levels: the sign by color, the magnitude by width. */
export function drawLinks(
  canvas: HTMLCanvasElement,
  kernels: readonly Float32Array[],
  widths: readonly number[],
  levels: readonly (readonly Element[])[],
): void {
  const frame = canvas.parentElement!.getBoundingClientRect();
  const density = Math.min(2, devicePixelRatio);
  const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d")!;
  context.setTransform(density, 0, 0, density, -frame.x * density, -frame.y * density);
  context.clearRect(frame.x, frame.y, frame.width, frame.height);
  const rects = levels.map((level) => level.map((box) => box.getBoundingClientRect()));
  kernels.forEach((kernel, i) => {
    const units = widths[i + 1]!;
    const ends = arrivals(rects[i + 1]!, i === kernels.length - 1 ? units : 1);
    const scale = Math.max(
      0.5,
      kernel.reduce((most, w) => Math.max(most, Math.abs(w)), 0),
    );
    rects[i]!.forEach((from, input) => {
      ends.forEach((to, unit) => {
        const weight = kernel[input * units + unit]! / scale;
        if (Math.abs(weight) > FAINT) link(context, { x: from.right, y: middle(from) }, to, weight);
      });
    });
  });
}

const middle = (box: DOMRect): number => box.y + box.height / 2;

/** Where links end: the left side of each box, or places along the one box of the outputs. */
function arrivals(boxes: readonly DOMRect[], places: number) {
  if (boxes.length > 1 || places === 1) return boxes.map((box) => ({ x: box.x, y: middle(box) }));
  const [box] = boxes;
  return Array.from({ length: places }, (_, i) => ({
    x: box!.x,
    y: middle(box!) + (i - (places - 1) / 2) * SPREAD,
  }));
}

function link(
  context: CanvasRenderingContext2D,
  from: { x: number; y: number },
  to: { x: number; y: number },
  weight: number,
): void {
  const bend = (to.x - from.x) / 2;
  const size = Math.abs(weight);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
  context.lineWidth = 0.5 + 3 * size;
  context.strokeStyle = css(weight < 0 ? NEGATIVE : POSITIVE, 0.2 + 0.6 * size);
  context.stroke();
}
