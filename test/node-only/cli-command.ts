import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { bundleCli } from "../../scripts/lib/bundle-cli.mjs";

/** No colours, whatever the terminal of the tests. */
export const ENVIRONMENT = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined };

/** The bundled command for the tests of one file, in a folder of their own that goes with them. */
export function bundledCommand() {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-cli-"));
  const file = (name: string) => join(folder, name);
  let command = "";
  beforeAll(async () => {
    ({ outfile: command } = await bundleCli(file("ferrograd.mjs")));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file,
    path: () => command,
    ferrograd(args: readonly string[], env: Record<string, string> = {}) {
      const options = { cwd: folder, encoding: "utf8", env: { ...ENVIRONMENT, ...env } } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], options);
      return { status, stdout, stderr };
    },
  };
}
