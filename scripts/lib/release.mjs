import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkMetadata } from "./metadata.mjs";
import { ROOT } from "./paths.mjs";
import { capture, Failure, npm } from "./run.mjs";

/** The versions of the file format that there are files of. @returns {string[]} */
export function formatsOf() {
  return readdirSync(join(ROOT, "test/golden"))
    .filter((name) => name.startsWith("format-"))
    .sort();
}

function checkCommitted() {
  const changed = capture("git", ["status", "--porcelain"]).trim();
  if (changed) throw new Failure(`expected all to be committed, got changes of\n${changed}`);
  return capture("git", ["rev-parse", "--short", "HEAD"]).trim();
}

/** Puts what is in the tarball where the clone's tests find the package. */
function installTarball(clone, tarball) {
  const unpacked = join(clone, "node_modules/ferrograd");
  rmSync(unpacked, { recursive: true, force: true }); // a link to the sources
  capture("tar", ["xzf", tarball, "-C", join(clone, "..")]);
  cpSync(join(clone, "../package"), unpacked, { recursive: true });
}

/** Runs the tests of one version's files on what is installed, bundles and not sources. @returns what passed */
function loadFiles(clone, format) {
  const config = join(clone, "scripts/lib/release.vitest.config.mjs");
  const vitest = join(clone, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--root", clone, "--config", config, "--reporter=json"];
  const report = JSON.parse(
    capture(process.execPath, [...args, `test/${format}.test.ts`], { cwd: clone }),
  );
  if (report.numPassedTests === 0) throw new Failure(`expected tests of ${format}, got none`);
  return `${report.numPassedTests} tests`;
}

/**
 * What a release is checked by: what each row is called, and what it does and has to say.
 *
 * @param {string} folder an empty one
 * @param {readonly string[]} formats
 * @returns {(readonly [string, () => unknown])[]}
 */
export function releaseRows(folder, formats) {
  const clone = join(folder, "clone");
  const packed = join(folder, "packed");
  const script = (name) => capture(process.execPath, [join("scripts", name)], { cwd: clone });
  const tarball = () => readdirSync(packed).find((name) => name.endsWith(".tgz"));
  /** @type {[string, () => unknown][]} */
  const rows = [
    ["the address is chosen", () => checkMetadata()],
    ["everything is committed", checkCommitted],
    ["a fresh clone", () => void capture("git", ["clone", "--quiet", ROOT, clone])],
    ["its packages", () => void npm(["ci", "--no-fund", "--no-audit"], { cwd: clone })],
    ["npm run check there", () => `${script("check.mjs").match(/^ok /gm).length} checks`],
    [
      "npm run size there, which builds",
      () => `${script("size.mjs").match(/^ok /gm).length} ceilings`,
    ],
    [
      "the package is packed",
      () => {
        mkdirSync(packed);
        const args = ["pack", "--ignore-scripts", "--pack-destination", packed];
        npm(args, { cwd: join(clone, "packages/ferrograd") });
        installTarball(clone, join(packed, tarball()));
        return tarball();
      },
    ],
  ];
  for (const format of formats) {
    rows.push([`it loads the files of ${format}`, () => loadFiles(clone, format)]);
  }
  return rows;
}

/** Runs the rows in order, a line for each. @returns how many passed and failed */
export async function runRows(rows, say = console.log) {
  const width = Math.max(...rows.map(([name]) => name.length));
  let failed = 0;
  for (const [name, run] of rows) {
    const start = performance.now();
    let [state, said] = ["ok", ""];
    try {
      said = String((await run()) ?? "");
    } catch (error) {
      [state, said] = ["failed", error instanceof Failure ? error.message : String(error.stack)];
      failed += 1;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    const [first, ...others] = said.split("\n");
    say(`${state.padEnd(7)} ${name.padEnd(width)} ${seconds} s  ${first}`.trimEnd());
    if (others.length > 0) say(others.join("\n").replaceAll(/^/gm, "    "));
  }
  return { passed: rows.length - failed, failed };
}
