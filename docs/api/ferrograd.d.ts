// What can be imported, from the package's declarations: `npm run api`. Do not edit.

// ferrograd

export type ActivationFunction = (x: Tensor) => Tensor;

export type ActivationName = keyof ActivationOptions;

export type ActivationOption = ActivationSpelling | "softmax" | "logSoftmax";

export interface ActivationOptions {
  linear: Record<never, never>;
  sigmoid: Record<never, never>;
  tanh: Record<never, never>;
  relu: Record<never, never>;
  leakyRelu: {
    negativeSlope?: number;
  };
  relu6: Record<never, never>;
  elu: {
    alpha?: number;
  };
  selu: Record<never, never>;
  celu: {
    alpha?: number;
  };
  gelu: Record<never, never>;
  geluTanh: Record<never, never>;
  hardSigmoid: Record<never, never>;
  hardTanh: Record<never, never>;
  silu: Record<never, never>;
  hardSilu: Record<never, never>;
  mish: Record<never, never>;
  softplus: Record<never, never>;
  softsign: Record<never, never>;
  softShrink: {
    lambda?: number;
  };
  hardShrink: {
    lambda?: number;
  };
  tanhShrink: Record<never, never>;
  threshold: {
    threshold?: number;
    value?: number;
  };
  logSigmoid: Record<never, never>;
  exponential: Record<never, never>;
  squareplus: {
    b?: number;
  };
  sparsePlus: Record<never, never>;
  sparseSigmoid: Record<never, never>;
}

export type ActivationSpelling = ActivationName | keyof Aliases;

export interface ActivityRegularizationOptions extends L1L2Options {
  readonly name?: string;
}

export interface AdadeltaOptions extends OptimizerOptions {
  readonly rho?: number;
  readonly epsilon?: number;
}

export interface AdagradOptions extends OptimizerOptions {
  readonly epsilon?: number;
}

export interface AdamOptions extends OptimizerOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly amsgrad?: boolean;
}

export type AddVariable = <D extends DType = "float32">(
  name: string,
  shape: Shape,
  initializer: InitializerName | Initializer,
  options?: VariableOptions<D>,
) => Variable<Shape, D>;

export type AnyLayer = Layer<OneOrList>;

export interface Applied<S extends string = string> {
  readonly next?: TensorLike;
  readonly state?: {
    readonly [slot in S]?: TensorLike;
  };
}

export interface ArangeOptions<D extends "float32" | "int32" = "float32" | "int32"> {
  readonly dtype?: D;
}

export declare class ArgumentError extends FerrogradError {
  static readonly code = "argument";
  static readonly name: string;
}

export type ArrayOf<S extends Shape> = number extends S["length"]
  ? Nested
  : S extends readonly [number, ...infer Rest extends Shape]
    ? ArrayOf<Rest>[]
    : number;

export interface AugmentationOptions {
  readonly name?: string;
}

export interface AverageOptions {
  readonly decay?: number;
}

export interface AveragePoolOptions extends PoolOptions {
  readonly countIncludePad?: boolean;
}

export interface AveragePoolingOptions extends AveragePoolOptions {
  readonly name?: string;
}

export interface Averaged {
  readonly optimizer: Optimizer;
  readonly variables: readonly Variable<Shape, DType>[];
}

export interface AxesOptions {
  readonly axis?: number | readonly number[];
}

export interface BackupOptions {
  readonly name?: string;
  readonly every?: "epoch" | number;
  readonly deleteAtEnd?: boolean;
}

export type Batch<X = DataLike, Y = DataLike> =
  | readonly [x: X, y: Y]
  | readonly [x: X, y: Y, sampleWeight: RowsLike]
  | DatasetLike<X, Y>;

export type BatchIterable<X = DataLike, Y = DataLike> =
  | Iterable<Batch<X, Y>>
  | AsyncIterable<Batch<X, Y>>;

export interface BatchNormalizationOptions extends NormalizeOptions {
  readonly axis?: number;
  readonly momentum?: number;
  readonly unbiased?: boolean;
  readonly movingMeanInitializer?: InitializerName | Initializer;
  readonly movingVarianceInitializer?: InitializerName | Initializer;
}

export interface BatchOptions {
  readonly dropLast?: boolean;
}

export type Batches<X = DataLike, Y = DataLike> = Walked<BatchIterable<X, Y>>;

export interface BinaryCrossentropyOptions extends CrossentropyOptions {
  readonly posWeight?: number | readonly number[];
}

export interface BinaryFocalOptions extends FocalOptions {
  readonly alpha?: number;
}

export type Bounds = readonly [min: number, max: number];

export interface CallOptions {
  readonly training?: boolean;
}

export interface Callbacks {
  onTrainBegin?(run: FitRun): unknown;
  onTrainEnd?(): unknown;
  onEpochBegin?(epoch: number): unknown;
  onEpochEnd?(epoch: number, logs: Logs): unknown;
  onBatchBegin?(step: number): unknown;
  onBatchEnd?(step: number, logs: Logs): unknown;
  onTestBegin?(epoch: number): unknown;
  onTestEnd?(epoch: number, logs: Logs): unknown;
  onNumericError?(error: NumericError): unknown;
  state?(): unknown;
  restore?(state: unknown): void;
}

export interface CategoricalFocalOptions extends FocalOptions {
  readonly alpha?: number | readonly number[];
}

export type ChainLink = Transform | Optimizer;

export interface ClassCrossentropyOptions extends CrossentropyOptions {
  readonly classWeights?: readonly number[];
}

export type ClassWeight = "balanced" | readonly number[] | Readonly<Record<string, number>>;

export interface CompileOptions<
  M extends MetricLike = MetricLike,
  Q extends MetricsByOutput = MetricsByOutput,
> {
  readonly optimizer: OptimizerName | Optimizer;
  readonly loss: PerPort<LossName | LossFunction>;
  readonly metrics?:
    | readonly M[]
    | {
        readonly [output in keyof Q]: readonly Q[output][];
      };
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
  readonly warn?: (message: string) => void;
}

export interface ConcatenateOptions extends MergeOptions {
  readonly axis?: number;
}

export type Config = Readonly<Record<string, unknown>>;

export interface ConstantRateOptions {
  readonly learningRate: number;
}

export interface Constraint extends Rule<"constraint"> {}

export interface ContrastiveOptions {
  readonly margin?: number;
}

export interface ConvLayerOptions<N extends ActivationOption = ActivationOption>
  extends ConvolutionOptions<N> {
  readonly groups?: number;
  readonly kernelInitializer?: InitializerName | Initializer;
  readonly kernelRegularizer?: Regularizer;
  readonly kernelConstraint?: Constraint;
}

export interface ConvOptions {
  readonly strides?: number | readonly number[];
  readonly padding?: Padding;
  readonly dilation?: number | readonly number[];
  readonly groups?: number;
}

export interface ConvTransposeLayerOptions<N extends ActivationOption = ActivationOption>
  extends Omit<ConvLayerOptions<N>, "groups"> {
  readonly outputPadding?: PerAxis | undefined;
}

export interface ConvTransposeOptions extends ConvOptions {
  readonly outputPadding?: number | readonly number[] | undefined;
}

export interface ConvolutionOptions<N extends ActivationOption = ActivationOption> {
  readonly strides?: PerAxis;
  readonly padding?: Padding;
  readonly dilationRate?: PerAxis;
  readonly activation?: N | ActivationFunction;
  readonly useBias?: boolean;
  readonly biasInitializer?: InitializerName | Initializer;
  readonly biasRegularizer?: Regularizer;
  readonly activityRegularizer?: Regularizer;
  readonly biasConstraint?: Constraint;
  readonly name?: string;
}

export interface CosineDecayOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly alpha?: number;
}

export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number;
  readonly firstDecaySteps: number;
  readonly tMul?: number;
  readonly mMul?: number;
  readonly alpha?: number;
}

export interface CrossentropyOptions {
  readonly fromLogits?: boolean;
  readonly labelSmoothing?: number;
}

export interface CsvLoggerOptions {
  readonly separator?: string;
  readonly header?: boolean;
}

export interface CustomLayer<O extends OneOrList> extends CustomParts {
  readonly inputs?: "one";
  build?(inputShape: Dims, add: AddVariable): void;
  call(x: Tensor, info: LayerCall): O;
}

export interface CustomListLayer<O extends OneOrList> extends CustomParts {
  readonly inputs: "list";
  build?(inputShapes: readonly Dims[], add: AddVariable): void;
  call(inputs: readonly Tensor[], info: LayerCall): O;
}

export interface CustomLossOptions<D extends LabelType> {
  readonly labels?: D;
  readonly weight?: (yTrue: Tensor<Shape, D>, yPred: Tensor) => Tensor;
  readonly name?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface CustomMeanMetric<N extends string> extends CustomMetricParts<N> {
  call(yTrue: AnyTensor, yPred: Tensor): Tensor;
}

export interface CustomMetric<N extends string, S extends MetricState, R extends Said>
  extends CustomMetricParts<N> {
  readonly state: S | ((outputShape: Dims) => S);
  update(
    state: StateOf<S>,
    yTrue: AnyTensor,
    yPred: Tensor,
    weight: Tensor,
  ): {
    readonly [name in keyof S]: AnyTensor;
  };
  result(state: StateOf<S>): R;
}

export type DType = "float32" | "int32" | "bool";

export declare class DataError extends FerrogradError {
  static readonly code = "data";
  static readonly name: string;
}

export type DataLike = PerPort<RowsLike>;

export declare class Dataset {
  readonly x: Features;
  readonly y: Labels;
  readonly classNames: readonly string[] | undefined;
  readonly featureNames: readonly string[] | undefined;
  readonly name: string | undefined;
  constructor(init: DatasetInit);
  get length(): number;
  shuffle(seed: number): Dataset;
  batch(size: number, options?: BatchOptions): Iterable<[x: Features, y: Labels]>;
  slice(begin: number, end?: number): Dataset;
  take(count: number): Dataset;
  rows(positions: ArrayLike<number>): Dataset;
}

export interface DatasetInit {
  readonly x: RowsLike;
  readonly y: RowsLike;
  readonly classNames?: readonly string[];
  readonly featureNames?: readonly string[];
  readonly name?: string;
}

export interface DatasetLike<X = DataLike, Y = DataLike> {
  readonly x: X;
  readonly y: Y;
  readonly sampleWeight?: PerPort<RowsLike | undefined> | undefined;
  readonly classNames?: readonly string[] | undefined;
}

export interface DecayOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase?: boolean;
}

export interface DecayedWeightsOptions {
  readonly exclude?: readonly string[];
}

export type Decisions = Tensor<Shape, "bool">;

export interface DenseOptions<N extends ActivationOption = ActivationOption> {
  readonly activation?: N | ActivationFunction;
  readonly useBias?: boolean;
  readonly kernelInitializer?: InitializerName | Initializer;
  readonly biasInitializer?: InitializerName | Initializer;
  readonly kernelRegularizer?: Regularizer;
  readonly biasRegularizer?: Regularizer;
  readonly activityRegularizer?: Regularizer;
  readonly kernelConstraint?: Constraint;
  readonly biasConstraint?: Constraint;
  readonly name?: string;
}

export interface DepthwiseConvOptions<N extends ActivationOption = ActivationOption>
  extends ConvolutionOptions<N> {
  readonly depthMultiplier?: number;
  readonly depthwiseInitializer?: InitializerName | Initializer;
  readonly depthwiseRegularizer?: Regularizer;
  readonly depthwiseConstraint?: Constraint;
}

export type Dims = readonly (number | null)[];

export declare class DisposedError extends FerrogradError {
  static readonly code = "disposed";
  static readonly name: string;
}

export interface DivergenceOptions extends LogOptions {
  readonly fromLogits?: boolean;
}

export interface DotOptions extends MergeOptions {
  readonly axes: number | readonly [number, number];
  readonly normalize?: boolean;
}

export interface Drawable {
  readonly width: number;
  readonly height: number;
}

export interface EarlyStopping extends Callbacks {
  readonly bestEpoch: number;
  readonly best: number | undefined;
}

export interface EarlyStoppingOptions extends MonitorOptions {
  readonly patience?: number;
  readonly baseline?: number;
  readonly startFromEpoch?: number;
  readonly restoreBestWeights?: boolean;
}

export interface EmbeddingOptions {
  readonly embeddingsInitializer?: InitializerName | Initializer;
  readonly embeddingsRegularizer?: Regularizer;
  readonly activityRegularizer?: Regularizer;
  readonly embeddingsConstraint?: Constraint;
  readonly name?: string;
}

export type ErrorCode =
  | "argument"
  | "shape"
  | "data"
  | "state"
  | "disposed"
  | "format"
  | "numeric"
  | "memory"
  | "worker"
  | "internal";

export type EvaluateOptions = Pick<FitOptions, "sampleWeight">;

export type Features = Rows<Float32Array>;

export declare abstract class FerrogradError extends Error {
  static readonly code: ErrorCode | undefined;
  static readonly name: string;
  readonly code: ErrorCode;
  constructor(message: string);
}

export type FillMode = "constant" | "reflect" | "wrap" | "nearest";

export interface FitModel {
  readonly optimizer: Pick<Optimizer, "learningRate">;
  stop(): void;
  getWeights(): Float32Array[];
  setWeights(weights: readonly Float32Array[]): void;
}

export interface FitOptions<
  Share extends ValidationShare | undefined = ValidationShare | undefined,
  Held extends ValidationData | undefined = ValidationData | undefined,
> {
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly stepsPerEpoch?: number;
  readonly validationSplit?: Share;
  readonly validationData?: Held;
  readonly validationFreq?: number;
  readonly shuffle?: boolean;
  readonly classWeight?: ClassWeights;
  readonly sampleWeight?: PerPort<RowsLike | undefined>;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly callbacks?: Callbacks | readonly Callbacks[];
}

export interface FitResult<M extends AnyKnown = string, Validated extends boolean = false> {
  readonly history: {
    readonly [name in NameOf<M> | "loss"]: SaidBy<M, name>[];
  } & Validation<M, Validated>;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly steps: number;
  readonly ms: number;
  readonly stopReason: "completed" | "stopped";
}

export interface FitRun {
  readonly model: FitModel;
  readonly logged: readonly string[];
  readonly samples: Samples | undefined;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number | undefined;
}

export interface FlatValues {
  readonly data: Float32Array | Int32Array;
  readonly shape: Shape;
}

export type FlipMode = "horizontal" | "vertical" | "horizontalAndVertical";

export declare class FormatError extends FerrogradError {
  static readonly code = "format";
  static readonly name: string;
}

export interface FromPixelsOptions {
  readonly channels?: 1 | 3 | 4;
  readonly scale?: boolean;
}

export interface GaussianOptions {
  readonly fromLog?: boolean;
  readonly full?: boolean;
  readonly epsilon?: number;
}

export interface GlobalPoolingOptions {
  readonly keepDims?: boolean;
  readonly name?: string;
}

export interface GroupNormalizationOptions extends NormalizeOptions {
  readonly groups?: number;
  readonly axis?: number;
}

export interface HuberOptions {
  readonly delta?: number;
}

export type ImageDataLike = typeof globalThis extends {
  ImageData: {
    prototype: infer I;
  };
}
  ? I
  : {
      readonly data: Uint8ClampedArray<ArrayBuffer>;
      readonly width: number;
      readonly height: number;
      readonly colorSpace: "srgb" | "display-p3";
    };

export type Initializer = (shape: Shape, source: RandomSource, fans?: Fans) => Tensor;

export type InitializerName = keyof typeof byName;

export interface InputOptions<D extends DType = DType> {
  readonly dtype?: D;
  readonly name?: string;
}

export declare class InternalError extends FerrogradError {
  static readonly code = "internal";
  static readonly name: string;
  constructor(message: string);
}

export type Interpolation = "nearest" | "bilinear";

export type JitResult =
  | AnyTensor
  | readonly AnyTensor[]
  | Readonly<Record<string, AnyTensor>>
  | void;

export interface Jitted<A extends readonly TensorLike[], R extends JitResult> {
  (...args: A): R;
  dispose(): void;
  [Symbol.dispose](): void;
}

export type Labels = Rows<RowData>;

export interface Layer<O extends OneOrList = Tensor> {
  (x: SymbolicTensor | readonly SymbolicTensor[]): SymbolicOf<O>;
  (x: TensorLike | readonly AnyTensor[]): O;
  readonly type: string;
  readonly path: string;
  readonly config: Config | undefined;
  trainable: boolean;
  readonly variables: readonly Variable<Shape, DType>[];
  getWeights(): Float32Array[];
  setWeights(weights: WeightsLike): void;
}

export interface LayerCall {
  readonly training: boolean;
  readonly trainable: boolean;
  readonly random: RandomSource & {
    readonly step?: Tensor<Shape, "int32">;
  };
  update<D extends DType>(
    variable: Variable<Shape, D>,
    next: (now: Tensor<Shape, D>) => TensorLike,
  ): void;
  addLoss(loss: Tensor): void;
}

export type LayerLike = (x: Tensor) => Tensor;

export interface LayerNormalizationOptions extends NormalizeOptions {
  readonly axis?: number | readonly number[];
}

export interface LionOptions extends OptimizerOptions {
  readonly beta1?: number;
  readonly beta2?: number;
}

export interface LoadOptions {
  readonly layers?: Own<AnyLayer>;
  readonly losses?: Own<Loss>;
  readonly schedules?: Own<Schedule>;
  readonly regularizers?: Own<Regularizer>;
  readonly constraints?: Own<Constraint>;
  readonly metrics?: Own<AnyMetric>;
  readonly optimizers?: Own<Optimizer | Transform>;
  readonly warn?: (message: string) => void;
}

export interface LogOptions {
  readonly fromLog?: boolean;
}

export type Logged<M extends AnyKnown> = {
  readonly [name in NameOf<M> | "loss"]: SaidBy<M, name>;
};

export type Logs = Readonly<Record<string, number>>;

export interface LookaheadOptions {
  readonly syncPeriod?: number;
  readonly slowStepSize?: number;
}

export interface Loss {
  (yTrue: TensorLike, yPred: TensorLike): Tensor;
}

export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

export type LossName =
  | "sparseCategoricalCrossentropy"
  | "categoricalCrossentropy"
  | "binaryCrossentropy"
  | "meanSquaredError"
  | "meanAbsoluteError"
  | "huber"
  | "logCosh"
  | "poisson"
  | "cosineSimilarity"
  | "hinge"
  | "squaredHinge"
  | "categoricalHinge"
  | "klDivergence";

export interface LossOf<O extends object> {
  (options?: O & LossOptions): Loss;
  (yTrue: TensorLike, yPred: TensorLike, options?: O & LossOptions): Tensor;
}

export interface LossOptions {
  readonly reduction?: Reduction;
}

export interface MaxPoolingOptions extends PoolOptions {
  readonly name?: string;
}

export interface MemoryInfo {
  readonly bytes: number;
  readonly owners: {
    readonly [owner in Owner]: number;
  };
  readonly scratchBytes: number;
  readonly heapBytes: number;
  readonly calls: number;
}

export interface MergeOptions {
  readonly name?: string;
}

export interface Metric<N extends string = string, R extends MetricResult = number> {
  readonly name: N;
  readonly type: string;
  of(yTrue: TensorLike, yPred: TensorLike, weight?: TensorLike): R;
}

export type MetricName =
  | "accuracy"
  | "binaryAccuracy"
  | "topKCategoricalAccuracy"
  | "meanAbsoluteError"
  | "meanSquaredError";

export type MetricResult = number | readonly Nested[];

export type MetricState = Readonly<Record<string, StateTensor>>;

export type Mining = "semiHard" | "hard";

export declare class Model<M extends AnyKnown = never, O = Tensor, I = DataLike> extends Trainer<
  M,
  O,
  I
> {
  call(x: SymbolicPorts): SymbolicLike<O>;
  call(x: PerPort<AnyTensor>, options?: CallOptions): O;
  outputsOf(name: string): UncompiledModel;
  outputsOf<const N extends string>(
    names: readonly N[],
  ): UncompiledModel<{
    [name in N]: Tensor;
  }>;
  predict(x: I): O;
  predict(data: { readonly x: I; readonly y: unknown }): O;
  predict(batches: AsyncIterable<XBatch<I>>): Promise<O>;
  predict(batches: Iterable<XBatch<I>>): O;
  compilePredict(options?: BatchOptions): PredictInto;
  summary(): string;
  save(options?: SaveOptions): Uint8Array;
  dispose(): void;
  [Symbol.dispose](): void;
  protected check(where: string): void;
}

export interface ModelCheckpointOptions extends MonitorOptions {
  readonly name?: string | ((at: number, logs: Logs) => string);
  readonly every?: "epoch" | number;
  readonly saveBestOnly?: boolean;
  readonly save?: (model: Model<never>) => Uint8Array;
}

export interface ModelParts<O extends SymbolicPorts, I extends SymbolicPorts = SymbolicPorts> {
  readonly inputs: I;
  readonly outputs: O;
  readonly seed?: number;
  readonly name?: string;
  readonly classNames?: readonly string[];
}

export interface MonitorOptions {
  readonly monitor?: string;
  readonly minDelta?: number;
  readonly mode?: "auto" | "min" | "max";
}

export interface NadamOptions extends Omit<AdamOptions, "amsgrad"> {
  readonly momentumDecay?: number;
}

export type Nested = number | Nested[];

export type NestedNumbers = readonly number[] | NumberArray | readonly NestedNumbers[];

export interface NoiseOptions {
  readonly name?: string;
}

export interface NormOptions extends ReduceOptions {
  readonly ord?: number;
}

export interface NormalOptions extends RandomSource {
  readonly mean?: number;
  readonly stddev?: number;
  readonly step?: Tensor<Shape, "int32">;
}

export interface NormalizationOptions {
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
  readonly name?: string;
}

export interface NormalizeOptions {
  readonly epsilon?: number;
  readonly center?: boolean;
  readonly scale?: boolean;
  readonly betaInitializer?: InitializerName | Initializer;
  readonly gammaInitializer?: InitializerName | Initializer;
  readonly betaRegularizer?: Regularizer;
  readonly gammaRegularizer?: Regularizer;
  readonly betaConstraint?: Constraint;
  readonly gammaConstraint?: Constraint;
  readonly name?: string;
}

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

export declare class NumericError extends FerrogradError {
  static readonly code = "numeric";
  static readonly name: string;
}

export interface OneCycleOptions {
  readonly maxLearningRate: number;
  readonly totalSteps: number;
  readonly pctStart?: number;
  readonly annealStrategy?: "cos" | "linear";
  readonly divFactor?: number;
  readonly finalDivFactor?: number;
  readonly threePhase?: boolean;
}

export type OneOrList = Tensor<Shape, DType> | readonly Tensor<Shape, DType>[];

export declare class Optimizer {
  readonly name: string;
  get learningRate(): number;
  set learningRate(value: Rate);
  get steps(): number;
  minimize(loss: Tensor, variables: readonly Variable<Shape, DType>[] | readonly Variable[]): void;
  dispose(): void;
  [Symbol.dispose](): void;
}

export type OptimizerName = keyof typeof optimizers;

export interface OptimizerOptions {
  readonly learningRate?: Rate;
  readonly weightDecay?: number;
  readonly clipValue?: number;
  readonly clipNorm?: number;
  readonly globalClipNorm?: number;
}

export interface OptimizerParts<S extends string = string>
  extends Pick<TransformParts<S>, "init" | "update" | "apply"> {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>> & {
    readonly learningRate: Rate;
  };
  readonly transforms?: readonly ChainLink[];
}

export type OptionsOf<N extends ActivationOption> = N extends keyof Aliases
  ? ActivationOptions[Aliases[N] & ActivationName]
  : N extends ActivationName
    ? ActivationOptions[N]
    : unknown;

export declare class OutOfMemoryError extends FerrogradError {
  static readonly code = "memory";
  static readonly name: string;
}

export type OutputsOf<O extends SymbolicPorts> = O extends SymbolicTensor
  ? Tensor
  : O extends readonly unknown[]
    ? {
        -readonly [i in keyof O]: Tensor;
      }
    : {
        [name in keyof O]: Tensor;
      };

export interface OverlapOptions {
  readonly fromLogits?: boolean;
}

export interface PadOptions {
  readonly mode?: "constant" | "reflect" | "edge";
  readonly value?: number;
}

export type Padding =
  | "valid"
  | "same"
  | "causal"
  | number
  | readonly (readonly [before: number, after: number])[];

export type PerAxis = number | readonly number[];

export interface PiecewiseConstantOptions {
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
}

export interface PinballOptions {
  readonly quantile?: number | readonly number[];
}

export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
}

export interface PolynomialDecayOptions {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly endLearningRate?: number;
  readonly power?: number;
  readonly cycle?: boolean;
}

export interface PoolOptions {
  readonly strides?: number | readonly number[];
  readonly padding?: Exclude<Padding, "causal">;
}

export interface PreluOptions {
  readonly alphaInitializer?: InitializerName | Initializer;
  readonly alphaRegularizer?: Regularizer;
  readonly alphaConstraint?: Constraint;
  readonly name?: string;
}

export interface ProgressOptions {
  readonly width?: number;
}

export interface PutOptions extends AxisOptions {
  readonly mode?: "set" | "add";
}

export interface RandomErasingOptions extends AugmentationOptions {
  readonly scale?: Bounds;
  readonly ratio?: Bounds;
  readonly fillValue?: number;
}

export interface RandomLightOptions extends AugmentationOptions {
  readonly valueRange?: Bounds;
}

export interface RandomSource {
  readonly seed: number;
  readonly stream?: number;
}

export interface RandomTranslationOptions extends AugmentationOptions {
  readonly fillMode?: FillMode;
  readonly fillValue?: number;
}

export type Range =
  | null
  | number
  | readonly [start?: number | null, end?: number | null, step?: number | null];

export type Rate = number | Schedule;

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  readonly factor?: number;
  readonly patience?: number;
  readonly cooldown?: number;
  readonly minLearningRate?: number;
  readonly minDelta?: number;
}

export interface ReduceOptions {
  readonly axis?: number | readonly number[];
  readonly keepDims?: boolean;
}

export type Reduction = "none" | "mean" | "sum";

export interface Regularizer extends Rule<"regularizer"> {}

export interface RescalingOptions {
  readonly scale: number;
  readonly offset?: number;
  readonly name?: string;
}

export interface ResizingOptions {
  readonly interpolation?: Interpolation;
  readonly name?: string;
}

export interface RmsNormalizationOptions {
  readonly axis?: number | readonly number[];
  readonly epsilon?: number;
  readonly scale?: boolean;
  readonly gammaInitializer?: InitializerName | Initializer;
  readonly gammaRegularizer?: Regularizer;
  readonly gammaConstraint?: Constraint;
  readonly name?: string;
}

export interface RmspropOptions extends OptimizerOptions {
  readonly rho?: number;
  readonly epsilon?: number;
  readonly momentum?: number;
  readonly centered?: boolean;
}

export interface RowSplit {
  held(where: string, y: Labels): number[];
}

export type RowsLike =
  | NestedNumbers
  | {
      readonly data: NumberArray | readonly number[];
      readonly shape: readonly number[];
    }
  | {
      readonly shape: readonly number[];
      data(): NumberArray;
    };

export interface Rule<K extends string = string> {
  (x: TensorLike): Tensor;
  readonly kind: K;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface RuleParts {
  readonly name: string;
  readonly config?: Readonly<Record<string, unknown>>;
  call(x: Tensor): TensorLike;
}

export type SafetensorsDType = keyof typeof ARRAYS;

export interface SafetensorsFile {
  readonly tensors: Map<string, SafetensorsTensor>;
  readonly metadata: Map<string, string>;
}

export type SafetensorsTensor = {
  [D in SafetensorsDType]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: InstanceType<(typeof ARRAYS)[D]>;
  };
}[SafetensorsDType];

export type Said = number | AnyTensor | readonly Nested[];

export interface Samples {
  readonly x: Features;
  readonly y: Labels;
  readonly inputs: readonly Labels[];
  readonly targets: readonly Labels[];
  readonly weights: readonly (Features | undefined)[];
}

export interface SaveOptions {
  readonly includeOptimizer?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ScanOptions extends AxisOptions {
  readonly exclusive?: boolean;
  readonly reverse?: boolean;
}

export interface Schedule {
  readonly name: string;
  readonly options: ScheduleConfig;
  rate(step: number): number;
}

export type ScheduleConfig = Readonly<Record<string, unknown>>;

export interface ScheduleParts {
  readonly name: string;
  readonly options?: ScheduleConfig;
  readonly rate: (step: number) => number;
}

export interface SeparableConvOptions<N extends ActivationOption = ActivationOption>
  extends DepthwiseConvOptions<N> {
  readonly pointwiseInitializer?: InitializerName | Initializer;
  readonly pointwiseRegularizer?: Regularizer;
  readonly pointwiseConstraint?: Constraint;
}

export interface SequentialOptions {
  readonly inputShape?: Dims;
  readonly seed?: number;
  readonly name?: string;
  readonly classNames?: readonly string[];
}

export interface SgdOptions extends OptimizerOptions {
  readonly momentum?: number;
  readonly nesterov?: boolean;
}

export type Shape = readonly number[];

export declare class ShapeError extends FerrogradError {
  static readonly code = "shape";
  static readonly name: string;
}

export type Sides = number | readonly number[] | readonly (readonly [number, number])[];

export interface SortOptions extends AxisOptions {
  readonly descending?: boolean;
}

export interface SparseCrossentropyOptions extends ClassCrossentropyOptions, LabelOptions {}

export interface SparseFocalOptions extends CategoricalFocalOptions, LabelOptions {}

export interface Split {
  readonly train: Dataset;
  readonly test: Dataset;
}

export interface SplitOptions {
  readonly testFraction?: number;
  readonly stratify?: boolean;
  readonly seed?: number;
}

export interface SplitRows {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export interface Standardizer {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  transform(x: RowsLike): Features;
}

export declare class StateError extends FerrogradError {
  static readonly code = "state";
  static readonly name: string;
}

export type StateOf<S extends MetricState> = {
  readonly [name in keyof S]: S[name] extends {
    readonly dtype: infer D extends DType;
  }
    ? Tensor<Shape, D>
    : Tensor;
};

export type StateTensor =
  | Shape
  | {
      readonly shape: Shape;
      readonly dtype?: DType;
      readonly start?: number;
    };

export interface StepDecayOptions {
  readonly initialLearningRate: number;
  readonly stepSize: number;
  readonly gamma?: number;
}

export interface Store {
  read(name: string): Uint8Array | undefined | PromiseLike<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): unknown;
  delete(name: string): unknown;
}

export type SymbolicOf<O> = O extends readonly unknown[] ? SymbolicTensor[] : SymbolicTensor;

export type SymbolicPorts = PerPort<SymbolicTensor>;

export declare class SymbolicTensor<S extends Dims = Dims, D extends DType = DType> {
  readonly shape: S;
  readonly dtype: D;
  toString(): string;
}

export declare class Tensor<S extends Shape = Shape, D extends DType = "float32"> {
  readonly shape: S;
  readonly dtype: D;
  get size(): number;
  get rank(): number;
  data(): DataOf<D>;
  array<Known extends Shape = S>(): ArrayOf<Known>;
  item(): number;
  dispose(): void;
  [Symbol.dispose](): void;
  toString(): string;
}

export type TensorLike =
  | AnyTensor
  | FlatValues
  | number
  | readonly Nested[]
  | Float32Array
  | Int32Array;

export interface TerminateOnNaN extends Callbacks {
  readonly error: NumericError | undefined;
}

export interface TerminateOnNaNOptions {
  readonly onNaN?: "stop" | "restoreLastEpoch";
}

export interface ToImageDataOptions {
  readonly scale?: boolean;
}

export interface TrainingStep {
  readonly event: "batch" | "epoch";
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly logs: Logs & {
    readonly loss: number;
  };
}

export interface Transform {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface TransformInfo {
  readonly variable: Variable<Shape, DType>;
  readonly rate: Tensor;
  readonly step: Tensor;
  readonly updates: readonly Tensor[];
  every(n: number): Tensor;
}

export interface TransformParts<S extends string = string> {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  init?(variable: Variable<Shape, DType>): {
    readonly [slot in S]: TensorLike;
  };
  update?(update: Tensor, state: Kept<S>, info: TransformInfo): Transformed<S>;
  apply?(next: Tensor, state: Kept<S>, info: TransformInfo): Applied<S>;
  readonly every?: number;
}

export interface Transformed<S extends string = string> {
  readonly update: TensorLike;
  readonly state?: {
    readonly [slot in S]?: TensorLike;
  };
}

export interface TriangleOptions {
  readonly diagonal?: number;
}

export interface TripletOptions {
  readonly margin?: number;
  readonly mining?: Mining;
}

export interface TverskyOptions extends OverlapOptions {
  readonly alpha?: number;
  readonly beta?: number;
}

export type UncompiledModel<O = Tensor, I = DataLike> = Omit<
  Model<never, O, I>,
  "fit" | "fitSync" | "trainOnBatch" | "evaluate"
>;

export interface UniformOptions extends RandomSource {
  readonly min?: number;
  readonly max?: number;
  readonly step?: Tensor<Shape, "int32">;
}

export interface UnitNormalizationOptions {
  readonly axis?: number | readonly number[];
  readonly name?: string;
}

export interface UpSamplingOptions {
  readonly interpolation?: Interpolation;
  readonly name?: string;
}

export interface ValueAndGrads {
  readonly value: Tensor;
  readonly grads: readonly Tensor[];
}

export declare class Variable<S extends Shape = Shape, D extends DType = "float32"> extends Tensor<
  S,
  D
> {
  readonly name: string;
  get trainable(): boolean;
  set trainable(value: boolean);
  assign(value: TensorLike): void;
  toString(): string;
  dispose(): void;
}

export interface VariableOptions<D extends DType = DType> extends VariableRules {
  readonly trainable?: boolean;
  readonly dtype?: D;
  readonly fans?: Fans;
  readonly unitsLast?: (kernel: Tensor) => Tensor;
}

export interface VariableRules {
  readonly regularizer?: Regularizer | undefined;
  readonly constraint?: Constraint | undefined;
}

export interface VarianceOptions extends ReduceOptions {
  readonly correction?: number;
}

export interface WarmupOptions {
  readonly warmupSteps: number;
  readonly learningRate: Rate;
  readonly initialLearningRate?: number;
}

export type Writer = ((text: string) => unknown) | FileLike;

export declare const abs: (x: TensorLike) => Tensor;

export declare function accumulateGradients(steps: number): Transform;

export declare function activation<N extends ActivationOption = "linear">(
  name: N | ActivationFunction,
  options?: OptionsOf<N> & {
    readonly name?: string;
  },
): Layer;

export declare function activityRegularization(options?: ActivityRegularizationOptions): Layer;

export declare function adadelta(options?: AdadeltaOptions): Optimizer;

export declare function adagrad(options?: AdagradOptions): Optimizer;

export declare function adam(options?: AdamOptions): Optimizer;

export declare function adamW(options?: AdamOptions): Optimizer;

export declare function adamax(options?: Omit<AdamOptions, "amsgrad">): Optimizer;

export declare const add: (a: TensorLike, b: TensorLike) => Tensor;

export declare function addDecayedWeights(
  weightDecay: number,
  options?: DecayedWeightsOptions,
): Transform;

export declare const addLayer: (options?: MergeOptions) => Layer;

export declare const all: (x: TensorLike, options?: ReduceOptions) => Decisions;

export declare function alphaDropout(rate: number, options?: NoiseOptions): Layer;

export declare const any: (x: TensorLike, options?: ReduceOptions) => Decisions;

export declare function arange<D extends "float32" | "int32" = "float32">(
  start: number,
  stop?: number,
  step?: number,
  options?: ArangeOptions<D>,
): Tensor<Shape, D>;

export declare const argmax: (x: TensorLike, options?: AxisOptions) => Tensor<Shape, "int32">;

export declare const argmin: (x: TensorLike, options?: AxisOptions) => Tensor<Shape, "int32">;

export declare const argsort: (x: TensorLike, options?: SortOptions) => Integers;

export declare const averageLayer: (options?: MergeOptions) => Layer;

export declare const averagePool1d: (
  x: TensorLike,
  poolSize: PoolSize,
  options?: AveragePoolOptions,
) => Tensor;

export declare const averagePool2d: (
  x: TensorLike,
  poolSize: PoolSize,
  options?: AveragePoolOptions,
) => Tensor;

export declare const averagePooling1d: (
  poolSize?: number | readonly number[],
  options?: AveragePoolingOptions,
) => Layer;

export declare const averagePooling2d: (
  poolSize?: number | readonly number[],
  options?: AveragePoolingOptions,
) => Layer;

export declare function averageWeights(options?: AverageOptions): Transform;

export declare function backupAndRestore(store: Store, options?: BackupOptions): Callbacks;

export declare function batchNormalization(options?: BatchNormalizationOptions): Layer;

export declare const binaryCrossentropy: LossOf<BinaryCrossentropyOptions>;

export declare const binaryFocalCrossentropy: LossOf<BinaryFocalOptions>;

export declare function broadcastTo(x: TensorLike, shape: Shape): Tensor;

export declare function cast<D extends DType>(x: TensorLike, dtype: D): Tensor<Shape, D>;

export declare const categoricalCrossentropy: LossOf<ClassCrossentropyOptions>;

export declare const categoricalFocalCrossentropy: LossOf<CategoricalFocalOptions>;

export declare const categoricalHinge: LossOf<NoOptions>;

export declare const ceil: (x: TensorLike) => Tensor;

export declare const celu: (
  x: TensorLike,
  options?:
    | {
        alpha?: number;
      }
    | undefined,
) => Tensor;

export declare function chain(...links: readonly ChainLink[]): Optimizer;

export declare function checkpoint(model: Compiled): Uint8Array<ArrayBuffer>;

export declare function clip(x: TensorLike, low: TensorLike, high: TensorLike): Tensor;

export declare function clipByGlobalNorm(norm: number): Transform;

export declare function clipByNorm(norm: number): Transform;

export declare function clipByValue(value: number): Transform;

export declare function collapse<O, I>(model: UncompiledModel<O, I>): UncompiledModel<O, I>;

export declare function concatenate(tensors: readonly TensorLike[], options?: AxisOptions): Tensor;

export declare function concatenateLayer(options?: ConcatenateOptions): Layer;

export declare const constantRate: (options: ConstantRateOptions) => Schedule;

export declare function constraint(parts: RuleParts): Constraint;
export declare function constraint(call: (x: Tensor) => TensorLike): Constraint;

export declare const constraints: {
  maxNorm: typeof ours.maxNorm;
  unitNorm: typeof ours.unitNorm;
  nonNeg: typeof ours.nonNeg;
  minMaxNorm: typeof ours.minMaxNorm;
};

export declare const contrastive: LossOf<ContrastiveOptions>;

export declare function conv(x: TensorLike, kernel: TensorLike, options?: ConvOptions): Tensor;

export declare function conv1d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: ConvLayerOptions<N> & OptionsOf<N>,
): Layer;

export declare function conv1dTranspose<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: ConvTransposeLayerOptions<N> & OptionsOf<N>,
): Layer;

export declare function conv2d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: ConvLayerOptions<N> & OptionsOf<N>,
): Layer;

export declare function conv2dTranspose<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: ConvTransposeLayerOptions<N> & OptionsOf<N>,
): Layer;

export declare function convTranspose(
  x: TensorLike,
  kernel: TensorLike,
  options?: ConvTransposeOptions,
): Tensor;

export declare const cos: (x: TensorLike) => Tensor;

export declare const cosineDecay: (options: CosineDecayOptions) => Schedule;

export declare const cosineDecayRestarts: (options: CosineDecayRestartsOptions) => Schedule;

export declare const cosineSimilarity: LossOf<NoOptions>;

export declare const cropping1d: (
  sides?: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare const cropping2d: (
  sides: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare function csvLogger(writer: Writer, options?: CsvLoggerOptions): Callbacks;

export declare const cumprod: (x: TensorLike, options?: ScanOptions) => Tensor;

export declare const cumsum: (x: TensorLike, options?: ScanOptions) => Tensor;

export declare function customLoss<D extends LabelType = "float32">(
  call: (yTrue: Tensor<Shape, D>, yPred: Tensor) => Tensor,
  options?: CustomLossOptions<D>,
): Loss;

export declare function dense<N extends ActivationOption = "linear">(
  units: number,
  options?: DenseOptions<N> & OptionsOf<N>,
): Layer;

export declare function depthwiseConv1d<N extends ActivationOption = "linear">(
  kernelSize: PerAxis,
  options?: DepthwiseConvOptions<N> & OptionsOf<N>,
): Layer;

export declare function depthwiseConv2d<N extends ActivationOption = "linear">(
  kernelSize: PerAxis,
  options?: DepthwiseConvOptions<N> & OptionsOf<N>,
): Layer;

export declare const dice: LossOf<OverlapOptions>;

export declare const div: (a: TensorLike, b: TensorLike) => Tensor;

export declare function dot(a: TensorLike, b: TensorLike): Tensor;

export declare function dotLayer(options: DotOptions): Layer;

export declare function dropout(
  rate: number,
  options?: {
    readonly name?: string;
  },
): Layer;
export declare function dropout(
  x: TensorLike,
  rate: number,
  source: RandomSource & {
    step?: Tensor<Shape, "int32">;
  },
): Tensor;

export declare function earlyStopping(options?: EarlyStoppingOptions): EarlyStopping;

export declare function einsum(equation: string, ...tensors: readonly TensorLike[]): Tensor;

export declare const elu: (
  x: TensorLike,
  options?:
    | {
        alpha?: number;
      }
    | undefined,
) => Tensor;

export declare function embedding(
  inputDim: number,
  outputDim: number,
  options?: EmbeddingOptions,
): Layer;

export declare const equal: (a: TensorLike, b: TensorLike) => Decisions;

export declare const erf: (x: TensorLike) => Tensor;

export declare const exp: (x: TensorLike) => Tensor;

export declare function expandDims(x: TensorLike, options?: AxisOptions): Tensor;

export declare const expm1: (x: TensorLike) => Tensor;

export declare const exponential: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const exponentialDecay: (options: DecayOptions) => Schedule;

export declare function eye(rows: number, columns?: number): Tensor;

export declare function fileStore(folder: string): Store;

export declare const fill: <const S extends Shape>(shape: S, value: number) => Tensor<S>;

export declare function flatten(options?: { readonly name?: string }): Layer;

export declare function flip(x: TensorLike, options?: AxesOptions): Tensor;

export declare const floor: (x: TensorLike) => Tensor;

export declare const floorDiv: (a: TensorLike, b: TensorLike) => Tensor;

export declare function fromPixels(
  source: Pixels | Drawable | readonly (Pixels | Drawable)[],
  options?: FromPixelsOptions,
): Tensor;

export declare function gather(
  table: TensorLike,
  indices: TensorLike,
  options?: AxisOptions,
): Tensor;

export declare function gaussianDropout(rate: number, options?: NoiseOptions): Layer;

export declare const gaussianNegativeLogLikelihood: LossOf<GaussianOptions>;

export declare function gaussianNoise(stddev: number, options?: NoiseOptions): Layer;

export declare const gelu: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const geluTanh: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const globalAveragePooling1d: (options?: GlobalPoolingOptions) => Layer;

export declare const globalAveragePooling2d: (options?: GlobalPoolingOptions) => Layer;

export declare const globalMaxPooling1d: (options?: GlobalPoolingOptions) => Layer;

export declare const globalMaxPooling2d: (options?: GlobalPoolingOptions) => Layer;

export declare function glu(x: TensorLike, options?: AxisOptions): Tensor;

export declare function grad(loss: Tensor, targets: readonly AnyTensor[]): Tensor[];

export declare const greater: (a: TensorLike, b: TensorLike) => Decisions;

export declare const greaterEqual: (a: TensorLike, b: TensorLike) => Decisions;

export declare function groupNormalization(options?: GroupNormalizationOptions): Layer;

export declare const hardShrink: (
  x: TensorLike,
  options?:
    | {
        lambda?: number;
      }
    | undefined,
) => Tensor;

export declare const hardSigmoid: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const hardSilu: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const hardTanh: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const hinge: LossOf<NoOptions>;

export declare const huber: LossOf<HuberOptions>;

export declare function identity(options?: { readonly name?: string }): Layer;

export declare function indexedDbStore(database?: string): Store;

export declare const initializers: {
  constant: typeof ours.constant;
  zeros: ours.Initializer;
  ones: ours.Initializer;
  uniform: typeof ours.uniform;
  normal: typeof ours.normal;
  truncatedNormal: typeof ours.truncatedNormal;
  heNormal: ours.Initializer;
  heUniform: ours.Initializer;
  glorotNormal: ours.Initializer;
  glorotUniform: ours.Initializer;
  lecunNormal: ours.Initializer;
  lecunUniform: ours.Initializer;
  varianceScaling: typeof ours.varianceScaling;
  orthogonal: typeof ours.orthogonal;
  identity: typeof ours.identity;
};

export declare function input<D extends DType = "float32">(
  shape: Dims,
  options?: InputOptions<D>,
): SymbolicTensor<Dims, D>;

export declare const inverseTimeDecay: (options: DecayOptions) => Schedule;

export declare function isTensor(value: unknown): value is AnyTensor;

export declare function jit<F extends AnyFunction>(fn: F): Jitted<Arguments<F>, ReturnType<F>>;

export declare const klDivergence: LossOf<DivergenceOptions>;

export declare function layer<O extends OneOrList>(parts: CustomListLayer<O>): Layer<O>;
export declare function layer<O extends OneOrList>(parts: CustomLayer<O>): Layer<O>;
export declare function layer<O extends OneOrList>(
  fn: (x: never) => O,
  options?: {
    readonly name?: string;
  },
): Layer<O>;

export declare function layerNormalization(options?: LayerNormalizationOptions): Layer;

export declare function layerRates(rates: Readonly<Record<string, number>>): Transform;

export declare function lazyAdam(options?: Omit<AdamOptions, "amsgrad">): Optimizer;

export declare const leakyRelu: (
  x: TensorLike,
  options?:
    | {
        negativeSlope?: number;
      }
    | undefined,
) => Tensor;

export declare function learningRateScheduler(
  rateOf: (epoch: number, rate: number) => number,
): Callbacks;

export declare const less: (a: TensorLike, b: TensorLike) => Decisions;

export declare const lessEqual: (a: TensorLike, b: TensorLike) => Decisions;

export declare function linspace(start: number, stop: number, count: number): Tensor;

export declare function lion(options?: LionOptions): Optimizer;

export declare function loadModel<const L extends LoadOptions = NoneGiven>(
  bytes: Uint8Array,
  options?: L,
): Model<MetricName | ShippedMetric | Given<L>>;
export declare function loadModel<O, I = DataLike>(
  bytes: Uint8Array,
  options?: LoadOptions,
): Model<MeasuresOfAny<O, MetricName | ShippedMetric>, O, I>;

export declare const log: (x: TensorLike) => Tensor;

export declare const log1p: (x: TensorLike) => Tensor;

export declare const logCosh: LossOf<NoOptions>;

export declare const logSigmoid: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const logSoftmax: (x: TensorLike, options?: AxisOptions) => Tensor;

export declare function logSumExp(x: TensorLike, options?: ReduceOptions): Tensor;

export declare function logicalAnd(a: TensorLike, b: TensorLike): Decisions;

export declare const logicalNot: (x: TensorLike) => Decisions;

export declare function logicalOr(a: TensorLike, b: TensorLike): Decisions;

export declare function logicalXor(a: TensorLike, b: TensorLike): Decisions;

export declare function lookahead(options?: LookaheadOptions): Transform;

export declare function matmul(a: TensorLike, b: TensorLike): Tensor;

export declare const max: (x: TensorLike, options?: ReduceOptions) => Tensor;

export declare const maxPool1d: (
  x: TensorLike,
  poolSize: PoolSize,
  options?: PoolOptions,
) => Tensor;

export declare const maxPool2d: (
  x: TensorLike,
  poolSize: PoolSize,
  options?: PoolOptions,
) => Tensor;

export declare const maxPooling1d: (
  poolSize?: number | readonly number[],
  options?: MaxPoolingOptions,
) => Layer;

export declare const maxPooling2d: (
  poolSize?: number | readonly number[],
  options?: MaxPoolingOptions,
) => Layer;

export declare const maximum: (a: TensorLike, b: TensorLike) => Tensor;

export declare const maximumLayer: (options?: MergeOptions) => Layer;

export declare const mean: (x: TensorLike, options?: ReduceOptions) => Tensor;

export declare const meanAbsoluteError: LossOf<NoOptions>;

export declare const meanAbsolutePercentageError: LossOf<NoOptions>;

export declare const meanSquaredError: LossOf<NoOptions>;

export declare const meanSquaredLogarithmicError: LossOf<NoOptions>;

export declare function memory(): MemoryInfo;

export declare function metric<const N extends string>(parts: CustomMeanMetric<N>): Metric<N>;
export declare function metric<const N extends string, const S extends MetricState, R extends Said>(
  parts: CustomMetric<N, S, R>,
): Metric<N, SaidAs<R>>;

export declare const metrics: {
  binaryAccuracy: typeof ours.binaryAccuracy;
  categoricalAccuracy: typeof ours.categoricalAccuracy;
  sparseCategoricalAccuracy: typeof ours.sparseCategoricalAccuracy;
  topKCategoricalAccuracy: typeof ours.topKCategoricalAccuracy;
  precision: typeof ours.precision;
  recall: typeof ours.recall;
  f1Score: typeof ours.f1Score;
  fBetaScore: typeof ours.fBetaScore;
  truePositives: typeof ours.truePositives;
  falsePositives: typeof ours.falsePositives;
  trueNegatives: typeof ours.trueNegatives;
  falseNegatives: typeof ours.falseNegatives;
  auc: typeof ours.auc;
  confusionMatrix: typeof ours.confusionMatrix;
  matthewsCorrelation: typeof ours.matthewsCorrelation;
  cohenKappa: typeof ours.cohenKappa;
  meanIoU: typeof ours.meanIoU;
  binaryCrossentropy: typeof ours.binaryCrossentropy;
  categoricalCrossentropy: typeof ours.categoricalCrossentropy;
  sparseCategoricalCrossentropy: typeof ours.sparseCategoricalCrossentropy;
  brierScore: typeof ours.brierScore;
  expectedCalibrationError: typeof ours.expectedCalibrationError;
  meanSquaredError: typeof ours.meanSquaredError;
  rootMeanSquaredError: typeof ours.rootMeanSquaredError;
  meanAbsoluteError: typeof ours.meanAbsoluteError;
  meanAbsolutePercentageError: typeof ours.meanAbsolutePercentageError;
  cosineSimilarity: typeof ours.cosineSimilarity;
  r2Score: typeof ours.r2Score;
  pearsonCorrelation: typeof ours.pearsonCorrelation;
  concordanceCorrelation: typeof ours.concordanceCorrelation;
  precisionAtRecall: typeof ours.precisionAtRecall;
  recallAtPrecision: typeof ours.recallAtPrecision;
  sensitivityAtSpecificity: typeof ours.sensitivityAtSpecificity;
  specificityAtSensitivity: typeof ours.specificityAtSensitivity;
  meanSquaredLogarithmicError: typeof ours.meanSquaredLogarithmicError;
  logCosh: typeof ours.logCosh;
  huber: typeof ours.huber;
  poisson: typeof ours.poisson;
  klDivergence: typeof ours.klDivergence;
  hinge: typeof ours.hinge;
  squaredHinge: typeof ours.squaredHinge;
  categoricalHinge: typeof ours.categoricalHinge;
};

export declare function min(x: TensorLike, options?: ReduceOptions): Tensor;

export declare const minimum: (a: TensorLike, b: TensorLike) => Tensor;

export declare const minimumLayer: (options?: MergeOptions) => Layer;

export declare const mish: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const mod: (a: TensorLike, b: TensorLike) => Tensor;

export declare function model<const O extends SymbolicPorts, const I extends SymbolicPorts>(
  parts: ModelParts<O, I>,
): UncompiledModel<OutputsOf<O>, InputsOf<I>>;

export declare function modelCheckpoint(store: Store, options?: ModelCheckpointOptions): Callbacks;

export declare const momentum: (options?: SgdOptions) => Optimizer;

export declare const mul: (a: TensorLike, b: TensorLike) => Tensor;

export declare const multiplyLayer: (options?: MergeOptions) => Layer;

export declare function nadam(options?: NadamOptions): Optimizer;

export declare const neg: (x: TensorLike) => Tensor;

export declare function norm(x: TensorLike, options?: NormOptions): Tensor;

export declare function normalization(options: NormalizationOptions): Layer;

export declare function normalizationOf(
  x: RowsLike,
  options?: {
    readonly name?: string;
  },
): Layer;

export declare const notEqual: (a: TensorLike, b: TensorLike) => Decisions;

export declare const numericsVersion: number;

export declare const oneCycle: (options: OneCycleOptions) => Schedule;

export declare function oneHot(indices: TensorLike, depth: number): Tensor;

export declare const ones: <const S extends Shape>(shape: S) => Tensor<S>;

export declare const onesLike: (x: TensorLike) => Tensor;

export declare function optimizer<S extends string = never>(parts: OptimizerParts<S>): Optimizer;

export declare function outer(a: TensorLike, b: TensorLike): Tensor;

export declare function pad(
  x: TensorLike,
  widths: number | readonly (readonly [before: number, after: number])[],
  options?: PadOptions,
): Tensor;

export declare function perRowGradients<B extends readonly AnyTensor[]>(
  loss: (...row: B) => Tensor,
  targets: readonly AnyTensor[],
  ...batch: {
    readonly [I in keyof B]: TensorLike;
  }
): Tensor[];

export declare function permutation(
  n: number,
  seed: number,
  stream?: number,
  step?: number,
): Uint32Array;

export declare function permute(
  dims: readonly number[],
  options?: {
    readonly name?: string;
  },
): Layer;

export declare function philox4x32(counter: Words4, key: Words2): [number, number, number, number];

export declare const piecewiseConstant: (options: PiecewiseConstantOptions) => Schedule;

export declare const pinball: LossOf<PinballOptions>;

export declare const poisson: LossOf<LogOptions>;

export declare const polynomialDecay: (options: PolynomialDecayOptions) => Schedule;

export declare const pow: (a: TensorLike, b: TensorLike) => Tensor;

export declare function prelu(x: TensorLike, alpha: TensorLike): Tensor;

export declare function preluLayer(options?: PreluOptions): Layer;

export declare function progress(writer: Writer, options?: ProgressOptions): Callbacks;

export declare function putAlongAxis(
  x: TensorLike,
  indices: TensorLike,
  values: TensorLike,
  options?: PutOptions,
): Tensor;

export declare function radam(options?: Omit<AdamOptions, "amsgrad">): Optimizer;

export declare function randomBrightness(factor: number, options?: RandomLightOptions): Layer;

export declare function randomContrast(factor: number, options?: RandomLightOptions): Layer;

export declare function randomErasing(probability?: number, options?: RandomErasingOptions): Layer;

export declare function randomFlip(mode?: FlipMode, options?: AugmentationOptions): Layer;

export declare const randomNormal: (shape: Shape, options: NormalOptions) => Tensor;

export declare function randomTranslation(
  heightFactor: number | Bounds,
  widthFactor: number | Bounds,
  options?: RandomTranslationOptions,
): Layer;

export declare const randomUniform: (shape: Shape, options: UniformOptions) => Tensor;

export declare function readSafetensors(bytes: Uint8Array, where?: string): SafetensorsFile;

export declare function ready(): Promise<void>;

export declare const reciprocal: (x: TensorLike) => Tensor;

export declare function reduceLROnPlateau(options?: ReduceLROnPlateauOptions): Callbacks;

export declare const reflectionPadding1d: (
  padding: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare const reflectionPadding2d: (
  padding: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare function regularizer(parts: RuleParts): Regularizer;
export declare function regularizer(call: (x: Tensor) => TensorLike): Regularizer;

export declare const regularizers: {
  l1: typeof ours.l1;
  l2: typeof ours.l2;
  l1l2: typeof ours.l1l2;
};

export declare const relu: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const relu6: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare function repeat(x: TensorLike, times: number, options?: AxisOptions): Tensor;

export declare function repeatVector(
  n: number,
  options?: {
    readonly name?: string;
  },
): Layer;

export declare function rescaling(options: RescalingOptions): Layer;

export declare function reshape(x: TensorLike, shape: Shape): Tensor;

export declare function reshapeLayer(
  targetShape: readonly number[],
  options?: {
    readonly name?: string;
  },
): Layer;

export declare function resizing(height: number, width: number, options?: ResizingOptions): Layer;

export declare function resume(model: Compiled, bytes: Uint8Array): void;

export declare function rmsNormalization(options?: RmsNormalizationOptions): Layer;

export declare function rmsprop(options?: RmspropOptions): Optimizer;

export declare function roll(x: TensorLike, shift: number, options?: AxisOptions): Tensor;

export declare const round: (x: TensorLike) => Tensor;

export declare const rsqrt: (x: TensorLike) => Tensor;

export declare function scatterAdd(x: TensorLike, indices: TensorLike, values: TensorLike): Tensor;

export declare function schedule(parts: ScheduleParts): Schedule;

export declare const selu: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare function separableConv1d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: SeparableConvOptions<N> & OptionsOf<N>,
): Layer;

export declare function separableConv2d<N extends ActivationOption = "linear">(
  filters: number,
  kernelSize: PerAxis,
  options?: SeparableConvOptions<N> & OptionsOf<N>,
): Layer;

export declare function sequential(
  layers: readonly (LayerLike | SymbolicTensor | AnyModel)[],
  options?: SequentialOptions,
): UncompiledModel;

export declare const sgd: (options?: SgdOptions) => Optimizer;

export declare const sigmoid: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const sign: (x: TensorLike) => Tensor;

export declare const silu: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const sin: (x: TensorLike) => Tensor;

export declare function slice(x: TensorLike, ranges: readonly Range[]): Tensor;

export declare const softShrink: (
  x: TensorLike,
  options?:
    | {
        lambda?: number;
      }
    | undefined,
) => Tensor;

export declare const softmax: (x: TensorLike, options?: AxisOptions) => Tensor;

export declare function softmaxLayer(options?: { readonly name?: string }): Layer;

export declare const softplus: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const softsign: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare function sort(x: TensorLike, options?: SortOptions): Tensor;

export declare const sparseCategoricalCrossentropy: LossOf<SparseCrossentropyOptions>;

export declare const sparseCategoricalFocalCrossentropy: LossOf<SparseFocalOptions>;

export declare const sparsePlus: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const sparseSigmoid: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare const spatialDropout1d: (rate: number, options?: NoiseOptions) => Layer;

export declare const spatialDropout2d: (rate: number, options?: NoiseOptions) => Layer;

export declare function split(
  x: TensorLike,
  pieces: number | readonly number[],
  options?: AxisOptions,
): Tensor[];

export declare const sqrt: (x: TensorLike) => Tensor;

export declare const square: (x: TensorLike) => Tensor;

export declare const squaredDifference: (a: TensorLike, b: TensorLike) => Tensor;

export declare const squaredHinge: LossOf<NoOptions>;

export declare const squareplus: (
  x: TensorLike,
  options?:
    | {
        b?: number;
      }
    | undefined,
) => Tensor;

export declare function squeeze(x: TensorLike, options?: AxesOptions): Tensor;

export declare function stack(tensors: readonly TensorLike[], options?: AxisOptions): Tensor;

export declare function standardizer(x: RowsLike): Standardizer;

export declare const std: (x: TensorLike, options?: VarianceOptions) => Tensor;

export declare const stepDecay: (options: StepDecayOptions) => Schedule;

export declare const stopGradient: (x: TensorLike) => Tensor;

export declare function stratified(share: number): RowSplit;

export declare const sub: (a: TensorLike, b: TensorLike) => Tensor;

export declare const subtractLayer: (options?: MergeOptions) => Layer;

export declare const sum: (x: TensorLike, options?: ReduceOptions) => Tensor;

export declare function swapAverages(target: Averaged): void;

export declare function takeAlongAxis(
  x: TensorLike,
  indices: TensorLike,
  options?: AxisOptions,
): Tensor;

export declare const tanh: (x: TensorLike, options?: Record<never, never> | undefined) => Tensor;

export declare const tanhShrink: (
  x: TensorLike,
  options?: Record<never, never> | undefined,
) => Tensor;

export declare function tensor<const S extends Shape = Shape, D extends DType = "float32">(
  values: number | readonly Nested[] | Float32Array | Int32Array,
  shape?: S,
  dtype?: D,
): Tensor<S, D>;

export declare function terminateOnNaN(options?: TerminateOnNaNOptions): TerminateOnNaN;

export declare const threshold: (
  x: TensorLike,
  options?:
    | {
        threshold?: number;
        value?: number;
      }
    | undefined,
) => Tensor;

export declare function tile(x: TensorLike, times: number | readonly number[]): Tensor;

export declare function toImageData(x: TensorLike, options?: ToImageDataOptions): ImageDataLike;

export declare function topK(
  x: TensorLike,
  k: number,
  options?: AxisOptions,
): {
  readonly values: Tensor;
  readonly indices: Integers;
};

export declare const trainTestRows: (dataset: Dataset, options?: SplitOptions) => SplitRows;

export declare function trainTestSplit(dataset: Dataset, options?: SplitOptions): Split;

export declare function transform<S extends string = never>(parts: TransformParts<S>): Transform;

export declare function transpose(x: TensorLike, axes?: readonly number[]): Tensor;

export declare function tril(x: TensorLike, options?: TriangleOptions): Tensor;

export declare const triplet: LossOf<TripletOptions>;

export declare function triu(x: TensorLike, options?: TriangleOptions): Tensor;

export declare function trunc(x: TensorLike): Tensor;

export declare const truncatedNormal: (shape: Shape, options: NormalOptions) => Tensor;

export declare const tversky: LossOf<TverskyOptions>;

export declare function unitNormalization(options?: UnitNormalizationOptions): Layer;

export declare function unstack(x: TensorLike, options?: AxisOptions): Tensor[];

export declare const upSampling1d: (
  size?: number | readonly number[],
  options?: UpSamplingOptions,
) => Layer;

export declare const upSampling2d: (
  size?: number | readonly number[],
  options?: UpSamplingOptions,
) => Layer;

export declare function valueAndGrad<A extends readonly AnyTensor[]>(
  fn: (...args: A) => Tensor,
): (
  ...args: {
    readonly [I in keyof A]: TensorLike;
  }
) => ValueAndGrads;

export declare function variable<S extends Shape, D extends DType>(
  initial: Tensor<S, D>,
  options?: {
    name?: string;
    trainable?: boolean;
  },
): Variable<S, D>;
export declare function variable(
  initial: number | readonly Nested[] | Float32Array,
  options?: {
    name?: string;
    trainable?: boolean;
  },
): Variable;

export declare function variance(x: TensorLike, options?: VarianceOptions): Tensor;

export declare const warmup: (options: WarmupOptions) => Schedule;

export declare function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor;

export declare function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata?: ReadonlyMap<string, string> | Readonly<Record<string, string>>,
  where?: string,
): Uint8Array<ArrayBuffer>;

export declare const zeroPadding1d: (
  padding?: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare const zeroPadding2d: (
  padding?: Sides,
  options?: {
    readonly name?: string;
  },
) => Layer;

export declare const zeros: <const S extends Shape>(shape: S) => Tensor<S>;

export declare const zerosLike: (x: TensorLike) => Tensor;

// Not exported, but spoken of above.

declare const ALIASES: {
  readonly swish: "silu";
  readonly hardSwish: "hardSilu";
};

declare const ARRAYS: {
  readonly F64: Float64ArrayConstructor;
  readonly I64: BigInt64ArrayConstructor;
  readonly U64: BigUint64ArrayConstructor;
  readonly F32: Float32ArrayConstructor;
  readonly I32: Int32ArrayConstructor;
  readonly U32: Uint32ArrayConstructor;
  readonly F16: Uint16ArrayConstructor;
  readonly BF16: Uint16ArrayConstructor;
  readonly I16: Int16ArrayConstructor;
  readonly U16: Uint16ArrayConstructor;
  readonly I8: Int8ArrayConstructor;
  readonly U8: Uint8ArrayConstructor;
  readonly BOOL: Uint8ArrayConstructor;
};

type Aliases = typeof ALIASES;

type AnyFunction = (...args: any[]) => JitResult;

type AnyKnown = string | Says<string, MetricResult>;

type AnyMetric = Metric<string, MetricResult>;

type AnyModel = Pick<UncompiledModel, "inputShape" | "outputShape" | "call">;

type AnyTensor = Tensor<Shape, DType>;

type Arguments<F extends AnyFunction> = LikeEach<Parameters<F>>;

interface AxisOptions {
  readonly axis?: number;
}

interface BatchOptions {
  readonly batch?: number;
}

type Before<O> = O extends
  | {
      readonly rank: number;
    }
  | readonly [unknown]
  ? never
  : O extends readonly unknown[]
    ? string
    : true extends Several<keyof O>
      ? keyof O & string
      : never;

type ClassWeights = ClassWeight | PerPort<ClassWeight | undefined>;

type Compiled = Pick<Model<never>, "compile" | "fit">;

interface CustomMetricParts<N extends string> {
  readonly name: N;
  readonly type?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly weighted?: boolean;
}

interface CustomParts {
  readonly type: string;
  readonly name?: string | undefined;
  readonly config?: Config;
  readonly layers?: readonly AnyLayer[];
}

type DataOf<D extends DType> = D extends "int32"
  ? Int32Array<ArrayBuffer>
  : Float32Array<ArrayBuffer>;

type DataOfNames<N extends PropertyKey> =
  true extends Several<N>
    ?
        | {
            readonly [name in N]: RowsLike;
          }
        | readonly RowsLike[]
    : DataLike;

interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

interface FileLike {
  write(text: string): unknown;
  truncate?(length: number): unknown;
  stat?():
    | {
        readonly size: number;
      }
    | PromiseLike<{
        readonly size: number;
      }>;
}

interface FocalOptions extends CrossentropyOptions {
  readonly gamma?: number;
}

type Given<L extends LoadOptions> = L extends {
  readonly metrics: infer M;
}
  ? {
      readonly [type in keyof M]: M[type] extends (options: never) => infer T ? Known<T> : never;
    }[keyof M]
  : never;

type Held = ValidationData | undefined;

type InputsOf<I extends SymbolicPorts> = I extends SymbolicTensor | readonly unknown[]
  ? DataLike
  : DataOfNames<keyof I>;

type Integers = Tensor<Shape, "int32">;

type IsByOutput<M, Q> = MetricsByOutput extends Q
  ? false
  : [M] extends [never]
    ? true
    : MetricLike extends M
      ? true
      : false;

type Kept<S extends string> = {
  readonly [slot in S]: Tensor;
};

type Known<M> = M extends string
  ? M
  : M extends Metric<infer N, infer R>
    ? [R] extends [number]
      ? N
      : Says<N, R>
    : never;

interface L1L2Options {
  readonly l1?: number;
  readonly l2?: number;
}

interface LabelOptions extends CrossentropyOptions {
  readonly ignoreIndex?: number;
}

type LabelType = "int32" | "float32";

type LikeEach<P extends readonly unknown[]> = {
  [i in keyof P]: TensorLike;
};

type MeasuresOf<O, M, Q> = Extract<
  [Before<O>] extends [never]
    ? Known<
        IsByOutput<M, Q> extends true
          ? Q[keyof Q & (Q extends readonly unknown[] ? number : string)]
          : M
      >
    :
        | `${Before<O>}_loss`
        | (IsByOutput<M, Q> extends true ? OfEach<Q> : Prefixed<Known<M>, Before<O>>),
  AnyKnown
>;

type MeasuresOfAny<O, K> = Extract<
  [Before<O>] extends [never] ? K : `${Before<O>}_loss` | Prefixed<K, Before<O>>,
  AnyKnown
>;

type MetricLike = MetricName | AnyMetric;

type MetricsByOutput = Readonly<Record<string, MetricLike>> | readonly MetricLike[];

type NameOf<M> = M extends string ? M : M extends Says<infer N, unknown> ? N : never;

type NoOptions = Record<never, never>;

type NoneGiven = Readonly<Record<never, never>>;

type Numbers = Float32Array | Int32Array;

type OfEach<Q> = Q extends readonly unknown[]
  ? Prefixed<Known<Q[number]>, string>
  : {
      [name in keyof Q & string]: Prefixed<Known<Q[name]>, name>;
    }[keyof Q & string];

type Own<T> = Readonly<Record<string, (options: never) => T>>;

type Owner = "variables" | "optimizers" | "programs";

type PerPort<T> = T | readonly T[] | Readonly<Record<string, T>>;

type PoolSize = number | readonly number[];

type PredictInto = (x: Numbers, output: Float32Array) => Float32Array;

type Prefixed<K, Output extends string> = K extends string
  ? `${Output}_${K}`
  : K extends Says<infer N, infer R>
    ? Says<`${Output}_${N}`, R>
    : never;

type RowData = Float32Array | Int32Array;

interface Rows<A extends RowData> {
  readonly data: A;
  readonly shape: readonly number[];
  readonly collapsed?: number;
}

type SaidAs<R extends Said> = R extends AnyTensor ? number : R extends MetricResult ? R : never;

type SaidBy<M, N> = [
  Extract<
    M,
    {
      readonly name: N;
    }
  >,
] extends [never]
  ? number
  : Extract<
      M,
      {
        readonly name: N;
        readonly says: unknown;
      }
    >["says"];

interface Says<N extends string, R> {
  readonly name: N;
  readonly says: R;
}

type Several<N, Each = N> = Each extends N ? ([N] extends [Each] ? false : true) : never;

type Share = ValidationShare | undefined;

type ShippedMetric =
  | Exclude<keyof typeof metrics, "confusionMatrix">
  | Says<"confusionMatrix", number[][]>;

declare abstract class Structure extends Unclonable {
  readonly name: string;
  readonly seed: number;
  readonly classNames: readonly string[] | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  get inputShape(): Dims;
  get outputShape(): Dims;
  get layers(): readonly string[];
  get variables(): readonly Variable<Shape, DType>[];
  get parameterCount(): number;
  get trainable(): boolean;
  set trainable(value: boolean);
  getLayer<O extends OneOrList = Tensor>(name: string): Layer<O>;
  getWeights(): Float32Array[];
  namedWeights(): Record<string, Float32Array>;
  setWeights(weights: WeightsLike): void;
  protected abstract check(where: string): void;
}

type SymbolicLike<O> = O extends Tensor
  ? SymbolicTensor
  : O extends readonly unknown[]
    ? {
        [i in keyof O]: SymbolicTensor;
      }
    : {
        [name in keyof O]: SymbolicTensor;
      };

type TargetsOf<O> = O extends
  | {
      readonly rank: number;
    }
  | readonly unknown[]
  ? DataLike
  : DataOfNames<keyof O>;

type TrainOnRows = (x: Numbers, y: Numbers) => number;

declare abstract class Trainer<M extends AnyKnown, O, I> extends Structure {
  get optimizer(): Optimizer;
  get epochs(): number;
  compile<
    const N extends MetricLike = never,
    const Q extends MetricsByOutput = Record<never, never>,
  >(options: CompileOptions<N, Q>): Model<MeasuresOf<O, N, Q>, O, I>;
  fit<S extends Share = undefined, H extends Held = undefined>(
    data: DatasetLike<I, TargetsOf<O>>,
    options?: FitOptions<S, H>,
  ): Promise<FitResult<M, Validates<S, H>>>;
  fit<S extends Share = undefined, H extends Held = undefined>(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions<S, H>,
  ): Promise<FitResult<M, Validates<S, H>>>;
  fit<H extends Held = undefined>(
    batches: Batches<I, TargetsOf<O>>,
    options?: FitOptions<undefined, H>,
  ): Promise<FitResult<M, Validates<undefined, H>>>;
  train(
    data: DatasetLike<I, TargetsOf<O>> | Batches<I, TargetsOf<O>>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  train(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions,
  ): AsyncGenerator<TrainingStep, FitResult<M>, void>;
  fitSync<S extends Share = undefined, H extends Held = undefined>(
    data: DatasetLike<I, TargetsOf<O>>,
    options?: FitOptions<S, H>,
  ): FitResult<M, Validates<S, H>>;
  fitSync<S extends Share = undefined, H extends Held = undefined>(
    x: I,
    y: TargetsOf<O>,
    options?: FitOptions<S, H>,
  ): FitResult<M, Validates<S, H>>;
  fitSync<H extends Held = undefined>(
    batches: Batches<I, TargetsOf<O>>,
    options?: FitOptions<undefined, H>,
  ): FitResult<M, Validates<undefined, H>>;
  stop(): void;
  trainOnBatch(data: DatasetLike<I, TargetsOf<O>>): Logged<M>;
  trainOnBatch(x: I, y: TargetsOf<O>): Logged<M>;
  compileTrainOnBatch(options?: BatchOptions): TrainOnRows;
  evaluate(data: DatasetLike<I, TargetsOf<O>>, options?: EvaluateOptions): Logged<M>;
  evaluate(x: I, y: TargetsOf<O>, options?: EvaluateOptions): Logged<M>;
  evaluate(batches: Walked<AsyncIterable<Batch<I, TargetsOf<O>>>>): Promise<Logged<M>>;
  evaluate(batches: Walked<Iterable<Batch<I, TargetsOf<O>>>>): Logged<M>;
}

declare class Unclonable {
  constructor();
}

type Validates<Share, Held> = undefined extends Share
  ? undefined extends Held
    ? false
    : true
  : true;

type Validation<M extends AnyKnown, Validated extends boolean> = Validated extends true
  ? {
      readonly [name in NameOf<M> | "loss" as `val_${name}`]: SaidBy<M, name>[];
    }
  : {
      readonly [name in NameOf<M> | "loss" as `val_${name}`]?: SaidBy<M, name>[];
    };

type ValidationData = readonly [DataLike, DataLike] | DatasetLike | Batches;

type ValidationShare = number | RowSplit;

type Walked<B> = B | ((epoch: number) => B);

type WeightsLike =
  | readonly (RowsLike | Float32Array)[]
  | Readonly<Record<string, RowsLike | Float32Array>>;

type Words2 = readonly [number, number];

type Words4 = readonly [number, number, number, number];

type XBatch<X = DataLike> =
  | X
  | readonly [x: X, ...rest: unknown[]]
  | {
      readonly x: X;
      readonly y: unknown;
    };

declare const byName: {
  readonly zeros: Initializer;
  readonly ones: Initializer;
  readonly uniform: Initializer;
  readonly normal: Initializer;
  readonly truncatedNormal: Initializer;
  readonly heNormal: Initializer;
  readonly heUniform: Initializer;
  readonly glorotNormal: Initializer;
  readonly glorotUniform: Initializer;
  readonly lecunNormal: Initializer;
  readonly lecunUniform: Initializer;
};
