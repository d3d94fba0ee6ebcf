import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";

const SOURCE = join(ROOT, "packages/web/src");
const PAGE = join(ROOT, "dist/web/ferrograd.html");

/** Bundles the page, its worker and its styles into one HTML file that needs no server; returns its path. */
export async function buildWeb() {
  const [script, worker, style] = await Promise.all([
    bundle("main.ts"),
    bundle("worker/main.ts"),
    bundle("style/style.css"),
  ]);
  const parts = { style, worker: inScript(worker), script: inScript(script) };
  const template = readFileSync(join(SOURCE, "index.html"), "utf8");
  const page = template.replaceAll(/<!-- (\w+) -->/g, (_, name) => parts[name]);
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page);
  return PAGE;
}

async function bundle(entry) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  const { outputFiles } = await build({
    entryPoints: [join(SOURCE, entry)],
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2022",
    conditions: ["@ferrograd/source"],
    logLevel: "error",
  });
  return outputFiles[0].text.trim();
}

/** A program as the text of a script element, which neither of these may end or hide. */
const inScript = (program) => program.replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
