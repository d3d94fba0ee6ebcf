// TypeScript with no types of pages, every declaration checked: each way to resolve in the lowest and the newest version.
import { readFileSync } from "node:fs";

const MAIN = `import { train } from "./program.js";\ntrain().then((hash) => console.log(hash));\n`;

/** How modules are resolved: its options, and what the files are. */
const RESOLUTIONS = {
  node: { module: "commonjs", type: "commonjs" },
  node16: { module: "node16", type: "module" },
  nodenext: { module: "nodenext", type: "module" },
  bundler: { module: "esnext", type: "module" },
};

/** Refers to the types of every entry. */
function entries(place) {
  const manifest = readFileSync(place.path("node_modules/ferrograd/package.json"), "utf8");
  const names = Object.entries(JSON.parse(manifest).exports)
    .filter(([, entry]) => entry.import)
    .map(([name]) => name.replace(".", "ferrograd"));
  return names.map((name, i) => `export type E${i} = typeof import("${name}");\n`).join("");
}

const compiled = (version, resolution, type) => ({
  name: `TypeScript ${version} ${resolution}${type ? " CJS" : ""}`,
  tools: "typescript",
  ci: resolution === "nodenext" && !type,
  manifest: { type: type ?? RESOLUTIONS[resolution].type },
  async run(place) {
    // In CommonJS the types of an ES module may only be imported as such.
    const options = {
      module: RESOLUTIONS[resolution].module,
      moduleResolution: resolution,
      target: "es2022",
      lib: ["es2022"],
      types: ["node"],
      strict: true,
      skipLibCheck: false,
      rootDir: ".",
      outDir: "out",
      ...(resolution === "node" && version !== "5.7" ? { ignoreDeprecations: "6.0" } : {}),
    };
    place.write({
      "program.ts": place.program.ts,
      "main.ts": MAIN,
      "entries.ts": entries(place),
      "tsconfig.json": { compilerOptions: options, include: ["*.ts"] },
    });
    await place.node(`node_modules/typescript-${version}/bin/tsc`, "-p", ".");
    return place.node("out/main.js");
  },
});

export const CONSUMERS = [
  ...["node", "node16", "nodenext", "bundler"].map((name) => compiled("5.7", name)),
  ...["node", "node16", "nodenext", "bundler"].map((name) => compiled("6.0", name)),
  ...["node16", "nodenext", "bundler"].map((name) => compiled("7.0", name)),
  compiled("5.7", "nodenext", "commonjs"),
  compiled("7.0", "nodenext", "commonjs"),
  {
    name: "tsx",
    tools: "typescript",
    ci: true,
    async run({ write, program, node }) {
      write({ "program.ts": program.ts, "main.ts": MAIN });
      return node("node_modules/tsx/dist/cli.mjs", "main.ts");
    },
  },
  {
    name: "ts-node",
    tools: "ts-node",
    async run({ write, program, node }) {
      const options = { module: "commonjs", target: "es2022", strict: true };
      write({
        "program.ts": program.ts,
        "main.ts": MAIN.replace("./program.js", "./program"),
        "tsconfig.json": { compilerOptions: options },
      });
      return node("node_modules/ts-node/dist/bin.js", "main.ts");
    },
  },
];
