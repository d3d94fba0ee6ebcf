// npm -s run bench -- [SUITE ...] [--runtimes ...] [--peers] [--relaxed] [--case TEXT] [--alone]
// [--against DIST] [--quick] [--json] [--write].
// JSON on standard output, the rest on standard error; --write writes docs/benchmarks.json and what is made of it.
import "../scripts/lib/node-version.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleNode } from "../scripts/lib/bundle-node.mjs";
import { ensurePackages } from "../scripts/lib/install.mjs";
import { ROOT } from "../scripts/lib/paths.mjs";
import { Failure, main, show } from "../scripts/lib/run.mjs";
import { isBrowser } from "../scripts/lib/runtimes.mjs";
import { wasmIsCurrent } from "../scripts/lib/sources.mjs";
import { buildWasm } from "../scripts/lib/wasm-build.mjs";
import { DIST, distBundle, findDist, programOf, relaxedBundle, WITHOUT } from "./builds.mjs";
import { present, runIn, stateOf } from "./everywhere.mjs";
import { installPeers } from "./peers/install.mjs";

const OUT = join(ROOT, "dist/bench");
const PEERS = join(ROOT, "bench/peers");
/** What --quick takes of the time. */
const QUICK_SHARE = 0.25;

await main(async () => {
  const argv = process.argv.slice(2);
  const mustBuild = !wasmIsCurrent();
  const withRelaxed = argv.includes("--relaxed");
  ensurePackages({ dev: mustBuild || withRelaxed });
  if (mustBuild) await buildWasm();
  if (argv.includes("--peers")) installPeers(PEERS);
  await bundle(withRelaxed ? await relaxedBundle(OUT) : WITHOUT, argv.includes("--peers"));
  const bench = await import(pathToFileURL(join(OUT, "main.mjs")).href);
  try {
    await (bench.argsOf(argv).against === "" ? tables(bench, argv) : against(bench, argv));
  } catch (error) {
    throw error.name === "BenchError" ? new Failure(error.message) : error;
  }
  process.stdout.write("", () => process.exit()); // peers may hold handles; a pipe may still hold the JSON
});

/** One runtime after the other, or the Node that runs this; what each measured is kept at once. */
async function tables(bench, argv) {
  const { runtimes, write, alone, quick } = bench.argsOf(argv);
  const names = runtimes === "" ? [bench.here()] : present(runtimes);
  const folder = join(ROOT, "docs");
  const earlier = bench.readRuns(folder);
  const pieces = names.flatMap((name) => {
    const labels = bench.labelsOf(bench.argvIn(argv, name), isBrowser(name));
    return bench.planOf(name, labels, earlier, quick ? QUICK_SHARE : 1);
  });
  console.error(bench.formatPlan(pieces));
  const state = stateOf();
  const rows = [];
  const runs = [];
  const keep = ({ spent, ...measured }, seconds) => {
    rows.push(...measured.rows);
    runs.push({ runtime: measured.runtime, seconds, spent });
    if (write && measured.rows.length > 0)
      bench.keepRun(bench.runOf(argv, { ...measured, state, seconds }), folder);
  };
  const sizes = await prepare(bench, argv);
  if (sizes.length > 0) keep({ runtime: "any", version: "", rows: sizes, spent: [] }, {});
  const progress = bench.follow(pieces, {
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    now: () => performance.now(),
  });
  const failed = [];
  for (const name of names) {
    const tell = (line) => progress.tell(name, line);
    tell(bench.START);
    try {
      const measured =
        runtimes === ""
          ? await bench.measure(argv, PEERS, tell)
          : await runIn(name, bench.argvIn(argv, name), { bench, folder: OUT, peers: PEERS, tell });
      keep(measured, progress.finish(name));
    } catch (error) {
      if (!(error instanceof Failure) || names.length === 1) throw error;
      tell(error.message);
      failed.push(name);
    }
  }
  bench.report(argv, rows);
  console.error(`\n${bench.formatSpent(runs)}`);
  if (alone) await checkAlone(bench, argv, rows);
  if (write && !show(process.execPath, [join(ROOT, "bench/docs.mjs")]))
    throw new Failure("--write: failed");
  if (failed.length > 0) throw new Failure(`bench: failed in ${failed.join(", ")}`);
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

/** What Node and its kin run, and the parts of a browser: the page, and a worker for each peer. */
async function bundle(options, withPeers) {
  await bundleNode("bench/main.ts", join(OUT, "main.mjs"), options);
  await bundleNode("bench/child.ts", join(OUT, "child.mjs"), options);
  await bundleNode("bench/alone-child.ts", join(OUT, "alone-child.mjs"), options);
  await bundleNode("bench/peer-child.ts", join(OUT, "peer-child.mjs"), options);
  await bundleNode("bench/first.ts", join(OUT, "first.mjs"));
  await bundleBrowser("bench/browser.ts", "browser.mjs", options);
  const packages = withPeers ? "browser-packages.mjs" : "no-packages.mjs";
  await bundleBrowser("bench/browser-peer.ts", "browser-peer.mjs", {
    alias: { "peer-packages": join(PEERS, packages), stream: join(PEERS, "no-stream.mjs") },
  });
}

async function bundleBrowser(entry, outfile, options) {
  const { build } = await import("esbuild"); // imported late: it may just have been installed
  await build({
    entryPoints: [join(ROOT, entry)],
    outfile: join(OUT, outfile),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["@ferrograd/source"],
    logLevel: "warning",
    ...options,
  });
}
