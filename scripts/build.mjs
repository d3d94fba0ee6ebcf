// npm run build: packages/ferrograd/dist, the published package (ESM, CommonJS, types).
import "./lib/node-version.mjs";
import { ensurePackages } from "./lib/install.mjs";
import { main, step } from "./lib/run.mjs";

await main(async () => {
  ensurePackages({ dev: true });
  const { buildPackage } = await import("./lib/package-build.mjs");
  await step("ferrograd: ESM, CommonJS, types", 3, buildPackage);
});
