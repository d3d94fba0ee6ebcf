// What scikit-learn scores on the sets of sets.ts, kept in peers.json: node bench/tables/peers.mjs [python [set ...]]
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const kept = join(here, "peers.json");
const [python = "python3", ...only] = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: [join(here, "sets.ts")],
  ...{ bundle: true, write: false, format: "esm", platform: "node" },
  conditions: ["@ferrograd/source"],
});
const { asJson } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);
const sets = asJson().filter(({ name }) => only.length === 0 || only.includes(name));
const options = { input: JSON.stringify(sets), encoding: "utf8", maxBuffer: 1e9 };
const { status, stdout, stderr } = spawnSync(python, [join(here, "peers.py")], options);
if (status !== 0) throw new Error(stderr);
const found = JSON.parse(stdout);
const before = only.length === 0 ? {} : JSON.parse(readFileSync(kept, "utf8")).sets;
const all = { ...found, sets: { ...before, ...found.sets } };
writeFileSync(kept, `${JSON.stringify(all)}\n`);
