import { generator, uniform } from "../random.ts";
import type { Case, ConvSpec, KernelSession, NetLayer, NetSpec, Session, Suite } from "../types.ts";

type Pass = ConvSpec["pass"];

/** [size, inputs, outputs] of layers of 3 x 3 taps; depthwise without outputs. */
type Size = readonly [size: number, inputs: number, outputs?: number];

const BATCH = 8;
/** Losses compared before anything is timed. */
const COMPARED_STEPS = 4;

function layerCase(pass: Pass, [size, inputs, given]: Size): Case<KernelSession> {
  const [outputs, depthwise] = [given ?? inputs, given === undefined];
  const sums = BATCH * size * size * outputs * 9 * (depthwise ? 1 : inputs);
  const spec = (): ConvSpec => ({
    ...{ pass, size, inputs, outputs, depthwise, batchSize: BATCH, kernelSize: 3 },
    x: uniform(1, BATCH * size * size * inputs),
    kernel: uniform(2, 9 * (depthwise ? 1 : inputs) * outputs),
    dy: uniform(3, BATCH * size * size * outputs),
  });
  return {
    name: `${depthwise ? "depthwise" : "conv"}/${pass}/${size}x${size}x${inputs}${depthwise ? "" : `-${outputs}`}`,
    api: "op",
    copies: "none",
    tolerance: 1e-3,
    flops: 2 * sums,
    open: (engine) => engine.conv?.(spec()),
    compares: "values",
  };
}

interface Net {
  /** Of a sample, forward. */
  readonly flops: number;
  readonly inputShape: readonly number[];
  readonly layers: readonly NetLayer[];
}

const conv = (filters: number, kernelSize: number, padding: "valid" | "same" = "same") =>
  ({ kind: "conv", filters, kernelSize, padding }) as const;
const depthwise = (strides: number) => ({ kind: "depthwise", kernelSize: 3, strides }) as const;
const maxPool = { kind: "maxPool" } as const;
const globalMean = { kind: "globalMean" } as const;
const dense = (units: number) => ({ kind: "dense", units }) as const;

const nets: Readonly<Record<string, Net>> = {
  lenet: {
    flops: 645000,
    inputShape: [28, 28, 1],
    layers: [conv(8, 5, "valid"), maxPool, conv(16, 5, "valid"), maxPool, dense(10)],
  },
  vgg: {
    flops: 50000000,
    inputShape: [32, 32, 3],
    layers: [
      ...[conv(32, 3), conv(32, 3), maxPool, conv(64, 3), conv(64, 3), maxPool],
      ...[dense(128), dense(10)],
    ],
  },
  mobile: {
    flops: 9280000,
    inputShape: [32, 32, 32],
    layers: [depthwise(1), conv(64, 1), depthwise(2), conv(128, 1), globalMean, dense(10)],
  },
  conv1d: {
    flops: 6_030_000,
    inputShape: [128, 9],
    layers: [conv(64, 5), conv(64, 5), maxPool, dense(6)],
  },
};

/** The sizes of weights, and what comes out of each layer in turn. */
function weightsOf({ inputShape, layers }: Net): number[][] {
  let sizes = inputShape.slice(0, -1);
  let channels = inputShape[inputShape.length - 1];
  const shapes: number[][] = [];
  for (const layer of layers) {
    if (layer.kind === "conv") {
      shapes.push([...sizes.map(() => layer.kernelSize), channels, layer.filters]);
      channels = layer.filters;
      if (layer.padding === "valid") sizes = sizes.map((size) => size - layer.kernelSize + 1);
    } else if (layer.kind === "depthwise") {
      shapes.push([...sizes.map(() => layer.kernelSize), channels, 1]);
      sizes = sizes.map((size) => Math.ceil(size / layer.strides));
    } else if (layer.kind === "maxPool") sizes = sizes.map((size) => Math.floor(size / 2));
    else if (layer.kind === "globalMean") sizes = [];
    else {
      shapes.push([sizes.reduce((a, b) => a * b, channels), layer.units]);
      [sizes, channels] = [[], layer.units];
    }
  }
  return shapes;
}

function netSpec(net: Net, batchSize: number): NetSpec {
  const next = generator(1);
  const numbers = (count: number, f: () => number) => Float32Array.from({ length: count }, f);
  const weights = weightsOf(net).flatMap((shape) => {
    const count = shape.reduce((a, b) => a * b);
    const alone = shape.length > 2 && shape[shape.length - 1] === 1;
    const outputs = alone ? shape[shape.length - 2] : shape[shape.length - 1];
    const limit = Math.sqrt((6 * outputs) / count);
    const kernel = { shape, data: numbers(count, () => next() * limit) };
    return [kernel, { shape: [outputs], data: new Float32Array(outputs) }];
  });
  const size = net.inputShape.reduce((a, b) => a * b, batchSize);
  return {
    ...{ ...net, batchSize, weights, learningRate: 0.001 },
    x: numbers(size, () => (next() + 1) / 2),
    labels: Int32Array.from({ length: batchSize }, (_, row) => row % 6),
  };
}

const predictCase = (name: string, batchSize: number): Case<KernelSession> => ({
  name: `${name}/forward/b${batchSize}`,
  api: "model",
  copies: "in+out",
  tolerance: 2e-3,
  open: (engine) => engine.predictNet?.(netSpec(nets[name], batchSize)),
  compares: "values",
});

const trainCase = (name: string, batchSize: number): Case<Session> => ({
  name: `${name}/train/b${batchSize}`,
  api: "model",
  copies: "in",
  tolerance: 3e-3,
  open: (engine) => engine.trainNet?.(netSpec(nets[name], batchSize)),
  compares: COMPARED_STEPS,
});

const layers: readonly Size[] = [
  [32, 32, 32],
  [16, 32, 64],
  [16, 64, 64],
  [32, 4, 32],
  [32, 32],
  [16, 64],
];
const passes: readonly Pass[] = ["forward", "dx", "dw"];

/** Convolutions by themselves, beside the ceiling, and nets of them. */
export const convolutions: Suite = {
  name: "conv",
  notes: [
    "ms per pass of a layer of 3 x 3 taps, stride 1, padding same, batch 8, of resident operands: forward, the gradient by the images (dx) and by the kernel (dw)",
    "ms per call of predict, from a Float32Array to one, and per training step (Adam, the batch copied in, the loss read back) of nets:",
    "lenet: 28x28x1, 5x5 to 8, pool, 5x5 to 16, pool, 10. vgg: 32x32x3, 3x3 to 32 twice, pool, to 64 twice, pool, 128, 10. mobile: 32x32x32, depthwise 3x3, 1x1 to 64, depthwise with stride 2, 1x1 to 128, mean, 10. conv1d: 128x9, 5 to 64 twice, pool, 6",
  ],
  everywhere: ["lenet/train/b32"],
  cases: [
    ...layers.flatMap((size) => passes.map((pass) => layerCase(pass, size))),
    ...Object.keys(nets).flatMap((name): Case[] => [
      ...[predictCase(name, 1), predictCase(name, 32), trainCase(name, 32)],
    ]),
  ],
};
