import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Forgets models, variables, optimizers and functions, and prints the bytes that stay. */
const PROGRAM = `
import { adam, dense, jit, memory, sequential, sum, variable } from "ferrograd";
function forget() {
  const model = sequential([dense(64, { activation: "relu" }), dense(3)], { inputShape: [4] })
    .compile({ optimizer: adam(), loss: "sparseCategoricalCrossentropy" });
  model.fitSync([[1, 2, 3, 4]], [1]);
  const w = variable([1, 2, 3]);
  adam().minimize(sum(w), [w]);
  jit((x) => sum(x))([1, 2]);
}
for (let i = 0; i < 20; i++) forget();
const before = memory().bytes;
for (let i = 0; i < 500 && memory().bytes > 0; i++) {
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(JSON.stringify({ before, after: memory().bytes }));
`;

test("a forgotten dispose is made good by the garbage collector", () => {
  const bundle = buildSync({
    stdin: { contents: PROGRAM, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["@ferrograd/source"],
    absWorkingDir: root,
    logLevel: "error",
  });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "--input-type=module"],
    { input: bundle.outputFiles[0]!.text, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { before, after } = JSON.parse(stdout);
  expect(before).toBeGreaterThan(10_000);
  expect(after).toBe(0);
});
