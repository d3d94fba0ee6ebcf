/** Comments, texts and tests in the file itself say nothing of what a module needs. */
function codeOf(text) {
  const code = text
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/\/\/.*$/gm, "")
    .replaceAll("$crate", "");
  return code.split(/#\[cfg\(test\)\]\s*mod \w+ \{/)[0];
}

/** Items of a list in braces, whose own lists stay whole. */
function items(list) {
  const found = [""];
  let depth = 0;
  for (const letter of list) {
    if (letter === "," && depth === 0) found.push("");
    else found[found.length - 1] += letter;
    depth += Number(letter === "{") - Number(letter === "}");
  }
  return found.map((item) => item.trim()).filter((item) => item !== "");
}

/** `a::{b, c::{d, e}}` as a::b, a::c::d and a::c::e. */
function paths(tree) {
  const at = tree.indexOf("{");
  if (at < 0) return [tree.replace(/\s+as \w+$/, "").trim()];
  const inner = items(tree.slice(at + 1, tree.lastIndexOf("}")));
  return inner.flatMap(paths).map((path) => tree.slice(0, at).trim() + path);
}

/** All paths that code names, those of `use` in full. */
function named(code) {
  const USE = /\buse\s+([^;]+);/g;
  const uses = [...code.matchAll(USE)].flatMap(([, tree]) => paths(tree));
  const others = code.replaceAll(USE, "").match(/\b(?:crate|super|ferrograd_\w+)(?:::\w+)+/g) ?? [];
  return [...uses, ...others].map((path) => path.split("::"));
}

/** `a/b.rs` and `a/b/mod.rs` are the module a::b, `lib.rs` is the crate. */
const moduleOf = (file) =>
  file
    .replace(/\.rs$/, "")
    .split("/")
    .filter((part, i, { length }) => i < length - 1 || (part !== "mod" && part !== "lib"));

/** From the crate, a path that starts in a module; undefined where it names another crate or a part of the module. */
function absolute(module, path) {
  const [head, ...rest] = path;
  if (head === "crate") return rest;
  if (head !== "super") return undefined;
  const parent = module.slice(0, -1);
  return rest[0] === "super" ? absolute(parent, rest) : [...parent, ...rest];
}

/**
 * The modules of a crate. A module and its parts are one thing where it names them; what a part names of its
 * module is an arrow.
 * @param {Map<string, string>} texts of files below src @returns {import("./rooms.mjs").Graph}
 */
function ofModules(texts) {
  const files = new Map([...texts.keys()].map((file) => [moduleOf(file).join("::"), file]));
  const graph = new Map();
  for (const [file, text] of texts) {
    const module = moduleOf(file);
    const arrows = named(codeOf(text)).flatMap((path) => {
      const whole = absolute(module, path);
      if (!whole || module.every((part, i) => part === whole[i])) return [];
      while (!files.has(whole.join("::"))) whole.pop();
      return [{ to: files.get(whole.join("::")), types: false }];
    });
    graph.set(file, arrows);
  }
  return graph;
}

/** Which crates each file names. @param {Map<string, string>} texts @returns {import("./rooms.mjs").Graph} */
function ofCrates(texts) {
  const graph = new Map();
  for (const [file, text] of texts) {
    const names = named(codeOf(text)).flatMap(
      ([head]) => head.match(/^ferrograd_(\w+)$/)?.[1] ?? [],
    );
    const others = names.filter((name) => name !== file.split("/")[0]);
    graph.set(
      file,
      others.map((name) => ({ to: `${name}/src/lib.rs`, types: false })),
    );
  }
  return graph;
}

export const rustImports = { ofModules, ofCrates };
