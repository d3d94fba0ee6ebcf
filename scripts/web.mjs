// npm run web [-- --port 5173 | --no-serve]: the page that trains, as one HTML file and on localhost.
import "./lib/node-version.mjs";
import { parseArgs } from "node:util";
import { ensurePackages } from "./lib/install.mjs";
import { main } from "./lib/run.mjs";
import { wasmIsCurrent } from "./lib/sources.mjs";
import { buildWasm } from "./lib/wasm-build.mjs";
import { buildWeb } from "./lib/web-build.mjs";
import { serve } from "./lib/web-server.mjs";

await main(async () => {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "5173" }, "no-serve": { type: "boolean" } },
  });
  const mustBuild = !wasmIsCurrent();
  ensurePackages({ dev: mustBuild });
  if (mustBuild) buildWasm();
  const page = await buildWeb();
  console.log(`${page} opens without a server too`);
  if (!values["no-serve"]) console.log(await serve(page, Number(values.port)));
});
