import { parseAst } from "rolldown/parseAst";
import { numbersOf, textOf } from "./map-numbers.mjs";

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

/** @typedef {Extract<ReturnType<typeof parseAst>["body"][number], { type: "VariableDeclaration" }>["declarations"][number]} Definition */

const [BEFORE, BEHIND] = ["/* @__PURE__ */ (() => (", "))()"];

/**
 * Says of what a module defines that it is made for its name alone: a bundler keeps the values of calls, spreads and classes
 * with static blocks, and all that they speak of, though nothing uses them, unless it is told that making them does nothing
 * else. Statements stay as they are.
 *
 * @param {{ text: string, mappings: string }} module with the mappings of its source map
 */
export function pure({ text, mappings }) {
  const insertions = parseAst(text).body.flatMap((statement) =>
    statement.type === "VariableDeclaration" ? statement.declarations.flatMap(marks) : [],
  );
  return inserted({ text, mappings }, insertions);
}

/** What comes in at one definition. @param {Definition} definition */
function marks({ id, init }) {
  if (id.type !== "Identifier" || init === null || isInert(init)) return [];
  const isUnnamed = init.type === "ClassExpression" && init.id === null;
  const named = { at: init.start + "class".length, said: ` ${id.name}` }; // as it would be without what comes around it
  return [
    { at: init.start, said: BEFORE },
    ...(isUnnamed ? [named] : []),
    { at: init.end, said: BEHIND },
  ];
}

/** A module with texts that come in where they are said to, in their order, each in one line. */
function inserted({ text, mappings }, insertions) {
  const byLine = mappings.split(";").map((segments) => ({ segments, columns: [] }));
  let [line, start, out, from] = [0, 0, "", 0];
  for (const { at, said } of insertions) {
    const lines = text.slice(from, at).split("\n");
    line += lines.length - 1;
    if (lines.length > 1) start = at - lines.at(-1).length;
    byLine[line].columns.push({ column: at - start, length: said.length });
    out += text.slice(from, at) + said;
    from = at;
  }
  return { text: out + text.slice(from), mappings: byLine.map(moved).join(";") };
}

/** The mappings of a line with what came in at some columns: each says how far it is from the one before. */
function moved({ segments, columns }) {
  if (columns.length === 0) return segments;
  let [at, next] = [0, 0];
  const move = (segment) => {
    let [by] = numbersOf(segment);
    at += by;
    for (; columns[next]?.column <= at; next++) by += columns[next].length;
    return segment.replace(FIRST, textOf(by));
  };
  return segments.split(",").map(move).join(",");
}

/** The first number of a segment. */
const FIRST = /^[g-z0-9+/]*[A-Za-f]/;
