import { css, NEGATIVE, POSITIVE } from "@ferrograd/shared/color.ts";

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
    const isLast = i === kernels.length - 1;
    const ends = isLast ? arrivals(rects[i + 1]![0]!, units, rects[i]!) : rects[i + 1]!.map(left);
    const scale = Math.max(
      0.5,
      kernel.reduce((most, w) => Math.max(most, Math.abs(w)), 0),
    );
    rects[i]!.forEach((from, input) => {
      ends.forEach((to, unit) => {
        const weight = kernel[input * units + unit]! / scale;
        if (Math.abs(weight) > FAINT) link(context, from, to, weight);
      });
    });
  });
}

/** Where a link ends, and whether it comes from above. */
interface End {
  readonly x: number;
  readonly y: number;
  readonly fromAbove: boolean;
}

const middle = (box: DOMRect): number => box.y + box.height / 2;
const left = (box: DOMRect): End => ({ x: box.x, y: middle(box), fromAbove: false });

/** Places on the box of the outputs, one for each: on its left, or on its top where it stands below. */
function arrivals(box: DOMRect, places: number, before: readonly DOMRect[]): End[] {
  const fromAbove = before.every(({ bottom }) => bottom <= box.y);
  return Array.from({ length: places }, (_, i) => {
    const along = (i - (places - 1) / 2) * SPREAD;
    return fromAbove
      ? { x: box.x + box.width / 2 + along, y: box.y, fromAbove }
      : { x: box.x, y: middle(box) + along, fromAbove };
  });
}

function link(context: CanvasRenderingContext2D, from: DOMRect, to: End, weight: number): void {
  const start = { x: from.right, y: middle(from) };
  const bend = to.fromAbove ? from.width / 2 : (to.x - start.x) / 2;
  const end = to.fromAbove ? { x: to.x, y: to.y - 2 * bend } : { x: to.x - bend, y: to.y };
  const size = Math.abs(weight);
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(start.x + bend, start.y, end.x, end.y, to.x, to.y);
  context.lineWidth = 0.5 + 3 * size;
  context.strokeStyle = css(weight < 0 ? NEGATIVE : POSITIVE, 0.2 + 0.6 * size);
  context.stroke();
}
