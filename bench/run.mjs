// npm -s run bench -- [SUITE ...] [--runtimes ...] [--peers] [--relaxed] [--case TEXT] [--alone]
// [--against DIST] [--quick] [--json] [--write].
// JSON on standard output, the rest on standard error; --write writes docs/benchmarks.json and what is made of it.
import "../scripts/lib/node-version.mjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInBrowser } from "../scripts/lib/browser-run.mjs";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ensurePackages } from "../scripts/lib/install.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure, main, show, tell } from "../scripts/lib/run.mjs";
import { Absent, chooseRuntimes, isBrowser, runtimeCommand } from "../scripts/lib/runtimes.mjs";
import { wasmIsCurrent } from "../scripts/lib/sources.mjs";
import { buildWasm } from "../scripts/lib/wasm-build.mjs";
import { DIST, distBundle, findDist, programOf, relaxedBundle, WITHOUT } from "./builds.mjs";
import { installPeers } from "./peers/install.mjs";

const OUT = join(ROOT, "dist/bench");
const PEERS = join(ROOT, "bench/peers");
/** What a runtime needs for the relaxed build; the others have it, or lack it. */
const RELAXED_FLAGS = { node20: ["--experimental-wasm-relaxed-simd"] };

await main(async () => {
  const argv = process.argv.slice(2);
  const mustBuild = !wasmIsCurrent();
  const withRelaxed = argv.includes("--relaxed");
  ensurePackages({ dev: mustBuild || withRelaxed });
  if (mustBuild) await buildWasm();
  if (argv.includes("--peers")) installPeers(PEERS);
  await bundle(withRelaxed ? await relaxedBundle(OUT) : WITHOUT);
  const bench = await import(pathToFileURL(join(OUT, "main.mjs")).href);
  try {
    await (bench.argsOf(argv).against === "" ? tables(bench, argv) : against(bench, argv));
  } catch (error) {
    throw error.name === "BenchError" ? new Failure(error.message) : error;
  }
  process.exit(); // peers may hold handles
});

async function tables(bench, argv) {
  const { runtimes, write, alone } = bench.argsOf(argv);
  const rows = await prepare(bench, argv);
  rows.push(
    ...(runtimes === "" ? await bench.measure(argv, PEERS) : await everywhere(bench, argv)),
  );
  const report = bench.report(argv, rows);
  if (alone) await checkAlone(bench, argv, rows);
  if (write) writeDocs(bench, report);
}

async function checkAlone(bench, argv, rows) {
  const off = await bench.checkAlone(argv, rows, PEERS);
  if (off.length > 0)
    throw new Failure(
      `bench: an error of the bench: ${off.length} times in company differ by more than 10 % from the same alone, twice`,
    );
}

/** This checkout's build and another one. */
async function against(bench, argv) {
  const theirs = findDist(bench.argsOf(argv).against);
  ensurePackages({ dev: true });
  const { buildPackage } = await import("../scripts/lib/package-build.mjs");
  await buildPackage();
  const { buildPrograms } = await import("./programs.mjs");
  const bundles = {};
  for (const [name, dist] of Object.entries({ mine: DIST, theirs })) {
    const outfile = join(OUT, `${name}.mjs`);
    await distBundle(dist, outfile);
    const folder = join(OUT, "programs", name);
    if (bench.argsOf(argv).suites.includes("init"))
      await buildPrograms(["ferrograd"], folder, programOf(dist));
    bundles[name] = { url: pathToFileURL(outfile).href, program: `${name}/ferrograd` };
  }
  bench.reportAgainst(argv, await bench.measureAgainst(argv, PEERS, bundles));
}

function writeDocs(bench, report) {
  bench.keepReport(report, join(ROOT, "docs"));
  if (!show(process.execPath, [join(ROOT, "bench/docs.mjs")])) throw new Failure("--write: failed");
}

/** Builds what fresh processes run, and measures sizes, where these suites are asked for; gives rows. */
async function prepare(bench, argv) {
  const [init, size] = ["init", "size"].map((suite) => bench.argsOf(argv).suites.includes(suite));
  if (!init && !size) return [];
  ensurePackages({ dev: true });
  const { PROGRAMS, buildPrograms, programSizes } = await import("./programs.mjs");
  const { measureSizes } = await import("../scripts/lib/sizes.mjs");
  const sizes = await measureSizes(); // builds the package
  const peers = argv.includes("--peers") ? PROGRAMS : [];
  if (init) await buildPrograms(["ferrograd", ...peers], join(OUT, "programs"));
  return size ? bench.sizeRows(sizes, await programSizes(peers)) : [];
}

/** One runtime after the other; what is absent is named. */
async function everywhere(bench, argv) {
  const rows = [];
  for (const name of chooseRuntimes(bench.argsOf(argv).runtimes)) {
    console.error(`\n${name}`);
    try {
      rows.push(...(await runIn(name, bench, argv)));
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      console.error(`absent: ${name}: ${error.message.split("\n")[0]}`);
    }
  }
  return rows;
}

async function runIn(name, bench, argv) {
  if (isBrowser(name)) {
    const options = JSON.stringify(bench.browserOptions(argv));
    const call = `bench(${JSON.stringify(name)}, ${options})`;
    const rows = await runInBrowser(name, readFileSync(join(OUT, "browser.mjs")), call);
    if (argv.includes("--relaxed") && rows.every(({ build }) => build !== "relaxed"))
      console.error("absent here: relaxed");
    return rows;
  }
  const [program, ...args] = runtimeCommand(name);
  if (argv.includes("--relaxed")) args.push(...(RELAXED_FLAGS[name] ?? []));
  const { ok, output } = tell(program, [...args, join(OUT, "child.mjs"), PEERS, ...argv]);
  if (!ok) throw new Failure(`${name}: the benchmarks failed`);
  return JSON.parse(output);
}

/** What Node and its kin run, and the part of a browser. */
async function bundle(options) {
  await bundleNode("bench/main.ts", join(OUT, "main.mjs"), options);
  await bundleNode("bench/child.ts", join(OUT, "child.mjs"), options);
  await bundleNode("bench/alone-child.ts", join(OUT, "alone-child.mjs"), options);
  await bundleNode("bench/peer-child.ts", join(OUT, "peer-child.mjs"), options);
  await bundleNode("bench/first.ts", join(OUT, "first.mjs"));
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  await build({
    entryPoints: [join(ROOT, "bench/browser.ts")],
    outfile: join(OUT, "browser.mjs"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["@ferrograd/source"],
    logLevel: "warning",
    ...options,
  });
}
