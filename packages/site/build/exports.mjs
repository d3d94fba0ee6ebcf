// What the package exports, types too, read from its sources: neither compiler nor TypeDoc is needed.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../ferrograd/", import.meta.url));

/** The entries of the package: how they are imported, and the file of each. */
export function entries() {
  const { exports } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  return Object.entries(exports).flatMap(([path, { "@ferrograd/source": source }]) =>
    source ? [{ from: `ferrograd${path.slice(1)}`, file: join(PACKAGE, source) }] : [],
  );
}

const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:class|const|function|interface|type) (\w+)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;
const SPREAD = /^export \*(?: as (\w+))? from "(.+?)"/gm;

/** The names that a file exports, those of other files among them. */
export function exportsOf(file) {
  const text = readFileSync(file, "utf8");
  const names = new Set([...text.matchAll(DECLARED)].map(([, name]) => name));
  for (const [, list] of text.matchAll(LISTED)) {
    for (const item of list.split(",")) {
      const name = /(\w+)\s*$/.exec(item)?.[1];
      if (name) names.add(name);
    }
  }
  for (const [, name, path] of text.matchAll(SPREAD)) {
    if (name) names.add(name);
    else for (const each of exportsOf(join(dirname(file), path))) names.add(each);
  }
  return names;
}
