import { numericsVersion } from "ferrograd";
import { describe, expect, test } from "vitest";
import { trainedConvolutions, trainedHash } from "./support/determinism.ts";

describe("determinism", () => {
  // The same bits in every runtime and on every processor. A change of numerics changes the hash: take the new one
  // from this test's message, add 1 to NUMERICS in crates/kernels/src/lib.rs, and give the changelog a line.
  test("the weights after 200 steps are the pinned ones of this numerics version", async () => {
    expect([numericsVersion, await trainedHash()]).toEqual([
      1,
      "de777e66212df10d3e7022a03dabcc4daaeda7c44e34524df56d1ee267fc1049",
    ]);
  });

  test("so are those of a convolutional net", async () => {
    expect(await trainedHash(trainedConvolutions)).toBe(
      "169aa85a353f933d39700504766a9c9fb6f39baf98b2dc523ef13edeb534ac4d",
    );
  });

  test("a second run gives the same bits", async () => {
    expect(await trainedHash()).toBe(await trainedHash());
  });
});
