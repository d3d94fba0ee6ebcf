import { seedKey } from "../values/philox.ts";
import { core, outOfMemory } from "./core.ts";

/**
 * The order of 0..n-1 that `permutation` gives, a fourth of its time.
 * @throws OutOfMemoryError
 */
export function shuffledByCore(n: number, seed: number, stream: number, step: number): Uint32Array {
  const { raw } = core();
  const [low, high] = seedKey(seed);
  const address = raw.shuffled(n, low, high, stream, step >>> 0);
  if (address < 0) throw outOfMemory(n * 4);
  const order = core().words(address, n).slice();
  raw.room(0); // it needs its own no more
  return order;
}
