import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { bundleCli } from "./bundle-cli.mjs";
import { pure } from "./bundle-pure.mjs";
import { ROOT } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";
import { readWasm } from "./wasm-output.mjs";
import { writeWhole } from "./write-whole.mjs";

const PACKAGE = join(ROOT, "packages/ferrograd");
const DIST = join(PACKAGE, "dist");

/** The maps name the sources, which are in the package once, as they are. */
const MAPS = { sourcemap: true, sourcesContent: false };

/** Files under a folder, as paths relative to it. */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/** The entries that put something in its place, the wasm or the evaluator; the others have definitions only. */
const PROVIDERS = ["inline.js", "slim.js", "fused.js", "workerd.js", "edge-light.js"];

/** What a worker runs, and the module that names it as its file. */
const THREAD = { file: "worker/thread.js", starter: "worker/index" };

/** The files of package.json's exports in dist/esm, relative to it, and the one that workers run. */
function entries() {
  const manifest = readFileSync(join(PACKAGE, "package.json"), "utf8");
  const modules = [...manifest.matchAll(/"default": "\.\/dist\/esm\/([^"]*)"/g)];
  return [...modules.map(([, name]) => name), THREAD.file];
}

/** Says what the sources' file of workers is called in this form of the package. */
function nameThread(form, extension, from = "ts") {
  rewrite(join(DIST, form, `${THREAD.starter}.${extension}`), (text) => {
    const named = text.replaceAll(`"./thread.${from}"`, `"./thread.${extension}"`);
    if (named === text)
      throw new Failure("build: expected the file of workers to be named, got none");
    // Of a script its own address, where the runtime tells it.
    const address =
      'globalThis.process?.getBuiltinModule?.("node:url").pathToFileURL(__filename).href';
    return named.replace("const import_meta = {};", `const import_meta = { url: ${address} };`);
  });
}

/**
 * Gives a module names of its own for what it exports of others. To a bundler the package has no side effects:
 * it goes past a module that only hands on what others define, and leaves out what it puts in place. Whoever
 * uses a definition has all of its module.
 */
function ownExports(text) {
  return text.replace(/^export \{\n([\s\S]*?)\n\};$/m, (_, list) => {
    const exported = list.split(",\n").map((item) => item.trim().split(" as "));
    const own = exported.map(([local], i) => `own${i} = ${local}`);
    const names = exported.map(([local, name = local], i) => `own${i} as ${name}`);
    return `const ${own.join(", ")};\nexport { ${names.join(", ")} };`;
  });
}

/** Bundlers go past a file that nothing is used of; of what a bundle has of several each definition has to say it. */
function markPure(name) {
  const [file, beside] = [name, `${name}.map`].map((path) => join(DIST, "esm", path));
  const { text, map } = pure({
    text: readFileSync(file, "utf8"),
    map: readFileSync(beside, "utf8"),
  });
  writeFileSync(file, text);
  writeFileSync(beside, map);
}

/** One bundle per entry of package.json's exports; what entries share is a chunk, so classes exist once. @returns the files that went in */
async function buildEsm() {
  const { metafile } = await build({
    entryPoints: entries().map((name) => join(PACKAGE, "src", name.replace(/js$/, "ts"))),
    outbase: join(PACKAGE, "src"),
    outdir: join(DIST, "esm"),
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: ["node:*", "*.wasm", "*.wasm?module"],
    ...MAPS,
    metafile: true,
    logLevel: "error",
  });
  for (const name of files(join(DIST, "esm"))) if (name.endsWith(".js")) markPure(name);
  for (const name of PROVIDERS) rewrite(join(DIST, "esm", name), ownExports);
  nameThread("esm", "js");
  return Object.keys(metafile.inputs);
}

/** The ESM files one by one as CommonJS, so that entries share chunks there too. */
async function buildCjs() {
  // Where the wasm is an import there are ES modules only.
  const own = (name) => name.endsWith(".js") && !/^(workerd|edge-light)\./.test(name);
  const modules = files(join(DIST, "esm")).filter(own);
  await build({
    entryPoints: modules.map((name) => join(DIST, "esm", name)),
    outbase: join(DIST, "esm"),
    outdir: join(DIST, "cjs"),
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    platform: "neutral",
    target: "es2022",
    ...MAPS,
    logLevel: "error",
  });
  for (const name of modules) {
    const file = join(DIST, "cjs", name.replace(/\.js$/, ".cjs"));
    rewrite(file, (text) => text.replaceAll(/require\("(\.[^"]*)\.js"\)/g, 'require("$1.cjs")'));
  }
  nameThread("cjs", "cjs", "js");
}

const LIBRARY = '/// <reference lib="esnext.disposable" />\n';

/** A declaration file as published: imports of files that exist there, and the library it needs. */
function declaration(text, extension) {
  const body = text
    .replaceAll(/^import "[^"]*";$/gm, "") // the line stays: the map counts lines
    .replaceAll(/((?:from|import\()\s*"\.[^"]*)\.[jt]s"/g, `$1.${extension}"`);
  // Whatever the user's `lib` lists.
  return body.includes("Symbol.dispose") ? LIBRARY + body : body;
}

/** The map by which a definition is found in the sources, for a declaration that may begin one line further down. */
function declarationMap(text, declared) {
  const map = JSON.parse(text);
  const mappings = declared.startsWith(LIBRARY) ? `;${map.mappings}` : map.mappings;
  return JSON.stringify({ ...map, mappings });
}

/** Of the generated declarations what ours refer to: the core's functions, without the types of pages. */
function coreTypes(glue) {
  const [output] = glue.match(/^export interface InitOutput \{[\s\S]*?^\}/m);
  const lines = output.split("\n").filter((line) => !line.includes("readonly __"));
  return lines.join("\n").replace("WebAssembly.Memory", "{ readonly buffer: ArrayBuffer }");
}

/** Declarations beside the bundles, as .d.ts and .d.cts, which have the same lines and so the same map. */
function buildTypes() {
  const esm = join(DIST, "esm");
  capture(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", PACKAGE]);
  const glue = "engine/generated/ferrograd_wasm.d.ts";
  const types = coreTypes(readFileSync(join(PACKAGE, "src", glue), "utf8"));
  writeWhole(join(esm, glue), `${types}\n`);
  for (const name of files(esm).filter((file) => file.endsWith(".d.ts"))) {
    const twin = join(DIST, "cjs", name.replace(/\.d\.ts$/, ".d.cts"));
    cpSync(join(esm, name), twin, { recursive: true });
    rewrite(join(esm, name), (text) => declaration(text, "js"));
    const map = relative(dirname(twin), join(esm, `${name}.map`)).replaceAll("\\", "/");
    const toMap = (text) => text.replace(/(?<=^\/\/# sourceMappingURL=).*/m, map);
    rewrite(twin, (text) => toMap(declaration(text, "cjs")));
    if (name === glue) continue;
    const declared = readFileSync(join(esm, name), "utf8");
    rewrite(join(esm, `${name}.map`), (text) => declarationMap(text, declared));
  }
}

/** The changelog, the licences of the project, and those of the packages whose code is in the bundles. */
function copyTexts(sources) {
  const own = ["CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
  for (const name of own) cpSync(join(ROOT, name), join(PACKAGE, name));
  const bundled = sources.flatMap(
    (source) => source.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? [],
  );
  const texts = [...new Set(bundled)].sort().map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const file = readdirSync(folder).find((text) => /^licen[sc]e/i.test(text));
    if (!file)
      throw new Failure(`build: ${name}: expected a licence text beside its code, got none`);
    return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  writeFileSync(join(PACKAGE, "LICENSE-THIRD-PARTY"), texts.join("\n---\n\n"));
}

/**
 * A folder for each entry below the package's name, with the paths of its files: for resolvers that do not
 * read `exports` (moduleResolution node of TypeScript, old Jest, Parcel as it comes).
 */
function writeStubs() {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  for (const [entry, { import: esm, require: cjs }] of Object.entries(exports)) {
    if (entry === "." || !esm) continue;
    const folder = join(PACKAGE, entry);
    const [main, module, types] = [cjs.default, esm.default, esm.types].map((file) =>
      file.replace("./", "../"),
    );
    const stub = { type: "module", main, module, types, sideEffects: false };
    writeWhole(join(folder, "package.json"), `${JSON.stringify(stub, null, 2)}\n`);
  }
}

/** The command `ferrograd`, whole in one file. @returns the files that went in */
async function buildCommand() {
  const file = join(DIST, "cli.js");
  // Its own names stay: errors are told apart by them.
  const { sources } = await bundleCli(file, { sourcemap: false, minify: true, keepNames: true });
  rewrite(file, (text) => `#!/usr/bin/env node\n${text}`);
  return sources;
}

export async function buildPackage() {
  rmSync(DIST, { recursive: true, force: true });
  const sources = await buildEsm();
  await buildCjs();
  buildTypes();
  writeFileSync(join(DIST, "ferrograd.wasm"), readWasm()); // for ferrograd/slim
  writeStubs();
  copyTexts([...sources, ...(await buildCommand())]);
}
