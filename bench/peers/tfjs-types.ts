/** What is used of TensorFlow.js; its packages may not be installed when types are checked. */
export interface Tensor {
  readonly shape: number[];
  readonly dataId: object;
  dataSync(): Float32Array;
  dispose(): void;
}
export interface Optimizer {
  minimize(loss: () => Tensor, returnCost: boolean, variables: Tensor[]): Tensor;
}
export interface Core {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  env(): { getAsync(flag: string): Promise<boolean | number> };
  tensor(values: Float32Array, shape: number[]): Tensor;
  tensor1d(values: Int32Array, dtype: "int32"): Tensor;
  gather(x: Tensor, indices: Tensor): Tensor;
  concat(parts: Tensor[], axis: number): Tensor;
  where(condition: Tensor, a: Tensor, b: Tensor): Tensor;
  greater(a: Tensor, b: Tensor | number): Tensor;
  less(a: Tensor, b: Tensor | number): Tensor;
  div(a: Tensor, b: Tensor): Tensor;
  sqrt(x: Tensor): Tensor;
  clone(x: Tensor): Tensor;
  variable(initial: Tensor): Tensor;
  keep(x: Tensor): Tensor;
  tidy<T>(fn: () => T): T;
  oneHot(indices: Tensor, depth: number): Tensor;
  cast(x: Tensor, dtype: "float32"): Tensor;
  add(a: Tensor, b: Tensor | number): Tensor;
  relu(x: Tensor): Tensor;
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  readonly train: {
    sgd(learningRate: number): Optimizer;
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
  };
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  sum(x: Tensor, axis?: readonly number[]): Tensor;
  mean(x: Tensor, axis?: readonly number[], keepDims?: boolean): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  square(x: Tensor): Tensor;
  sigmoid(x: Tensor): Tensor;
  tanh(x: Tensor): Tensor;
  elu(x: Tensor): Tensor;
  selu(x: Tensor): Tensor;
  relu6(x: Tensor): Tensor;
  exp(x: Tensor): Tensor;
  softplus(x: Tensor): Tensor;
  leakyRelu(x: Tensor, slope: number): Tensor;
  grads(f: (...x: Tensor[]) => Tensor): (x: Tensor[], dy?: Tensor) => Tensor[];
  backend(): { readSync(dataId: object, start?: number, end?: number): Float32Array };
}
export interface Model {
  add(layer: object): void;
  compile(options: { optimizer: Optimizer; loss: string }): void;
  setWeights(weights: Tensor[]): void;
  predict(x: Tensor): Tensor;
  trainOnBatch(x: Tensor, y: Tensor): Promise<number>;
  dispose(): void;
}
type WindowLayer =
  | "inputLayer"
  | "flatten"
  | "conv1d"
  | "conv2d"
  | "depthwiseConv2d"
  | "maxPooling1d"
  | "maxPooling2d"
  | "globalAveragePooling2d";
export interface Layers {
  sequential(): Model;
  readonly layers: {
    dense(options: { units: number; activation?: string; inputShape?: number[] }): object;
  } & Readonly<Record<WindowLayer, (options: object) => object>>;
}
export interface WasmBackend {
  setThreadsCount(count: number): void;
}
