import { digits } from "ferrograd/datasets";
import type { GraveyardFrame, GraveyardInput, GraveyardPlot } from "../frames/graveyard.ts";

type Digits = ReturnType<typeof digits>;

/** A net that learns beside others. */
export interface Racer {
  readonly net: {
    readonly model: {
      trainOnBatch(x: Digits["train"]["x"], y: Digits["train"]["y"]): unknown;
      evaluate(data: Digits["test"]): { readonly accuracy: number };
    };
    dispose(): void;
  };
  /** What is seen of its units now. */
  look(): Omit<GraveyardPlot, "accuracy">;
  dispose(): void;
}

const BATCH = 32;

/** The nets learn the same batches of the digits, and are looked at before the first step and every few. */
export function* race(
  racers: readonly Racer[],
  { seed, steps, stepsPerFrame }: GraveyardInput,
): Generator<GraveyardFrame> {
  const { train, test } = digits();
  const frame = (step: number): GraveyardFrame => ({
    step,
    plots: racers.map(({ net, look }) => ({
      ...look(),
      accuracy: net.model.evaluate(test).accuracy,
    })),
  });
  try {
    yield frame(0);
    let step = 0;
    for (let epoch = 0; ; epoch++) {
      for (const [rows, labels] of train.shuffle(seed + epoch).batch(BATCH)) {
        for (const { net } of racers) net.model.trainOnBatch(rows, labels);
        step += 1;
        if (step % stepsPerFrame === 0) yield frame(step);
        if (step === steps) return;
      }
    }
  } finally {
    for (const racer of racers) {
      racer.dispose();
      racer.net.dispose();
    }
  }
}
