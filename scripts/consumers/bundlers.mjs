// Bundlers as they come, without plug-ins of ours; what they make runs in Chromium.
import { asideSources, html, pageSources, workerSources } from "./files.mjs";

const module = (file) => html(`<script type="module" src="${file}"></script>`);

/** Sources in the folder, a bundle by `build`, a page with it. */
const bundled = (name, tools, sources, build, { page = "/", ci = false } = {}) => ({
  name,
  tools,
  ci,
  async run(place) {
    place.write({ ...sources(place), "index.html": module("./dist/main.js") });
    await build(place);
    return place.page("chromium", { url: page });
  },
});

const esbuild = ({ run, path }, ...args) =>
  run(path("node_modules/esbuild/bin/esbuild"), ["--bundle", "--log-level=warning", ...args]);
const rollup = ({ node }) =>
  node(
    "node_modules/rollup/dist/bin/rollup",
    ...["main.js", "-d", "dist", "-p", "@rollup/plugin-node-resolve"],
  );
const rolldown = ({ node }) => node("node_modules/rolldown/bin/cli.mjs", "main.js", "-d", "dist");
const webpack = (mode) => (place) =>
  place.node("node_modules/webpack-cli/bin/cli.js", "./main.js", "--mode", mode);
const vite = (place) => place.node("node_modules/vite/bin/vite.js", "build", "--base", "./");

const parcel = (place) =>
  place.node(
    ...[
      "node_modules/parcel/lib/bin.js",
      "build",
      "index.html",
      "--public-url",
      "./",
      "--no-cache",
    ],
  );

/** For bundlers that leave the package's own worker out: a file of one's own, a bundle beside the page's. */
const ownFile = asideSources(
  `{ worker: () => new Worker(new URL("./served.js", import.meta.url), { type: "module" }) }`,
);
const SERVED = `import { serve } from "ferrograd/worker";\nserve();\n`;
const served = (place) => ({ ...ownFile(place), "served.js": SERVED });

/** Vite and Parcel take the page itself as their entry. */
const built = (tools, build) => (name, sources, ci) => ({
  name,
  tools,
  ci,
  async run(place) {
    place.write({ ...sources(place), "index.html": module("./main.js") });
    await build(place);
    return place.page("chromium", { url: "/dist/" });
  },
});
const viteBuilt = built("bundlers", vite);
const parcelBuilt = built("parcel", parcel);

const viteServed = (name, sources) => ({
  name,
  tools: "bundlers",
  async run(place) {
    place.write({ ...sources(place), "index.html": module("./main.js") });
    const { origin } = await place.serve(["node_modules/vite/bin/vite.js", "--port", "0"]);
    return place.page("chromium", { url: origin });
  },
});

/** `inWorker` of `ferrograd/worker`. */
const ASIDE = [
  bundled("ferrograd/worker, webpack", "webpack", asideSources(), webpack("production")),
  viteServed("ferrograd/worker, Vite dev", asideSources()),
  viteBuilt("ferrograd/worker, Vite build", asideSources(), true),
  parcelBuilt("ferrograd/worker, Parcel", asideSources()),
  bundled("ferrograd/worker, esbuild and a file", "bundlers", served, (place) =>
    esbuild(
      place,
      ...["main.js", "served.js", "--outdir=dist", "--format=esm", "--splitting", "--minify"],
    ),
  ),
  bundled("ferrograd/worker, Rollup and a file", "bundlers", served, (place) =>
    place.node(
      ...["node_modules/rollup/dist/bin/rollup", "main.js", "served.js", "-d", "dist"],
      ...["-p", "@rollup/plugin-node-resolve"],
    ),
  ),
];

export const CONSUMERS = [
  bundled(
    "esbuild",
    "bundlers",
    pageSources,
    (place) => esbuild(place, "main.js", "--outfile=dist/main.js", "--minify"),
    { ci: true },
  ),
  bundled("Rollup", "bundlers", pageSources, rollup),
  bundled("Rolldown", "bundlers", pageSources, rolldown, { ci: true }),
  bundled("webpack development", "webpack", pageSources, webpack("development")),
  bundled("webpack production", "webpack", pageSources, webpack("production")),
  bundled("webpack worker", "webpack", workerSources, webpack("production")),
  viteServed("Vite dev", pageSources),
  viteServed("Vite dev worker", workerSources),
  viteBuilt("Vite build", pageSources, true),
  viteBuilt("Vite build worker", workerSources, true),
  parcelBuilt("Parcel", pageSources),
  ...ASIDE,
  {
    name: "lambda of one file",
    tools: "bundlers",
    ci: true,
    async run(place) {
      const main = `import { train } from "./program.js";
export const handler = async () => ({ statusCode: 200, body: await train() });
`;
      place.write({ "program.js": place.program.esm, "main.js": main });
      await esbuild(place, "main.js", "--outfile=out/index.cjs", "--platform=node");
      // Nothing else is deployed.
      place.write({
        "out/run.cjs": `require("./index.cjs").handler().then(({ body }) => console.log(body));\n`,
        "node_modules/ferrograd/package.json": { exports: {} },
      });
      return place.node("out/run.cjs");
    },
  },
];
