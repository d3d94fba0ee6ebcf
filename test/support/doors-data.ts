import * as data from "ferrograd/data";
import type { Door } from "./doors.ts";

/** A pipeline is walked through, as far as that can be done without waiting. */
const walked = (made: data.Pipeline<unknown>): void => {
  const walk = made[Symbol.iterator]();
  for (let i = 0; i < 3 && !walk.next().done; i++);
};

const rows = () =>
  data.fromArrays(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [0, 1, 0],
  );
const lists = () =>
  data.fromGenerator(
    () =>
      [
        [[1, 2], 0],
        [[3], 1],
      ] as [number[], number][],
  );

/** A method of a pipeline. */
const method = (name: string, args: () => unknown[], more: Partial<Door> = {}): Door => ({
  self: true,
  args: () => [rows(), ...args()],
  call: (made: data.Pipeline<unknown>, ...given: unknown[]) =>
    (Reflect.get(made, name) as (...args: unknown[]) => unknown).apply(made, given),
  use: walked,
  says: [`${name}()`],
  ...more,
});

const folds = (...args: unknown[]): Door => ({ args: () => [...args, { folds: 2, seed: 1 }] });

/** What `ferrograd/data` exports. */
export const DATA_DOORS: Readonly<Record<string, Door>> = {
  fromArrays: {
    args: () => [
      [
        [1, 2],
        [3, 4],
      ],
      [0, 1],
      [1, 0.5],
    ],
    use: walked,
  },
  fromCsv: {
    args: () => [
      "a,b\n1,2\n",
      {
        file: "a.csv",
        delimiter: ",",
        decimal: ".",
        missingValues: ["NA"],
        header: true,
        quote: "'",
        encoding: "utf-8",
      },
    ],
    use: walked,
    says: ["a.csv"],
  },
  fromJsonLines: { args: () => ['{"a":1}\n', { file: "a.jsonl" }], use: walked },
  fromGenerator: { args: () => [[1, 2]], use: walked, open: [0] },
  zip: { args: () => [rows(), rows()], use: walked },
  Pipeline: {
    args: () => ["stage", "view"],
    call: (...args: unknown[]) => Reflect.construct(data.Pipeline, args),
    says: ["Pipeline:"],
    refused: true,
  },
  kFold: folds(6),
  stratifiedKFold: folds([0, 1, 0, 1]),
  groupKFold: folds(["a", "b", "a", "c"]),
  timeSeriesSplit: { args: () => [9, { folds: 2, testSize: 2, gap: 1, maxTrainSize: 3 }] },
};

/** Methods of pipelines. */
export const DATA_METHODS: Readonly<Record<string, Door>> = {
  "Pipeline.map": method("map", () => [(element: unknown) => element]),
  "Pipeline.filter": method("filter", () => [() => true]),
  "Pipeline.shuffle": method("shuffle", () => [1, 2]),
  "Pipeline.batch": method("batch", () => [2, { dropLast: true }]),
  "Pipeline.paddedBatch": method(
    "paddedBatch",
    () => [2, { value: [1, undefined], length: { 0: 3 }, side: "start", dropLast: true }],
    { open: [1] },
  ),
  "Pipeline.paddedBatch of lists": {
    ...method("paddedBatch", () => [2, { value: 1, length: 3 }]),
    args: () => [lists(), 2, { value: 1, length: 3 }],
  },
  "Pipeline.repeat": method("repeat", () => [2]),
  "Pipeline.take": method("take", () => [2]),
  "Pipeline.skip": method("skip", () => [1]),
  "Pipeline.cache": method("cache", () => []),
  "Pipeline.prefetch": method("prefetch", () => [2], { endless: ["1"] }),
  "Pipeline.concatenate": method("concatenate", () => [rows()]),
  "Pipeline.restore": method("restore", () => [rows().state()], { use: () => {} }),
};
