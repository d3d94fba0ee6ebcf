export * from "./accuracy.ts";
export { type AreaAverage, type AucOptions, auc } from "./auc.ts";
export * from "./calibration.ts";
export {
  cohenKappa,
  confusionMatrix,
  type MeanIoUOptions,
  matthewsCorrelation,
  meanIoU,
} from "./confusion.ts";
export {
  type CorrelationOptions,
  concordanceCorrelation,
  pearsonCorrelation,
} from "./correlation.ts";
export {
  type Average,
  type Averaged,
  type CountOptions,
  type FBetaOptions,
  f1Score,
  falseNegatives,
  falsePositives,
  fBetaScore,
  precision,
  recall,
  trueNegatives,
  truePositives,
} from "./counts.ts";
export * from "./logloss.ts";
export * from "./of-losses.ts";
export type { ClassOptions } from "./outputs.ts";
export * from "./regression.ts";
export type { MetricOptions } from "./shipped.ts";
export * from "./thresholds.ts";
