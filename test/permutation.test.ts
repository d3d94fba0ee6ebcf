import { ArgumentError, permutation, philox4x32 } from "ferrograd";
import { describe, expect, test } from "vitest";

describe("philox4x32", () => {
  // Random123's published known answers for philox4x32-10: counter, key, block.
  const KNOWN: [number[], number[], number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];

  test("known answers", () => {
    for (const [[c0, c1, c2, c3], [k0, k1], block] of KNOWN) {
      expect(philox4x32([c0!, c1!, c2!, c3!], [k0!, k1!])).toEqual(block);
    }
  });
});

describe("permutation", () => {
  test("holds every row once, for every size", () => {
    for (let n = 0; n < 40; n++) {
      expect([...permutation(n, 3)].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
    }
  });

  test("is pinned", () => {
    expect([...permutation(10, 1)]).toEqual([2, 1, 6, 8, 3, 4, 5, 9, 0, 7]);
    expect([...permutation(10, 1, undefined, 1)]).toEqual([0, 2, 9, 1, 7, 3, 8, 6, 5, 4]);
  });

  test("differs by seed (both words), stream and step", () => {
    const orders = [
      permutation(50, 1),
      permutation(50, 2),
      permutation(50, 1 + 2 ** 32),
      permutation(50, 1, 7),
      permutation(50, 1, 7, 1),
    ].map((order) => order.join());
    expect(new Set(orders).size).toBe(5);
  });

  test("each of the 24 orders of 4 is equally likely", () => {
    const seen = new Map<string, number>();
    const rounds = 24_000;
    for (let step = 0; step < rounds; step++) {
      const order = permutation(4, 5, 0, step).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    let chiSquare = 0;
    for (const n of seen.values()) chiSquare += (n - 1000) ** 2 / 1000;
    expect(seen.size).toBe(24);
    expect(chiSquare).toBeLessThan(49.7); // 0.1 % point at 23 degrees of freedom
  });

  test("refuses seeds that are no integers", () => {
    expect(() => permutation(4, -1)).toThrow(
      new ArgumentError("permutation(): seed: expected an integer of 0 or more, got -1"),
    );
    expect(() => permutation(4, 0.5)).toThrow(ArgumentError);
  });
});
