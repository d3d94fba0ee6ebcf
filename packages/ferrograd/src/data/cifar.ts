import { ArgumentError, DataError, FormatError } from "../errors.ts";
import { bytesOf, listOf, requireOptions, text } from "../options/index.ts";
import { Dataset } from "./dataset.ts";
import type { Split } from "./split.ts";

const CLASSES = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];
const SIDE = 32;
const CHANNELS = 3;
const PLANE = SIDE * SIDE;
/** One label, then the red, the green and the blue plane, each row by row. */
const RECORD = 1 + CHANNELS * PLANE;
const BRIGHTEST = 255;

/** A batch file: its bytes, and its name for messages. */
export interface CifarBatch {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Names of the binary version's files.
 *
 * @example CIFAR10_FILE_NAMES.test // "test_batch.bin"
 */
export const CIFAR10_FILE_NAMES: { readonly train: readonly string[]; readonly test: string } = {
  train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
  test: "test_batch.bin",
};

/**
 * CIFAR-10 images from files of its binary version: x (rows, 32, 32, 3) scaled from 0..255 to 0..1,
 * y (rows) with 10 classes. Krizhevsky: "Learning multiple layers of features from tiny images"
 * (2009); format: https://www.cs.toronto.edu/~kriz/cifar.html
 *
 * @example readCifar10([{ name: "test_batch.bin", bytes }]).x.shape.slice(1) // [32, 32, 3]
 * @throws FormatError `test_batch.bin: expected a multiple of 3073 bytes, got 3000`
 * @throws DataError `test_batch.bin: row 3: expected a label from 0 to 9, got 12`
 */
export function readCifar10(batches: readonly CifarBatch[]): Dataset {
  return readBatches("readCifar10()", batches);
}

function readBatches(where: string, given: unknown): Dataset {
  const batches = listOf(where, "batches", given, batchOf);
  if (batches.length === 0) throw new ArgumentError(`${where}: batches: expected one at least`);
  for (const batch of batches) checkBatch(batch);
  const rows = batches.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const x = new Float32Array(rows * CHANNELS * PLANE); // (rows, 32, 32, 3)
  const y = new Int32Array(rows);
  let row = 0;
  for (const { bytes } of batches) {
    for (let at = 0; at < bytes.length; at += RECORD, row++) {
      y[row] = bytes[at]!;
      const image = x.subarray(row * CHANNELS * PLANE, (row + 1) * CHANNELS * PLANE);
      for (let i = 0; i < CHANNELS * PLANE; i++) {
        image[(i % PLANE) * CHANNELS + Math.floor(i / PLANE)] = bytes[at + 1 + i]! / BRIGHTEST;
      }
    }
  }
  return new Dataset({
    x: { data: x, shape: [rows, SIDE, SIDE, CHANNELS] },
    y: { data: y, shape: [rows] },
    classNames: CLASSES,
    name: "CIFAR-10",
  });
}

/**
 * CIFAR-10 with its own split: 50,000 images for training in five files, 10,000 for testing.
 *
 * @example
 * const batch = async (name) => ({ name, bytes: await readFile(name) });
 * const { train, test } = cifar10({
 *   train: await Promise.all(CIFAR10_FILE_NAMES.train.map(batch)),
 *   test: await batch(CIFAR10_FILE_NAMES.test),
 * });
 * train.classNames.slice(0, 3); // ["airplane", "automobile", "bird"]
 *
 * @throws FormatError and DataError as `readCifar10`
 */
export function cifar10(files: {
  readonly train: readonly CifarBatch[];
  readonly test: CifarBatch;
}): Split {
  const where = "cifar10()";
  requireOptions(where, files, ["train", "test"]);
  return { train: readBatches(where, files.train), test: readBatches(where, [files.test]) };
}

/** A file's name and bytes. */
function batchOf(where: string, what: string, value: unknown): CifarBatch {
  requireOptions(`${where}: ${what}`, value, ["name", "bytes"]);
  const { name, bytes } = value as CifarBatch;
  return { name: text(where, `${what}.name`, name), bytes: bytesOf(`${where}: ${what}`, bytes) };
}

function checkBatch({ name, bytes }: CifarBatch): void {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    throw new FormatError(
      `${name}: expected a multiple of ${RECORD} bytes, a label and ${SIDE}x${SIDE}x${CHANNELS} bytes for each image, got ${bytes.length}`,
    );
  }
  for (let at = 0; at < bytes.length; at += RECORD) {
    if (bytes[at]! < CLASSES.length) continue;
    const last = CLASSES.length - 1;
    throw new DataError(
      `${name}: row ${at / RECORD}: expected a label from 0 to ${last}, got ${bytes[at]}`,
    );
  }
}
