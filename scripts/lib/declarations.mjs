import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { capture } from "./run.mjs";

const PACKAGE = join(ROOT, "packages/ferrograd");

/** Runs `use` on a folder with the package's declarations, without comments and what they call internal. */
export function withDeclarations(use) {
  const folder = mkdtempSync(join(tmpdir(), "ferrograd-api-"));
  const tsc = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", PACKAGE, "--outDir", folder];
  const bare = ["--stripInternal", "--removeComments", "--declarationMap", "false"];
  try {
    capture(process.execPath, [...tsc, ...bare]);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A statement begins at the margin with one of these words; its other lines are indented or close it. */
const STATEMENT = /^(?=(?:export|import|declare|interface|type|abstract)\b)/m;
const LISTED = /^(?:export|import)(?: type)? \{([^}]*)\}(?: from "(.+)")?;/;
const SPREAD = /^export \*(?: as (\w+))? from "(.+)";/;
const NAMESPACE = /^import (?:type )?\* as (\w+) from "(.+)";/;
const DECLARED =
  /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|function|interface|let|type) (\w+)/;

/** `{ a, type b as c }` as pairs of the name there and the name here. */
function pairs(list) {
  const items = list.split(",").map((item) => item.trim().replace(/^type /, ""));
  return items.filter(Boolean).map((item) => {
    const [there, here = there] = item.split(" as ");
    return [there, here];
  });
}

/** The files of a folder of declarations as modules: what each declares, imports and hands on. */
export class Declarations {
  #folder;
  #modules = new Map();

  constructor(folder) {
    this.#folder = folder;
  }

  /** @param {string} file relative to the folder, as in the sources: `layers/dense.ts` */
  #module(file) {
    const known = this.#modules.get(file);
    if (known) return known;
    const text = readFileSync(join(this.#folder, file.replace(/\.ts$/, ".d.ts")), "utf8");
    const at = (path) => join(dirname(file), path).replaceAll("\\", "/");
    const module = { declared: new Map(), named: new Map(), exported: new Set(), spread: [] };
    this.#modules.set(file, module);
    for (const statement of text.split(STATEMENT)) {
      const exports = statement.startsWith("export");
      const [, list, from] = LISTED.exec(statement) ?? [];
      const [, space, whole] = SPREAD.exec(statement) ?? NAMESPACE.exec(statement) ?? [];
      const [, name] = DECLARED.exec(statement) ?? [];
      if (list !== undefined) {
        for (const [there, here] of pairs(list)) {
          if (from) module.named.set(here, { file: at(from), name: there });
          else if (there !== here) module.named.set(here, { file, name: there });
          if (exports) module.exported.add(here);
        }
      } else if (space) {
        module.named.set(space, { file: at(whole), name: "*" });
        if (exports) module.exported.add(space);
      } else if (whole) {
        module.spread.push(at(whole));
      } else if (name) {
        module.declared.set(name, `${module.declared.get(name) ?? ""}${statement}`);
        if (exports) module.exported.add(name);
      }
    }
    return module;
  }

  /** The names that a file exports. @returns {string[]} */
  exportsOf(file) {
    const { exported, spread } = this.#module(file);
    return [...new Set([...exported, ...spread.flatMap((other) => this.exportsOf(other))])].sort();
  }

  /** Where a name of a file is declared; the name "*" stands for all that the file there exports. */
  origin(file, name) {
    const { declared, named, spread } = this.#module(file);
    if (name === "*" || declared.has(name)) return { file, name };
    const there = named.get(name);
    if (there) return this.origin(there.file, there.name);
    const from = spread.find((other) => this.exportsOf(other).includes(name));
    return from && this.origin(from, name);
  }

  /** Where all that a file exports is declared. */
  originsIn(file) {
    return this.exportsOf(file).map((name) => this.origin(file, name));
  }

  textOf({ file, name }) {
    return this.#module(file).declared.get(name);
  }

  /** What the text of a declaration speaks of, where that is declared. */
  mentioned({ file, name }) {
    const { declared, named } = this.#module(file);
    const code = this.textOf({ file, name }).replaceAll(/"[^"\n]*"/g, '""');
    // Not a property, a parameter or a method: `name:`, `name?:`, `name(`, `.name`.
    const words = code.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*(?![\w$]|\??:|\()/g);
    const known = [...new Set([...words].map(([word]) => word))].filter(
      (word) => word !== name && (declared.has(word) || named.has(word)),
    );
    return known.map((word) => this.origin(file, word)).filter(Boolean);
  }
}
