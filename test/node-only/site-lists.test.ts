import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import * as library from "ferrograd";
import { describe, expect, test } from "vitest";
import { answers, LISTS, reasons, SCOPE } from "../../packages/site/build/lists.mjs";

interface Row {
  readonly name: string;
  readonly form: string | undefined;
}
interface Group {
  readonly group: string;
  readonly rows: readonly Row[];
  readonly unused: readonly string[];
}

const why: Record<string, string> = reasons();
const names = Object.keys(library);
const scope = transformSync(SCOPE, { loader: "ts" }).code;
const given = new Set<string>();

/** Runs a line of a page, beside what the page says it speaks of; one that makes a model is about another. */
function run(line: string) {
  const spoken = line.includes("model({") ? scope.replace(/const model = [\s\S]*$/, "") : scope;
  const body = `const {${names}} = library; return (() => {\n${spoken}\nreturn { result: (${line.replace(/ \/\/.*/, "")}), x };\n})();`;
  return new Function("library", body)(library) as { result: unknown; x: library.Tensor };
}

describe.each(Object.keys(LISTS))("names of %s", (list) => {
  const { version, groups }: { version: string; groups: Group[] } = answers(list);
  const rows = groups.flatMap(({ group, rows }) => rows.map((row) => ({ ...row, group })));

  test("are many, of a version, each with a form or a reason", () => {
    expect(version).toMatch(/ \d+\.\d+/);
    expect(rows.length).toBeGreaterThan(100);
    const unanswered = rows.filter(({ form }) => form === undefined);
    expect(unanswered.map(({ group, name }) => `${group}.${name}`)).toEqual([]);
    const keys = rows.filter(({ form }) => form?.startsWith("#")).map(({ form }) => form!.slice(1));
    for (const reason of keys) given.add(reason);
    expect(keys.filter((reason) => !(reason in why))).toEqual([]);
  });

  test("have no form that belongs to none of them", () => {
    expect(groups.flatMap(({ unused }) => unused)).toEqual([]);
  });

  const lines = [
    ...new Set(rows.flatMap(({ form }) => (form && !form.startsWith("#") ? form : []))),
  ];
  test.each(lines)("%s runs", (line) => {
    const { result, x } = run(line);
    const made = typeof result === "function" ? result(x) : result; // a layer is called too
    if (library.isTensor(made)) expect([...made.data()].every(Number.isFinite)).toBe(true);
    else if (line.includes("forEach")) expect(made).toBeUndefined();
    else expect(made).toBeTruthy();
  });
});

/** What TensorFlow.js has for images, sequences and masks, and of its own machinery. */
const LATER = [
  "convolution",
  "pooling",
  "recurrent",
  "padding",
  "augment",
  "discretize",
  "backend",
];

test("of TensorFlow.js, all but images, sequences and masks has a form", () => {
  const { groups }: { groups: Group[] } = answers("tensorflowjs");
  const without = groups.flatMap(({ group, rows }) =>
    rows
      .filter(({ form }) => form?.startsWith("#") && !LATER.includes(form.slice(1)))
      .map(({ name, form }) => `${group}.${name}: ${form}`),
  );
  expect(without).toEqual([]);
  const known = new Set(groups.map(({ group }) => group));
  expect([...known]).toEqual(expect.arrayContaining(["layers", "constraints", "regularizers"]));
});

const { constraints, initializers, metrics, regularizers } = library;
const inside = Object.entries({ constraints, initializers, metrics, regularizers }).flatMap(
  ([name, space]) => Object.keys(space).map((member) => `${name}.${member}`),
);
const examples = readFileSync(
  new URL("../../packages/site/examples.json", import.meta.url),
  "utf8",
);
test.each(Object.entries<string>(JSON.parse(examples)))("example of %s: %s", (name, line) => {
  expect([...names, ...inside]).toContain(name);
  const { result } = run(line);
  expect(result).toBeTruthy();
  if (library.isTensor(result)) expect([...result.data()].every(Number.isFinite)).toBe(true);
});

test("each reason is given somewhere, in one line", () => {
  expect([...given].sort()).toEqual(Object.keys(why).sort());
  for (const reason of Object.values(why)) expect(reason).toMatch(/^[^\n]{10,120}$/);
});
