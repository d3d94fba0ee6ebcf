import type { Case, FitSpec, Suite } from "../types.ts";

type Network = Omit<FitSpec, "by">;

const NETS: readonly Network[] = [
  { units: [2, 8, 8, 2], rows: 500, batchSize: 10 },
  { units: [784, 128, 10], rows: 3200, batchSize: 32 },
];

const fitCase = (network: Network): Case => ({
  name: `${network.units.join("-")}/b${network.batchSize}/epoch`,
  ...{ api: "model", copies: "in", tolerance: 0 },
  open: (engine) => engine.trainEpoch?.({ ...network, by: "fit" }),
  baseline: (engine) => engine.trainEpoch?.({ ...network, by: "trainOnBatch" }),
  compares: 1,
});

/** What `fit` adds to its steps. */
export const fit: Suite = {
  name: "fit",
  notes: [
    "ms per epoch of fitSync: the rows in a new order each time; ours after unrollPrograms() of ferrograd/unroll",
    "overhead: the middle of the rounds, in each of which an epoch is timed beside trainOnBatch of the same batches, cut beforehand",
  ],
  cases: NETS.map(fitCase),
};
