import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { listenLocally } from "./browser-run.mjs";
import { openPage } from "./consumer-pages.mjs";
import { toolsFolder } from "./consumer-tools.mjs";
import { ROOT } from "./paths.mjs";
import { captureBeside, endGroup, Failure, GROUPS, npm } from "./run.mjs";

const CONSUMERS = join(ROOT, "scripts/consumers");
const PROGRAM = readFileSync(join(CONSUMERS, "program.ts"), "utf8");
const as = (format) => transformSync(PROGRAM, { loader: "ts", format, target: "es2022" }).code;

const MANIFEST = join(ROOT, "packages/ferrograd/package.json");
const { version: VERSION } = JSON.parse(readFileSync(MANIFEST, "utf8"));

/** The program that all consumers run. */
export const program = { ts: PROGRAM, esm: as("esm"), cjs: as("cjs") };

/** Builds and packs the package, and installs the tarball into an empty project. @returns its node_modules */
export function installPacked(folder) {
  npm(["run", "build"]);
  const packed = join(ROOT, "packages/ferrograd");
  npm(["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: packed });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  const project = join(folder, "packed");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  npm(["install", "--offline", "--no-audit", "--no-fund", `../${tarball}`], { cwd: project });
  return join(project, "node_modules");
}

/** Like pnpm: each tool is a link, and finds its own packages where it was installed. */
function linkTools(from, to) {
  for (const name of readdirSync(from)) {
    if (name.startsWith(".")) continue;
    if (name.startsWith("@")) linkTools(join(from, name), join(to, name));
    else {
      mkdirSync(to, { recursive: true });
      symlinkSync(join(from, name), join(to, name), "junction");
    }
  }
}

/**
 * A way in which people use the package. `run` sets it up in its folder and gives back the hash.
 * @typedef {object} Consumer
 * @property {string} name
 * @property {boolean} [ci] quick enough for `npm test`
 * @property {string} [tools] a set of versions.json
 * @property {boolean} [copied] the tools are in the folder itself, not links
 * @property {object} [manifest] more for its package.json
 * @property {() => string[]} [command] what runs scripts there; this Node without it
 * @property {(place: any) => Promise<string>} run
 */

/**
 * A fresh folder of a consumer: the packed package is installed, and its tools.
 * @returns what the consumer needs to set itself up and run; `close` ends what it started.
 * @param {Consumer} consumer
 */
export async function makePlace(consumer, root, packed) {
  const folder = mkdtempSync(join(root, `${consumer.name.replaceAll(/[^\w.]+/g, "-")}-`));
  const modules = join(folder, "node_modules");
  const closing = [];
  if (consumer.tools) {
    const tools = await toolsFolder(consumer.tools);
    if (consumer.copied) cpSync(tools, modules, { recursive: true, verbatimSymlinks: true });
    else linkTools(tools, modules);
  }
  cpSync(join(packed, "ferrograd"), join(modules, "ferrograd"), { recursive: true });
  const manifest = { private: true, dependencies: { ferrograd: VERSION }, ...consumer.manifest };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const [command, ...before] = consumer.command?.() ?? [process.execPath];
  const place = {
    folder,
    program,
    path: (name) => join(folder, name),
    /** Files by name; what is no text is written as JSON. */
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
        writeFileSync(join(folder, name), text);
      }
    },
    /** Runs a program there. @returns its standard output, trimmed */
    async run(program, args, env) {
      return (await captureBeside(program, args, { cwd: folder, env })).trim();
    },
    /** The same with the consumer's own runtime. */
    node: (...args) => place.runtime(args),
    runtime: (args, env) => place.run(command, [...before, ...args], env),
    /** Starts a server and waits for the address it prints. */
    serve: (args, env) => serve([command, ...before, ...args], { cwd: folder, env }, closing),
    /** Opens a page of the folder, or one at another address. @returns the hash that it answers with */
    page: (browser, options = {}) => openPage(browser, { folder, ...options }),
    freePort,
    async close() {
      for (const work of closing.reverse()) await work();
    },
  };
  return place;
}

/** A port that nothing listens on, for servers that do not say which they took. */
async function freePort() {
  const server = createServer();
  const port = await listenLocally(server);
  await new Promise((closed) => server.close(closed));
  return String(port);
}

const ADDRESS = /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1?\]):\d+/;

function serve([command, ...args], { cwd, env }, closing) {
  const server = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: GROUPS,
  });
  closing.push(() => endGroup(server));
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours stand between host and port
        const address = output.replaceAll(/\u001b\[\d*m/g, "").match(ADDRESS);
        if (address) resolve({ origin: address[0], output: () => output });
      });
    }
    server.on("error", reject);
    server.on("close", (code) => reject(new Failure(`ended with ${code}\n${output}`)));
  });
}
