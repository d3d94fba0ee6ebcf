import { describe, expect, test } from "vitest";
import { trainedHash } from "./support/determinism.ts";

describe("determinism", () => {
  // The same bits in every runtime and on every processor. A change of numerics changes the hash:
  // take the new one from this test's message, and give the changelog a line.
  test("the weights after 200 steps are the pinned ones", async () => {
    expect(await trainedHash()).toBe(
      "8af91d2b03fc9d4f1b72eb8eadaee36a8029171f6e5207742d00fc11a626be3d",
    );
  });

  test("a second run gives the same bits", async () => {
    expect(await trainedHash()).toBe(await trainedHash());
  });
});
