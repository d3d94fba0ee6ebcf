import { readFileSync } from "node:fs";
import { ArgumentError } from "ferrograd";
import { CIFAR10_FILE_NAMES, cifar10 } from "ferrograd/cifar";
import { breastCancer, digits, iris, wine } from "ferrograd/datasets";
import { fashionMnist, IDX_FILE_NAMES } from "ferrograd/idx";
import { findFile } from "./files.ts";
import type { Holding } from "./table/held-out.ts";

/** Rows to learn from, and rows for the test. */
export interface Split extends Readonly<ReturnType<typeof digits>> {
  /** How some of those to learn from are held out (default: by chance). */
  readonly holding?: Holding;
}
export type Dataset = Split["train"];

/** How a row of an image data set is laid out: levels 0..1, row by row from the top left. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
  /** 3 for red, green and blue of each pixel (default 1: gray). */
  readonly channels?: number;
}

export interface DatasetEntry {
  /** The rows; `data` is the folder of its files, for data sets that are not built in. */
  readonly load: (data?: string) => Split;
  /** For data sets whose rows are images. */
  readonly image?: ImageSize;
}

/** Where Debian's package dataset-fashion-mnist puts the files. */
const DEBIAN_FASHION = "/usr/share/datasets/fashion-mnist";

/** The bytes of files of a folder, by name; `remedy` ends the message where one is not there. */
function readAll(dataset: string, folder: string, names: readonly string[], remedy: string) {
  return names.map((name) => {
    const path = findFile(folder, name);
    if (path !== undefined) return { name, bytes: readFileSync(path) };
    throw new ArgumentError(
      `ferrograd: ${dataset}: expected ${name} in ${JSON.stringify(folder)}, got no such file; ${remedy}`,
    );
  });
}

function loadFashion(data?: string): Split {
  const remedy =
    "put the four IDX files into a folder and name it with FASHION_MNIST_DIR or --data, " +
    `or install Debian's package dataset-fashion-mnist, which puts them into ${DEBIAN_FASHION}`;
  const folder = data ?? (process.env.FASHION_MNIST_DIR || DEBIAN_FASHION);
  const names = IDX_FILE_NAMES;
  const [trainImages, trainLabels, testImages, testLabels] = readAll(
    "fashion-mnist",
    folder,
    [names.trainImages, names.trainLabels, names.testImages, names.testLabels],
    remedy,
  ).map(({ bytes }) => bytes);
  return fashionMnist({
    trainImages: trainImages!,
    trainLabels: trainLabels!,
    testImages: testImages!,
    testLabels: testLabels!,
  });
}

function loadCifar(data?: string): Split {
  const remedy =
    "unpack the binary version, cifar-10-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html, " +
    "and name its folder with CIFAR10_DIR or --data";
  const folder = data ?? (process.env.CIFAR10_DIR || "cifar-10-batches-bin");
  const names = CIFAR10_FILE_NAMES;
  const files = readAll("cifar-10", folder, [...names.train, names.test], remedy);
  return cifar10({ train: files.slice(0, -1), test: files.at(-1)! });
}

/** What `--dataset` takes, one row each. */
export const DATASETS = {
  digits: { load: () => digits(), image: { width: 8, height: 8 } },
  iris: { load: () => iris() },
  wine: { load: () => wine() },
  "breast-cancer": { load: () => breastCancer() },
  "fashion-mnist": { load: loadFashion, image: { width: 28, height: 28 } },
  "cifar-10": { load: loadCifar, image: { width: 32, height: 32, channels: 3 } },
} satisfies Record<string, DatasetEntry>;

export type DatasetName = keyof typeof DATASETS;
export const datasetNames = Object.keys(DATASETS) as DatasetName[];
