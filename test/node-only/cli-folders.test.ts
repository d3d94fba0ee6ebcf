import { writeFileSync } from "node:fs";
import { gzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bundledCommand } from "./cli-command.ts";

const { folder, file, ferrograd } = bundledCommand();

describe("data sets in folders", () => {
  const idx = (shape: number[], values: number[]) =>
    Uint8Array.from([
      0,
      0,
      8,
      shape.length,
      ...shape.flatMap((n) => [0, 0, n >> 8, n & 255]),
      ...values,
    ]);
  const rows = 40;
  const labels = Array.from({ length: rows }, (_, i) => i % 10);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: 784 }, (_, i) => (i % 10 === label ? 255 : 0)),
  );

  it("fashion-mnist: from FASHION_MNIST_DIR or --data, plain or gzip", () => {
    for (const part of ["train", "t10k"]) {
      const images = gzipSync(idx([rows, 28, 28], pixels));
      writeFileSync(file(`${part}-images-idx3-ubyte.gz`), images);
      writeFileSync(file(`${part}-labels-idx1-ubyte`), idx([rows], labels));
    }
    const line = "train --dataset fashion-mnist --epochs 20 --no-report --json".split(" ");
    const { stdout } = ferrograd(line, { FASHION_MNIST_DIR: folder });
    const { model, testAccuracy } = JSON.parse(stdout);
    expect({ model, testAccuracy }).toEqual({ model: [784, 128, 10], testAccuracy: 1 });
    expect(ferrograd([...line, "--data", "."]).status).toBe(0);
  });

  it("fashion-mnist: says where it looks", () => {
    const { status, stderr } = ferrograd(["train", "--dataset", "fashion-mnist", "--data", "none"]);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'ferrograd: fashion-mnist: expected train-images-idx3-ubyte in "none", got no such file; ' +
        "put the four IDX files into a folder and name it with FASHION_MNIST_DIR or --data, " +
        "or install Debian's package dataset-fashion-mnist, which puts them into /usr/share/datasets/fashion-mnist\n",
    );
  });

  it("cifar-10: five batches for training, one for the test", () => {
    const record = (label: number) => [label, ...new Array<number>(3072).fill(label * 25)];
    for (const name of [
      "data_batch_1",
      "data_batch_2",
      "data_batch_3",
      "data_batch_4",
      "data_batch_5",
      "test_batch",
    ]) {
      writeFileSync(
        file(`${name}.bin`),
        Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(record)),
      );
    }
    const { stdout } = ferrograd(
      "train --dataset cifar-10 --data . --hidden 8 --epochs 1 --no-report --json".split(" "),
    );
    expect(JSON.parse(stdout).model).toEqual([3072, 8, 10]);
    const missing = ferrograd(["train", "--dataset", "cifar-10"], { CIFAR10_DIR: "none" });
    expect(missing.stderr).toContain(
      'expected data_batch_1.bin in "none", got no such file; unpack',
    );
  });
});
