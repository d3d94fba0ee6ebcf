import { createInterface } from "node:readline";
import { nodeHost } from "./node.ts";
import { packArrays, unpackArrays } from "./packing.ts";
import { peers } from "./peers/index.ts";
import { serve } from "./peers/remote.ts";

/** One peer in a process of its own: answers lines with lines until there are no more. */
const [peersFolder, name] = process.argv.slice(2);
console.log = console.error; // whatever a peer prints must not mix with the answers
const answer = serve(async () =>
  peers.find((peer) => peer.name === name)?.load(nodeHost(peersFolder)),
);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${packArrays((await answer(unpackArrays(line))) ?? null)}\n`);
}
process.exit(0);
