import { ferrograd } from "./peers/ferrograd.ts";
import { plainTs } from "./peers/plain-ts.ts";
import { runSuites } from "./runner.ts";
import { suites } from "./suites/index.ts";

/** A browser's part, called by name from outside of the page. */
Object.assign(globalThis, {
  bench: (runtime: string, options: { suites: readonly string[]; quick: boolean }) =>
    runSuites(
      suites.filter(({ name }) => options.suites.includes(name)),
      {
        ours: ferrograd,
        peers: [plainTs],
        rounds: options.quick ? 5 : 15,
        warmUpMs: options.quick ? 100 : 150,
        runtime,
        host: { importPackage: () => Promise.reject(new Error("no packages in a browser")) },
        progress: () => {},
      },
    ),
});
