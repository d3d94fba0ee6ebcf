import type { Case, Suite, WatchedSpec } from "../types.ts";

type Network = Pick<WatchedSpec, "units" | "rows" | "epochs" | "batchSize">;

const TIMES = {
  off: "nothing",
  "every-epoch": "epoch",
  "every-10-steps": 10,
} as const;
type Label = keyof typeof TIMES;
const ALL = Object.keys(TIMES) as Label[];

const DIGITS: Network = { units: [64, 128, 10], rows: 1437, epochs: 4, batchSize: 32 };
const TENTH: Network = { units: [784, 128, 10], rows: 6000, epochs: 1, batchSize: 32 };
/** A diagnosis is the work of 8 batches of 32: it weighs little beside many of them, or large ones. */
const MNIST: Network = { ...TENTH, rows: 60_000 };
const LARGE: Network = { ...TENTH, rows: 10_240, epochs: 2, batchSize: 512 };

function healthCase(network: Network, label: Label): Case {
  const { units, rows, batchSize } = network;
  const batch = batchSize === 32 ? "" : `/b${batchSize}`;
  return {
    name: `${units.join("-")}/${rows}-rows${batch}/${label}`,
    api: "model",
    copies: "in",
    tolerance: 0,
    open: (engine) => engine.fitWatched?.({ ...network, every: TIMES[label] }),
    baseline: (engine) => engine.fitWatched?.({ ...network, every: "never" }),
    compares: 1,
  };
}

/** What it costs to watch a network train. */
export const health: Suite = {
  name: "health",
  notes: [
    "ms per fitSync in batches of 32 (or b512), and what the callback health of ferrograd/diagnostics adds to it; off: callbacks that do nothing",
    "overhead: the middle of the rounds, in each of which training is timed with it and without",
  ],
  cases: [
    ...ALL.map((label) => healthCase(DIGITS, label)),
    ...ALL.map((label) => healthCase(TENTH, label)),
    healthCase(MNIST, "every-epoch"),
    healthCase(LARGE, "every-10-steps"),
  ],
};
