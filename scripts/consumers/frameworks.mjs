// Frameworks as they come: on the server, and in the page in Chromium. Each is built and served.

import { Failure } from "../lib/run.mjs";
import { runtimeCommand } from "../lib/runtimes.mjs";
import { pageSources } from "./files.mjs";

/** A page of the framework: what the server has trained stands in `<pre>`, or its answer is text. */
async function trainedBy(origin, path) {
  const response = await fetch(new URL(path, origin));
  const text = await response.text();
  const hash = text.match(/\b[0-9a-f]{64}\b/)?.[0];
  if (hash) return hash;
  throw new Failure(`${path}: ${response.status}, expected a hash, got\n${text.slice(0, 2000)}`);
}

const NEXT = {
  "app/layout.jsx":
    "export default ({ children }) => <html lang='en'><body>{children}</body></html>;\n",
  "app/server/page.jsx": `import { train } from "../../program.js";
export const dynamic = "force-dynamic";
export default async function Page() { return <pre>{await train()}</pre>; }
`,
  "app/client/page.jsx": `"use client";
import { useEffect } from "react";
import { train } from "../../program.js";
import { answer } from "../../answer.js";
export default function Page() {
  useEffect(() => answer(train()), []);
  return <p>training</p>;
}
`,
  "app/edge/route.js": `import { train } from "../../program.js";
export const runtime = "edge";
export const GET = async () => new Response(await train());
`,
};

/** One build for what the server, an edge function and the page do: its three must be the same. */
const next = (bundler) => ({
  name: `Next ${bundler}: server, edge, client`,
  tools: "next",
  copied: true,
  async run(place) {
    place.write({ ...pageSources(place), ...NEXT });
    const env = { NEXT_TELEMETRY_DISABLED: "1", CI: "" };
    const program = "node_modules/next/dist/bin/next";
    await place.run(process.execPath, [program, "build", `--${bundler}`], env);
    const { origin } = await place.serve([program, "start", "--port", "0"], env);
    return agreed({
      server: await trainedBy(origin, "/server"),
      edge: await trainedBy(origin, "/edge"),
      client: await place.page("chromium", { url: new URL("/client", origin).href }),
    });
  },
});

/** The hash that all have. */
function agreed(hashes) {
  const [first, ...others] = Object.values(hashes);
  if (others.every((hash) => hash === first)) return first;
  throw new Failure(`expected one hash, got ${JSON.stringify(hashes)}`);
}

const SVELTE = {
  "vite.config.js": `import adapter from "@sveltejs/adapter-node";
import { sveltekit } from "@sveltejs/kit/vite";
export default { plugins: [sveltekit({ adapter: adapter() })] };
`,
  "src/app.html": `<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n`,
  "src/routes/server/+page.server.js": `import { train } from "../../../program.js";
export const load = async () => ({ hash: await train() });
`,
  "src/routes/server/+page.svelte": `<script>let { data } = $props();</script>\n<pre>{data.hash}</pre>\n`,
  "src/routes/client/+page.svelte": `<script>
import { onMount } from "svelte";
import { train } from "../../../program.js";
import { answer } from "../../../answer.js";
onMount(() => answer(train()));
</script>
<p>training</p>
`,
};

const ASTRO = {
  "src/pages/server.astro": `---
import { train } from "../../program.js";
const hash = await train();
---
<pre>{hash}</pre>
`,
  "src/pages/client.astro": `<p>training</p>
<script>
import { train } from "../../program.js";
import { answer } from "../../answer.js";
answer(train());
</script>
`,
};

export const CONSUMERS = [
  next("webpack"),
  next("turbopack"),
  {
    name: "SvelteKit: server, client",
    tools: "sveltekit",
    command: () => runtimeCommand("node24"),
    manifest: { type: "module" },
    async run(place) {
      place.write({ ...pageSources(place), ...SVELTE });
      await place.node("node_modules/vite/bin/vite.js", "build");
      const env = { PORT: await place.freePort(), HOST: "127.0.0.1" };
      const { origin } = await place.serve(["build/index.js"], env);
      return agreed({
        server: await trainedBy(origin, "/server"),
        client: await place.page("chromium", { url: `${origin}/client` }),
      });
    },
  },
  {
    name: "Astro: build, client",
    tools: "astro",
    command: () => runtimeCommand("node24"),
    manifest: { type: "module" },
    async run(place) {
      place.write({ ...pageSources(place), ...ASTRO });
      const env = { ASTRO_TELEMETRY_DISABLED: "1" };
      const program = "node_modules/astro/bin/astro.mjs";
      await place.runtime([program, "build"], env);
      const { origin } = await place.serve([program, "preview", "--port", "0"], env);
      return agreed({
        built: await trainedBy(origin, "/server/"),
        client: await place.page("chromium", { url: `${origin}/client/` }),
      });
    },
  },
];
