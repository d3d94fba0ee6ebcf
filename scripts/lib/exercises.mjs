// What the documents say about adding to the library, done in a copy of the checkout.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";

/**
 * @typedef {{ name: string, document: string, heading: string, most: number, rust?: true }} Exercise
 * `most`: files written by hand, at most, beside tests, documents and what is generated. `rust`: builds the core.
 * @typedef {{ file: string, side: "behind" | "before" | undefined, line: string | undefined, body: string }} Place
 */

/** @type {Exercise[]} */
export const EXERCISES = [
  {
    name: "activation",
    document: "CONTRIBUTING.md",
    heading: "Worked example: an activation",
    most: 3,
    rust: true,
  },
  { name: "layer", document: "docs/extending.md", heading: "A layer of existing ops", most: 3 },
  {
    name: "op",
    document: "docs/extending.md",
    heading: "An op with a kernel",
    most: 6,
    rust: true,
  },
  { name: "metric", document: "docs/extending.md", heading: "A metric", most: 3 },
  {
    name: "optimizer",
    document: "docs/extending.md",
    heading: "An optimizer of transforms",
    most: 3,
  },
  { name: "option", document: "docs/extending.md", heading: "An option of the command", most: 3 },
];

/** Where a block goes, in the paragraph above it: a file, and a line in it. */
const PLACED =
  /`([^`\n]+\/[^`\n]+\.\w+)`(?:,\s+(behind|before)\s+`([^\n]+)`)?:\n\n```(?:ts part|rust|json)\n(.*?)^```$/gms;
const COMMANDS = /^```sh\n(.*?)^```$/gms;

/** What a document says under a heading. */
function sectionOf({ document, heading }) {
  const text = readFileSync(join(ROOT, document), "utf8").replaceAll("\r\n", "\n");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined)
    throw new Failure(`${document}: expected a heading "${heading}", got none`);
  return section;
}

/** @param {Exercise} exercise @returns {Place[]} */
export const placesOf = (exercise) =>
  [...sectionOf(exercise).matchAll(PLACED)].map(([, file, side, line, body]) => ({
    file,
    side: /** @type {Place["side"]} */ (side),
    line,
    body,
  }));

/** The commands that test it; what runs everything is not among them. @param {Exercise} exercise */
export const commandsOf = (exercise) =>
  [...sectionOf(exercise).matchAll(COMMANDS)]
    .flatMap(([, lines]) => lines.trim().split("\n"))
    .filter((line) => line !== "npm test");

const TESTS = /^test\/|^crates\/\w+\/tests\/|^packages\/ferrograd\/src\/check\//;
const DOCUMENTS = /^docs\/|^packages\/site\/|\.md$/;

/** Files that are written by hand, but for tests and documents. @param {Exercise} exercise */
export const filesOf = (exercise) =>
  [...new Set(placesOf(exercise).map(({ file }) => file))].filter(
    (file) => !TESTS.test(file) && !DOCUMENTS.test(file),
  );

/** A text with a block in its place; the line must be there once. @param {string} text @param {Place} place */
export function inserted(text, { file, side, line, body }) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const found = lines.flatMap((one, i) => (one.includes(/** @type {string} */ (line)) ? [i] : []));
  if (found.length !== 1)
    throw new Failure(`${file}: expected "${line}" once, got it ${found.length} times`);
  const own = body.replace(/\n$/, "").split("\n");
  // In a list that is written in one line after the other the block begins a line of its own.
  return lines.toSpliced(found[0] + Number(side === "behind"), 0, ...own).join("\n");
}

/** Writes all of an exercise into a checkout. @param {Exercise} exercise */
export function insert(exercise, folder) {
  for (const place of placesOf(exercise)) {
    const file = join(folder, place.file);
    if (place.line !== undefined) {
      writeFileSync(file, inserted(readFileSync(file, "utf8"), place));
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, place.body);
    }
  }
}

/** Copies the checkout as it stands, with its packages as links, but those of the workspace. */
export function copyCheckout(folder) {
  const names = capture("git", ["ls-files", "-co", "--exclude-standard", "-z"]).split("\0");
  for (const name of names.filter((one) => one !== "" && existsSync(join(ROOT, one)))) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, force: true });
  }
  const link = (from, to) => symlinkSync(from, to, "junction");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@ferrograd"), { recursive: true });
  for (const entry of readdirSync(join(ROOT, "node_modules"), { withFileTypes: true })) {
    const { name } = entry;
    if (name === "ferrograd" || name === "@ferrograd" || name.startsWith(".vite")) continue;
    const [from, to] = [join(ROOT, "node_modules", name), join(modules, name)];
    if (entry.isFile())
      cpSync(from, to); // what npm says is installed
    else link(from, to);
  }
  for (const name of readdirSync(join(folder, "packages"))) {
    const at = name === "ferrograd" ? name : `@ferrograd/${name}`;
    link(join(folder, "packages", name), join(modules, at));
  }
}

/** Runs a command of the documents there. */
export function runThere(folder, line) {
  const [command, ...args] = line.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ""));
  const outer = Object.keys(process.env).filter((name) => name.startsWith("VITEST"));
  const env = {
    ...Object.fromEntries(outer.map((name) => [name, undefined])),
    ...{ NO_COLOR: "1", FORCE_COLOR: undefined },
    CARGO_TARGET_DIR: join(ROOT, "target/exercises"),
  };
  const node = command === "npx" ? join(ROOT, "node_modules/vitest/vitest.mjs") : undefined;
  if (node) return capture(process.execPath, [node, ...args.slice(1)], { cwd: folder, env });
  const shell = command === "npm" && process.platform === "win32";
  return capture(command, args, { cwd: folder, env, shell });
}
