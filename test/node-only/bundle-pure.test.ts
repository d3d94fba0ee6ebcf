/** What the build says of definitions, so that bundlers leave out those that nothing uses. */
import { SourceMap } from "node:module";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { pure } from "../../scripts/lib/bundle-pure.mjs";

/** Of a text that is made of no other. */
const NO_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });
const marked = (text: string) => pure({ text, map: NO_MAP }).text;

it.each([
  "var a = 1, b = `two`, c = -3, d = other;",
  "var f = () => call(), g = function () { return call(); };",
  "var o = { a: 1, f() { return call(); }, list: [1, [other]] };",
  "var C = class { a = call(); static b = 1; c() { return call(); } };",
  "call();",
  "function f() { var inner = call(); }",
  "let later;",
])("leaves what does nothing, and statements, as they are: %s", (text) => {
  expect(marked(text)).toBe(text);
});

it.each(["call()", "new Map()", "[...other]", "{ ...other }", "a.b", "1 << 3", "{ [a]: 1 }"])(
  "marks %s",
  (init) => expect(marked(`var x = ${init};`)).toBe(`var x = /* @__PURE__ */ (() => (${init}))();`),
);

it("marks each of several, and keeps the names of classes", () => {
  const text =
    "var a = call(), B = class { static { call(); } }, C = class Own { static { call(); } };";
  const made = new Function("call", `${marked(text)} return [a, B.name, C.name];`);
  expect(made(() => 7)).toEqual([7, "B", "Own"]);
});

it("leaves nothing in a bundle of what is not used, with all that it speaks of", async () => {
  const own =
    "var help = (x) => x; var table = Object.keys({ help }); var K = class { static { help(K); } };";
  const used = "var all = [...other()]; function other() { return [1]; } export { all, table };";
  const text = marked(`${own} ${used}`);
  const { outputFiles } = await build({
    stdin: { contents: 'import { all } from "own"; console.log(all);' },
    plugins: [
      {
        name: "own",
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^own$/ }, () => ({ path: "own", namespace: "own" }));
          onLoad({ filter: /.*/, namespace: "own" }, () => ({ contents: text }));
        },
      },
    ],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
  });
  expect(outputFiles[0]!.text).not.toContain("keys");
  expect(outputFiles[0]!.text).not.toContain("static");
});

it("moves what a source map says of the same line behind it", async () => {
  const source = "const first = call(1), last = call(2);\nexport const next = call(first, last);\n";
  const { outputFiles } = await build({
    stdin: { contents: source, sourcefile: "a.js" },
    write: false,
    outfile: "b.js",
    sourcemap: "external",
  });
  const [map, code] = outputFiles.map(({ text }) => text) as [string, string];
  const { text, map: moved } = pure({ text: code, map });
  const after = new SourceMap(JSON.parse(moved));
  const lines = text.split("\n");
  const found = lines.flatMap((line, at) =>
    [...line.matchAll(/call\((?:\d|first)/g)].map(({ index }) => {
      const entry = after.findEntry(at, index);
      if (!("originalLine" in entry)) return undefined;
      return source.split("\n")[entry.originalLine]!.slice(entry.originalColumn).slice(0, 6);
    }),
  );
  expect(found).toEqual(["call(1", "call(2", "call(f"]);
});
