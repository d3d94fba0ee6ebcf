import * as ours from "./index.ts";
import type { Says } from "./metric.ts";

/**
 * Metrics as values, for `compile({ metrics })`, with Keras's names and options. An object, not a namespace, which bundles
 * would keep where nobody uses it; one that is imported from `ferrograd/metrics` comes into a bundle alone.
 */
export const metrics = {
  binaryAccuracy: ours.binaryAccuracy,
  categoricalAccuracy: ours.categoricalAccuracy,
  sparseCategoricalAccuracy: ours.sparseCategoricalAccuracy,
  topKCategoricalAccuracy: ours.topKCategoricalAccuracy,
  precision: ours.precision,
  recall: ours.recall,
  f1Score: ours.f1Score,
  fBetaScore: ours.fBetaScore,
  truePositives: ours.truePositives,
  falsePositives: ours.falsePositives,
  trueNegatives: ours.trueNegatives,
  falseNegatives: ours.falseNegatives,
  auc: ours.auc,
  confusionMatrix: ours.confusionMatrix,
  matthewsCorrelation: ours.matthewsCorrelation,
  cohenKappa: ours.cohenKappa,
  meanIoU: ours.meanIoU,
  binaryCrossentropy: ours.binaryCrossentropy,
  categoricalCrossentropy: ours.categoricalCrossentropy,
  sparseCategoricalCrossentropy: ours.sparseCategoricalCrossentropy,
  brierScore: ours.brierScore,
  expectedCalibrationError: ours.expectedCalibrationError,
  meanSquaredError: ours.meanSquaredError,
  rootMeanSquaredError: ours.rootMeanSquaredError,
  meanAbsoluteError: ours.meanAbsoluteError,
  meanAbsolutePercentageError: ours.meanAbsolutePercentageError,
  cosineSimilarity: ours.cosineSimilarity,
  r2Score: ours.r2Score,
  pearsonCorrelation: ours.pearsonCorrelation,
  concordanceCorrelation: ours.concordanceCorrelation,
  precisionAtRecall: ours.precisionAtRecall,
  recallAtPrecision: ours.recallAtPrecision,
  sensitivityAtSpecificity: ours.sensitivityAtSpecificity,
  specificityAtSensitivity: ours.specificityAtSensitivity,
  meanSquaredLogarithmicError: ours.meanSquaredLogarithmicError,
  logCosh: ours.logCosh,
  huber: ours.huber,
  poisson: ours.poisson,
  klDivergence: ours.klDivergence,
  hinge: ours.hinge,
  squaredHinge: ours.squaredHinge,
  categoricalHinge: ours.categoricalHinge,
};

/** What a file may name of them, as models know it. */
export type ShippedMetric =
  | Exclude<keyof typeof metrics, "confusionMatrix">
  | Says<"confusionMatrix", number[][]>;
