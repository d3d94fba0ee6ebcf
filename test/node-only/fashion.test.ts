import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adam, conv2d, dense, flatten, maxPooling2d, reshape, sequential } from "ferrograd";
import { fashionMnist, IDX_FILE_NAMES } from "ferrograd/idx";
import { expect, test } from "vitest";

const FOLDER = process.env.FASHION_MNIST_DIR || "/usr/share/datasets/fashion-mnist";
const found = (name: string) =>
  [name, `${name}.gz`].map((file) => join(FOLDER, file)).find((path) => existsSync(path));
const { trainImages, trainLabels, testImages, testLabels } = IDX_FILE_NAMES;
const files = [trainImages, trainLabels, testImages, testLabels].map(found);

const LONG = process.env.FERROGRAD_LONG === "1";
/** Rows to learn from, and the accuracy that they are enough for: all of Fashion-MNIST in the long run. */
const [ROWS, EPOCHS, ENOUGH] = LONG ? [60_000, 5, 0.89] : [2000, 4, 0.75];

test.skipIf(files.includes(undefined))(
  `a convolutional net learns ${ROWS} pictures of clothes`,
  async () => {
    const [images, labels, others, truth] = files.map(
      (path) => new Uint8Array(readFileSync(path!)),
    );
    const { train, test } = fashionMnist({
      trainImages: images!,
      trainLabels: labels!,
      testImages: others!,
      testLabels: truth!,
    });
    const pictures = (rows: typeof train) => reshape(rows.x, [rows.length, 28, 28, 1]);
    using model = sequential(
      [
        conv2d(16, 3, { activation: "relu" }),
        maxPooling2d(2),
        conv2d(32, 3, { activation: "relu" }),
        maxPooling2d(2),
        flatten(),
        dense(64, { activation: "relu" }),
        dense(10),
      ],
      { inputShape: [28, 28, 1], seed: 1 },
    ).compile({
      optimizer: adam({ learningRate: 0.002 }),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    const some = train.slice(0, ROWS);
    await model.fit(pictures(some), some.y, { epochs: EPOCHS, batchSize: 64, seed: 1 });
    const judged = LONG ? test : test.slice(0, 2000);
    const { accuracy } = model.evaluate(pictures(judged), judged.y);
    expect(accuracy).toBeGreaterThanOrEqual(ENOUGH);
  },
  LONG ? 1_800_000 : 60_000,
);
