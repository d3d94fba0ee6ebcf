import {
  FormatError,
  philox4x32,
  readSafetensors,
  type SafetensorsTensor,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { ours } from "./support/shares.ts";

const f32 = (shape: number[], values: number[]): SafetensorsTensor => ({
  dtype: "F32",
  shape,
  data: new Float32Array(values),
});

describe("mutated files", () => {
  const valid = [
    writeSafetensors(new Map([["w", f32([2, 2], [1, 2, 3, 4])]]), { format: "1" }),
    writeSafetensors(
      new Map<string, SafetensorsTensor>([
        ["dense/kernel", f32([2, 3], [1, 2, 3, 4, 5, 6])],
        ["dense/bias", f32([3], [1, 2, 3])],
        ["step", { dtype: "I32", shape: [], data: new Int32Array([7]) }],
        ["mask", { dtype: "BOOL", shape: [5], data: new Uint8Array(5) }],
      ]),
    ),
  ];
  const HEADER_BYTES = new TextEncoder().encode('{}[]":,0123456789\\ \u00e9F32dtype');

  /** One of several small damages, all decided by four random words. */
  function mutate(source: Uint8Array, [kind, a, b, c]: readonly number[]): Uint8Array {
    const bytes = source.slice();
    const at = a! % bytes.length;
    const other = b! % bytes.length;
    const [begin, end] = [Math.min(at, other), Math.max(at, other)];
    const replacement = HEADER_BYTES[c! % HEADER_BYTES.length]!;
    switch (kind! % 7) {
      case 0: // one bit
        bytes[at]! ^= 1 << (c! % 8);
        return bytes;
      case 1: // one byte, of a kind that headers have
        bytes[at] = replacement;
        return bytes;
      case 2: // cut off
        return bytes.subarray(0, at);
      case 3: // a byte more, the header's length kept
        return new Uint8Array([...bytes.subarray(0, at), replacement, ...bytes.subarray(at)]);
      case 4: // a stretch removed
        return new Uint8Array([...bytes.subarray(0, begin), ...bytes.subarray(end)]);
      case 5: // a stretch doubled
        return new Uint8Array([...bytes.subarray(0, end), ...bytes.subarray(begin)]);
      default: // a byte swapped for another of the file
        bytes[at] = bytes[other]!;
        return bytes;
    }
  }

  const rounds = import.meta.env.FERROGRAD_LONG ? 100_000 : 1_000;

  test(`${rounds} files end in a result or a FormatError, nothing else`, () => {
    let refused = 0;
    const all = Array.from({ length: rounds }, (_, round) => round);
    for (const round of ours(all)) {
      let bytes: Uint8Array = valid[round % valid.length]!;
      const damages = 1 + (round % 3);
      for (let d = 0; d < damages && bytes.length > 0; d++) {
        bytes = mutate(bytes, philox4x32([round, d, 0, 0], [1, 0]));
      }
      try {
        const { tensors } = readSafetensors(bytes);
        let total = 0;
        for (const { data } of tensors.values()) total += data.byteLength;
        expect(total).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(ours(all).length / 2);
    expect(refused).toBeLessThan(ours(all).length);
  });
});
