import { digits } from "ferrograd/datasets";
import { convolutional, filterWatcher } from "../../convolutional.ts";
import { FILTERS } from "../frames/filters.ts";
import { type GraveyardFrame, type GraveyardInput, PROBE_ROWS } from "../frames/graveyard.ts";

const BATCH = 32;

/** Three convolutions learn the digits with Adam: without batch normalization and with it, same seed, same batches. */
export function* filters(input: GraveyardInput): Generator<GraveyardFrame> {
  const { learningRate, seed } = input;
  const { train, test } = digits();
  const { x } = train.slice(0, PROBE_ROWS);
  const nets = [false, true].map((batchNormalization) => {
    const options = { filters: FILTERS, activation: "relu", learningRate, seed } as const;
    const net = convolutional({ ...options, batchNormalization });
    return { net, watcher: filterWatcher(net) };
  });
  const frame = (step: number): GraveyardFrame => ({
    step,
    plots: nets.map(({ net, watcher }) => {
      const active = watcher.watch(x);
      const dead = Array.from(active.keys()).filter((filter) => active[filter] === 0);
      return { active, dead, accuracy: net.model.evaluate(test).accuracy };
    }),
  });
  try {
    yield frame(0);
    let step = 0;
    for (let epoch = 0; ; epoch++) {
      for (const [rows, labels] of train.shuffle(seed + epoch).batch(BATCH)) {
        for (const { net } of nets) net.model.trainOnBatch(rows, labels);
        step += 1;
        if (step % input.stepsPerFrame === 0) yield frame(step);
        if (step === input.steps) return;
      }
    }
  } finally {
    for (const { net, watcher } of nets) {
      watcher.dispose();
      net.dispose();
    }
  }
}
