import { unrollPrograms } from "ferrograd/unroll";
import { afterAll, beforeAll } from "vitest";

/** Runs after which programs are unrolled in tests, and how many are compared. */
export const AFTER = 3;
export const STEPS = 3 * AFTER;

/** How many cases of a kind are drawn. */
export const CASES = Array.from(
  { length: import.meta.env.FERROGRAD_LONG ? 1500 : 30 },
  (_, seed) => seed,
);

/** More runs than any test has: the files that come after on the same page have the core's own work. */
const NEVER = 2 ** 31;

const { Module } = WebAssembly;
let compiled = 0;

/** Unrolls programs in the tests of a file; what was computed before them was the core's own work. */
export function unrollInTests(): void {
  beforeAll(() => {
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        compiled++;
      }
    };
    unrollPrograms({ after: AFTER });
  });
  afterAll(() => {
    WebAssembly.Module = Module;
    unrollPrograms({ after: NEVER });
  });
}

/** What `body` gives, and how many modules were compiled meanwhile. */
export function counting<T>(body: () => T): { result: T; modules: number } {
  const before = compiled;
  const result = body();
  return { result, modules: compiled - before };
}
