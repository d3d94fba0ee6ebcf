// Node, as modules and as CommonJS, in every version that is alive.
import { cpSync } from "node:fs";
import { runtimeCommand } from "../lib/runtimes.mjs";
import { aside } from "./files.mjs";

const ESM = `import { train } from "./program.mjs"; console.log(await train());\n`;
const CJS = `require("./program.cjs").train().then((hash) => console.log(hash));\n`;

const modules = async ({ write, program, node }) => {
  write({ "program.mjs": program.esm, "main.mjs": ESM });
  return node("main.mjs");
};
const commonjs = async ({ write, program, node }) => {
  write({ "program.cjs": program.cjs, "main.cjs": CJS });
  return node("main.cjs");
};

/** Models that train in workers of `ferrograd/worker`. */
const workers = async ({ write, program, node }) => {
  const manifest = { type: "module" };
  write({ "program.js": program.esm, "aside.js": aside(), "package.json": manifest });
  write({
    "main.js": `import { trainAside } from "./aside.js"; console.log(await trainAside());\n`,
  });
  return node("main.js");
};

/** The module, the script and a second installation: in one process. */
async function copies({ write, program, node, path }) {
  cpSync(path("node_modules/ferrograd"), path("other/node_modules/ferrograd"), { recursive: true });
  write({
    "program.mjs": program.esm,
    "program.cjs": program.cjs,
    "other/program.mjs": program.esm,
    "main.mjs": `import { createRequire } from "node:module";
import { train as first } from "./program.mjs";
import { train as second } from "./other/program.mjs";
const { train: third } = createRequire(import.meta.url)("./program.cjs");
const hashes = new Set(await Promise.all([first(), second(), third()]));
console.log([...hashes].join(" "));
`,
  });
  return node("main.mjs");
}

export const CONSUMERS = [
  { name: "Node ESM", ci: true, run: modules },
  { name: "Node CJS", ci: true, run: commonjs },
  ...["20", "22", "24", "26"].flatMap((version) => [
    { name: `Node ${version} ESM`, command: () => runtimeCommand(`node${version}`), run: modules },
    { name: `Node ${version} CJS`, command: () => runtimeCommand(`node${version}`), run: commonjs },
  ]),
  { name: "ferrograd/worker, Node", ci: true, run: workers },
  { name: "ferrograd/worker, Deno", command: () => runtimeCommand("deno"), run: workers },
  { name: "ferrograd/worker, Bun", command: () => runtimeCommand("bun"), run: workers },
  { name: "three copies in a process", ci: true, run: copies },
  { name: "Deno", command: () => runtimeCommand("deno"), run: modules },
  { name: "Deno CJS", command: () => runtimeCommand("deno"), run: commonjs },
  { name: "Bun", command: () => runtimeCommand("bun"), run: modules },
  { name: "Bun CJS", command: () => runtimeCommand("bun"), run: commonjs },
];
