import type { ActivationName } from "ferrograd";
import type { Elapsed } from "./harness.ts";

export type Api = "model" | "jit" | "op";
export type Copies = "none" | "in" | "in+out";

/** Training steps of a relu network on one batch: softmax cross-entropy of integer labels. */
export interface TrainSpec {
  readonly api: Api;
  readonly optimizer: "sgd" | "adam";
  /** Units per layer, the inputs first; the last layer gives logits. */
  readonly units: readonly number[];
  readonly batchSize: number;
  readonly learningRate: number;
  readonly x: Float32Array; // (batchSize, units[0])
  readonly labels: Int32Array; // (batchSize)
  /** Kernel (in, out) and bias (out) of each layer in turn. */
  readonly weights: readonly Float32Array[];
}

/** Logits of a relu network. */
export type PredictSpec = Pick<TrainSpec, "units" | "batchSize" | "x" | "weights">;

/** Outputs of a network of sigmoids, for one row. */
export type FirstSpec = Pick<TrainSpec, "units" | "x" | "weights">;

/** One step after each row: the same activation in each layer, mean squared error, plain gradient descent. */
export interface OnlineSpec extends Omit<TrainSpec, "api" | "optimizer" | "labels"> {
  readonly activation: "sigmoid" | "relu";
  readonly y: Float32Array; // (batchSize, last units)
}

/** Training by `fit`, watched by `health` or not. */
export interface WatchedSpec {
  readonly units: readonly number[];
  readonly rows: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** "nothing": the callbacks are there and do nothing. */
  readonly every: "never" | "nothing" | "epoch" | number;
}

/** An epoch of a relu network by `fit`, or by steps on its batches. */
export interface FitSpec {
  readonly units: readonly number[];
  readonly rows: number;
  readonly batchSize: number;
  readonly by: "fit" | "trainOnBatch";
}

/** C = A B; `trans` says that the operand is stored transposed. */
export interface MatmulSpec {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transA: boolean;
  readonly transB: boolean;
  readonly a: Float32Array; // (m, k), or (k, m)
  readonly b: Float32Array; // (k, n), or (n, k)
}

/** forward: y = f(x); backward: dx = dy f'(x), from x and dy. */
export interface ActivationSpec {
  readonly activation: ActivationName;
  readonly direction: "forward" | "backward";
  readonly rows: number;
  readonly columns: number;
  readonly x: Float32Array; // (rows, columns)
  readonly dy: Float32Array; // (rows, columns)
}

/** y = f(x), with f composed of elementwise operations, or as the library's own function. */
export interface ChainSpec {
  readonly formula: "sigmoid" | "silu" | "cubic";
  /** "row" is the built-in sigmoid. */
  readonly form: "row" | "composed" | "one-by-one";
  readonly rows: number;
  readonly columns: number;
  readonly x: Float32Array; // (rows, columns)
}

/** Sums and means: over everything, to one number for each row, or for each column. */
export interface ReduceSpec {
  /** "variance": mean(square(x - mean(x))) */
  readonly formula: "sum" | "mean" | "variance";
  readonly over: "all" | "rows" | "columns";
  readonly rows: number;
  readonly columns: number;
  readonly x: Float32Array; // (rows, columns)
}

/** One layer, or what stands beside it, on rows: y from x, or from dy the gradients of x and of what the layer has. */
export interface LayerSpec {
  readonly layer:
    | "batchNormalization"
    | "layerNormalization"
    | "embedding"
    | "concatenate"
    | "where"
    /** y = x: what reading and writing takes. */
    | "copy";
  readonly direction: "forward" | "backward";
  readonly rows: number;
  readonly columns: number;
  /** In [-1, 1); of `embedding` the table. */
  readonly x: Float32Array; // (rows, columns)
  readonly dy: Float32Array; // (rows, columns)
  /** Rows of the table. */
  readonly ids: Int32Array; // (rows)
}

/** y = f(x kernel + bias), and from dy the gradients of x, kernel and bias. */
export interface DenseSpec {
  readonly activation: ActivationName;
  readonly inputs: number;
  readonly units: number;
  readonly batchSize: number;
  readonly x: Float32Array; // (batchSize, inputs)
  readonly kernel: Float32Array; // (inputs, units)
  readonly bias: Float32Array; // (units)
  readonly dy: Float32Array; // (batchSize, units)
}

/** A convolution of square images, stride 1, padding "same", or one of its gradients. */
export interface ConvSpec {
  readonly pass: "forward" | "dx" | "dw";
  readonly batchSize: number;
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelSize: number;
  /** Each channel by itself: as many outputs as inputs. */
  readonly depthwise: boolean;
  readonly x: Float32Array; // (batchSize, size, size, inputs)
  readonly kernel: Float32Array; // (kernelSize, kernelSize, inputs, outputs); depthwise (…, 1, inputs)
  readonly dy: Float32Array; // (batchSize, size, size, outputs)
}

/** A layer of a net of windows; those with weights end in relu, but the last. */
export type NetLayer =
  | {
      readonly kind: "conv";
      readonly filters: number;
      readonly kernelSize: number;
      readonly padding: "valid" | "same";
    }
  | { readonly kind: "depthwise"; readonly kernelSize: number; readonly strides: number }
  | { readonly kind: "maxPool" }
  | { readonly kind: "globalMean" }
  | { readonly kind: "dense"; readonly units: number };

/** A net of windows over images or, of two axes, over lines; trained with Adam on softmax cross-entropy of integer labels. */
export interface NetSpec {
  readonly inputShape: readonly number[];
  readonly layers: readonly NetLayer[];
  /** Of a sample, forward. */
  readonly flops: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly x: Float32Array; // (batchSize, …inputShape)
  readonly labels: Int32Array; // (batchSize)
  /** Kernel and bias of each layer that has weights, as Keras has them. */
  readonly weights: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[];
}

type Opened<S> = S | undefined | Promise<S | undefined>;

/** A library ready to be timed. It has one function per kind of workload it can do. */
export interface Engine {
  readonly version: string;
  /** Calls into the core so far, of ours: two builds must not share one. */
  coreCalls?(): number;
  /** A call of `run` is one training step and returns its loss. */
  train?(spec: TrainSpec): Opened<Session>;
  /** A call of `run` takes a batch from JavaScript and gives its logits back. */
  predict?(spec: PredictSpec): Opened<KernelSession>;
  /** A call of `run` imports the library in a fresh process and predicts; `time` counts from the import. */
  firstPrediction?(spec: FirstSpec): Opened<KernelSession>;
  /** A call of `run` is one step for each row in turn and returns the mean of their losses. */
  trainOnline?(spec: OnlineSpec): Opened<Session>;
  /** The same by what a library has for single rows. */
  trainRows?(spec: OnlineSpec): Opened<Session>;
  /** A call of `run` is one prediction for each row in turn; `values` are those of all. */
  predictRows?(spec: OnlineSpec): Opened<KernelSession>;
  /** A call of `run` is one epoch; returns its loss. */
  trainEpoch?(spec: FitSpec): Opened<Session>;
  /** A call of `run` is one `fit`; returns its last loss. */
  fitWatched?(spec: WatchedSpec): Opened<Session>;
  /** A call of `run` is one product of resident operands. */
  matmul?(spec: MatmulSpec): Opened<KernelSession>;
  /** A call of `run` is one pass over resident values. */
  activation?(spec: ActivationSpec): Opened<KernelSession>;
  /** A call of `run` is one pass over resident values. */
  chain?(spec: ChainSpec): Opened<KernelSession>;
  /** A call of `run` is one reduction of resident values. */
  reduce?(spec: ReduceSpec): Opened<KernelSession>;
  /** A call of `run` is one pass over resident operands. */
  conv?(spec: ConvSpec): Opened<KernelSession>;
  /** A call of `run` takes a batch from JavaScript and gives its logits back. */
  predictNet?(spec: NetSpec): Opened<KernelSession>;
  /** A call of `run` is one training step and returns its loss. */
  trainNet?(spec: NetSpec): Opened<Session>;
  /** A call of `run` is one pass over resident values, while training. */
  layer?(spec: LayerSpec): Opened<KernelSession>;
  /** A call of `run` multiplies a 2x2 matrix that many times by a rotation of 0.1. */
  tinyOps?(count: number): Opened<KernelSession>;
  /** A call of `run` is forward and backward; `values` are y, dx, dKernel, dBias one after the other. */
  dense?(spec: DenseSpec): Opened<KernelSession>;
}

/** One workload, set up in one library. */
export interface Session {
  /** One unit of work; returns a number read back from its result. */
  run(): number | Promise<number>;
  dispose(): void;
  /** How many of the first losses are compared, where another optimizer makes the others differ. */
  readonly compared?: number;
  /** Each run is a process of its own: none makes the next one warm. */
  readonly isFresh?: boolean;
  /** Called before each block, outside of the time measured. */
  prepare?(): Promise<void> | void;
  /** Time of this many runs, where the library is in another process. */
  time?(iterations: number): Promise<Elapsed>;
}

/** A session whose whole result can be read, for comparison. */
export interface KernelSession extends Session {
  values(): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** How a library gets at its packages: `require` in Node, a bundle in a browser. */
export interface Host {
  /** A child process that answers lines with lines, or undefined where there can be none. */
  spawnPython?(script: string): Promise<LineProcess | undefined>;
  /** The same with one of our peers in it, see peers/remote.ts; undefined in browsers. */
  spawnPeer?(name: string): LineProcess;
  importPackage(name: string): Promise<unknown>;
  /** Runs one of the bundled programs in a fresh process; undefined where there can be none. */
  runProgram?(name: string, task: object): ProgramResult;
  /** Of an installed package that does not say it itself. */
  versionOf?(name: string): string;
}

/** The time goes from the start of the import to the prediction. */
export interface ProgramResult extends Required<Elapsed> {
  readonly values: readonly number[];
}

/** Questions and answers are packed (packing.ts), so that they may hold arrays of numbers. */
export interface LineProcess {
  ask(question: object): Promise<unknown>;
  /** Ends it, whatever it does; the next question starts it anew. */
  end(): void;
}

export interface Peer {
  readonly name: string;
  /** Comes from bench/peers/package.json, so it has to be installed before `load`. */
  readonly installed: boolean;
  /** Is in a process of its own, whoever loads it. */
  readonly isApart?: true;
  /** Is machine code, the same whichever runtime asks for it: it is timed beside one of them. */
  readonly isNative?: true;
  /** Undefined where it cannot be had. */
  load(host: Host): Promise<Engine | undefined>;
}

export interface Case<S extends Session = Session> {
  readonly name: string;
  readonly api: Api;
  /** What our side moves between JavaScript and wasm in each call. */
  readonly copies: Copies;
  /** Largest relative difference of a peer's results from ours. */
  readonly tolerance: number;
  /** Sets the work up, or returns undefined where the library cannot do it. */
  open(engine: Engine): Opened<S>;
  /** What a fresh session is compared by: so many of its first losses, or its values. */
  readonly compares: number | "values";
  /** Floating-point operations of one call, where they are to be compared with the ceiling. */
  readonly flops?: number;
  /** Says what a first call takes, right after others had their turns, in a column of its own. */
  readonly cold?: true;
  /** The same work without what is to be measured, timed in turns with it. */
  baseline?(engine: Engine): Opened<S>;
}

export interface Suite {
  readonly name: string;
  /** What the numbers contain, on both sides: printed below the table. */
  readonly notes: readonly string[];
  readonly cases: readonly Case[];
  /** Rows that are no times of cases. */
  rows?(runtime: string): readonly Row[];
  /** Needs files and processes, which browsers lack. */
  readonly outsideBrowsers?: true;
  /** The names of the cases that are measured in every runtime; the others are in one. */
  readonly everywhere?: readonly string[];
}

interface RowOf<Amount> {
  readonly suite: string;
  readonly case: string;
  readonly runtime: string;
  /** Of what `ours` is; a row of another build than the default, "simd", has that one as its peer. */
  readonly build: "simd" | "relaxed" | "threads";
  readonly api: Api;
  readonly copies: Copies;
  readonly ours: Amount;
  readonly peers: Readonly<Record<string, Amount & { readonly version: string }>>;
  /** The peer's amount in units of ours. */
  readonly ratio: Readonly<Record<string, number>>;
}

export interface Time {
  /** On the wall, warm: the median of the blocks. */
  readonly medianMs: number;
  /** Of the processor: of all threads, where that can be known. */
  readonly cpuMs?: number;
  /** A first call, right after others had their turns, where the case asks for it. */
  readonly coldMs?: number;
}

export interface TimeRow extends RowOf<Time> {
  /** Our rate in units of the highest that independent multiplications and additions reach. */
  readonly ceilingShare?: number;
  /** What is added to the time of the case's baseline, in units of it. */
  readonly overhead?: number;
  /** Peers that are left out, as their first call did not end in so many seconds. */
  readonly over?: Readonly<Record<string, number>>;
}

/** What is downloaded; the same in every runtime. */
export interface SizeRow extends RowOf<{ readonly bytes: number }> {
  readonly ceilingBytes: number;
}

/** What training reaches in the same time; ours only. */
export interface AccuracyRow extends RowOf<{ readonly accuracy: number }> {
  /** Steps of the run in the middle. */
  readonly steps: number;
}

export type Row = TimeRow | SizeRow | AccuracyRow;
