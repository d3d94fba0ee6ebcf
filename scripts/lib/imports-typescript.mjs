import { posix } from "node:path";

/** `import … from "x"`, `export … from "x"`, `import "x"`, at the start of a line. */
const STATEMENT = /^\s*(import|export)\b(\s+type\b)?(?:[^;"'`]*?\bfrom)?\s*["']([^"'\n]+)["']/gm;
/** `import("x")`: of a type or when it is needed. */
const CALL = /\b(typeof\s+)?import\(\s*["']([^"']+)["']\s*\)(\.[A-Z])?/g;

/** What a text imports, as it says it. */
export function importsOf(text) {
  const statements = [...text.matchAll(STATEMENT)].map(([, , type, from]) => ({
    from,
    types: type !== undefined,
  }));
  const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
  const calls = [...code.matchAll(CALL)].map(([, type, from, name]) => ({
    from,
    types: type !== undefined || name !== undefined,
  }));
  return [...statements, ...calls];
}

/** @param {Map<string, string>} texts of files by path @returns {import("./rooms.mjs").Graph} */
export function typeScriptImports(texts) {
  const graph = new Map();
  for (const [file, text] of texts) {
    const own = importsOf(text).filter(({ from }) => from.startsWith("."));
    const arrows = own.map(({ from, types }) => ({
      to: posix.normalize(posix.join(posix.dirname(file), from)),
      types,
    }));
    graph.set(
      file,
      arrows.filter(({ to }) => texts.has(to)),
    );
  }
  return graph;
}
