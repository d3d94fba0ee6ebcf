import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { CHROMIUM_ARGS, findChromium } from "./scripts/lib/chromium.mjs";
import { librarySources } from "./scripts/lib/library-plugin.mjs";

// Tests see the sources of the package `ferrograd`, not its bundles; those of node-alone file by file.
const conditions = ["@ferrograd/source", "module", "import", "default"];
const long = process.env.FERROGRAD_LONG === "1";

/** What no test comes near, however busy the machine is: a limit only ends what hangs. */
const HANGS = long ? 3_600_000 : 600_000;
/** Do Node and Chromium divide what is more of the same (test/support/shares.ts)? */
const shared = process.env.FERROGRAD_SHARED === "1" && !long;
const env = (share: 0 | 1) => ({
  FERROGRAD_LONG: long ? "1" : "",
  FERROGRAD_SHARE: shared ? String(share) : "",
});
const common = {
  testTimeout: HANGS,
  hookTimeout: HANGS,
  maxWorkers: availableParallelism(),
};
/** Files share a process or a page, which has loaded the library once. */
const SHARED = { isolate: false };
const nodeConditions = ["node", ...conditions];
const inNode = {
  resolve: { conditions: nodeConditions },
  ssr: { resolve: { conditions: nodeConditions } },
};

/** Files of half a minute, most of them waiting for a browser or a command: begun first, none is left alone at the end. */
const LONGEST = [
  "lesson-live-page",
  "exercises",
  "web",
  "packaging",
  "lesson-page",
  "documents",
  "lesson",
  "doors",
];

/** What these see of the core's memory is what was used before them. */
const MEASURE_MEMORY = ["chains", "memory", "convolution-memory"];
const FIRST = [...MEASURE_MEMORY, ...LONGEST];

/** These load the library anew, or another start of it. */
const ALONE = ["giving-way", "growth", "realms"].map((name) => `test/node-only/${name}.test.ts`);

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = FIRST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? FIRST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
    projects: [
      {
        ...inNode,
        plugins: [librarySources("node")],
        test: {
          ...common,
          ...SHARED,
          env: env(0),
          name: "node",
          server: { deps: { external: [/dist\/test\/library-/] } },
          include: ["test/**/*.test.ts"],
          exclude: ALONE,
        },
      },
      {
        ...inNode,
        test: { ...common, env: env(0), name: "node-alone", include: ALONE },
      },
      {
        plugins: [librarySources("browser")],
        resolve: { conditions: ["browser", ...conditions] },
        optimizeDeps: { include: ["fflate"] },
        test: {
          ...common,
          env: env(1),
          name: "chromium",
          include: ["test/**/*.test.ts"],
          exclude: ["test/node-only/**"],
          ...SHARED,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            fileParallelism: false, // one page beside the processes of the tests in Node
            connectTimeout: HANGS,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: CHROMIUM_ARGS },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
