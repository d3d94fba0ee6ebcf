import {
  activation,
  adam,
  batchNormalization,
  cast,
  concatenate,
  conv2d,
  type Dataset,
  dense,
  flatten,
  greater,
  jit,
  type Layer,
  maxPooling2d,
  mean,
  reshapeLayer,
  sequential,
  type Tensor,
  tensor,
} from "ferrograd";

const SIDE = 8;

export interface ConvolutionalOptions {
  /** Of each convolution, 3 × 3; pixels are halved after the first. */
  readonly filters: readonly number[];
  readonly activation: "relu" | "leakyRelu";
  /** Between each convolution and its activation. */
  readonly batchNormalization: boolean;
  readonly learningRate: number;
  readonly seed: number;
}

/** A classifier of the digits as images. */
export function convolutional(options: ConvolutionalOptions) {
  const activations: Layer[] = [];
  const block = (filters: number, i: number): Layer[] => {
    const f = activation(options.activation);
    activations.push(f);
    return [
      conv2d(filters, 3, { padding: "same", kernelInitializer: "heNormal" }),
      ...(options.batchNormalization ? [batchNormalization({ momentum: 0.9 })] : []), // PyTorch's
      f,
      ...(i === 0 ? [maxPooling2d(2)] : []),
    ];
  };
  const layers = [
    reshapeLayer([SIDE, SIDE, 1]),
    ...options.filters.flatMap(block),
    flatten(),
    dense(10),
  ];
  const model = sequential(layers, { inputShape: [SIDE * SIDE], seed: options.seed }).compile({
    optimizer: adam({ learningRate: options.learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return { model, layers, activations, dispose: () => model.dispose() };
}

export type Convolutional = ReturnType<typeof convolutional>;

/** Of each filter the share of all pixels of some rows at which its activation gets more than 0: of a dead relu none. */
export function filterWatcher({ layers, activations }: Convolutional) {
  const look = jit((rows: Tensor) => {
    const shares: Tensor[] = [];
    let out = rows;
    for (const layer of layers) {
      if (activations.includes(layer)) {
        shares.push(mean(cast(greater(out, 0), "float32"), { axis: [0, 1, 2] })); // (filters)
      }
      out = layer(out);
    }
    return concatenate(shares);
  });
  return {
    watch: ({ data, shape }: Dataset["x"]): Float32Array => look(tensor(data, shape)).data(),
    dispose: () => look.dispose(),
  };
}

/** How many filters give a relu nothing above 0, at no pixel of these rows. */
export function darkFilters(net: Convolutional, { x }: Dataset): number {
  const { watch, dispose } = filterWatcher(net);
  const dark = watch(x).filter((share) => share === 0).length;
  dispose();
  return dark;
}
