import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { npm } from "../../scripts/lib/run.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** An empty project that has installed the package as npm packs it. */
export interface Project {
  folder(): string;
  write(name: string, text: string): void;
  /** Everything that a program prints. */
  node(...args: string[]): string;
}

/** Builds, packs and installs the package before the tests of a file. */
export function installed(): Project {
  let folder = "";
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograd-packed-"));
    write("package.json", JSON.stringify({ name: "empty", private: true }));
    npm(["run", "build"], { cwd: root });
    // Packed and unpacked, without a file of it: a second of the processor to deflate, and one to inflate.
    const packed = ["--install-links", "--ignore-scripts", join(root, "packages/ferrograd")];
    npm(["install", "--offline", "--no-audit", "--no-fund", ...packed], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    write,
    folder: () => folder,
    node(...args) {
      const options = { cwd: folder, encoding: "utf8" } as const;
      const { stdout, stderr } = spawnSync(process.execPath, args, options);
      return stdout + stderr;
    },
  };
}

/** Learns exclusive or, and says how well: the same text as a module and as a CommonJS script. */
export const XOR = `
const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
const model = sequential([dense(8, { activation: "tanh" }), dense(1)], { inputShape: [2], seed: 1 })
  .compile({ optimizer: adam({ learningRate: 0.1 }), loss: "binaryCrossentropy", metrics: ["accuracy"] });
model.fitSync(x, [0, 1, 1, 0], { epochs: 100, batchSize: 4 });
const accuracy = model.evaluate(x, [0, 1, 1, 0]).accuracy;
`;
export const NAMES = "{ adam, dense, sequential }";
