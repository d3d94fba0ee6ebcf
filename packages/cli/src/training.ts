import type { Classifier, Predictions } from "./classifier.ts";
import { buildClassifier, classify, layerWidths, type Settings } from "./classifier.ts";
import type { Split } from "./datasets.ts";
import type { Length, Logs, Progress } from "./terminal/progress.ts";

/** Share of the training rows that is held out to watch the training. */
const VALIDATION = 0.1;

export interface TrainSettings extends Settings {
  readonly epochs: number;
  readonly batchSize: number;
}

/** What a training gave; the model is the caller's to dispose. */
export interface Training {
  readonly model: Classifier;
  readonly widths: readonly number[];
  readonly epochs: readonly Logs[];
  readonly steps: number;
  /** From the first step to the last, milliseconds. */
  readonly ms: number;
  readonly stopped: boolean;
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly predictions: Predictions;
}

/** Trains on nine tenths of the training rows and tests on the rows that training never saw. */
export async function train(
  split: Split,
  settings: TrainSettings,
  watch: (length: Length) => Progress,
): Promise<Training> {
  const { epochs, batchSize, seed } = settings;
  const held = Math.round(split.train.length * VALIDATION);
  const rows = split.train.slice(0, -held);
  const validation = split.train.slice(-held);
  const widths = layerWidths(split, settings.hidden);
  const model = buildClassifier(widths, settings);
  const batches = Math.ceil(rows.length / batchSize);
  const progress = watch({ epochs, batches });
  const stop = () => model.stop();
  process.once("SIGINT", stop); // a second Ctrl-C ends the process
  const logs: Logs[] = [];
  try {
    const { steps, ms, stopReason } = await model.fit(rows.x, rows.y, {
      epochs,
      batchSize,
      seed,
      validationData: [validation.x, validation.y],
      callbacks: {
        onBatchEnd: progress.batchEnd,
        onEpochEnd(epoch, values) {
          logs.push(values);
          progress.epochEnd(epoch, values);
        },
      },
    });
    progress.stop();
    const { loss, accuracy } = model.evaluate(split.test.x, split.test.y);
    return {
      model,
      widths,
      epochs: logs,
      steps,
      ms,
      stopped: stopReason === "stopped",
      testLoss: loss,
      testAccuracy: accuracy,
      predictions: classify(model, split.test),
    };
  } finally {
    progress.stop();
    process.removeListener("SIGINT", stop);
  }
}
