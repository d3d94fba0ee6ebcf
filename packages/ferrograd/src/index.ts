export type { Callbacks, FitModel, FitRun, Logs } from "./callbacks/callback.ts";
export { type CsvLoggerOptions, csvLogger } from "./callbacks/csv-logger.ts";
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from "./callbacks/early-stopping.ts";
export { learningRateScheduler } from "./callbacks/learning-rate-scheduler.ts";
export type { MonitorOptions } from "./callbacks/monitor.ts";
export { type ProgressOptions, progress } from "./callbacks/progress.ts";
export {
  type ReduceLROnPlateauOptions,
  reduceLROnPlateau,
} from "./callbacks/reduce-lr-on-plateau.ts";
export type { Writer } from "./callbacks/writer.ts";
export { type BackupOptions, backupAndRestore } from "./checkpoints/backup-and-restore.ts";
export { checkpoint, resume } from "./checkpoints/checkpoint.ts";
export { fileStore } from "./checkpoints/file-store.ts";
export { indexedDbStore } from "./checkpoints/indexed-db-store.ts";
export { type ModelCheckpointOptions, modelCheckpoint } from "./checkpoints/model-checkpoint.ts";
export type { Store } from "./checkpoints/store.ts";
export {
  type TerminateOnNaN,
  type TerminateOnNaNOptions,
  terminateOnNaN,
} from "./checkpoints/terminate-on-nan.ts";
export { grad } from "./compile/differentiate.ts";
export { type JitResult, type Jitted, jit } from "./compile/jit.ts";
export { perRowGradients } from "./compile/per-row.ts";
export { type ValueAndGrads, valueAndGrad } from "./compile/value-and-grad.ts";
export { constraints } from "./constraints/all.ts";
export { constraint } from "./constraints/constraint.ts";
export * from "./data/index.ts";
export { collapse } from "./diagnostics/collapse.ts";
export { type MemoryInfo, memory, ready } from "./engine/core.ts";
export { numericsVersion } from "./engine/numerics.ts";
export type { ActivationName, ActivationOptions } from "./engine/ops.generated.ts";
export {
  ArgumentError,
  DataError,
  DisposedError,
  type ErrorCode,
  FerrogradError,
  FormatError,
  InternalError,
  NumericError,
  OutOfMemoryError,
  ShapeError,
  StateError,
} from "./errors.ts";
export { fill, ones, tensor, zeros } from "./graph/constants.ts";
export { type FlatValues, type TensorLike, Variable, variable } from "./graph/leaf.ts";
export type { RuleParts } from "./graph/make-rule.ts";
export {
  type ActivationFunction,
  type ActivationOption,
  type ActivationSpelling,
  celu,
  elu,
  exponential,
  gelu,
  geluTanh,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  logSigmoid,
  mish,
  type OptionsOf,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softShrink,
  softsign,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  tanh,
  tanhShrink,
  threshold,
} from "./graph/ops/activation.ts";
export { type AxesOptions, expandDims, flip, roll, squeeze } from "./graph/ops/axes.ts";
export {
  type Decisions,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  where,
} from "./graph/ops/compare.ts";
export { concatenate, stack } from "./graph/ops/concatenate.ts";
export {
  type ConvOptions,
  type ConvTransposeOptions,
  conv,
  convTranspose,
} from "./graph/ops/conv.ts";
export {
  abs,
  add,
  cos,
  div,
  exp,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  reciprocal,
  sign,
  sin,
  sqrt,
  square,
  squaredDifference,
  sub,
} from "./graph/ops/elementwise.ts";
export { glu, prelu } from "./graph/ops/gate.ts";
export { argmax, cast, gather, oneHot } from "./graph/ops/indexing.ts";
export {
  type ArangeOptions,
  arange,
  eye,
  linspace,
  onesLike,
  type TriangleOptions,
  tril,
  triu,
  zerosLike,
} from "./graph/ops/make.ts";
export {
  ceil,
  clip,
  erf,
  expm1,
  floor,
  floorDiv,
  mod,
  pow,
  round,
  rsqrt,
  trunc,
} from "./graph/ops/math.ts";
export {
  argsort,
  cumprod,
  cumsum,
  type PutOptions,
  putAlongAxis,
  type ScanOptions,
  type SortOptions,
  scatterAdd,
  sort,
  takeAlongAxis,
  topK,
} from "./graph/ops/order.ts";
export { type PadOptions, pad } from "./graph/ops/pad.ts";
export {
  type AveragePoolOptions,
  averagePool1d,
  averagePool2d,
  maxPool1d,
  maxPool2d,
  type PoolOptions,
} from "./graph/ops/pool.ts";
export { dot, einsum, matmul, outer } from "./graph/ops/products.ts";
export {
  type NormalOptions,
  type RandomSource,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformOptions,
} from "./graph/ops/random.ts";
export { max, mean, type ReduceOptions, sum } from "./graph/ops/reduce.ts";
export { repeat, tile } from "./graph/ops/repeat.ts";
export type { Interpolation } from "./graph/ops/resize.ts";
export { broadcastTo, reshape, transpose } from "./graph/ops/shape.ts";
export { type Range, slice } from "./graph/ops/slice.ts";
export { logSoftmax, softmax } from "./graph/ops/softmax.ts";
export { split, unstack } from "./graph/ops/split.ts";
export {
  all,
  any,
  argmin,
  logSumExp,
  min,
  type NormOptions,
  norm,
  std,
  type VarianceOptions,
  variance,
} from "./graph/ops/statistics.ts";
export { stopGradient } from "./graph/ops/stop.ts";
export type { Padding } from "./graph/ops/window-shape.ts";
export type { Constraint, Regularizer, Rule, VariableRules } from "./graph/rule.ts";
export { type ArrayOf, isTensor, type Nested, Tensor } from "./graph/tensor.ts";
export { initializers } from "./initializers/all.ts";
export type { InitializerName } from "./initializers/by-name.ts";
export type { Initializer } from "./initializers/index.ts";
export {
  readSafetensors,
  type SafetensorsDType,
  type SafetensorsFile,
  type SafetensorsTensor,
  writeSafetensors,
} from "./io/safetensors.ts";
export { activation, softmaxLayer } from "./layers/activation.ts";
export {
  type ActivityRegularizationOptions,
  activityRegularization,
} from "./layers/activity-regularization.ts";
export type { AugmentationOptions, Bounds } from "./layers/augmentation/augmenting.ts";
export { randomBrightness } from "./layers/augmentation/random-brightness.ts";
export { type RandomLightOptions, randomContrast } from "./layers/augmentation/random-contrast.ts";
export {
  type RandomErasingOptions,
  randomErasing,
} from "./layers/augmentation/random-erasing.ts";
export { type FlipMode, randomFlip } from "./layers/augmentation/random-flip.ts";
export {
  type FillMode,
  type RandomTranslationOptions,
  randomTranslation,
} from "./layers/augmentation/random-translation.ts";
export { conv1d, conv2d } from "./layers/convolution/conv.ts";
export {
  type ConvTransposeLayerOptions,
  conv1dTranspose,
  conv2dTranspose,
} from "./layers/convolution/conv-transpose.ts";
export type {
  ConvLayerOptions,
  ConvolutionOptions,
  PerAxis,
} from "./layers/convolution/convolution.ts";
export {
  type DepthwiseConvOptions,
  depthwiseConv1d,
  depthwiseConv2d,
} from "./layers/convolution/depthwise-conv.ts";
export {
  type SeparableConvOptions,
  separableConv1d,
  separableConv2d,
} from "./layers/convolution/separable-conv.ts";
export { type CustomLayer, type CustomListLayer, layer } from "./layers/custom.ts";
export { type DenseOptions, dense } from "./layers/dense.ts";
export { dropout } from "./layers/dropout.ts";
export { type EmbeddingOptions, embedding } from "./layers/embedding.ts";
export { flatten } from "./layers/flatten.ts";
export { identity } from "./layers/identity.ts";
export { type InputOptions, input } from "./layers/input.ts";
export type {
  AddVariable,
  AnyLayer,
  Config,
  Layer,
  LayerCall,
  OneOrList,
  SymbolicOf,
  VariableOptions,
} from "./layers/layer.ts";
export { type ConcatenateOptions, concatenateLayer } from "./layers/merge/concatenate.ts";
export { type DotOptions, dotLayer } from "./layers/merge/dot.ts";
export {
  addLayer,
  averageLayer,
  type MergeOptions,
  maximumLayer,
  minimumLayer,
  multiplyLayer,
  subtractLayer,
} from "./layers/merge/merge.ts";
export {
  alphaDropout,
  gaussianDropout,
  gaussianNoise,
  type NoiseOptions,
  spatialDropout1d,
  spatialDropout2d,
} from "./layers/noise/noise.ts";
export {
  type BatchNormalizationOptions,
  batchNormalization,
} from "./layers/normalization/batch-normalization.ts";
export {
  type GroupNormalizationOptions,
  groupNormalization,
} from "./layers/normalization/group-normalization.ts";
export {
  type LayerNormalizationOptions,
  layerNormalization,
} from "./layers/normalization/layer-normalization.ts";
export {
  type NormalizationOptions,
  normalization,
  normalizationOf,
} from "./layers/normalization/normalization.ts";
export type { NormalizeOptions } from "./layers/normalization/normalize.ts";
export {
  type RmsNormalizationOptions,
  rmsNormalization,
} from "./layers/normalization/rms-normalization.ts";
export {
  type UnitNormalizationOptions,
  unitNormalization,
} from "./layers/normalization/unit-normalization.ts";
export {
  type AveragePoolingOptions,
  averagePooling1d,
  averagePooling2d,
} from "./layers/pooling/average-pooling.ts";
export {
  type GlobalPoolingOptions,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from "./layers/pooling/global-pooling.ts";
export {
  type MaxPoolingOptions,
  maxPooling1d,
  maxPooling2d,
} from "./layers/pooling/max-pooling.ts";
export { type PreluOptions, preluLayer } from "./layers/prelu.ts";
export { type ResizingOptions, resizing } from "./layers/resampling/resizing.ts";
export {
  type UpSamplingOptions,
  upSampling1d,
  upSampling2d,
} from "./layers/resampling/up-sampling.ts";
export { type RescalingOptions, rescaling } from "./layers/rescaling.ts";
export { cropping1d, cropping2d } from "./layers/reshaping/cropping.ts";
export { permute } from "./layers/reshaping/permute.ts";
export {
  reflectionPadding1d,
  reflectionPadding2d,
} from "./layers/reshaping/reflection-padding.ts";
export { repeatVector } from "./layers/reshaping/repeat-vector.ts";
export { reshapeLayer } from "./layers/reshaping/reshape.ts";
export type { Sides } from "./layers/reshaping/sides.ts";
export { zeroPadding1d, zeroPadding2d } from "./layers/reshaping/zero-padding.ts";
export { SymbolicTensor } from "./layers/symbolic.ts";
export {
  type GaussianOptions,
  gaussianNegativeLogLikelihood,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  type PinballOptions,
  pinball,
} from "./losses/amounts.ts";
export type { LossName } from "./losses/by-name.ts";
export {
  categoricalHinge,
  type DivergenceOptions,
  hinge,
  klDivergence,
  squaredHinge,
} from "./losses/classification.ts";
export {
  type BinaryCrossentropyOptions,
  binaryCrossentropy,
  type ClassCrossentropyOptions,
  categoricalCrossentropy,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from "./losses/crossentropy.ts";
export { type CustomLossOptions, customLoss } from "./losses/custom.ts";
export {
  type ContrastiveOptions,
  contrastive,
  type Mining,
  type TripletOptions,
  triplet,
} from "./losses/distances.ts";
export {
  type BinaryFocalOptions,
  binaryFocalCrossentropy,
  type CategoricalFocalOptions,
  categoricalFocalCrossentropy,
  type SparseFocalOptions,
  sparseCategoricalFocalCrossentropy,
} from "./losses/focal.ts";
export type { Loss, LossFunction, LossOf, LossOptions, Reduction } from "./losses/loss.ts";
export { dice, type OverlapOptions, type TverskyOptions, tversky } from "./losses/overlap.ts";
export type { CrossentropyOptions } from "./losses/probabilities.ts";
export {
  cosineSimilarity,
  type HuberOptions,
  huber,
  type LogOptions,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
} from "./losses/regression.ts";
export { metrics } from "./metrics/all.ts";
export type { MetricName } from "./metrics/by-name.ts";
export {
  type CustomMeanMetric,
  type CustomMetric,
  type MetricState,
  metric,
  type Said,
  type StateOf,
  type StateTensor,
} from "./metrics/custom.ts";
export type { Metric, MetricResult } from "./metrics/metric.ts";
export type { CallOptions } from "./model/call.ts";
export { type ModelParts, model } from "./model/functional.ts";
export { loadModel } from "./model/load.ts";
export { Model, type UncompiledModel } from "./model/model.ts";
export type { OutputsOf, SymbolicPorts } from "./model/ports.ts";
export type { LoadOptions } from "./model/registries.ts";
export type { SaveOptions } from "./model/save.ts";
export { type LayerLike, type SequentialOptions, sequential } from "./model/sequential.ts";
export type { Logged } from "./model/trainer.ts";
export type { CompileOptions } from "./model/training.ts";
export { type AdadeltaOptions, adadelta } from "./optimizers/adadelta.ts";
export { type AdagradOptions, adagrad } from "./optimizers/adagrad.ts";
export { type AdamOptions, adam, adamW } from "./optimizers/adam.ts";
export { adamax } from "./optimizers/adamax.ts";
export type { OptimizerName } from "./optimizers/by-name.ts";
export { type ChainLink, chain, type OptimizerParts, optimizer } from "./optimizers/chain.ts";
export { lazyAdam } from "./optimizers/lazy-adam.ts";
export { type LionOptions, lion } from "./optimizers/lion.ts";
export { type NadamOptions, nadam } from "./optimizers/nadam.ts";
export { Optimizer } from "./optimizers/optimizer.ts";
export { radam } from "./optimizers/radam.ts";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.ts";
export type { OptimizerOptions } from "./optimizers/rule.ts";
export { momentum, type SgdOptions, sgd } from "./optimizers/sgd.ts";
export {
  type Applied,
  type Transform,
  type Transformed,
  type TransformInfo,
  type TransformParts,
  transform,
} from "./optimizers/transform.ts";
export { accumulateGradients } from "./optimizers/transforms/accumulate.ts";
export {
  type Averaged,
  type AverageOptions,
  averageWeights,
  swapAverages,
} from "./optimizers/transforms/average.ts";
export { clipByGlobalNorm, clipByNorm, clipByValue } from "./optimizers/transforms/clip.ts";
export { addDecayedWeights, type DecayedWeightsOptions } from "./optimizers/transforms/decay.ts";
export { type LookaheadOptions, lookahead } from "./optimizers/transforms/lookahead.ts";
export { layerRates } from "./optimizers/transforms/rates.ts";
export { regularizers } from "./regularizers/all.ts";
export { regularizer } from "./regularizers/regularizer.ts";
export { type ConstantRateOptions, constantRate } from "./schedules/constant-rate.ts";
export {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
} from "./schedules/cosine-decay.ts";
export { type DecayOptions, exponentialDecay } from "./schedules/exponential-decay.ts";
export { inverseTimeDecay } from "./schedules/inverse-time-decay.ts";
export { type OneCycleOptions, oneCycle } from "./schedules/one-cycle.ts";
export {
  type PiecewiseConstantOptions,
  piecewiseConstant,
} from "./schedules/piecewise-constant.ts";
export { type PolynomialDecayOptions, polynomialDecay } from "./schedules/polynomial-decay.ts";
export {
  type Rate,
  type Schedule,
  type ScheduleConfig,
  type ScheduleParts,
  schedule,
} from "./schedules/schedule.ts";
export { type StepDecayOptions, stepDecay } from "./schedules/step-decay.ts";
export { type WarmupOptions, warmup } from "./schedules/warmup.ts";
export type { Batch, Batches, BatchIterable } from "./training/batches.ts";
export type { ClassWeight } from "./training/class-weight.ts";
export type { EvaluateOptions, FitOptions, FitResult } from "./training/fit.ts";
export type { DataLike, DatasetLike } from "./training/given.ts";
export type { TrainingStep } from "./training/place.ts";
export { type RowSplit, stratified } from "./training/stratified.ts";
export type { DType } from "./values/dtype.ts";
export type { Samples } from "./values/rows.ts";
export type { Dims, Shape } from "./values/shape.ts";
