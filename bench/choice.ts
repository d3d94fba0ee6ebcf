/** What the arguments ask for, the same in every runtime. */
import type { BenchArgs } from "./args.ts";
import { FULL, LONG_CALL_MS, type Pace, QUICK } from "./harness.ts";
import type { Peer, Suite } from "./types.ts";

/** The suites that are asked for, with the cases that are. */
export function chooseSuites(
  suites: readonly Suite[],
  { suites: names, brief, case: part }: BenchArgs,
  isBrowser = false,
): Suite[] {
  return suites
    .filter(({ name, outsideBrowsers }) => names.includes(name) && !(isBrowser && outsideBrowsers))
    .map(({ rows, ...suite }) => ({
      ...suite,
      cases: suite.cases.filter(
        ({ name }) => name.includes(part) && (!brief || suite.everywhere?.includes(name)),
      ),
      ...(rows !== undefined && part === "" && !brief && { rows }),
    }))
    .filter(({ cases, rows }) => cases.length > 0 || rows !== undefined);
}

/** Those that may be there; brief: that depend on the runtime. */
export function choosePeers(
  peers: readonly Peer[],
  { peers: all, brief }: Pick<BenchArgs, "peers" | "brief">,
): Peer[] {
  return peers.filter(({ installed, isNative }) => (all || !installed) && !(brief && isNative));
}

/** Calls of more than a second are timed in the runtime that has every case. */
export function paceOf({ quick, brief }: Pick<BenchArgs, "quick" | "brief">): Pace {
  const pace = quick ? QUICK : FULL;
  return brief ? { ...pace, longestMs: LONG_CALL_MS } : pace;
}
