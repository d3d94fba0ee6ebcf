import type { ImageSize } from "../datasets.ts";

/** Red, green and blue, 0..255. */
export type Color = readonly [number, number, number];

const HEADER = 54;
const BITS = 24;

/** A picture as the address of a BMP file, which every browser shows and nothing needs to compress. */
export function bitmap(
  width: number,
  height: number,
  color: (x: number, y: number) => Color,
): string {
  const stride = Math.ceil((width * 3) / 4) * 4; // rows end on a multiple of 4 bytes
  const bytes = Buffer.alloc(HEADER + stride * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(HEADER, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22); // negative: from the top down
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(BITS, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = color(x, y);
      bytes.set([blue, green, red], HEADER + y * stride + x * 3);
    }
  }
  return `data:image/bmp;base64,${bytes.toString("base64")}`;
}

const byte = (level: number): number => Math.round(255 * Math.min(1, Math.max(0, level)));

/** A row of the data as a picture: levels 0..1, (height, width, channels). */
export function pictureOf(values: ArrayLike<number>, { width, height, channels = 1 }: ImageSize) {
  return bitmap(width, height, (x, y) => {
    const at = (y * width + x) * channels;
    const [red, green, blue] = [0, 1, 2].map((c) => byte(values[at + Math.min(c, channels - 1)]!));
    return [red!, green!, blue!];
  });
}

/** Blue below 0, white at 0, red above, full at `most`. */
export function diverging(value: number, most: number): Color {
  const t = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  const fade = (end: number) => Math.round(255 + (end - 255) * t);
  return value < 0 ? [fade(33), fade(102), fade(172)] : [fade(178), fade(24), fade(43)];
}
