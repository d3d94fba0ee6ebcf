import type { Case, Suite, WatchedSpec } from "../types.ts";

type Network = Pick<WatchedSpec, "units" | "rows" | "epochs">;
/** The size of the digits, and of a tenth of MNIST's. */
const NETWORKS: readonly Network[] = [
  { units: [64, 128, 10], rows: 1437, epochs: 4 },
  { units: [784, 128, 10], rows: 6000, epochs: 1 },
];
const TIMES = [
  ["off", "nothing"],
  ["every-epoch", "epoch"],
  ["every-10-steps", 10],
] as const;

function healthCase(network: Network, label: string, every: WatchedSpec["every"]): Case {
  return {
    name: `${network.units.join("-")}/${network.rows}-rows/${label}`,
    api: "model",
    copies: "in",
    tolerance: 0,
    open: (engine) => engine.fitWatched?.({ ...network, every }),
    baseline: (engine) => engine.fitWatched?.({ ...network, every: "never" }),
    results: async (session) => [await session.run()],
  };
}

/** What it costs to watch a network train. */
export const health: Suite = {
  name: "health",
  notes: [
    "ms per fitSync in batches of 32, and what the callback health of ferrograd/diagnostics adds to it; off: callbacks that do nothing",
    "overhead: the middle of the rounds, in each of which training is timed with it and without",
  ],
  cases: NETWORKS.flatMap((network) =>
    TIMES.map(([label, every]) => healthCase(network, label, every)),
  ),
};
