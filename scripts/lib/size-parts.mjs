import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleParts, roomOf, SOURCES } from "./bundle-parts.mjs";
import { ROOT } from "./paths.mjs";
import { wasmByOp } from "./size-ops.mjs";
import { gzipped } from "./sizes.mjs";

/** A text without some parts of it, which are in order. */
export function leaveOut(text, parts) {
  let [rest, from] = ["", 0];
  for (const { at, end } of parts) {
    rest += text.slice(from, at);
    from = end;
  }
  return rest + text.slice(from);
}

/**
 * What a bundle is made of, by what `nameOf` calls a part: bytes of it minified, and how many the gzipped bundle has
 * fewer without it. Those sum to less than the whole, since what two have in common is there for both.
 *
 * @returns rows of a name and its sizes, minified and gzip; the largest first, the whole last
 */
export function sizesBy({ text, parts }, nameOf) {
  const groups = new Map();
  for (const part of parts) {
    const name = nameOf(part);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), part]);
  }
  const total = gzipped(text);
  const rows = [...groups].map(([name, group]) => {
    const rest = leaveOut(text, group);
    return { name, sizes: [text.length - rest.length, total - gzipped(rest)] };
  });
  rows.sort((a, b) => b.sizes[0] - a.sizes[0]);
  return [...rows, { name: "in all", sizes: [text.length, total] }];
}

/** Of a part of a file in graph/ops: the op whose definition it is of. */
function opOf(root) {
  const starts = new Map();
  const startsOf = (file) => {
    if (!starts.has(file)) {
      const lines = readFileSync(join(root, SOURCES, file), "utf8").split("\n");
      const names = lines.map((line) => line.match(/^(?:export )?(?:const|function) (\w+)/)?.[1]);
      starts.set(file, names);
    }
    return starts.get(file);
  };
  return ({ file, line }) => {
    if (!file.startsWith("graph/ops/")) return undefined;
    const name = startsOf(file).slice(0, line).findLast(Boolean);
    return name?.match(/^(\w+)Ops?$/)?.[1];
  };
}

/**
 * Sizes of each op: the bytes of the core that are there for it alone, and its definition in the bundle of everything,
 * minified and gzip.
 */
async function opSizes(root) {
  const wasm = await wasmByOp(root);
  const bundle = await bundleParts('export * from "ferrograd"', root);
  const definitions = sizesBy(bundle, opOf(root)).slice(0, -1);
  const rows = new Map([...wasm].map(([name, bytes]) => [name, { name, sizes: [bytes, 0, 0] }]));
  for (const { name, sizes } of definitions) {
    rows.set(name, { name, sizes: [wasm.get(name) ?? 0, ...sizes] });
  }
  return [...rows.values()].sort((a, b) => b.sizes[0] - a.sizes[0]);
}

const bundleSizes = (nameOf) => ({
  columns: ["minified", "gzip"],
  measure: async (root, program) => sizesBy(await bundleParts(program, root), nameOf),
});

/** The tables of `npm run size` beside the ceilings. */
const TABLES = {
  rooms: bundleSizes(({ file }) => roomOf(file)),
  files: bundleSizes(({ file }) => file),
  ops: { columns: ["wasm", "minified", "gzip"], measure: opSizes },
};

/** A table as lines of text; with another checkout each column is there twice, as it is there before as it is here. */
export async function sizeTable(kind, program, against) {
  const { columns, measure } = TABLES[kind];
  const now = await measure(ROOT, program);
  if (against === undefined) {
    return aligned([["", ...columns], ...now.map(({ name, sizes }) => [name, ...sizes])]);
  }
  const [before, after] = [await measure(against, program), now].map(
    (rows) => new Map(rows.map(({ name, sizes }) => [name, sizes])),
  );
  const none = columns.map(() => 0);
  const pairs = [...new Set([...after.keys(), ...before.keys()])].map((name) => {
    const [old, own] = [before.get(name) ?? none, after.get(name) ?? none];
    return [name, ...columns.flatMap((_, i) => [old[i], own[i]])];
  });
  return aligned([["", ...columns.flatMap((column) => [`${column} before`, column])], ...pairs]);
}

function aligned(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows.map(([name, ...cells]) => {
    const padded = cells.map((cell, i) => String(cell).padStart(widths[i + 1] + 2));
    return [name.padEnd(widths[0]), ...padded].join("");
  });
}
