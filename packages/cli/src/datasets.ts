import { breastCancer, digits, iris, wine } from "ferrograd/datasets";

type Load = typeof digits;
export type Split = ReturnType<Load>;
export type Dataset = Split["train"];

/** How a row of an image data set is laid out: gray levels 0..1, row by row from the top left. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface DatasetEntry {
  readonly load: Load;
  /** For data sets whose rows are images. */
  readonly image?: ImageSize;
}

/** What `--dataset` takes, one row each. */
export const DATASETS = {
  digits: { load: digits, image: { width: 8, height: 8 } },
  iris: { load: iris },
  wine: { load: wine },
  "breast-cancer": { load: breastCancer },
} satisfies Record<string, DatasetEntry>;

export type DatasetName = keyof typeof DATASETS;
export const datasetNames = Object.keys(DATASETS) as DatasetName[];
