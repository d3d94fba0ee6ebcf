import { describe, expect, test } from "vitest";
import { trainedHash } from "./support/determinism.ts";

describe("determinism", () => {
  // The same bits in every runtime and on every processor. A change of numerics changes the hash:
  // take the new one from this test's message, and give the changelog a line.
  test("the weights after 200 steps are the pinned ones", async () => {
    expect(await trainedHash()).toBe(
      "0173da61e81555ebba96ed68fe3bf38d4f6a79ecc4dc09decd3f8f169f116c63",
    );
  });

  test("a second run gives the same bits", async () => {
    expect(await trainedHash()).toBe(await trainedHash());
  });
});
