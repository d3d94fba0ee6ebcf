// What scikit-learn scores on the sets of sets.ts, kept in peers.json: node bench/tables/peers.mjs [python]
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const [python = "python3"] = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: [join(here, "sets.ts")],
  ...{ bundle: true, write: false, format: "esm", platform: "node" },
  conditions: ["@ferrograd/source"],
});
const { asJson } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);
const options = { input: JSON.stringify(asJson()), encoding: "utf8", maxBuffer: 1e9 };
const { status, stdout, stderr } = spawnSync(python, [join(here, "peers.py")], options);
if (status !== 0) throw new Error(stderr);
writeFileSync(join(here, "peers.json"), `${JSON.stringify(JSON.parse(stdout))}\n`);
