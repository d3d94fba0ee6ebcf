import * as ours from "./index.ts";

/**
 * Metrics as values, for `compile({ metrics })`, with Keras's names and options. An object, not a namespace, which bundles
 * would keep where nobody uses it.
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
};
