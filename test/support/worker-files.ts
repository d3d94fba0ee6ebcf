const inNode = typeof process !== "undefined" && Boolean(process.versions?.node);

/** The address of a file beside this one, as a worker loads it: in Node bundled, as Node 20 runs no TypeScript. */
export async function addressOf(name: string): Promise<string> {
  if (!inNode) return new URL(`./${name}`, import.meta.url).href;
  const { fileURLToPath, pathToFileURL } = await import("node:url");
  const { bundleNode } = await import("../../scripts/lib/bundle-node.mjs");
  const file = fileURLToPath(
    new URL(`../../dist/test/${name}-${process.pid}.mjs`, import.meta.url),
  );
  await bundleNode(`test/support/${name}`, file);
  return pathToFileURL(file).href;
}

/** A module of one's own, of these lines. */
export const moduleOf = (text: string): string =>
  `data:text/javascript,${encodeURIComponent(text)}`;
