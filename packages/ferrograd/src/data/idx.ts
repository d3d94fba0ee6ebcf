import { DataError, FormatError } from "../errors.ts";
import {
  bytesOf as checkBytes,
  checkOptions,
  listOf,
  requireOptions,
  text,
} from "../options/index.ts";
import { Dataset } from "./dataset.ts";
import { gunzip, isGzip } from "./gzip.ts";
import type { Split } from "./split.ts";

/** Numbers of an IDX file, in one of the six types of the format. */
export type IdxData =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** What an IDX file holds: numbers, row-major, and their shape. */
export interface IdxArray {
  readonly data: IdxData;
  readonly shape: readonly number[];
}

interface ElementType {
  readonly bytes: number;
  make(length: number): IdxData;
  read(view: DataView, at: number): number;
}

/** Element types by the third byte of the file; all big-endian. */
const TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, make: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) }],
  [0x09, { bytes: 1, make: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) }],
  [0x0b, { bytes: 2, make: (n) => new Int16Array(n), read: (view, at) => view.getInt16(at) }],
  [0x0c, { bytes: 4, make: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) }],
  [0x0d, { bytes: 4, make: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) }],
  [0x0e, { bytes: 8, make: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) }],
]);

/** Zero, zero, type, number of dimensions; a big-endian 32-bit size for each follows. */
const MAGIC_BYTES = 4;

/** What the header of an IDX file says of the numbers behind it. */
interface Layout {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Where the numbers begin. */
  readonly start: number;
  /** How many there are. */
  readonly length: number;
  /** Bytes of the whole file. */
  readonly bytes: number;
}

const hex = (byte: number | undefined) => `0x${(byte ?? 0).toString(16).padStart(2, "0")}`;

function layoutOf(raw: Uint8Array, file: string): Layout {
  const fail = (expected: string, got: string | number): never => {
    throw new FormatError(`${file}: expected ${expected}, got ${got}`);
  };
  if (raw.length < MAGIC_BYTES) fail("an IDX file of at least 4 bytes", raw.length);
  if (raw[0] !== 0 || raw[1] !== 0) {
    fail("an IDX file, which begins with two zero bytes", `${hex(raw[0])} ${hex(raw[1])}`);
  }
  const type = TYPES.get(raw[2]!);
  if (type === undefined) {
    const known = [...TYPES.keys()].map(hex).join(", ");
    return fail(`an element type of ${known} in byte 2`, hex(raw[2]));
  }
  const rank = raw[3]!;
  const start = MAGIC_BYTES + 4 * rank;
  if (rank === 0) fail("at least 1 dimension in byte 3", 0);
  if (raw.length < start)
    fail(`a header of ${start} bytes`, `${raw.length}: the file is truncated`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(MAGIC_BYTES + 4 * i));
  const length = shape.reduce((product, size) => product * size, 1);
  return { type, shape, start, length, bytes: start + length * type.bytes };
}

/** The file's bytes, unpacked where they are gzip, as far as its own header lets it be large. */
function unpacked(bytes: Uint8Array, file: string): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  return gunzip(bytes, file, (head) => {
    const isWhole = head.length >= MAGIC_BYTES && head.length >= MAGIC_BYTES + 4 * head[3]!;
    return isWhole ? layoutOf(head, file).bytes : undefined;
  });
}

/**
 * Reads an IDX file, the format of MNIST and Fashion-MNIST, plain or gzip.
 * Format: http://yann.lecun.com/exdb/mnist/
 *
 * @param file its name, for messages
 * @example
 * const { data, shape } = readIdx(await readFile("train-images-idx3-ubyte.gz"));
 * shape.slice(1); // [28, 28]
 *
 * @throws FormatError `labels.gz: expected an IDX file, which begins with two zero bytes, got 0x50 0x4b`
 */
export function readIdx(bytes: Uint8Array, file = "readIdx()"): IdxArray {
  const raw = unpacked(checkBytes(text("readIdx()", "file", file), bytes), file);
  const { type, shape, start, length, bytes: expected } = layoutOf(raw, file);
  if (raw.length !== expected) {
    const fault = raw.length < expected ? "the file is truncated" : "the file has trailing bytes";
    const wanted = `expected ${expected} bytes for shape [${shape.join(", ")}]`;
    throw new FormatError(`${file}: ${wanted}, got ${raw.length}: ${fault}`);
  }
  const data = type.make(length);
  if (type.bytes === 1) {
    new Uint8Array(data.buffer).set(raw.subarray(start));
    return { data, shape };
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  for (let i = 0; i < length; i++) data[i] = type.read(view, start + i * type.bytes);
  return { data, shape };
}

/** Options of `idxDataset`. */
export interface IdxDatasetOptions {
  /** Name of each class, in the order of the labels; labels beyond them are refused. */
  readonly classNames?: readonly string[];
  readonly name?: string;
  /** Names of the two files, for messages. */
  readonly files?: readonly [images: string, labels: string];
}

/** Largest value of a byte: what gray levels are divided by. */
const WHITE = 255;

/**
 * A data set from a file of images and the file of their labels: x (rows, height, width) scaled
 * from 0..255 to 0..1, y (rows).
 *
 * @example idxDataset(imageBytes, labelBytes, { classNames: ["cat", "dog"] })
 * @throws FormatError for files that are not IDX of bytes, DataError for labels out of range or
 * another number of labels than images
 */
export function idxDataset(
  images: Uint8Array,
  labels: Uint8Array,
  options: IdxDatasetOptions = {},
): Dataset {
  checkOptions("idxDataset()", options, ["classNames", "name", "files"]);
  const { classNames, name, files = ["images", "labels"] } = options;
  if (classNames !== undefined) listOf("idxDataset()", "classNames", classNames, text);
  if (name !== undefined) text("idxDataset()", "name", name);
  const [imageFile = "images", labelFile = "labels"] = listOf("idxDataset()", "files", files, text);
  const x = bytesOf(readIdx(images, imageFile), imageFile, "images (rows, height, width)", 3);
  const y = bytesOf(readIdx(labels, labelFile), labelFile, "labels (rows)", 1);
  if (x.shape[0] !== y.shape[0]) {
    throw new DataError(
      `${labelFile}: expected ${x.shape[0]} labels, one for each image of ${imageFile}, got ${y.shape[0]}`,
    );
  }
  if (classNames !== undefined) checkLabels(y.data, classNames.length, labelFile);
  return new Dataset({
    x: { data: scaled(x.data), shape: x.shape },
    y: { data: new Int32Array(y.data), shape: y.shape },
    ...(classNames && { classNames }),
    ...(name !== undefined && { name }),
  });
}

/** A loop: `Float32Array.from` with a function takes seconds for 60,000 images. */
function scaled(bytes: Uint8Array): Float32Array {
  const levels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) levels[i] = bytes[i]! / WHITE;
  return levels;
}

function bytesOf(array: IdxArray, file: string, what: string, rank: number) {
  const { data, shape } = array;
  if (!(data instanceof Uint8Array) || shape.length !== rank || shape.includes(0)) {
    const got = `${data.constructor.name.replace("Array", "")} [${shape.join(", ")}]`;
    throw new FormatError(`${file}: expected bytes of ${what}, at least one, got ${got}`);
  }
  return { data, shape };
}

function checkLabels(labels: Uint8Array, classes: number, file: string): void {
  const row = labels.findIndex((label) => label >= classes);
  if (row < 0) return;
  throw new DataError(
    `${file}: row ${row}: expected a label from 0 to ${classes - 1}, got ${labels[row]}`,
  );
}

/** The four files of MNIST and its relatives, plain or gzip. */
export interface IdxFiles {
  readonly trainImages: Uint8Array;
  readonly trainLabels: Uint8Array;
  readonly testImages: Uint8Array;
  readonly testLabels: Uint8Array;
}

/**
 * Names of those files; `.gz` follows where they are compressed.
 *
 * @example IDX_FILE_NAMES.trainImages // "train-images-idx3-ubyte"
 */
export const IDX_FILE_NAMES: { readonly [name in keyof IdxFiles]: string } = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
};

const FASHION_CLASSES = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];

/**
 * Fashion-MNIST from its four files: 60,000 gray pictures of clothes for training and 10,000 for
 * testing, 28x28, scaled to 0..1, 10 classes. Xiao, Rasul, Vollgraf: arXiv:1708.07747 (2017).
 *
 * @example
 * const { train, test } = fashionMnist({ trainImages, trainLabels, testImages, testLabels });
 * train.x.shape.slice(1); // [28, 28]
 *
 * @throws FormatError and DataError as `idxDataset`
 */
export function fashionMnist(files: IdxFiles): Split {
  const names = IDX_FILE_NAMES;
  requireOptions("fashionMnist()", files, Object.keys(names));
  const options = { classNames: FASHION_CLASSES, name: "Fashion-MNIST" };
  return {
    train: idxDataset(files.trainImages, files.trainLabels, {
      ...options,
      files: [names.trainImages, names.trainLabels],
    }),
    test: idxDataset(files.testImages, files.testLabels, {
      ...options,
      files: [names.testImages, names.testLabels],
    }),
  };
}
