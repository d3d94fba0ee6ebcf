import { parseAst } from "rolldown/parseAst";

/** Calls something for a node of a syntax tree and all in it. */
function visit(node, each) {
  if (Array.isArray(node)) for (const one of node) visit(one, each);
  else if (node && typeof node === "object") {
    if (typeof node.type === "string") each(node);
    for (const value of Object.values(node)) visit(value, each);
  }
}

/** What a module defines, by name, and its other statements. */
function definitionsOf(text) {
  const definitions = new Map();
  const others = [];
  for (const statement of parseAst(text).body) {
    if (statement.type === "VariableDeclaration") {
      for (const part of statement.declarations) {
        visit(part.id, ({ type, name }) => type === "Identifier" && definitions.set(name, part));
      }
    } else if ("id" in statement && "name" in statement.id) {
      definitions.set(statement.id.name, statement);
    } else others.push(statement);
  }
  return { definitions, others };
}

/**
 * What a bundle defines and nothing uses: it is there because a function is called to make it, which a bundler must take for
 * a side effect unless `@__PURE__` or `@__NO_SIDE_EFFECTS__` says otherwise.
 *
 * @returns {{ at: number, end: number }[]} where each stands in the text
 */
export function unused(text) {
  const { definitions, others } = definitionsOf(text);
  const used = new Set();
  const use = (node) =>
    visit(node, ({ type, name }) => {
      if (type !== "Identifier" || !definitions.has(name) || used.has(name)) return;
      used.add(name);
      use(definitions.get(name));
    });
  use(others);
  return [...definitions].flatMap(([name, { start, end }]) =>
    used.has(name) ? [] : [{ at: start, end }],
  );
}
