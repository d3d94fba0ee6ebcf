import { adam, dense, type Layer, type Model, sequential, sgd } from "ferrograd";
import { digits, iris } from "ferrograd/datasets";
import type { FindingCode } from "ferrograd/diagnostics";

export const { train } = iris();
export const pictures = digits().train;

export function network(layers: Layer[], optimizer = adam(), data = train): Model {
  const inputShape = data.x.shape.slice(1);
  return sequential(layers, { inputShape, seed: 1 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    warn: () => {}, // of layers without an activation, which one of them is to have
  });
}

/** The model with its first kernel and bias replaced. */
function withFirst(
  model: Model,
  kernel: (w: number) => number,
  bias: (b: number) => number,
): Model {
  const [w, b, ...rest] = model.getWeights();
  model.setWeights([w!.map(kernel), b!.map(bias), ...rest]);
  return model;
}

/** A network built to have the trouble. */
export const NETWORKS: Record<FindingCode, () => Model> = {
  saturated: () => {
    const model = network([dense(32, { activation: "sigmoid" }), dense(3)]);
    return withFirst(
      model,
      (w) => 50 * w,
      (b) => b,
    );
  },
  dying: () => {
    const model = network([dense(32, { activation: "relu" }), dense(3)]);
    const [w, b, ...rest] = model.getWeights();
    model.setWeights([w!, b!.map((_, unit) => (unit < 12 ? -100 : 0)), ...rest]);
    return model;
  },
  dead: () =>
    withFirst(
      network([dense(32, { activation: "relu" }), dense(3)]),
      (w) => w,
      () => -100,
    ),
  notZeroCentered: () =>
    network([dense(16, { activation: "sigmoid" }), dense(16, { activation: "sigmoid" }), dense(3)]),
  vanishing: () =>
    network(
      [...Array.from({ length: 9 }, () => dense(64, { activation: "sigmoid" })), dense(10)],
      adam(),
      pictures,
    ),
  exploding: () => {
    const model = network([
      ...Array.from({ length: 8 }, () => dense(16, { activation: "relu" })),
      dense(3),
    ]);
    model.setWeights(model.getWeights().map((values) => values.map((value) => 4 * value)));
    return model;
  },
  updateTooLarge: () =>
    network([dense(16, { activation: "relu" }), dense(3)], adam({ learningRate: 1 })),
  updateTooSmall: () =>
    network([dense(16, { activation: "relu" }), dense(3)], adam({ learningRate: 1e-7 })),
  initMismatch: () =>
    network([dense(32, { activation: "relu", kernelInitializer: "zeros" }), dense(3)]),
  collapsed: () => network([dense(32), dense(3)]),
  nan: () =>
    withFirst(
      network([dense(32, { activation: "relu" }), dense(3)]),
      () => 3e38,
      () => 3e38,
    ),
  lossStuckAtChance: () => {
    const zero = { kernelInitializer: "zeros" } as const;
    const model = network(
      [dense(16, { activation: "relu", ...zero }), dense(3, zero)],
      sgd({ learningRate: 0.01 }),
    );
    model.fitSync(train, { epochs: 40 });
    return model;
  },
};
