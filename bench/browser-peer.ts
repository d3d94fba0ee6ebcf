import { importPackage, versionOf } from "peer-packages";
import { peers } from "./peers/index.ts";
import { serve } from "./peers/remote.ts";

/** One peer in a worker of a page, which is named in its address: answers messages with messages. */
const name = location.search.slice(1);
// Peers of one thread: some would take the build that has several, and start workers.
for (const threads of ["Worker", "SharedArrayBuffer"]) {
  Object.defineProperty(globalThis, threads, { get: () => undefined, set() {} });
}
const answer = serve(async () =>
  peers.find((peer) => peer.name === name)?.load({ importPackage, versionOf }),
);
addEventListener("message", async ({ data }) => postMessage((await answer(data)) ?? null));
