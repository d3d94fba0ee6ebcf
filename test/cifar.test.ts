import { DataError, FormatError } from "ferrograd";
import { cifar10, readCifar10 } from "ferrograd/cifar";
import { expect, test } from "vitest";

const PLANE = 32 * 32;

/** A record: its label, then three planes of one value each. */
const record = (label: number, red: number, green: number, blue: number): number[] => [
  label,
  ...[red, green, blue].flatMap((value) => new Array<number>(PLANE).fill(value)),
];
const batch = (name: string, ...records: number[][]) => ({
  name,
  bytes: Uint8Array.from(records.flat()),
});

test("planes become channels, files follow each other", () => {
  const first = record(3, 0, 51, 255);
  first[1 + 2 * PLANE + 33] = 102; // blue of row 1, column 1
  const data = readCifar10([batch("a", first, record(9, 1, 2, 3)), batch("b", record(0, 0, 0, 0))]);
  expect(data.x.shape).toEqual([3, 32, 32, 3]);
  expect(data.x.data.subarray(0, 3)).toEqual(Float32Array.of(0, 0.2, 1));
  expect(data.x.data.subarray(33 * 3, 34 * 3)).toEqual(Float32Array.of(0, 0.2, 0.4));
  expect(data.y.data).toEqual(Int32Array.of(3, 9, 0));
  expect(data.classNames?.[3]).toBe("cat");
});

test("the two sets", () => {
  const { train, test: held } = cifar10({
    train: [batch("a", record(1, 0, 0, 0)), batch("b", record(2, 0, 0, 0))],
    test: batch("c", record(3, 0, 0, 0)),
  });
  expect([...train.y.data, ...held.y.data]).toEqual([1, 2, 3]);
});

test("refuses lengths and labels that cannot be, by file and row", () => {
  const bytes = Uint8Array.from(record(1, 0, 0, 0)).slice(0, 3000);
  expect(() => readCifar10([{ name: "test_batch.bin", bytes }])).toThrow(
    new FormatError(
      "test_batch.bin: expected a multiple of 3073 bytes, a label and 32x32x3 bytes for each image, got 3000",
    ),
  );
  expect(() => readCifar10([batch("b.bin", record(1, 0, 0, 0), record(12, 0, 0, 0))])).toThrow(
    new DataError("b.bin: row 1: expected a label from 0 to 9, got 12"),
  );
});
