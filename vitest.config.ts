import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_ARGS, findChromium } from "./scripts/lib/chromium.mjs";

// Tests see the sources of the package `ferrograd`, not its bundles.
const conditions = ["@ferrograd/source", "module", "import", "default"];
const long = process.env.FERROGRAD_LONG === "1";
const common = {
  env: { FERROGRAD_LONG: long ? "1" : "" },
  testTimeout: long ? 600_000 : 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions: ["node", ...conditions] },
        ssr: { resolve: { conditions: ["node", ...conditions] } },
        test: { ...common, name: "node", include: ["test/**/*.test.ts"] },
      },
      {
        resolve: { conditions: ["browser", ...conditions] },
        optimizeDeps: { include: ["fflate"] },
        test: {
          ...common,
          name: "chromium",
          include: ["test/**/*.test.ts"],
          exclude: ["test/node-only/**"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
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
