// The order of rooms: a file imports from its own room and from those below it, and no circle forms.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { rustImports } from "./imports-rust.mjs";
import { importsOf, typeScriptImports } from "./imports-typescript.mjs";
import { ROOT } from "./paths.mjs";

/**
 * @typedef {{ name: string, folder: string, rooms?: string[], except?: Record<string, string> }} House
 * Rooms from bottom to top: folders and files of `folder` without their extension; without them only circles are
 * refused. `except`: arrows ("from -> to") that point up, with the reason.
 * @typedef {{ to: string, types: boolean }} Arrow `types`: nothing of it is left when the program runs.
 * @typedef {Map<string, Arrow[]>} Graph What each file imports.
 */

/** @type {House[]} */
export const HOUSES = [
  {
    name: "ferrograd",
    folder: "packages/ferrograd/src",
    rooms: [
      "errors copies options values platform engine",
      "graph compile unroll initializers regularizers schedules optimizers constraints",
      "data layers losses metrics callbacks training",
      "io model checkpoints diagnostics check datasets tables",
      "index inline slim fused workerd edge-light worker",
    ].flatMap((row) => row.split(" ")),
  },
  { name: "crates", folder: "crates", rooms: ["inflate", "kernels", "engine", "wasm"] },
  { name: "kernels", folder: "crates/kernels/src" },
  {
    name: "engine",
    folder: "crates/engine/src",
    rooms: [
      "status segment field share memory op verify",
      "run instruction program engine numbers table inspect lib made_up",
    ].flatMap((row) => row.split(" ")),
  },
];

/** The first part of a path, which is a folder or a file without its extension. */
export const roomOf = (/** @type {string} */ file) => file.split("/")[0].replace(/\.\w+$/, "");

/** What is wrong with a graph, one line each. @param {Graph} graph @param {Omit<House, "folder">} house */
export function faultsOf(graph, { name, rooms, except = {} }) {
  return [...(rooms ? ordered(graph, name, rooms, except) : []), ...circles(graph, name)];
}

function ordered(graph, name, rooms, except) {
  const faults = [];
  const unused = new Set(Object.keys(except));
  for (const [file, arrows] of graph) {
    const room = rooms.indexOf(roomOf(file));
    if (room < 0) {
      const expected = `expected its room in the order of scripts/lib/rooms.mjs`;
      faults.push(`${name}: ${file}: ${expected}, got "${roomOf(file)}", which is none of it`);
      continue;
    }
    for (const { to } of arrows.filter(({ to }) => rooms.indexOf(roomOf(to)) > room)) {
      const arrow = `${file} -> ${to}`;
      if (unused.delete(arrow)) continue;
      const rule = `expected an import from "${rooms[room]}" or a room below it`;
      faults.push(`${name}: ${arrow}: ${rule}, got "${roomOf(to)}", which is above`);
    }
  }
  const stale = [...unused].map((arrow) => `${name}: ${arrow}: expected an arrow, got none`);
  return [...faults, ...stale];
}

/** Circles of what is there when the program runs; types of one room may need each other. @param {Graph} graph */
function circles(graph, name) {
  const done = new Set();
  const faults = [];
  const visit = (file, path) => {
    if (path.includes(file)) {
      const circle = [...path.slice(path.indexOf(file)), file].join(" -> ");
      faults.push(`${name}: expected no circle of imports, got ${circle}`);
    } else if (!done.has(file)) {
      for (const { to, types } of graph.get(file) ?? []) if (!types) visit(to, [...path, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) visit(file, []);
  return faults;
}

/** Whoever is not in the package imports it by its name. */
const OUTSIDE = ["packages/cli", "packages/page", "packages/lesson", "packages/shared"]
  .concat(["packages/site/build", "bench", "examples", "test"])
  .map((folder) => `${folder}/`);

/** Tests of what has no public name, with the reason. @type {Record<string, string>} */
const INSIDE = {
  "test/attributes.test.ts": "attributes that no public function passes on",
  "test/second.test.ts": "whether every op of the table was met",
  "test/node-only/inflate.test.ts": "deflated bytes other than those of the core",
  "test/node-only/docstrings.test.ts":
    "numerics of ferrograd/fused, an entry that would change what runs there",
};

/** Files outside that import the package's sources. @param {Map<string, string>} texts */
export function insideFaults(texts, except = INSIDE) {
  const unused = new Set(Object.keys(except));
  const faults = [...texts].flatMap(([file, text]) => {
    const inside = importsOf(text).filter(({ from }) => /\bferrograd\/src\//.test(from));
    if (inside.length === 0 || unused.delete(file)) return [];
    const rule = 'expected imports of "ferrograd" and its entries';
    return inside.map(({ from }) => `${file}: ${rule}, got "${from}"`);
  });
  return [...faults, ...[...unused].map((file) => `${file}: expected such an import, got none`)];
}

/** The files outside, by their paths. */
export const outside = () =>
  new Map(
    OUTSIDE.flatMap((folder) =>
      [...textsOf(join(ROOT, folder))].map(([file, text]) => [`${folder}${file}`, text]),
    ),
  );

/** Source files below a folder, by their paths in it. @returns {Map<string, string>} */
function textsOf(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        !/node_modules|dist/.test(entry.parentPath) &&
        /(?<!\.d)\.(ts|mjs|rs)$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name));
  const paths = found.map((file) => [relative(folder, file).split(sep).join("/"), file]);
  return new Map(paths.sort().map(([path, file]) => [path, readFileSync(file, "utf8")]));
}

/** @param {House} house @returns {Graph} */
export function graphOf({ name, folder }) {
  const texts = textsOf(join(ROOT, folder));
  if (name === "crates") return rustImports.ofCrates(texts);
  return folder.startsWith("crates") ? rustImports.ofModules(texts) : typeScriptImports(texts);
}

/** Each room from the top, with its files, its lines and the rooms that it imports from. */
export function drawingOf(graph, rooms) {
  const into = new Map(rooms.map((room) => [room, { files: 0, below: new Set() }]));
  for (const [file, arrows] of graph) {
    const room = into.get(roomOf(file));
    if (!room) continue;
    room.files++;
    for (const { to } of arrows) if (roomOf(to) !== roomOf(file)) room.below.add(roomOf(to));
  }
  const line = ([room, { files, below }]) =>
    `${room.padEnd(13)}${String(files).padStart(3)}  ${rooms.filter((name) => below.has(name)).join(" ")}`;
  return [...into].reverse().map((entry) => line(entry).trimEnd());
}
