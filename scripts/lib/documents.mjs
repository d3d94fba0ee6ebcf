// The programs and commands in documents, and what is printed below them.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleCli } from "./bundle-cli.mjs";
import { bundleLibrary } from "./library-bundle.mjs";
import { ROOT } from "./paths.mjs";
import { Failure } from "./run.mjs";
import { readWasm } from "./wasm-output.mjs";

const BLOCK = /^ *```([^\n]*)\n(.*?)^ *```$/gms;
const RUNS = /^(?:ts|sh)$/;
const OUTPUT = /^(?:text(?: lines [\d -]+)?)?$/;
/** Lines of a file, and what is no program at all. */
const SHOWN = /^(?:ts part|rust|json|html|mermaid)$/;
/** These run always; other commands where the block below shows what they print. */
const COMMAND = /^(?:npx )?ferrograd /;

/** What a build writes into the package: its links are those of the file it is copied from. */
const COPIES = ["packages/ferrograd/CHANGELOG.md"];

/** Every document that people read. */
export function documents() {
  const within = (folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .map((name) => `${folder}/${name}`.split(sep).join("/"))
      .filter((name) => !/\/(?:node_modules|dist)\//.test(name));
  const names = [...readdirSync(ROOT), ...["docs", "examples", "packages"].flatMap(within)];
  return names.filter((name) => name.endsWith(".md") && !COPIES.includes(name)).sort();
}

/**
 * The blocks of a document: what stands at their head, their text, its first line, and where it begins. `prints`
 * is the block that shows what one prints: the next, if it has no language or is `text`.
 */
export function blocksOf(name) {
  const text = readFileSync(join(ROOT, name), "utf8");
  const blocks = [...text.matchAll(BLOCK)].map(({ index, 0: whole, 1: head, 2: body }) => {
    const begin = index + whole.indexOf("\n") + 1;
    const where = `${name}:${text.slice(0, begin).split("\n").length}`;
    return { where, head, body, begin };
  });
  blocks.forEach(({ where, head }, i) => {
    if (OUTPUT.test(head) && !RUNS.test(blocks[i - 1]?.head)) {
      throw new Failure(
        `${where}: expected a program or commands before what is printed; commands are \`sh\``,
      );
    }
    if (![OUTPUT, RUNS, SHOWN].some((kind) => kind.test(head))) {
      throw new Failure(`${where}: expected ts, sh, text, "ts part" or rust, got ${head}`);
    }
  });
  const output = (block) => (block && OUTPUT.test(block.head) ? block : undefined);
  return blocks.map((block, i) => ({ ...block, prints: output(blocks[i + 1]) }));
}

let library;

/** Sends imports of the package to its bundled entries. */
const fromLibrary = {
  name: "library",
  async setup({ onResolve }) {
    library ??= bundleLibrary(join(ROOT, "dist/docs/library"));
    const files = await library;
    onResolve({ filter: /^ferrograd(?:$|\/)/ }, ({ path }) => {
      const file = files.get(path);
      return file && { path: pathToFileURL(file).href, external: true };
    });
  },
};

/** Files by the addresses that Vite would give them, as data: URLs, which `fetch` of Node takes too. */
const addresses = {
  name: "addresses",
  setup({ onResolve, onLoad }) {
    const filter = /^ferrograd\/ferrograd\.wasm\?url$/;
    onResolve({ filter }, () => ({ path: "ferrograd.wasm", namespace: "address" }));
    onLoad({ filter: /.*/, namespace: "address" }, () => ({
      contents: readWasm(),
      loader: "dataurl",
    }));
  },
};

function execute(file, args, { input = "", ...options }) {
  const env = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined };
  return new Promise((resolve) => {
    const done = (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr });
    execFile(file, args, { env, maxBuffer: 1 << 26, ...options }, done).stdin.end(input);
  });
}

/** What a program prints; it runs in this folder. */
async function program(where, contents, cwd) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  const { outputFiles } = await build({
    stdin: { contents, loader: "ts", resolveDir: ROOT },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["@ferrograd/source"],
    plugins: [addresses, fromLibrary],
    logLevel: "silent", // what is wrong is in the error
  });
  const input = outputFiles[0].text;
  const { ok, stdout, stderr } = await execute(process.execPath, ["--input-type=module", "-"], {
    input,
    cwd,
  });
  if (!ok || stderr !== "") throw new Failure(`${where}: ${stderr || "failed"}`);
  return stdout;
}

let bundle;

/** The command `ferrograd`, as one file. */
async function ferrograd() {
  bundle ??= bundleCli(join(ROOT, "dist/docs/ferrograd.mjs"));
  return (await bundle).outfile;
}

/** The arguments of a command line; quotes hold words together. */
const words = (line) => (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

/** The files of a folder, by their paths in it. */
function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

/** What commands have printed and written, by their words and the files they found: documents have some in common. */
const runs = new Map();

/** A command in this folder, unless one of the same words has run in one that had the same files. */
async function once(script, args, cwd) {
  const hash = createHash("sha256").update(JSON.stringify([script, ...args]));
  for (const [name, bytes] of filesIn(cwd)) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  const key = hash.digest("hex");
  if (!runs.has(key)) {
    const run = async () => {
      const result = await execute(process.execPath, [script, ...args], { cwd });
      return { result, written: filesIn(cwd) };
    };
    runs.set(key, run());
  }
  const { result, written } = await runs.get(key);
  for (const [name, bytes] of written) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), bytes);
  }
  return result;
}

/** What a command prints on standard output; it runs in this folder. */
async function command(where, line, cwd) {
  const [name, ...args] = words(line.replace(COMMAND, "ferrograd ").replace(/ +#.*$/, ""));
  const start = /^npm (?:-s )?start(?: --)?(?= |$)/.exec(line);
  if (name !== "ferrograd" && start === null) {
    throw new Failure(`${where}: expected a command of ferrograd or npm start, got ${line}`);
  }
  const script = start ? join(ROOT, "scripts/start.mjs") : await ferrograd();
  const given = start ? words(line.slice(start[0].length)) : args;
  const { ok, stdout, stderr } = await once(script, given, cwd);
  if (!ok) throw new Failure(`${where}: ${line}: ${stderr}`);
  return stdout;
}

/** The lines that a block shows: all, or those in its head, as in `text lines 35 49-60`. */
function shown(printed, head) {
  const [, ranges] = /\blines (.+)$/.exec(head) ?? [];
  if (ranges === undefined) return printed;
  const lines = printed.split("\n");
  const parts = ranges.split(" ").map((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return `${lines.slice(first - 1, last).join("\n")}\n`;
  });
  return parts.join("…\n");
}

/** What the block of a program or of commands prints. */
async function printed({ where, head, body, prints }, folder) {
  if (head === "ts") return program(where, body, folder);
  const lines = body.trimEnd().split("\n");
  if (!prints && !lines.every((line) => COMMAND.test(line))) return "";
  let text = "";
  for (const line of lines) text += await command(where, line, folder);
  return prints ? text : "";
}

/** The files that the commands speak of: flowers with their species, and three without. */
function writeFlowers(folder) {
  const file = readFileSync(join(ROOT, "packages/ferrograd/data/iris.csv"), "utf8");
  const [head, ...flowers] = file.trim().split("\n");
  const species = head.split(",").slice(2);
  const names = "sepal length,sepal width,petal length,petal width";
  const known = flowers.map((row) => row.replace(/\d$/, (label) => species[label]));
  const fresh = [0, 60, 120].map((i) => flowers[i].replace(/,\d$/, ""));
  writeFileSync(join(folder, "iris.csv"), [`${names},species`, ...known].join("\n"));
  writeFileSync(join(folder, "new.csv"), [names, ...fresh].join("\n"));
}

/**
 * The document with what its programs and commands print now. They run in the order of the document, in a
 * folder of their own.
 */
export async function printedAnew(name) {
  const text = readFileSync(join(ROOT, name), "utf8");
  const programs = blocksOf(name).filter(({ head }) => RUNS.test(head));
  if (programs.length === 0) return text;
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-docs-"));
  let [result, end] = ["", 0];
  try {
    writeFlowers(folder);
    for (const block of programs) {
      const { where, prints } = block;
      const now = await printed(block, folder);
      if (!prints && now !== "") throw new Failure(`${where}: expected a block below with\n${now}`);
      if (!prints) continue;
      result += text.slice(end, prints.begin) + shown(now, prints.head);
      end = prints.begin + prints.body.length;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return result + text.slice(end);
}
