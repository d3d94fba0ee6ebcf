import { type ActivationName, adam, dense, NumericError, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { activations } from "ferrograd/tables";
import { median, rotate } from "../statistics.ts";
import type { AccuracyRow, Suite } from "../types.ts";

const BUDGET_MS = 100;
const BATCH = 32;
const SEEDS = [1, 2, 3, 4, 5];
const UNITS = [128, 128, 128];

interface Run {
  readonly accuracy: number;
  readonly steps: number;
}

/** Trains for the given time; what cannot be computed ends it, and the weights are those before. */
function train(activation: ActivationName, seed: number, data: ReturnType<typeof digits>): Run {
  const hidden = UNITS.map((units) => dense(units, { activation }));
  const model = sequential([...hidden, dense(10)], { inputShape: [64], seed }).compile({
    optimizer: adam({ learningRate: 1e-3 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const batches = [...data.train.shuffle(seed).batch(BATCH)].filter(([x]) => x.shape[0] === BATCH);
  let steps = 0;
  try {
    model.trainOnBatch(...batches[0]); // compiles
    for (const end = performance.now() + BUDGET_MS; performance.now() < end; steps++) {
      model.trainOnBatch(...batches[steps % batches.length]);
    }
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
  }
  const { accuracy } = model.evaluate(data.test);
  model.dispose();
  return { accuracy, steps };
}

function equalTimeRows(runtime: string): AccuracyRow[] {
  const names = (Object.keys(activations) as ActivationName[]).filter((name) => name !== "linear");
  const data = digits();
  const runs = new Map<ActivationName, Run[]>(names.map((name) => [name, []]));
  for (const name of names) train(name, 0, data); // so that nobody runs cold
  SEEDS.forEach((seed, turn) => {
    for (const name of rotate(names, turn)) runs.get(name)?.push(train(name, seed, data));
  });
  return [...runs].map(([name, all]) => ({
    ...{ suite: equalTime.name, case: name, runtime, build: "simd", api: "model", copies: "in" },
    ours: { accuracy: median(all.map(({ accuracy }) => accuracy)) },
    steps: median(all.map(({ steps }) => steps)),
    ...{ peers: {}, ratio: {} },
  }));
}

/** What an activation is worth when its cost counts. */
export const equalTime: Suite = {
  name: "equal-time",
  notes: [
    `test accuracy on the digits after ${BUDGET_MS} ms of training 64-${UNITS.join("-")}-10 with Adam in batches of ${BATCH}; the median of ${SEEDS.length} seeds, which also order the data`,
  ],
  cases: [],
  rows: equalTimeRows,
};
