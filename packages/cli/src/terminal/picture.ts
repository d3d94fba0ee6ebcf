import type { ImageSize } from "../datasets.ts";

/** Dark to bright, for output without colors. */
const INK = " .:-=+*#%@";
/** The 24 grays of the 256-color palette begin here. */
const FIRST_GRAY = 232;
const GRAYS = 24;
/** Columns that a small image is enlarged to. */
const COLUMNS = 16;

const level = (value: number, levels: number): number =>
  Math.min(levels - 1, Math.max(0, Math.round(value * (levels - 1))));

/** A picture as lines of characters, all of the same width. */
export interface Picture {
  readonly lines: readonly string[];
  readonly width: number;
}

/** Draws levels 0..1, (height, width, channels), in 256-color grays or else in plain characters. */
export function drawPicture(pixels: Float32Array, size: ImageSize, hasGrays: boolean): Picture {
  const grays = toGrays(pixels, size.channels ?? 1);
  return hasGrays ? drawGrays(grays, size) : drawInk(grays, size);
}

/** The mean of each pixel's channels. */
function toGrays(pixels: Float32Array, channels: number): Float32Array {
  if (channels === 1) return pixels;
  return Float32Array.from({ length: pixels.length / channels }, (_, i) => {
    const pixel = pixels.subarray(i * channels, (i + 1) * channels);
    return pixel.reduce((sum, value) => sum + value, 0) / channels;
  });
}

/** A character is two square pixels: the upper half its foreground, the lower its background. */
function drawGrays(pixels: Float32Array, { width, height }: ImageSize): Picture {
  const scale = Math.max(1, Math.floor(COLUMNS / width));
  const gray = (x: number, y: number) => {
    const inside = y < height * scale;
    const value = inside ? pixels[Math.floor(y / scale) * width + Math.floor(x / scale)]! : 0;
    return FIRST_GRAY + level(value, GRAYS);
  };
  const lines: string[] = [];
  for (let y = 0; y < height * scale; y += 2) {
    let line = "";
    for (let x = 0; x < width * scale; x++) {
      line += `\x1b[38;5;${gray(x, y)};48;5;${gray(x, y + 1)}m▀`;
    }
    lines.push(`${line}\x1b[0m`);
  }
  return { lines, width: width * scale };
}

/** A pixel is two characters, since a character is about twice as high as wide. */
function drawInk(pixels: Float32Array, { width, height }: ImageSize): Picture {
  const lines = Array.from({ length: height }, (_, y) =>
    Array.from(pixels.subarray(y * width, (y + 1) * width), (value) =>
      INK.charAt(level(value, INK.length)).repeat(2),
    ).join(""),
  );
  return { lines, width: width * 2 };
}
