// The guide of activations: a section for each row of the table, with its curves drawn by the core.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SITE = fileURLToPath(new URL("../", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TABLE = join(ROOT, "packages/ferrograd/src/engine/ops.generated.ts");

async function curvesOfTable() {
  const { build } = await import("esbuild");
  const outfile = join(SITE, "dist/curves.mjs");
  await build({
    entryPoints: [join(SITE, "build/curves.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["@ferrograd/source"],
    logLevel: "error",
  });
  return (await import(pathToFileURL(outfile).href)).curves;
}

/** What the table says of a row in words: the formula and what is known of it, and its range. */
export function wordsOf(name, table = readFileSync(TABLE, "utf8")) {
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*${name}: `).exec(table);
  if (!comment) throw new Error(`activations: the table says nothing of ${name}`);
  const text = comment[1].replace(/\s*\n\s*\*\s?/g, " ").trim();
  const [, about, range] = /^(.*?)\s*Range: (.+)\.$/.exec(text);
  return { about, range };
}

const [LEFT, RIGHT, LOW, HIGH] = [-4, 4, -2, 4];
const at = (x, y) => [((x - LEFT) / (RIGHT - LEFT)) * 320, ((HIGH - y) / (HIGH - LOW)) * 240];

/** A curve as a path; it breaks where it leaves the drawing, and where it jumps. */
function path(xs, ys) {
  let d = "";
  let pen = false;
  ys.forEach((y, i) => {
    const seen = y >= LOW && y <= HIGH;
    const jumps = i > 0 && Math.abs(y - ys[i - 1]) > 0.4;
    if (seen) {
      const [px, py] = at(xs[i], y).map((value) => value.toFixed(1));
      d += `${pen && !jumps ? "L" : "M"}${px} ${py}`;
    }
    pen = seen;
  });
  return d;
}

function drawing({ name, x, y, slope }) {
  const ticks = [-4, -2, 2, 4].map((value) => {
    const [px, py] = at(value, 0);
    return `<text x="${Math.min(Math.max(px, 8), 312)}" y="${py + 13}" text-anchor="middle">${value}</text>`;
  });
  const heights = [-1, 1, 2, 3].map((value) => {
    const [px, py] = at(0, value);
    return `<text x="${px - 4}" y="${py + 4}" text-anchor="end">${value}</text>`;
  });
  const [[zeroX, zeroY]] = [at(0, 0)];
  return [
    `<svg class="curve" viewBox="0 0 320 240" role="img" aria-label="${name} and its derivative from -4 to 4">`,
    `<path class="axis" d="M0 ${zeroY}H320M${zeroX} 0V240"/>${ticks.join("")}${heights.join("")}`,
    `<path class="slope" d="${path(x, slope)}"/><path class="value" d="${path(x, y)}"/></svg>`,
  ].join("");
}

const FINDINGS = {
  collapsed: ({ name }) => name === "linear",
  dead: ({ slope }) => slope.filter((value) => value === 0).length > 40,
  saturated: ({ row }) => row.saturates === "both",
  vanishing: ({ row }) => row.saturates === "both",
  notZeroCentered: ({ y, slope }) => y.every((value) => value >= 0) && slope.some((d) => d > 0),
  initMismatch: ({ row }) => row.initializer !== "glorotUniform",
};
/** The experiment of the lesson that shows a finding. */
const LESSON = {
  collapsed: "a: layers without an activation",
  dead: "g: dying relu, j: in convolutions",
  saturated: "d: saturated units",
  vanishing: "c: depth",
  notZeroCentered: "f: zig-zag",
  initMismatch: "e: initialization",
};
const ENDS = { none: "nowhere", low: "at -inf", high: "at inf", both: "at both ends" };

/** Times of the kept benchmarks, beside relu's. */
function costs() {
  const { runs } = JSON.parse(readFileSync(join(ROOT, "docs/benchmarks.json"), "utf8"));
  const [{ rows }] = runs.toSorted((a, b) => b.rows.length - a.rows.length); // the run of all cases
  const ms = (name, way) =>
    rows.find((row) => row.case === `${name}/${way}/256k`)?.ours.medianMs ?? Number.NaN;
  return (name) =>
    ["forward", "backward"]
      .map((way) => [way, ms(name, way) / ms("relu", way)])
      .filter(([, ratio]) => Number.isFinite(ratio))
      .map(([way, ratio]) => `${ratio.toFixed(1)} ${way}`)
      .join(", ");
}

function section(curve, use, cost) {
  const { name, row } = curve;
  const { about, range } = wordsOf(name);
  const findings = Object.keys(FINDINGS).filter((code) => FINDINGS[code](curve));
  const params = row.params.map(({ name, default: value }) => `\`${name}\` ${value}`).join(", ");
  const facts = [
    ["Range", range],
    ["Saturates", ENDS[row.saturates]],
    ["First weights", `\`${row.initializer}\``],
    ["Options", params],
    ["Time beside relu", cost],
    ["Findings", findings.map((code) => `[${code}](/findings/${code})`).join(", ")],
    ["[In the lesson](/live)", findings.map((code) => LESSON[code]).join("; ")],
    ["When", use],
  ].filter(([, value]) => value !== "");
  const plain = (text) =>
    text.replaceAll("<", "&lt;").replaceAll("*", "\\*").replaceAll("|", "\\|");
  return [
    `## ${name}\n`,
    `${plain(about)}\n`,
    `${drawing(curve)}\n`,
    `| of | ${name} |\n| --- | --- |`,
    ...facts.map(([key, value]) => `| ${key} | ${key === "Range" ? plain(value) : value} |`),
    "",
  ].join("\n");
}

const HEAD = `---
order: 12
---
# Activations

Each is a function, \`relu(x)\`, and a name, \`dense(8, { activation: "relu" })\`. Between layers begin with relu; where its
units die take leakyRelu; tanh for small nets and smooth answers. The last layer has none: the loss takes logits.

The <span class="value-word">full line</span> is f, the <span class="slope-word">dashed line</span> its derivative, as the
core computes them. Times are those of [the benchmarks](/benchmarks), for 256 k numbers.
`;

/** Writes the guide into the folder of pages. */
export async function writeActivations(pages) {
  const uses = JSON.parse(readFileSync(join(SITE, "activations.json"), "utf8"));
  const cost = costs();
  const sections = (await curvesOfTable()).map((curve) =>
    section(curve, uses[curve.name], cost(curve.name)),
  );
  mkdirSync(join(pages, "guides"), { recursive: true });
  writeFileSync(join(pages, "guides/activations.md"), [HEAD, ...sections].join("\n"));
}
