import { FULL, QUICK } from "./harness.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { plainTs } from "./peers/plain-ts.ts";
import { relaxed } from "./peers/relaxed.ts";
import { runSuites } from "./runner.ts";
import { suites } from "./suites/index.ts";

interface Options {
  readonly suites: readonly string[];
  readonly quick: boolean;
  readonly relaxed: boolean;
}

/** A browser's part, called by name from outside of the page. */
Object.assign(globalThis, {
  bench: (runtime: string, options: Options) =>
    runSuites(
      suites.filter(({ name }) => options.suites.includes(name)),
      {
        ours: ferrograd,
        relaxed: options.relaxed ? relaxed : undefined,
        peers: [plainTs],
        pace: options.quick ? QUICK : FULL,
        runtime,
        host: { importPackage: () => Promise.reject(new Error("no packages in a browser")) },
        progress: () => {},
      },
    ),
});
