import type { BenchArgs } from "./args.ts";
import { choosePeers, chooseSuites, paceOf } from "./choice.ts";
import { ferrograd } from "./peers/ferrograd.ts";
import { peers } from "./peers/index.ts";
import { relaxed } from "./peers/relaxed.ts";
import { runSuites } from "./runner.ts";
import { suites } from "./suites/index.ts";
import type { LineProcess } from "./types.ts";

/** A browser's part, called by name from outside of the page. */
Object.assign(globalThis, {
  bench: async (runtime: string, args: BenchArgs, progress: (line: string) => void) => ({
    runtime,
    version: versionOf(navigator.userAgent),
    ...(await runSuites(chooseSuites(suites, args, true), {
      ours: ferrograd,
      relaxed: args.relaxed ? relaxed : undefined,
      peers: choosePeers(peers, args),
      pace: paceOf(args),
      runtime,
      host: {
        importPackage: () => Promise.reject(new Error("packages are in workers")),
        spawnPeer,
      },
      progress,
    })),
  }),
});

/** "140.0": what comes after it says nothing in Chromium, which hides it. */
const versionOf = (agent: string): string =>
  /(?:Firefox|Chrome|Version)\/(\d+\.\d+)/.exec(agent)?.[1] ?? "";

/** A peer in a worker of its own, which answers questions one after the other. */
function spawnPeer(name: string): LineProcess {
  let started: Worker | undefined;
  let turn = Promise.resolve<unknown>(undefined);
  const ask = (question: object) =>
    new Promise((resolve, reject) => {
      started ??= new Worker(`/peer.js?${name}`, { type: "module" });
      const worker = started;
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(`${name}: ${message}`));
      worker.postMessage(question);
    });
  return {
    ask(question) {
      turn = turn.then(() => ask(question));
      return turn;
    },
    end() {
      started?.terminate();
      [started, turn] = [undefined, Promise.resolve()];
    },
  };
}
