import type { Engine, Peer } from "../types.ts";
import { remoteEngine } from "./remote.ts";

/** PyTorch, one thread; pytorch.py answers as a process of ours would, and takes the time itself. */
export const pytorch: Peer = {
  name: "pytorch",
  installed: true,
  isApart: true,
  isNative: true,
  async load(host) {
    const python = await host.spawnPython?.("pytorch.py");
    return python && remoteEngine(python);
  },
};

/** NumPy in such a process, for what it can do. */
export const numpy: Peer = {
  name: "numpy",
  installed: true,
  isApart: true,
  isNative: true,
  async load(host) {
    const python = await host.spawnPython?.("pytorch.py");
    if (python === undefined) return undefined;
    const { reduceNumpy } = (await remoteEngine(python)) as Engine & {
      readonly reduceNumpy: Engine["reduce"];
    };
    const version = (await python.ask({ action: "numpyVersion" })) as string;
    return { version, reduce: reduceNumpy };
  },
};
