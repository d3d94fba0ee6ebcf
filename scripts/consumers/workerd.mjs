// Cloudflare's runtime, which compiles no WebAssembly: as its own tool bundles and runs a worker.
import { runtimeCommand } from "../lib/runtimes.mjs";

const WORKER = `import { train } from "./program.js";
export default { fetch: async () => new Response(await train()) };
`;

export const CONSUMERS = [
  {
    name: "workerd",
    tools: "workerd",
    command: () => runtimeCommand("node24"),
    async run(place) {
      place.write({
        "program.js": place.program.esm,
        "worker.js": WORKER,
        "wrangler.json": { name: "t", main: "worker.js", compatibility_date: "2026-01-01" },
      });
      const env = { WRANGLER_SEND_METRICS: "false", CI: "1" };
      const options = ["--port", "0", "--inspector-port", "0", "--ip", "127.0.0.1"];
      const program = "node_modules/wrangler/bin/wrangler.js";
      const { origin } = await place.serve([program, "dev", ...options], env);
      return (await fetch(origin)).text();
    },
  },
];
