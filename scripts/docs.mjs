// npm run docs [-- --serve [--port 5174] | --check]: builds the site (reference, guides, recipes) into packages/site/dist/site,
// then shows it on localhost, or looks at a page of every kind in Chromium.
import "./lib/node-version.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensurePackages, ensureTools } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Failure, main, show } from "./lib/run.mjs";
import { buildWeb, PAGES } from "./lib/web-build.mjs";

const SITE = join(ROOT, "packages/site");

await main(async () => {
  const { values } = parseArgs({
    options: {
      serve: { type: "boolean" },
      check: { type: "boolean" },
      port: { type: "string", default: "5174" },
    },
  });
  ensurePackages({ dev: values.check === true });
  ensureTools(SITE, "the site's tools, into packages/site");
  await buildWeb();
  const measured = existsSync(join(PAGES, "lesson.html"));
  if (!measured && !show(process.execPath, [join(ROOT, "scripts/lesson.mjs")])) {
    throw new Failure("docs: the lesson failed");
  }
  if (!show(process.execPath, [join(SITE, "build/index.mjs")])) throw new Failure("docs: failed");
  console.log("packages/site/dist/site");
  if (values.check && !show(process.execPath, [join(SITE, "build/check-pages.mjs")])) {
    throw new Failure("docs: some pages keep somebody out");
  }
  if (!values.serve) return;
  const vitepress = join(SITE, "node_modules/vitepress/bin/vitepress.js");
  show(process.execPath, [vitepress, "preview", SITE, "--port", values.port]);
});
