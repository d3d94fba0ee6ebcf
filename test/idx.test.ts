import { DataError, FormatError } from "ferrograd";
import { fashionMnist, idxDataset, readIdx } from "ferrograd/idx";
import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";

/** An IDX file: type, sizes, and the numbers' bytes as they stand. */
function idx(type: number, shape: readonly number[], body: ArrayLike<number>): Uint8Array {
  const sizes = shape.flatMap((size) => [
    size >>> 24,
    (size >>> 16) & 255,
    (size >>> 8) & 255,
    size & 255,
  ]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...Array.from(body)]);
}

const images = (rows: number) =>
  idx(
    8,
    [rows, 2, 2],
    Array.from({ length: rows * 4 }, (_, i) => i % 256),
  );
const labels = (...values: number[]) => idx(8, [values.length], values);

describe("readIdx", () => {
  test("reads bytes and their shape, plain and gzip", () => {
    for (const bytes of [images(2), gzipSync(images(2))]) {
      const { data, shape } = readIdx(bytes);
      expect(shape).toEqual([2, 2, 2]);
      expect(data).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    }
  });

  test.each([
    [0x09, [0xff], Int8Array.of(-1)],
    [0x0b, [0xff, 0xfe], Int16Array.of(-2)],
    [0x0c, [0, 1, 0, 0], Int32Array.of(65536)],
    [0x0d, [0x3f, 0x80, 0, 0], Float32Array.of(1)],
    [0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0], Float64Array.of(1)],
  ])("reads big-endian elements of type %i", (type, body, expected) => {
    expect(readIdx(idx(type, [1], body)).data).toEqual(expected);
  });

  test.each([
    ["expected an IDX file of at least 4 bytes, got 2", Uint8Array.of(0, 0)],
    [
      "expected an IDX file, which begins with two zero bytes, got 0x50 0x4b",
      Uint8Array.of(0x50, 0x4b, 3, 4),
    ],
    [
      "expected an element type of 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e in byte 2, got 0x07",
      idx(7, [1], [1]),
    ],
    ["expected at least 1 dimension in byte 3, got 0", Uint8Array.of(0, 0, 8, 0)],
    ["expected a header of 12 bytes, got 8: the file is truncated", idx(8, [1, 1], []).slice(0, 8)],
    ["expected 11 bytes for shape [3], got 10: the file is truncated", idx(8, [3], [1, 2])],
    ["expected 9 bytes for shape [1], got 10: the file has trailing bytes", idx(8, [1], [1, 2])],
  ])("refuses: %s", (message, bytes) => {
    expect(() => readIdx(bytes, "a.idx")).toThrow(new FormatError(`a.idx: ${message}`));
  });

  test("refuses a broken gzip file", () => {
    const bytes = gzipSync(images(20)).slice(0, 20);
    expect(() => readIdx(bytes, "a.gz")).toThrow(
      /^a\.gz: expected a whole gzip file, got one that is cut off/,
    );
  });
});

describe("idxDataset", () => {
  test("pairs images, scaled to 0..1, with labels", () => {
    const data = idxDataset(images(2), labels(1, 0), { classNames: ["cat", "dog"], name: "pets" });
    expect(data.x.shape).toEqual([2, 2, 2]);
    expect(data.x.data[5]).toBe(Math.fround(5 / 255));
    expect(data.y.data).toEqual(Int32Array.of(1, 0));
    expect([data.classNames, data.name]).toEqual([["cat", "dog"], "pets"]);
  });

  test("refuses labels out of range, by file and row", () => {
    expect(() => idxDataset(images(2), labels(1, 2), { classNames: ["cat", "dog"] })).toThrow(
      new DataError("labels: row 1: expected a label from 0 to 1, got 2"),
    );
  });

  test("refuses files that do not belong together", () => {
    expect(() => idxDataset(images(3), labels(1, 2))).toThrow(
      new DataError("labels: expected 3 labels, one for each image of images, got 2"),
    );
    expect(() => idxDataset(labels(1), labels(1), { files: ["a", "b"] })).toThrow(
      new FormatError(
        "a: expected bytes of images (rows, height, width), at least one, got Uint8 [1]",
      ),
    );
  });
});

test("fashionMnist gives both sets with the names of the clothes", () => {
  const { train, test: held } = fashionMnist({
    trainImages: images(3),
    trainLabels: labels(0, 1, 9),
    testImages: images(1),
    testLabels: labels(5),
  });
  expect([train.length, held.length]).toEqual([3, 1]);
  expect(train.classNames?.[9]).toBe("ankle boot");
  const bad = {
    trainImages: images(1),
    trainLabels: labels(0),
    testImages: images(1),
    testLabels: labels(10),
  };
  expect(() => fashionMnist(bad)).toThrow(
    new DataError("t10k-labels-idx1-ubyte: row 0: expected a label from 0 to 9, got 10"),
  );
});
