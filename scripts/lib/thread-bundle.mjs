import { join } from "node:path";
import { bundleNode } from "./bundle-node.mjs";
import { ROOT } from "./paths.mjs";

const THREAD = "packages/ferrograd/src/worker/thread.ts";
/** Where the sources name that file. */
const STARTER = /ferrograd\/src\/worker\/start\.ts$/;

/**
 * For Vite: the file of the sources' own workers is bundled once, so that Node runs it, and pages load one file in place of three
 * hundred for each worker.
 *
 * @param {"node" | "browser"} platform
 * @returns {import("vite").Plugin}
 */
export function workerOfSources(platform) {
  /** @type {Promise<string> | undefined} */
  let made;
  const make = async () => {
    const name = `dist/test/thread-${platform}-${process.pid}.mjs`;
    await bundleNode(THREAD, join(ROOT, name), { platform });
    return `../../../../${name}`;
  };
  return {
    name: "worker-of-sources",
    enforce: "pre",
    async transform(code, id) {
      if (!STARTER.test(id)) return undefined;
      made ??= make();
      return code.replaceAll('"./thread.ts"', JSON.stringify(await made));
    },
  };
}
