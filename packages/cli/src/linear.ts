import type { Split } from "./datasets.ts";
import { layerWidths } from "./network.ts";
import { hasClasses } from "./source.ts";
import type { TrainSettings } from "./training.ts";

/** Tables with fewer rows to learn from are learnt by heart unless something keeps them from it. */
export const FEW_ROWS = 5000;
const EPOCHS = 300;
const RATE = 0.1;
/** As many rows at once as are there, but no more than this. */
const MOST_ROWS = 1024;

/**
 * A linear model of few rows is trained to its optimum: all rows at once, a rate that falls to 0, no rows held out, and the
 * `penalty` of scikit-learn's Ridge (sum of squared errors + penalty·|w|²) or LogisticRegression (sum of cross-entropies + penalty·½|w|²,
 * of two classes for the difference of their weights). One of many rows is trained as a network is.
 */
export function linearOf(split: Split, settings: TrainSettings, penalty = 1): TrainSettings {
  const { ways, earlyStopping, weightDecay, ...rest } = settings;
  const linear = { ...rest, hidden: [], members: 1 };
  const { length } = split.train;
  if (length >= FEW_ROWS) return { ...linear, ...(weightDecay !== undefined && { weightDecay }) };
  const batchSize = Math.min(length, MOST_ROWS);
  const isPair = layerWidths(split, []).at(-1) === 2;
  return {
    ...linear,
    ...{ optimizer: "adam", learningRate: RATE, batchSize, epochs: EPOCHS, validationSplit: 0 },
    schedule: "cosineDecay",
    ridge: hasClasses(split) && !isPair ? penalty / 2 : penalty,
  };
}
