import { describe, expect, test } from "vitest";
import { trainedHash } from "./support/determinism.ts";

describe("determinism", () => {
  // The same bits in every runtime and on every processor. A change of numerics changes the hash:
  // take the new one from this test's message, and give the changelog a line.
  test("the weights after 200 steps are the pinned ones", async () => {
    expect(await trainedHash()).toBe(
      "f40e48f116b9fff218a6315455f4d72bfa1d87f1c68705e44d5aad49b89f9d2a",
    );
  });

  test("a second run gives the same bits", async () => {
    expect(await trainedHash()).toBe(await trainedHash());
  });
});
