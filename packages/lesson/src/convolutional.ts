import {
  activation,
  adam,
  batchNormalization,
  conv2d,
  type Dataset,
  dense,
  flatten,
  jit,
  type Layer,
  max,
  maxPooling2d,
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

/** How many filters give a relu nothing above 0, at no pixel of these rows. */
export function darkFilters(
  { layers, activations }: ReturnType<typeof convolutional>,
  { x }: Dataset,
): number {
  const look = jit((rows: Tensor) => {
    const highest: Tensor[] = [];
    let out = rows;
    for (const layer of layers) {
      if (activations.includes(layer)) highest.push(max(out, { axis: [0, 1, 2] })); // (filters)
      out = layer(out);
    }
    return highest;
  });
  const values = look(tensor(x.data, x.shape)).flatMap((t) => Array.from(t.data()));
  look.dispose();
  return values.filter((value) => value <= 0).length;
}
