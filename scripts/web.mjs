// npm run web [-- --port 5173 | --no-serve]: the page that trains, as one HTML file and on localhost,
// and the lesson page beside it, once npm run lesson has made it.
import "./lib/node-version.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensurePackages } from "./lib/install.mjs";
import { Failure, main } from "./lib/run.mjs";
import { wasmIsCurrent } from "./lib/sources.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";
import { buildWeb, PAGES } from "./lib/web-build.mjs";
import { serve } from "./lib/web-server.mjs";

const LESSON = "lesson.html";

await main(async () => {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "5173" }, "no-serve": { type: "boolean" } },
  });
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536)) {
    throw new Failure(`--port: expected a number from 0 to 65535, got "${values.port}"`);
  }
  const mustBuild = !wasmIsCurrent();
  ensurePackages({ dev: mustBuild });
  if (mustBuild) await buildWasm();
  const page = await buildWeb();
  console.log(`${page} opens without a server too`);
  if (values["no-serve"]) return;
  const address = await serve(PAGES, port);
  console.log(address);
  if (existsSync(join(PAGES, LESSON))) console.log(`${address}${LESSON}`);
  else console.log("npm run lesson makes the lesson page, which is served here too");
});
