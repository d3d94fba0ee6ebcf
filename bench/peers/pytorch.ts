import type { Peer } from "../types.ts";
import { remoteEngine } from "./remote.ts";

/** PyTorch, one thread; pytorch.py answers as a process of ours would, and takes the time itself. */
export const pytorch: Peer = {
  name: "pytorch",
  installed: true,
  isApart: true,
  async load(host) {
    const python = await host.spawnPython?.("pytorch.py");
    return python && remoteEngine(python);
  },
};
