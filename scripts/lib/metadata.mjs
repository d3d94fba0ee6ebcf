import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";
import { Failure } from "./run.mjs";

/** Where the project lives. The address is not chosen yet: `.invalid` is reserved for such. */
const ADDRESS = "https://ferrograd.invalid/ferrograd";

const METADATA = {
  homepage: `${ADDRESS}#readme`,
  bugs: `${ADDRESS}/issues`,
  repository: { type: "git", url: `git+${ADDRESS}.git`, directory: "packages/ferrograd" },
};

/** The addresses in package.json are those of the constant. */
export function checkAddresses() {
  const manifest = JSON.parse(readFileSync(join(ROOT, "packages/ferrograd/package.json"), "utf8"));
  for (const [key, value] of Object.entries(METADATA)) {
    const [expected, got] = [value, manifest[key]].map((item) => JSON.stringify(item));
    if (got !== expected)
      throw new Failure(`packages/ferrograd/package.json: expected ${key} ${expected}, got ${got}`);
  }
}

/** The same, for a release: refused while the address is a placeholder. */
export function checkMetadata(address = ADDRESS) {
  checkAddresses();
  if (new URL(address).hostname.endsWith(".invalid"))
    throw new Failure(
      `release:check: expected the project's address in scripts/lib/metadata.mjs, got the placeholder ${address}`,
    );
}
