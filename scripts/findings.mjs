// npm run findings: runs the example of each page of docs/findings and writes what it prints into the page.
// With --check it only compares.
import "./lib/node-version.mjs";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Failure, main } from "./lib/run.mjs";

const FOLDER = join(ROOT, "docs/findings");
/** A program, and behind it the first block without a language: what it prints. */
const EXAMPLE = /^```ts\n(?<program>.*?)^```$.*?^```\n(?<printed>.*?)^```$/ms;

/** What a program prints. */
async function run(name, program) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: program, loader: "ts", resolveDir: ROOT },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["@ferrograd/source"],
    logLevel: "error",
  });
  const args = ["--input-type=module", "-"];
  const input = outputFiles[0].text;
  const { stdout, stderr } = spawnSync(process.execPath, args, { input, encoding: "utf8" });
  if (stderr !== "") throw new Failure(`${name}: ${stderr}`);
  return stdout;
}

await main(async () => {
  ensurePackages({ dev: true });
  const check = process.argv.includes("--check");
  for (const name of readdirSync(FOLDER)) {
    if (name === "README.md") continue;
    const text = readFileSync(join(FOLDER, name), "utf8");
    const found = EXAMPLE.exec(text);
    if (found === null) throw new Failure(`docs/findings/${name}: no example with what it prints`);
    const printed = await run(name, found.groups.program);
    if (printed === found.groups.printed) continue;
    if (check) {
      throw new Failure(
        `docs/findings/${name}: prints something else now; npm run findings writes it\n${printed}`,
      );
    }
    const end = found.index + found[0].length - "```".length;
    const begin = end - found.groups.printed.length;
    writeFileSync(join(FOLDER, name), text.slice(0, begin) + printed + text.slice(end));
    console.log(`wrote docs/findings/${name}`);
  }
});
