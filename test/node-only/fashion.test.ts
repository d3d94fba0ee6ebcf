import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  adam,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPooling2d,
  oneCycle,
  reshape,
  sequential,
} from "ferrograd";
import { fashionMnist, IDX_FILE_NAMES } from "ferrograd/idx";
import { describe, expect, test } from "vitest";
import pytorch from "../golden/fashion/pytorch.json" with { type: "json" };

const FOLDER = process.env.FASHION_MNIST_DIR || "/usr/share/datasets/fashion-mnist";
const found = (name: string) =>
  [name, `${name}.gz`].map((file) => join(FOLDER, file)).find((path) => existsSync(path));
const { trainImages, trainLabels, testImages, testLabels } = IDX_FILE_NAMES;
const files = [trainImages, trainLabels, testImages, testLabels].map(found);

const LONG = process.env.FERROGRAD_LONG === "1";
/** Rows to learn from, passes over them, and the accuracy that these are enough for: all of Fashion-MNIST in the long run. */
const RUNS: [rows: number, epochs: number, enough: number][] = LONG
  ? [
      [60_000, 2, 0.89],
      [60_000, 4, 0.905],
    ]
  : [[2000, 2, 0.74]];
const BATCH = 64;
/** What the same net reaches in PyTorch in as many passes, by seed. */
const inPyTorch: Readonly<Record<number, readonly number[]>> = pytorch.testAccuracy;

describe.skipIf(files.includes(undefined))("a convolutional net learns pictures of clothes", () => {
  test.each(RUNS)("%i of them in %i passes, to %f", async (rows, epochs, enough) => {
    const [images, labels, others, truth] = files.map(
      (path) => new Uint8Array(readFileSync(path!)),
    );
    const { train, test } = fashionMnist({
      ...{ trainImages: images!, trainLabels: labels! },
      ...{ testImages: others!, testLabels: truth! },
    });
    const pictures = (rows: typeof train) => reshape(rows.x, [rows.length, 28, 28, 1]);
    const filters = (count: number) => conv2d(count, 3, { padding: "same", activation: "relu" });
    const totalSteps = Math.ceil(rows / BATCH) * epochs;
    using model = sequential(
      [
        ...[filters(16), maxPooling2d(2), filters(32), maxPooling2d(2)],
        ...[flatten(), dropout(0.25), dense(64, { activation: "relu" }), dense(10)],
      ],
      { inputShape: [28, 28, 1], seed: 1 },
    ).compile({
      optimizer: adam({
        learningRate: oneCycle({ maxLearningRate: 0.004, totalSteps, pctStart: 0.25 }),
      }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const some = train.slice(0, rows);
    const before = process.cpuUsage();
    await model.fit(pictures(some), some.y, { epochs, batchSize: BATCH, seed: 1 });
    const { user, system } = process.cpuUsage(before);
    const judged = LONG ? test : test.slice(0, 1000);
    const { accuracy } = model.evaluate(pictures(judged), judged.y);
    const seconds = (user + system) / 1e6;
    expect(accuracy).toBeGreaterThanOrEqual(enough);
    if (!LONG) return;
    const theirs = inPyTorch[epochs] ?? [];
    console.log(`${epochs} passes: ${accuracy}, ${seconds} s of the processor; PyTorch ${theirs}`);
    if (theirs.length === 0) return;
    const mean = theirs.reduce((sum, one) => sum + one) / theirs.length;
    expect(Math.abs(accuracy - mean)).toBeLessThanOrEqual(0.005);
  });
});
