/** Red, green, blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** Colors of the classes, told apart by the color-blind too (after Okabe and Ito), on light and dark. */
const CLASSES: readonly Rgb[] = [
  [224, 122, 31],
  [38, 128, 204],
  [20, 158, 115],
  [204, 102, 160],
  [190, 160, 30],
  [92, 180, 233],
  [150, 100, 70],
  [130, 110, 220],
  [120, 130, 140],
  [200, 70, 60],
];

export const classColor = (index: number): Rgb => CLASSES[index % CLASSES.length]!;

/** Below zero and above it. */
export const NEGATIVE: Rgb = CLASSES[0]!;
export const POSITIVE: Rgb = CLASSES[1]!;

export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${r} ${g} ${b} / ${alpha})`;

/** One pixel: the sign by the color, the magnitude (0..1) by how opaque it is. */
export function setSigned(pixels: Uint8ClampedArray, at: number, value: number): void {
  const [r, g, b] = value < 0 ? NEGATIVE : POSITIVE;
  pixels[4 * at] = r;
  pixels[4 * at + 1] = g;
  pixels[4 * at + 2] = b;
  pixels[4 * at + 3] = Math.min(1, Math.abs(value)) * 255;
}

/** The pixel of each byte of a map, 128 being 0: `setSigned` once for all. */
export const MAP_PIXELS: Uint32Array = (() => {
  const pixels = new Uint8ClampedArray(256 * 4);
  for (let byte = 0; byte < 256; byte++) setSigned(pixels, byte, (byte - 128) / 127);
  return new Uint32Array(pixels.buffer);
})();

/** A color of the style sheet. */
export const styleColor = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
