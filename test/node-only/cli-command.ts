import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, vi } from "vitest";
import { runProgram } from "../../packages/cli/src/program.ts";
import { bundleCli } from "../../scripts/lib/bundle-cli.mjs";

/** No colours, whatever the terminal of the tests. */
export const ENVIRONMENT = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined };

/** A folder for the tests of one file, which goes with them. */
export function folderOfTests() {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-cli-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file: (name: string) => join(folder, name),
    /** The command there, without a process of its own. */
    run: (line: string) => runInProcess(line.split(" "), folder),
  };
}

const BUNDLE = fileURLToPath(new URL("../../dist/test/ferrograd.mjs", import.meta.url));
let bundled: Promise<unknown> | undefined;

/** The bundled command, once for all files of a process, in a folder of the tests of one. */
export function bundledCommand() {
  const place = folderOfTests();
  beforeAll(async () => {
    bundled ??= bundleCli(BUNDLE);
    await bundled;
  });
  return {
    ...place,
    path: () => BUNDLE,
    ferrograd(args: readonly string[], env: Record<string, string> = {}) {
      const options = {
        cwd: place.folder,
        encoding: "utf8",
        env: { ...ENVIRONMENT, ...env },
      } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [BUNDLE, ...args], options);
      return { status, stdout, stderr };
    },
  };
}

/** The command in this process, which saves the start of another; for what no process is needed to show. */
export async function runInProcess(args: readonly string[], folder = process.cwd()) {
  const before = process.cwd();
  const gather = (stream: NodeJS.WriteStream) => {
    let text = "";
    const spy = vi.spyOn(stream, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    return { text: () => text, restore: () => spy.mockRestore() };
  };
  const [out, err] = [gather(process.stdout), gather(process.stderr)];
  try {
    process.chdir(folder);
    const status = await runProgram(args);
    return { status, stdout: out.text(), stderr: err.text() };
  } finally {
    process.chdir(before);
    out.restore();
    err.restore();
  }
}
