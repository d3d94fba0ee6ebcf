/** The few things that only Node (and what imitates it) can do. */
import { createRequire } from "node:module";
import { cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Host } from "./types.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()}`,
    node: process.versions.node,
  };
}

/** Such as "node24". */
export function runtime(): string {
  return `node${process.versions.node.split(".")[0]}`;
}

/** Takes packages from the peers' own folder, as they were published. */
export function nodeHost(peersFolder: string): Host {
  const require = createRequire(join(peersFolder, "package.json"));
  return { importPackage: async (name) => require(name) as unknown };
}
