import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { missingPackages } from "../../scripts/lib/install.mjs";

const NAME = `ferrograd-scratch-test-${process.pid}`;
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(NAME));
const module = new URL("../../scripts/lib/scratch.mjs", import.meta.url).href;
/** A process that makes a folder, says its name, and goes on like this. */
const program = (then: string) => [
  "--input-type=module",
  "-e",
  `import { withScratch } from ${JSON.stringify(module)};
   await withScratch(${JSON.stringify(NAME)}, async (folder) => { console.log(folder); ${then} });`,
];

describe("a folder for temporary files", () => {
  afterAll(() => {
    for (const name of left()) rmSync(join(tmpdir(), name), { recursive: true });
  });

  it.each([
    ["is done", ""],
    ["fails", "throw new Error('it failed');"],
  ])("is gone when what uses it %s", (_, then) => {
    const { stdout } = spawnSync(process.execPath, program(then), { encoding: "utf8" });
    expect(stdout).toContain(NAME);
    expect(existsSync(stdout.trim())).toBe(false);
  });

  it.skipIf(process.platform === "win32").each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "is gone when %s ends the process",
    async (signal) => {
      const { folder, ended } = await killed(signal);
      expect([existsSync(folder), await ended]).toEqual([false, null]);
    },
  );

  it.skipIf(process.platform === "win32")(
    "of a process that was killed goes with the next",
    async () => {
      const { folder } = await killed("SIGKILL");
      expect(existsSync(folder)).toBe(true);
      const other = mkdtempSync(join(tmpdir(), `${NAME}-${process.pid}-`)); // of one that runs
      spawnSync(process.execPath, program(""));
      expect([existsSync(folder), existsSync(other)]).toEqual([false, true]);
    },
  );
});

/** Starts a process with a folder, ends it by this signal, and waits until it is gone. */
async function killed(signal: NodeJS.Signals) {
  const child = spawn(
    process.execPath,
    program("await new Promise(() => setInterval(() => {}, 1e6));"),
  );
  let folder = "";
  for await (const chunk of child.stdout) {
    folder += chunk;
    if (folder.endsWith("\n")) break;
  }
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once("exit", (_, by) => resolve(by));
  });
  child.kill(signal);
  await ended;
  return { folder: folder.trim(), ended };
}

describe("packages are there", () => {
  const wanted = {
    "": { name: "workspace" },
    "packages/one": { version: "0.1.0" },
    "node_modules/@own/one": { resolved: "packages/one", link: true },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
    "node_modules/for-others": { version: "1.0.0", integrity: "sha512-o", optional: true },
    "node_modules/tool": { version: "3.0.0", integrity: "sha512-t", dev: true },
  };
  const { "node_modules/tool": tool, "node_modules/for-others": _, ...training } = wanted;

  it.each([
    ["after npm ci", { ...training, "node_modules/tool": tool }, [], []],
    ["after npm ci --omit=dev", training, [], ["node_modules/tool"]],
    [
      "not in another version, or other bytes",
      {
        ...wanted,
        "node_modules/a": { version: "1.0.1", integrity: "sha512-a" },
        "node_modules/tool": { ...tool, integrity: "sha512-u" },
      },
      ["node_modules/a"],
      ["node_modules/a", "node_modules/tool"],
    ],
    [
      "not before",
      {},
      ["node_modules/@own/one", "node_modules/a", "node_modules/a/node_modules/b"],
      [
        "node_modules/@own/one",
        "node_modules/a",
        "node_modules/a/node_modules/b",
        "node_modules/tool",
      ],
    ],
  ])("%s", (_name, installed, forTraining, forAll) => {
    expect(missingPackages(wanted, installed, { dev: false })).toEqual(forTraining);
    expect(missingPackages(wanted, installed, { dev: true })).toEqual(forAll);
  });
});
