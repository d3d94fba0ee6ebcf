import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { adam, dense, loadModel, oneCycle, sequential } from "ferrograd";
import { iris } from "ferrograd/datasets";
import { describe, expect, it } from "vitest";
import { folderOfTests, runInProcess } from "./cli-command.ts";

const { file, run } = folderOfTests();
const IRIS = "train --dataset iris --hidden 8 --epochs 6 --no-report";

/** What a training with these options says to programs. */
async function train(options: string) {
  const { stdout } = await runInProcess(`${IRIS} --json ${options}`.split(" "));
  return JSON.parse(stdout);
}

describe("train --schedule", () => {
  it("changes the rate over all steps, each schedule its own way; constantRate is the default", async () => {
    const names = "cosineDecay polynomialDecay exponentialDecay stepDecay oneCycle".split(" ");
    const hashes = new Set<string>();
    for (const name of names) {
      const { schedule, weightsSha256 } = await train(`--schedule ${name} --learning-rate 0.02`);
      expect(schedule).toBe(name);
      hashes.add(weightsSha256);
    }
    const { schedule, weightsSha256 } = await train("--learning-rate 0.02");
    expect(schedule).toBeUndefined();
    const constant = await train("--schedule constantRate --learning-rate 0.02");
    expect(constant).toMatchObject({ weightsSha256 });
    expect(hashes.add(weightsSha256).size).toBe(6);
  });

  it("is that of the library: over the steps of all epochs, and the rate its highest", async () => {
    const { weightsSha256 } = await train(
      "--schedule oneCycle --learning-rate 0.02 --validation-split 0",
    );
    const { train: rows } = iris();
    const totalSteps = 6 * Math.ceil(rows.length / 32);
    using model = sequential([dense(8, { activation: "relu" }), dense(3)], {
      inputShape: [4],
      seed: 0,
    }).compile({
      optimizer: adam({ learningRate: oneCycle({ maxLearningRate: 0.02, totalSteps }) }),
      loss: "sparseCategoricalCrossentropy",
    });
    await model.fit(rows.x, rows.y, { epochs: 6, seed: 0 });
    const hash = createHash("sha256");
    for (const values of model.getWeights()) hash.update(new Uint8Array(values.buffer));
    expect(hash.digest("hex")).toBe(weightsSha256);
  });

  it("without a rate has the optimizer's as its highest; both are kept with the model", async () => {
    const saved = file("scheduled.safetensors");
    const { stdout } = await runInProcess(
      `${IRIS} --schedule cosineDecay --optimizer momentum --save ${saved}`.split(" "),
    );
    expect(stdout).toContain("4-8-3: relu, momentum, cosineDecay, batches of 32, seed 0");
    using model = loadModel(readFileSync(saved));
    expect(JSON.parse(model.metadata.training!)).toMatchObject({
      "learning rate": 0.01,
      schedule: "cosineDecay",
    });
    expect(model.optimizer.learningRate).toBeGreaterThan(0); // so that it can be trained on
    expect((await run(`inspect ${saved}`)).stdout).toMatch(/schedule +cosineDecay/);
  });

  it("refuses names that there are not, and a rate that cannot change", async () => {
    const refused = async (options: string) =>
      (await runInProcess(`${IRIS} ${options}`.split(" "))).stderr;
    expect(await refused("--schedule cosine")).toMatch(/--schedule "cosine"; did you mean/);
    expect(await refused("--schedule oneCycle --learning-rate 0")).toBe(
      "ferrograd: --schedule: expected a --learning-rate above 0 for oneCycle to change, got 0\n",
    );
  });
});
