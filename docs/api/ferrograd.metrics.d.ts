// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd/metrics

export type AreaAverage = "micro" | "macro" | "none";

export interface AtPrecisionOptions extends CurveOptions {
  readonly precision: number;
}

export interface AtRecallOptions extends CurveOptions {
  readonly recall: number;
}

export interface AtSensitivityOptions extends CurveOptions {
  readonly sensitivity: number;
}

export interface AtSpecificityOptions extends CurveOptions {
  readonly specificity: number;
}

export interface AucOptions<A extends AreaAverage = AreaAverage> extends CurveOptions {
  readonly curve?: "ROC" | "PR";
  readonly average?: A;
}

export type Average = "micro" | "macro" | "weighted" | "none";

export type Averaged<A extends Average> = "none" extends A ? number[] : number;

export interface CalibrationOptions extends ProbabilityOptions {
  readonly numBins?: number;
}

export interface ClassOptions {
  readonly fromLogits?: boolean;
  readonly threshold?: number;
}

export interface CorrelationOptions<A extends "macro" | "none" = "macro" | "none"> {
  readonly average?: A;
}

export interface CountOptions<A extends Average = Average> extends ClassOptions {
  readonly average?: A;
  readonly classId?: number;
}

export interface FBetaOptions<A extends Average = Average> extends CountOptions<A> {
  readonly beta?: number;
}

export interface MeanIoUOptions extends ClassOptions {
  readonly targetClassIds?: readonly number[];
}

export interface MetricOptions<N extends string> {
  readonly name?: N;
  readonly weighted?: boolean;
}

export type ProbabilityOptions = Pick<ClassOptions, "fromLogits">;

export interface R2Options {
  readonly classAggregation?: "uniform_average" | "variance_weighted_average";
}

export interface TopKOptions {
  readonly k?: number;
}

export declare const auc: <const N extends string = "auc", const A extends AreaAverage = "micro">(
  options?: AucOptions<A> & MetricOptions<N>,
) => Metric<N, "none" extends A ? number[] : number>;

export declare const binaryAccuracy: <const N extends string = "binaryAccuracy">(
  options?: ClassOptions & MetricOptions<N>,
) => Metric<N>;

export declare const binaryCrossentropy: <const N extends string = "binaryCrossentropy">(
  options?: CrossentropyOptions & MetricOptions<N>,
) => Metric<N>;

export declare const brierScore: <const N extends string = "brierScore">(
  options?: ProbabilityOptions & MetricOptions<N>,
) => Metric<N>;

export declare const categoricalAccuracy: <const N extends string = "categoricalAccuracy">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const categoricalCrossentropy: <const N extends string = "categoricalCrossentropy">(
  options?: CrossentropyOptions & MetricOptions<N>,
) => Metric<N>;

export declare const categoricalHinge: <const N extends string = "categoricalHinge">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const cohenKappa: <const N extends string = "cohenKappa">(
  options?: ClassOptions & MetricOptions<N>,
) => Metric<N>;

export declare const concordanceCorrelation: <
  const N extends string = "concordanceCorrelation",
  const A extends "macro" | "none" = "macro",
>(
  options?: CorrelationOptions<A> & MetricOptions<N>,
) => Metric<N, "none" extends A ? number[] : number>;

export declare const confusionMatrix: <const N extends string = "confusionMatrix">(
  options?: ClassOptions & MetricOptions<N>,
) => Metric<N, number[][]>;

export declare const cosineSimilarity: <const N extends string = "cosineSimilarity">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const expectedCalibrationError: <
  const N extends string = "expectedCalibrationError",
>(
  options?: CalibrationOptions & MetricOptions<N>,
) => Metric<N>;

export declare const f1Score: <
  const N extends string = "f1Score",
  const A extends Average = "macro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const fBetaScore: <
  const N extends string = "fBetaScore",
  const A extends Average = "macro",
>(
  options?: FBetaOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const falseNegatives: <
  const N extends string = "falseNegatives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const falsePositives: <
  const N extends string = "falsePositives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const hinge: <const N extends string = "hinge">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const huber: <const N extends string = "huber">(
  options?: HuberOptions & MetricOptions<N>,
) => Metric<N>;

export declare const klDivergence: <const N extends string = "klDivergence">(
  options?: DivergenceOptions & MetricOptions<N>,
) => Metric<N>;

export declare const logCosh: <const N extends string = "logCosh">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const matthewsCorrelation: <const N extends string = "matthewsCorrelation">(
  options?: ClassOptions & MetricOptions<N>,
) => Metric<N>;

export declare const meanAbsoluteError: <const N extends string = "meanAbsoluteError">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const meanAbsolutePercentageError: <
  const N extends string = "meanAbsolutePercentageError",
>(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const meanIoU: <const N extends string = "meanIoU">(
  options?: MeanIoUOptions & MetricOptions<N>,
) => Metric<N>;

export declare const meanSquaredError: <const N extends string = "meanSquaredError">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const meanSquaredLogarithmicError: <
  const N extends string = "meanSquaredLogarithmicError",
>(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const pearsonCorrelation: <
  const N extends string = "pearsonCorrelation",
  const A extends "macro" | "none" = "macro",
>(
  options?: CorrelationOptions<A> & MetricOptions<N>,
) => Metric<N, "none" extends A ? number[] : number>;

export declare const poisson: <const N extends string = "poisson">(
  options?: LogOptions & MetricOptions<N>,
) => Metric<N>;

export declare const precision: <
  const N extends string = "precision",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const precisionAtRecall: <const N extends string = "precisionAtRecall">(
  options: AtRecallOptions & MetricOptions<N>,
) => Metric<N>;

export declare const r2Score: <const N extends string = "r2Score">(
  options?: R2Options & MetricOptions<N>,
) => Metric<N>;

export declare const recall: <const N extends string = "recall", const A extends Average = "micro">(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const recallAtPrecision: <const N extends string = "recallAtPrecision">(
  options: AtPrecisionOptions & MetricOptions<N>,
) => Metric<N>;

export declare const rootMeanSquaredError: <const N extends string = "rootMeanSquaredError">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const sensitivityAtSpecificity: <
  const N extends string = "sensitivityAtSpecificity",
>(
  options: AtSpecificityOptions & MetricOptions<N>,
) => Metric<N>;

export declare const sparseCategoricalAccuracy: <
  const N extends string = "sparseCategoricalAccuracy",
>(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const sparseCategoricalCrossentropy: <
  const N extends string = "sparseCategoricalCrossentropy",
>(
  options?: SparseCrossentropyOptions & MetricOptions<N>,
) => Metric<N>;

export declare const specificityAtSensitivity: <
  const N extends string = "specificityAtSensitivity",
>(
  options: AtSensitivityOptions & MetricOptions<N>,
) => Metric<N>;

export declare const squaredHinge: <const N extends string = "squaredHinge">(
  options?: MetricOptions<N>,
) => Metric<N>;

export declare const topKCategoricalAccuracy: <const N extends string = "topKCategoricalAccuracy">(
  options?: TopKOptions & MetricOptions<N>,
) => Metric<N>;

export declare const trueNegatives: <
  const N extends string = "trueNegatives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

export declare const truePositives: <
  const N extends string = "truePositives",
  const A extends Average = "micro",
>(
  options?: CountOptions<A> & MetricOptions<N>,
) => Metric<N, Averaged<A>>;

// Not exported, but spoken of above.

interface CurveOptions extends Pick<ClassOptions, "fromLogits"> {
  readonly numThresholds?: number;
}
