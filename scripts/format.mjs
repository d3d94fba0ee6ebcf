// npm run format: formats everything and applies the safe fixes of the linter.
import "./lib/node-version.mjs";
import { join } from "node:path";
import { ensurePackages } from "./lib/install.mjs";
import { ROOT } from "./lib/paths.mjs";
import { Failure, main, show, which } from "./lib/run.mjs";

await main(() => {
  ensurePackages({ dev: true });
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  const formatted = show(process.execPath, [biome, "check", "--write", "."]);
  const rust = !which("cargo") || show("cargo", ["fmt", "--all"]);
  if (!formatted || !rust) throw new Failure("format: some problems need a person");
});
