/** A point of a stroke, in any unit. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Stroke = readonly Point[];

/** Side of the bitmap that the data set's images were counted from. */
const BITMAP = 32;
/** Side of the image: each pixel counts the dark ones of a 4x4 block. */
const IMAGE = 8;
const BLOCK = BITMAP / IMAGE;
/** What digits of the data set span at most from side to side. */
const BREADTH = 22;
/** Half the width of a stroke in the data set's bitmaps, about. */
const PEN = 3;

/**
 * Strokes as an image of the digits data set, (64), 0..1: scaled and centred so that they fill a
 * 32x32 bitmap from top to bottom and no more than its middle from side to side, drawn with a pen of the data set's width, dark pixels counted in
 * 4x4 blocks.
 */
export function toImage(strokes: readonly Stroke[]): Float32Array {
  const image = new Float32Array(IMAGE * IMAGE);
  const placed = place(strokes.filter((stroke) => stroke.length > 0));
  for (let y = 0; y < BITMAP; y++) {
    for (let x = 0; x < BITMAP; x++) {
      if (!isDark({ x: x + 0.5, y: y + 0.5 }, placed)) continue;
      const at = Math.floor(y / BLOCK) * IMAGE + Math.floor(x / BLOCK);
      image[at]! += 1 / (BLOCK * BLOCK);
    }
  }
  return image;
}

/** The strokes scaled, squeezed where they are too broad, their ink in the middle of the bitmap. */
function place(strokes: readonly Stroke[]): readonly Stroke[] {
  const points = strokes.flat();
  const range = (values: number[]) => [Math.min(...values), Math.max(...values)] as const;
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const [width, height] = [right - left, bottom - top];
  const scaleY = (BITMAP - 2 * PEN) / Math.max(height, width / 2, 1e-6);
  const scaleX = Math.min(scaleY, (BREADTH - 2 * PEN) / Math.max(width, 1e-6));
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const center = BITMAP / 2;
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: center + (x - middle.x) * scaleX,
      y: center + (y - middle.y) * scaleY,
    })),
  );
}

const isDark = (pixel: Point, strokes: readonly Stroke[]): boolean =>
  strokes.some((stroke) =>
    stroke.some((point, i) => squaredDistance(pixel, stroke[i - 1] ?? point, point) <= PEN * PEN),
  );

/** From a point to the segment between two others. */
function squaredDistance(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  const [x, y] = [p.x - a.x - t * dx, p.y - a.y - t * dy];
  return x * x + y * y;
}
