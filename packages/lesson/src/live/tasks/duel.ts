import { adam, NumericError } from "ferrograd";
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

/** Trains one network and keeps its clock. Where a step is refused, its weights stay as they were before it. */
function learner({ model, dispose }: ReturnType<typeof network>) {
  const times: number[] = [];
  const train = (batches: readonly Batch[]): number => {
    try {
      const losses = batches.map(([x, y]) => model.trainOnBatch(x, y).loss);
      return losses.reduce((sum, v) => sum + v, 0) / losses.length;
    } catch (error) {
      if (error instanceof NumericError) return Number.NaN;
      throw error;
    }
  };
  return {
    dispose,
    learn(batches: readonly Batch[], test: Rows): Side {
      const start = performance.now();
      const loss = train(batches);
      times.push(((performance.now() - start) * 1000) / batches.length);
      return { loss, accuracy: model.evaluate(test).accuracy, stepTime: middle(times) };
    },
  };
}

/** Mean of the middle half: free of compiling and of interruptions, finer than the clock. */
export function middle(times: readonly number[]): number {
  const cut = Math.floor(times.length / 4);
  const kept = times.toSorted((a, b) => a - b).slice(cut, times.length - cut);
  return kept.reduce((sum, v) => sum + v, 0) / kept.length;
}
