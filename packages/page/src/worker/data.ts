import { circles, spirals, xor } from "@ferrograd/shared/toys.ts";
import { Dataset, type Split, standardizer, trainTestSplit } from "ferrograd";
import { encodeTable, readCsv, type Table } from "ferrograd/csv";
import { digits } from "ferrograd/datasets";
import type { CsvFile, RunInfo } from "../protocol.ts";
import type { DataName, Settings } from "../settings.ts";

export interface Source extends Split {
  readonly image?: RunInfo["image"];
  /** Columns of the file, where it is one. */
  readonly columns?: readonly string[];
}

type Load = (settings: Settings, csv: CsvFile | undefined) => Source;

const TOY_ROWS = 400;
const TOY_TEST = 0.3;

const toy =
  (make: typeof spirals): Load =>
  ({ noise, seed }) =>
    trainTestSplit(make({ rows: TOY_ROWS, noise: noise / 100, seed }), {
      testFraction: TOY_TEST,
      seed,
    });

/** What each choice of data gives; one row each. */
const SOURCES: Readonly<Record<DataName, Load>> = {
  digits: () => ({ ...digits(), image: { width: 8, height: 8 } }),
  spirals: toy(spirals),
  circles: toy(circles),
  xor: toy(xor),
  csv: ({ target, seed }, file) => (file === undefined ? noRows() : fromCsv(file, target, seed)),
};

export const loadData = (settings: Settings, csv: CsvFile | undefined): Source =>
  SOURCES[settings.data](settings, csv);

function noRows(): never {
  throw new Error("no file");
}

const columnsOf = ({ columns }: Table): readonly string[] => columns.map(({ name }) => name);

/** The columns of a file; undefined where it is no table. */
export function readColumns({ name, text }: CsvFile): readonly string[] | undefined {
  try {
    return columnsOf(readCsv(text, { file: name }));
  } catch {
    return undefined;
  }
}

/** A fifth of the rows tests, by class; features have mean 0 and deviation 1 over the others. */
function fromCsv({ name, text }: CsvFile, target: string, seed: number): Source {
  const table = readCsv(text, { file: name });
  const columns = columnsOf(table);
  const options = { target: columns.includes(target) ? target : columns.at(-1)! };
  const { data } = encodeTable(table, { ...options, task: "classification", missing: "fill" });
  const split = trainTestSplit(data, { seed });
  const scaler = standardizer(split.train.x);
  const scaled = ({ x, y }: Dataset) =>
    new Dataset({
      x: scaler.transform(x),
      y,
      classNames: data.classNames ?? [],
      featureNames: data.featureNames ?? [],
    });
  return { train: scaled(split.train), test: scaled(split.test), columns };
}
