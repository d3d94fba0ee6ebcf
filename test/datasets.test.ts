import { standardizer } from "ferrograd";
import { breastCancer, digits, iris, wine } from "ferrograd/datasets";
import { describe, expect, test } from "vitest";

const counts = (values: Iterable<number>) => {
  const result: number[] = [];
  for (const v of values) result[v] = (result[v] ?? 0) + 1;
  return result;
};

/** FNV-1a over the bytes, to pin what a set holds. */
function fingerprint(...parts: (Float32Array | Int32Array)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (const byte of new Uint8Array(part.buffer, part.byteOffset, part.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return hash >>> 0;
}

describe("ferrograd/datasets", () => {
  const SETS = {
    digits: { load: digits, rows: [1438, 359], features: 64, pinned: 1126911291 },
    iris: { load: iris, rows: [120, 30], features: 4, pinned: 3073744118 },
    wine: { load: wine, rows: [142, 36], features: 13, pinned: 1169734686 },
    breastCancer: { load: breastCancer, rows: [455, 114], features: 30, pinned: 3453844250 },
  };

  for (const [name, { load, rows, features, pinned }] of Object.entries(SETS)) {
    test(`${name}: sizes, classes, the same split for ever`, () => {
      const { train, test } = load();
      expect(load().train).toBe(train);
      expect(train.x.shape).toEqual([rows[0], features]);
      expect(test.x.shape).toEqual([rows[1], features]);
      const [inTrain, inTest] = [counts(train.y.data), counts(test.y.data)];
      expect(inTrain).toHaveLength(train.classNames!.length);
      inTrain.forEach((n, k) => {
        expect(Math.abs(inTest[k]! - 0.2 * (n + inTest[k]!))).toBeLessThan(1);
      });
      expect(test.classNames).toEqual(train.classNames);
      expect(fingerprint(train.x.data, train.y.data, test.x.data, test.y.data)).toBe(pinned);
    });
  }

  test("every class occurs in the last tenth of the training rows", () => {
    for (const { load } of Object.values(SETS)) {
      const { train } = load();
      const tail = train.slice(Math.floor(train.length * 0.9));
      expect(counts(tail.y.data).filter(Boolean)).toHaveLength(train.classNames!.length);
    }
  });

  test("digits: pixels are 0..1 in steps of 1/16, and look like digits", () => {
    const { train, test } = digits();
    for (const { data } of [train.x, test.x]) {
      expect(data.every((v) => v >= 0 && v <= 1 && Number.isInteger(v * 16))).toBe(true);
    }
    expect(train.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    // A zero is empty in the middle, a one is not.
    const ink = (digit: number, pixel: number) => {
      const mine = [...train.y.data.keys()].filter((row) => train.y.data[row] === digit);
      return mine.reduce((sum, row) => sum + train.x.data[row * 64 + pixel]!, 0) / mine.length;
    };
    expect(ink(0, 28)).toBeLessThan(0.1);
    expect(ink(1, 28)).toBeGreaterThan(0.6);
  });

  test("tabular sets have mean 0 and deviation 1 over the training rows", () => {
    for (const load of [iris, wine, breastCancer]) {
      const { train, test } = load();
      const { mean, deviation } = standardizer(train.x);
      for (const m of mean) expect(Math.abs(m)).toBeLessThan(1e-6);
      for (const d of deviation) expect(Math.abs(d - 1)).toBeLessThan(1e-6);
      expect(train.featureNames).toHaveLength(train.x.shape[1]!);
      expect(test.featureNames).toEqual(train.featureNames);
    }
  });
});
