// What the defaults of `ferrograd train --csv` score on the sets of sets.ts, kept in ours.json and shown beside what
// scikit-learn does: node bench/tables/ours.mjs [set ...]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const only = process.argv.slice(2);
const { outputFiles } = await build({
  entryPoints: [join(here, "ours.ts")],
  ...{ bundle: true, write: false, format: "esm", platform: "node" },
  conditions: ["@ferrograd/source"],
  banner: {
    js: `import { createRequire as required } from "node:module"; const require = required(${JSON.stringify(import.meta.url)});`,
  },
});
const { allScores, behind } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);
const read = (name) => JSON.parse(readFileSync(join(here, name), "utf8"));
const { sets: peers } = read("peers.json");
const kept = {};
for (const { name, scores } of allScores()) {
  if (only.length > 0 && !only.includes(name)) continue;
  const start = performance.now();
  const own = (await scores()).map((score) => Number(score.toFixed(5)));
  const ms = (performance.now() - start) / own.length;
  kept[name] = own;
  const mean = own.reduce((sum, score) => sum + score, 0) / own.length;
  const {
    name: best,
    mean: gap,
    errors,
  } = peers[name] ? behind(own, peers[name]) : { name: "-", mean: 0, errors: 0 };
  process.stdout.write(
    `${name.padEnd(14)} ${mean.toFixed(4)}, below ${best} by ${gap.toFixed(4)}, ${errors.toFixed(1)} standard errors (${ms.toFixed(0)} ms a training)\n`,
  );
}
if (only.length === 0) writeFileSync(join(here, "ours.json"), `${JSON.stringify(kept)}\n`);
