import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { writeWhole } from "./write-whole.mjs";

const SOURCE = join(ROOT, "packages");
export const PAGES = join(ROOT, "dist/web");

/** Builds the page that trains; returns its path. */
export const buildWeb = () =>
  buildPage(join(PAGES, "ferrograd.html"), {
    template: "page/src/index.html",
    script: "page/src/main.ts",
    worker: "page/src/worker/main.ts",
    style: "page/src/style/style.css",
  });

/** Builds the lesson page around what was measured; returns its path. */
export const buildLesson = (data, file = join(PAGES, "lesson.html")) =>
  buildPage(
    file,
    {
      template: "lesson/src/page/index.html",
      script: "lesson/src/page/main.ts",
      worker: "lesson/src/worker/main.ts",
      style: "lesson/src/style/lesson.css",
    },
    inScript(JSON.stringify(data), "\\u003c"),
  );

/** Bundles a page, its worker and its styles into one HTML file that needs no server. */
async function buildPage(file, sources, data = "") {
  const [script, worker, style] = await Promise.all([
    bundle(sources.script),
    bundle(sources.worker),
    bundle(sources.style),
  ]);
  const own = inScript(script);
  const parts = { style, worker: inScript(worker), script: own, own: hashSource(own), data };
  const template = readFileSync(join(SOURCE, sources.template), "utf8");
  const page = template.replaceAll(/<!-- (\w+) -->/g, (_, part) => parts[part]);
  writeWhole(file, page);
  return file;
}

/** How a page's policy names the one script that may stand in it. */
const hashSource = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

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

/** A program or its data as the text of a script element, which neither of these may end or hide. */
const inScript = (text, less = "\\x3c") => text.replaceAll(/<(?=\/script|!--)/gi, less);
