import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { entries } from "../../packages/site/build/exports.mjs";
import { Declarations, withDeclarations } from "./declarations.mjs";
import { ROOT } from "./paths.mjs";
import { capture, Failure } from "./run.mjs";

const FOLDER = join(ROOT, "docs/api");
const SOURCES = join(ROOT, "packages/ferrograd/src");
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
const MADE =
  "// What can be imported, from the package's declarations: `npm run api`. Do not edit.\n";

const keyOf = ({ file, name }) => `${file} ${name}`;

/** The text of a declaration without members that nobody outside can name. */
function textOf(declarations, place) {
  return declarations.textOf(place).replaceAll(/^ +(?:private|#private)\b.*;\n/gm, "");
}

const unexported = (text) => text.replaceAll(/^export /gm, "");

/** An export under the name that it has outside. */
function exportText(declarations, name, place) {
  if (place.name === "*") return namespaceText(declarations, name, place.file);
  const text = textOf(declarations, place);
  if (place.name === name) return text;
  return `${unexported(text)}export { ${place.name} as ${name} };\n`;
}

function namespaceText(declarations, name, file) {
  const texts = declarations
    .exportsOf(file)
    .map((each) => textOf(declarations, declarations.origin(file, each)))
    .map((text) => text.replaceAll("export declare ", "export "));
  return `export declare namespace ${name} {\n${texts.join("\n")}}\n`;
}

/** What these declarations speak of, directly or not, that is none of them nor known. */
function spokenOf(declarations, places, known) {
  const seen = new Set([...known.keys(), ...places.map(keyOf)]);
  const found = [];
  for (const queue = [...places]; queue.length > 0; ) {
    for (const place of declarations.mentioned(queue.pop())) {
      if (place.name === "*" || seen.has(keyOf(place))) continue;
      seen.add(keyOf(place));
      found.push(place);
      queue.push(place);
    }
  }
  const texts = found.map((place) => [place.name, textOf(declarations, place)]);
  return texts.sort().map(([, text]) => unexported(text));
}

/** Names that another entry has already: all that it has as a whole. */
function handedOn(entry, names, known) {
  const all = [...known.values()].filter((other) => other === entry).length === names.length;
  return `export ${all ? "*" : `{ ${names.join(", ")} }`} from "${entry}";\n`;
}

/**
 * What one entry exports, then what that speaks of without being exported.
 *
 * @param {Declarations} declarations
 * @param {Map<string, string>} known what entries before this one export, with the entry of each
 */
export function reportOf(declarations, from, file, known) {
  const [own, places, others, internal] = [[], [], new Map(), []];
  for (const name of declarations.exportsOf(file)) {
    const place = declarations.origin(file, name);
    const there = place && known.get(keyOf(place));
    if (!place) internal.push(`// Internal: ${name}\n`);
    else if (there) others.set(there, [...(others.get(there) ?? []), name]);
    else {
      own.push([name, place]);
      places.push(...(place.name === "*" ? declarations.originsIn(place.file) : [place]));
    }
  }
  const texts = own.map(([name, place]) => exportText(declarations, name, place));
  const beside = spokenOf(declarations, places, known);
  const handed = [...others].map(([entry, names]) => handedOn(entry, names, known));
  for (const [, place] of own) known.set(keyOf(place), from);
  const parts = [MADE, `// ${from}\n`, ...handed, ...internal, ...texts];
  if (beside.length > 0) parts.push("// Not exported, but spoken of above.\n", ...beside);
  return parts.join("\n");
}

/** The report of every entry: the name of its file, and what is to stand there. @returns {Map<string, string>} */
function apiReports() {
  const texts = withDeclarations((folder) => {
    const [declarations, known] = [new Declarations(folder), new Map()];
    return entries().map(({ from, file }) => {
      const source = relative(SOURCES, file).replaceAll("\\", "/");
      return [`${from.replace("/", ".")}.d.ts`, reportOf(declarations, from, source, known)];
    });
  });
  const format = [BIOME, "format", "--stdin-file-path=docs/api/report.d.ts"];
  const formatted = (input) =>
    capture(process.execPath, format, { stdio: ["pipe", "pipe", "pipe"], input });
  return new Map(texts.map(([name, text]) => [name, formatted(text)]));
}

const kept = () => (existsSync(FOLDER) ? readdirSync(FOLDER) : []);

/** Writes docs/api anew. */
export function writeApi() {
  const reports = apiReports();
  for (const name of kept()) if (!reports.has(name)) rmSync(join(FOLDER, name));
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of reports) writeFileSync(join(FOLDER, name), text);
}

/** Is docs/api what the sources export? */
export function checkApi() {
  const read = (name) => readFileSync(join(FOLDER, name), "utf8").replaceAll("\r\n", "\n");
  const [reports, committed] = [apiReports(), new Map(kept().map((name) => [name, read(name)]))];
  const other = [...new Set([...reports.keys(), ...committed.keys()])].filter(
    (name) => reports.get(name) !== committed.get(name),
  );
  if (other.length > 0)
    throw new Failure(
      `docs/api: ${other.join(", ")}: not what the package exports: npm run api, and read its diff`,
    );
}
