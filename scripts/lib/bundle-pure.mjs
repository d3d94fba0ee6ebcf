import remapping from "@jridgewell/remapping";
import MagicString from "magic-string";
import { parseAst } from "rolldown/parseAst";

/** What does nothing when it is evaluated, as every bundler knows, by its type in a syntax tree. */
const INERT = {
  Literal: () => true,
  Identifier: () => true,
  FunctionExpression: () => true,
  ArrowFunctionExpression: () => true,
  TemplateLiteral: ({ expressions }) => expressions.length === 0,
  UnaryExpression: ({ argument }) => argument.type === "Literal",
  ArrayExpression: ({ elements }) => elements.every(isInert),
  ObjectExpression: ({ properties }) =>
    properties.every(
      ({ type, computed, value }) => type === "Property" && !computed && isInert(value),
    ),
  ClassExpression: ({ body }) =>
    body.body.every(
      ({ type, computed, static: isStatic, value }) =>
        type !== "StaticBlock" && !computed && (!isStatic || value === null || isInert(value)),
    ),
};

const isInert = (node) => INERT[node?.type]?.(node) ?? false;

const [BEFORE, BEHIND] = ["/* @__PURE__ */ (() => (", "))()"];

/**
 * Says of what a module defines that it is made for its name alone: a bundler keeps the values of calls, spreads and classes
 * with static blocks, and all that they speak of, though nothing uses them, unless it is told that making them does nothing
 * else. Statements stay as they are.
 *
 * @param {{ text: string, map: string }} module with its source map
 */
export function pure({ text, map }) {
  const marked = new MagicString(text);
  for (const statement of parseAst(text).body) {
    if (statement.type === "VariableDeclaration")
      for (const { id, init } of statement.declarations) mark(marked, id, init);
  }
  const moved = marked.generateMap({ hires: "boundary" }).toString();
  return { text: marked.toString(), map: remapping([moved, map], () => null).toString() };
}

/** Marks one definition. */
function mark(text, id, init) {
  if (id.type !== "Identifier" || init === null || isInert(init)) return;
  text.appendLeft(init.start, BEFORE).appendRight(init.end, BEHIND);
  const isUnnamed = init.type === "ClassExpression" && init.id === null;
  if (isUnnamed) text.appendLeft(init.start + "class".length, ` ${id.name}`); // as it would be without what comes around it
}
