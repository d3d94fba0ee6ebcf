// npm -s run lesson [-- a b ...] [--json] [--no-times] [--seed N] [--quick]: the lecture's claims about activations, put to the test.
// Results go to standard output, the rest to standard error. All ten make the page too. --quick trains from one seed and
// in a tenth of the epochs, whatever the tables say, to see that all works: its page is lesson-quick.html.
import "./lib/node-version.mjs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleNode } from "./lib/bundle-node.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Failure, main } from "./lib/run.mjs";
import { wasmIsCurrent } from "./lib/sources.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";
import { buildLesson, buildWeb, PAGES } from "./lib/web-build.mjs";

await main(async () => {
  const mustBuild = !wasmIsCurrent();
  ensurePackages({ dev: mustBuild });
  if (mustBuild) await buildWasm();
  const file = join(ROOT, "dist/lesson/main.mjs");
  await bundleNode("packages/lesson/src/command/main.ts", file);
  const url = pathToFileURL(file);
  const lesson = await import(url.href);
  const measured = await lesson.main(process.argv.slice(2), url).catch((error) => {
    throw error.name === "LessonError" ? new Failure(error.message) : error;
  });
  if (measured === undefined) return;
  const { data, quick } = measured;
  const name = quick ? "lesson-quick.html" : "lesson.html";
  const [page] = await Promise.all([buildLesson(data, join(PAGES, name)), buildWeb()]);
  console.error(`${page} has them as charts, and trains; it opens without a server`);
});
