import { ACTIVATIONS } from "@ferrograd/shared/names.ts";
import {
  type ActivationName,
  activation,
  type Dataset,
  dense,
  type Initializer,
  type InitializerName,
  type LayerLike,
  NumericError,
  type Optimizer,
  sequential,
  zeros,
} from "ferrograd";

/** An activation as a function of tensors, also inside jit. */
export function activationOf(name: ActivationName): LayerLike {
  const layer = activation(name);
  layer(zeros([1])); // a layer is built at its first call
  return layer;
}

export interface NetworkOptions {
  /** Inputs, hidden layers, classes. */
  readonly widths: readonly number[];
  /** By name, or any function of a tensor. */
  readonly activation: ActivationName | LayerLike;
  readonly optimizer: Optimizer;
  readonly seed: number;
  /** Of hidden kernels; default: what suits the activation. */
  readonly kernelInitializer?: Initializer | InitializerName | undefined;
  readonly biasInitializer?: Initializer;
}

/** A classifier whose activations are layers of their own, so that what goes into them can be read. */
export function network(options: NetworkOptions) {
  const { widths, activation: f, optimizer, seed, biasInitializer } = options;
  const suited = typeof f === "string" ? ACTIVATIONS[f].initializer : "glorotUniform";
  const { kernelInitializer = suited } = options;
  const hidden = widths.slice(1, -1).map((units) => ({
    dense: dense(units, { kernelInitializer, ...(biasInitializer && { biasInitializer }) }),
    activation: typeof f === "string" ? activation(f) : f,
  }));
  const output = dense(widths.at(-1)!);
  const layers = [...hidden.flatMap((layer) => [layer.dense, layer.activation]), output];
  const model = sequential(layers, { inputShape: [widths[0]!], seed }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
    warn: () => {}, // stacks of linear layers are part of the lesson
  });
  return { model, hidden, output, dispose: () => model.dispose() };
}

export type Network = ReturnType<typeof network>;

/** Trains until a step is refused because numbers left float32; the weights are those before it. */
function fitWhileFinite({ model }: Network, data: Dataset, epochs: number): void {
  try {
    model.fitSync(data, { epochs });
  } catch (error) {
    if (!(error instanceof NumericError)) throw error;
  }
}

/** Test accuracy after so many epochs, or where training had to stop. */
export function trainedAccuracy(
  options: NetworkOptions,
  data: { readonly train: Dataset; readonly test: Dataset },
  epochs: number,
): number {
  const net = network(options);
  fitWhileFinite(net, data.train, epochs);
  const { accuracy } = net.model.evaluate(data.test);
  net.dispose();
  return accuracy;
}
