import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Trains some epochs, from the start or from a file; prints the file, and the bytes of the weights. */
const PROGRAM = `
import { adam, dense, dropout, loadModel, sequential } from "ferrograd";
import { iris } from "ferrograd/datasets";
const [epochs, file] = process.argv.slice(2);
const model = file
  ? loadModel(new Uint8Array(Buffer.from(file, "base64")))
  : sequential([dense(16, { activation: "relu" }), dropout(0.4), dense(3)], { inputShape: [4], seed: 3 })
      .compile({ optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy" });
await model.fit(iris().train, { epochs: Number(epochs), batchSize: 16, validationSplit: 0.1 });
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
console.log(JSON.stringify({
  epochs: model.epochs,
  file: base64(model.save({ includeOptimizer: true })),
  weights: model.getWeights().map((values) => base64(new Uint8Array(values.buffer))),
}));
`;

const program = buildSync({
  stdin: { contents: PROGRAM, resolveDir: root },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  conditions: ["@ferrograd/source"],
  absWorkingDir: root,
  logLevel: "error",
}).outputFiles[0]!.text;

/** What a process of its own trains. */
function train(epochs: number, file = "") {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-", String(epochs), file],
    { input: program, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as { epochs: number; file: string; weights: string[] };
}

test("fit(3), save, load in another process, fit(3): the bits of fit(6)", () => {
  const whole = train(6);
  const resumed = train(3, train(3).file);
  expect(resumed).toEqual(whole);
  expect(whole.epochs).toBe(6);
});
