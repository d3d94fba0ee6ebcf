import { adam } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { network } from "../../network.ts";
import type { DuelFrame, DuelInput, Side } from "../frames/duel.ts";

const WIDTH = 32;
const BATCH = 32;

/** Two networks that differ in nothing but their activation learn the same batches in turn. */
export function* duel(input: DuelInput): Generator<DuelFrame> {
  const { names, depth, learningRate, seed, epochs, stepsPerFrame } = input;
  const { train, test } = digits();
  const widths = [64, ...Array<number>(depth).fill(WIDTH), 10];
  const nets = names.map((activation) =>
    learner(network({ widths, activation, optimizer: adam({ learningRate }), seed })),
  );
  try {
    let step = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const batches = [...train.shuffle(seed + epoch).batch(BATCH)];
      for (let from = 0; from < batches.length; from += stepsPerFrame) {
        const some = batches.slice(from, from + stepsPerFrame);
        step += some.length;
        const [a, b] = nets.map(({ learn }): Side => learn(some, test));
        yield { step, sides: [a!, b!] };
      }
    }
  } finally {
    for (const net of nets) net.dispose();
  }
}

type Rows = ReturnType<typeof digits>["test"];
type Batch = ReturnType<Rows["batch"]> extends Iterable<infer B> ? B : never;

/** Trains one network and keeps its clock. */
function learner({ model, dispose }: ReturnType<typeof network>) {
  let [total, steps, frames] = [0, 0, 0];
  return {
    dispose,
    learn(batches: readonly Batch[], test: Rows): Side {
      const start = performance.now();
      const losses = batches.map(([x, y]) => model.trainOnBatch(x, y).loss);
      const spent = (performance.now() - start) * 1000;
      if (++frames > 1) [total, steps] = [total + spent, steps + batches.length];
      return {
        loss: losses.reduce((sum, v) => sum + v, 0) / losses.length,
        accuracy: model.evaluate(test).accuracy,
        stepTime: steps === 0 ? spent / batches.length : total / steps,
      };
    },
  };
}
