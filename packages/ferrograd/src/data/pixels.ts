import { ArgumentError, ShapeError } from "../errors.ts";
import { leaf } from "../graph/constants.ts";
import { type TensorLike, toTensor } from "../graph/leaf.ts";
import type { Tensor } from "../graph/tensor.ts";
import { boolean, checkOptions, listOf, positiveInteger, show } from "../options/index.ts";
import { FLOAT } from "../values/dtype.ts";
import { showShape } from "../values/shape.ts";

/** An image as numbers, row by row: what `ImageData` is, with 4 channels; or any with 1, 3 or 4. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** Default: as many as there are numbers for each pixel. */
  readonly channels?: number;
}

/** What a browser draws: a canvas, an OffscreenCanvas, an ImageBitmap, an `<img>` or `<video>`. */
export interface Drawable {
  readonly width: number;
  readonly height: number;
}

/** Options of `fromPixels`. */
export interface FromPixelsOptions {
  /** Of the tensor: 1 is gray, 3 (default) is red, green and blue, 4 has the opacity last. */
  readonly channels?: 1 | 3 | 4;
  /** Are bytes divided by 255 (default true)? Float32Arrays are taken as they are. */
  readonly scale?: boolean;
}

const CHANNELS = [1, 3, 4];

/** ITU-R BT.601, as PIL and TensorFlow have it. */
const gray = (r: number, g: number, b: number): number => 0.299 * r + 0.587 * g + 0.114 * b;

/**
 * An image as a tensor (height, width, channels), or several of one size as (images, height, width, channels): of
 * `ImageData`, a canvas, an ImageBitmap, `<img>` or `<video>` where there are any, and of arrays of bytes or floats
 * anywhere. tf.browser.fromPixels, torchvision.transforms.ToTensor (which has the channels first).
 *
 * @example fromPixels({ data: Uint8Array.of(0, 255), width: 2, height: 1 }, { channels: 1 }).array() // [[[0], [1]]]
 * @throws ArgumentError for what is no image, ShapeError for images of several sizes
 */
export function fromPixels(
  source: Pixels | Drawable | readonly (Pixels | Drawable)[],
  options: FromPixelsOptions = {},
): Tensor {
  const where = "fromPixels()";
  checkOptions(where, options, ["channels", "scale"]);
  const { channels = 3, scale = true } = options;
  if (!CHANNELS.includes(channels)) {
    throw new ArgumentError(`${where}: channels: expected 1, 3 or 4, got ${show(channels)}`);
  }
  boolean(where, "scale", scale);
  if (!Array.isArray(source)) {
    const image = pixelsOf(where, "image", source);
    const data = new Float32Array(image.width * image.height * channels);
    write(image, data, channels, scale);
    return leaf(data, [image.height, image.width, channels], FLOAT);
  }
  const images = listOf(where, "images", source, pixelsOf);
  const [first] = images;
  if (first === undefined) throw new ArgumentError(`${where}: images: expected some, got none`);
  const size = first.width * first.height * channels;
  const data = new Float32Array(images.length * size);
  images.forEach((image, i) => {
    if (image.width !== first.width || image.height !== first.height) {
      throw new ShapeError(
        `${where}: images[${i}]: expected ${first.height} × ${first.width} pixels as images[0], got ` +
          `${image.height} × ${image.width}; resizing(${first.height}, ${first.width}) makes them so, one by one`,
      );
    }
    write(image, data.subarray(i * size, (i + 1) * size), channels, scale);
  });
  return leaf(data, [images.length, first.height, first.width, channels], FLOAT);
}

interface Image extends Required<Pixels> {}

/** The numbers of an image, however it is given. */
function pixelsOf(where: string, name: string, source: unknown): Image {
  const { data, width, height, channels } = (source ?? {}) as Partial<Pixels>;
  if (ArrayBuffer.isView(data))
    return checked(where, name, { data, width, height, channels } as Pixels);
  const drawn = typeof source === "object" && source !== null ? drawnOf(where, name, source) : null;
  if (drawn !== null) return checked(where, name, drawn);
  throw new ArgumentError(
    `${where}: ${name}: expected ImageData, { data, width, height }, a canvas or an ImageBitmap, got ${show(source)}`,
  );
}

function checked(where: string, name: string, image: Pixels): Image {
  const { data } = image;
  const width = positiveInteger(where, `${name}.width`, image.width);
  const height = positiveInteger(where, `${name}.height`, image.height);
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  if (!/^(Uint8|Uint8Clamped|Float32)Array$/.test(tag)) {
    throw new ArgumentError(
      `${where}: ${name}.data: expected a Uint8Array, Uint8ClampedArray or Float32Array, got ${show(data)}`,
    );
  }
  const channels = image.channels ?? data.length / (width * height);
  if (CHANNELS.includes(channels) && data.length === width * height * channels) {
    return { data, width, height, channels };
  }
  throw new ShapeError(
    `${where}: ${name}.data: expected ${height} · ${width} pixels of ${image.channels === undefined ? "1, 3 or 4" : show(image.channels)} ` +
      `channels, got ${data.length} numbers`,
  );
}

/** A canvas and its context, as far as pixels are concerned. */
interface Context {
  drawImage(source: unknown, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}
interface Canvas extends Drawable {
  getContext(kind: "2d", options?: { readonly willReadFrequently: boolean }): Context | null;
}

/** What is drawn on a canvas, or on a new one; null for what has no pixels. */
function drawnOf(where: string, name: string, source: object): Pixels | null {
  const tag = Object.prototype.toString.call(source).slice(8, -1);
  const isCanvas = /^(HTML|Offscreen)Canvas(Element)?$/.test(tag);
  if (!isCanvas && !/^(ImageBitmap|HTMLImageElement|HTMLVideoElement|VideoFrame)$/.test(tag))
    return null;
  const own = source as Record<string, number | undefined>;
  const width = own.naturalWidth ?? own.videoWidth ?? own.displayWidth ?? own.width ?? 0;
  const height = own.naturalHeight ?? own.videoHeight ?? own.displayHeight ?? own.height ?? 0;
  positiveInteger(where, `${name}.width`, width);
  positiveInteger(where, `${name}.height`, height);
  const canvas = isCanvas ? (source as unknown as Canvas) : blank(where, width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) {
    throw new ArgumentError(
      `${where}: ${name}: expected a canvas with a 2d context, got one with another`,
    );
  }
  if (!isCanvas) context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function blank(where: string, width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== "undefined") {
    return new OffscreenCanvas(width, height) as unknown as Canvas;
  }
  if (typeof document === "undefined") {
    throw new ArgumentError(
      `${where}: expected OffscreenCanvas or a document to draw with, got neither`,
    );
  }
  return Object.assign(document.createElement("canvas"), { width, height }) as unknown as Canvas;
}

/** Pixels of one number of channels as those of another. */
function write(
  { data, channels: from }: Image,
  to: Float32Array,
  channels: number,
  scale: boolean,
): void {
  // One of another realm is no instance of ours.
  const most = String(data[Symbol.toStringTag]) === "Float32Array" ? 1 : 255;
  const unit = scale ? most : 1;
  const opaque = most / unit;
  for (let pixel = 0, i = 0; i < to.length; pixel += from, i += channels) {
    const r = data[pixel]! / unit;
    const [g, b] = from === 1 ? [r, r] : [data[pixel + 1]! / unit, data[pixel + 2]! / unit];
    if (channels === 1) {
      to[i] = from === 1 ? r : gray(r, g!, b!);
      continue;
    }
    to[i] = r;
    to[i + 1] = g!;
    to[i + 2] = b!;
    if (channels === 4) to[i + 3] = from === 4 ? data[pixel + 3]! / unit : opaque;
  }
}

/** What `ImageData` is, where there are types of pages. */
export type ImageDataLike = typeof globalThis extends { ImageData: { prototype: infer I } }
  ? I
  : {
      readonly data: Uint8ClampedArray<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
      readonly colorSpace: "srgb" | "display-p3";
    };

/** Options of `toImageData`. */
export interface ToImageDataOptions {
  /** Are numbers multiplied by 255 (default true)? */
  readonly scale?: boolean;
}

/**
 * A tensor (height, width, channels) of 1, 3 or 4 channels, or a batch of one, as what a canvas takes: four bytes for each
 * pixel, rounded, 0 to 255. An `ImageData` where there is that, elsewhere an object with the same properties.
 * tf.browser.toPixels, torchvision.transforms.ToPILImage.
 *
 * @example [...toImageData([[[0.5]]]).data] // [128, 128, 128, 255]
 * @throws ShapeError for what is no image
 */
export function toImageData(x: TensorLike, options: ToImageDataOptions = {}): ImageDataLike {
  const where = "toImageData()";
  checkOptions(where, options, ["scale"]);
  const unit = boolean(where, "scale", options.scale ?? true) ? 255 : 1;
  const image = toTensor(where, x);
  const shape = image.rank === 4 && image.shape[0] === 1 ? image.shape.slice(1) : image.shape;
  const [height, width, channels] = shape as [number, number, number];
  if (shape.length !== 3 || !CHANNELS.includes(channels) || height * width === 0) {
    throw new ShapeError(
      `${where}: expected (height, width, channels) of 1, 3 or 4 channels, got shape ${showShape(image.shape)}`,
    );
  }
  const values = image.data();
  const data = new Uint8ClampedArray(4 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = pixel * channels;
    for (let c = 0; c < 3; c++) data[4 * pixel + c] = values[at + (channels === 1 ? 0 : c)]! * unit;
    data[4 * pixel + 3] = channels === 4 ? values[at + 3]! * unit : 255;
  }
  if (typeof ImageData !== "undefined") return new ImageData(data, width, height);
  return { data, width, height, colorSpace: "srgb" } as ImageDataLike;
}
