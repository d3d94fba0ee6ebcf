import { dirname, join, relative } from "node:path";
import { decode } from "@jridgewell/sourcemap-codec";
import { ROOT } from "./paths.mjs";
import { Failure } from "./run.mjs";

export const SOURCES = "packages/ferrograd/src";

/** A program's minified bundle for browsers: one file, and a map where one is asked for. */
export async function bundleBrowser(program, resolveDir, options = {}) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    external: ["node:*"],
    logLevel: "error",
    ...options,
  });
  return outputFiles;
}

/**
 * The same, made of the sources of a checkout.
 *
 * @returns its text, and the parts it is made of in the order they come in: the file, from the folder of sources on,
 * the line there, and where the part begins and ends in the text
 */
export async function bundleParts(program, root = ROOT) {
  const outdir = join(root, "dist"); // where nothing is written
  const outputFiles = await bundleBrowser(program, root, {
    conditions: ["@ferrograd/source"],
    logLevel: "silent",
    sourcemap: "external",
    outdir,
  }).catch(({ errors }) => {
    throw new Failure(`bundle: ${errors.map(({ text }) => text).join("; ")}`);
  });
  const text = outputFiles.find(({ path }) => path.endsWith(".js")).text;
  const map = JSON.parse(outputFiles.find(({ path }) => path.endsWith(".map")).text);
  const files = map.sources.map((source) => relative(join(root, SOURCES), join(outdir, source)));
  const starts = positions(text, map.mappings).map(({ at, source, line }) => {
    return { file: files[source].replaceAll("\\", "/"), line, at };
  });
  const parts = starts.map((start, i) => ({ ...start, end: starts[i + 1]?.at ?? text.length }));
  return { text, parts };
}

/** The room of a file: its folder. */
export const roomOf = (file) => (dirname(file) === "." ? "entries" : dirname(file));

/** What stands where in a text, by the mappings of a source map. Lines count from 1. */
function positions(text, mappings) {
  const lengths = text.split("\n").map(({ length }) => length + 1);
  let from = 0;
  return decode(mappings).flatMap((segments, row) => {
    const start = from;
    from += lengths[row];
    return segments.map(([column, source, line]) => ({
      at: start + column,
      source,
      line: line + 1,
    }));
  });
}
