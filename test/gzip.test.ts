import { ArgumentError, FormatError } from "ferrograd";
import { readIdx } from "ferrograd/idx";
import { gzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ours } from "./support/shares.ts";

/** An IDX file of labels, and what is in it. */
function labels(count: number): { values: Uint8Array; file: Uint8Array } {
  const values = Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 3)) % 10);
  const header = [0, 0, 8, 1, count >>> 24, (count >>> 16) & 255, (count >>> 8) & 255, count & 255];
  return { values, file: Uint8Array.from([...header, ...values]) };
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The values of a file, or the text of its refusal. */
function read(bytes: Uint8Array): Uint8Array | string {
  try {
    return readIdx(bytes, "a.gz").data as Uint8Array;
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

const { values, file } = labels(3000);
const packed = gzipSync(file);

describe("gzip", () => {
  test("one flipped bit anywhere is refused, or changes no label", () => {
    const bits = ours(Array.from({ length: packed.length * 8 }, (_, bit) => bit));
    const refused = bits.map((bit) => {
      const damaged = packed.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const result = read(damaged);
      if (typeof result !== "string") expect(result).toEqual(values);
      return typeof result === "string";
    });
    expect(refused.filter(Boolean).length).toBeGreaterThan((bits.length * 7) / 8);
  });

  test("a file cut anywhere is refused", () => {
    for (let length = 2; length < packed.length; length++) {
      expect(read(packed.slice(0, length)), String(length)).toMatch(
        /^a\.gz: expected a whole gzip file, got /,
      );
    }
  });

  test("several members are one file, each checked against its own end", () => {
    const halves = [file.slice(0, 1000), file.slice(1000)].map((half) => gzipSync(half));
    expect(read(concat(...halves))).toEqual(values);
    const damaged = halves[0]!.slice();
    damaged[damaged.length - 6]! ^= 1;
    expect(read(concat(damaged, halves[1]!))).toMatch(/another checksum than its end says/);
    expect(read(concat(packed, Uint8Array.of(1, 2, 3, 4)))).toMatch(/expected a whole gzip file/);
  });

  test("the length that a file declares is not believed, whatever it is", () => {
    for (const declared of [0, 1, 2999, 0x7fff_ffff, 0xffff_ffff]) {
      const lying = packed.slice();
      new DataView(lying.buffer).setUint32(lying.length - 4, declared, true);
      expect(read(lying)).toBe(
        "a.gz: expected a whole gzip file, got another length than its end says",
      );
    }
  });

  test("what unpacks to more than its own header announces is refused as it comes", () => {
    const zeros = new Uint8Array(5_000_000);
    zeros.set(labels(4).file);
    const bomb = gzipSync(zeros);
    expect(bomb.length).toBeLessThan(10_000);
    expect(read(bomb)).toBe(
      "a.gz: expected a whole gzip file, got more than the 12 bytes that it announces",
    );
  });

  test("dimensions that no memory holds are refused by the bytes that are there", () => {
    const vast = Uint8Array.of(0, 0, 0x0e, 3, ...Array.from({ length: 12 }, () => 255));
    expect(read(vast)).toMatch(/got 16: the file is truncated/);
    expect(read(gzipSync(vast))).toMatch(/got 16: the file is truncated/);
  });

  test("what is inside is named as an unpacked file would be", () => {
    expect(read(gzipSync(new TextEncoder().encode("PK, a text")))).toBe(
      "a.gz: expected an IDX file, which begins with two zero bytes, got 0x50 0x4b",
    );
    expect(read(gzipSync(Uint8Array.of(0, 0)))).toBe(
      "a.gz: expected an IDX file of at least 4 bytes, got 2",
    );
  });

  test.each([undefined, null, "text", [1, 2], new Uint16Array(4), {}])("refuses %s", (value) => {
    expect(() => readIdx(value as never)).toThrow(ArgumentError);
  });
});
