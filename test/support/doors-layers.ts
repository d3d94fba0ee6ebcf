import * as ferrograd from "ferrograd";
import type { Door } from "./doors.ts";

const { dense, input, model, sequential } = ferrograd;

/** A layer of rows of this shape: it is put into a model that predicts, and saved. */
const within =
  (inputShape: number[]) =>
  (layer: ferrograd.Layer): void => {
    using made = sequential([layer], { inputShape, seed: 1 });
    made.predict({
      data: new Float32Array(inputShape.reduce((a, b) => a * b)),
      shape: [1, ...inputShape],
    });
    made.save();
  };

export const door = (args: () => unknown[], inputShape = [4], more: Partial<Door> = {}): Door => ({
  args,
  use: within(inputShape),
  ...more,
});

/** A layer that joins two others. */
const merge: Door = {
  args: () => [{ name: "a" }],
  use: (layer: ferrograd.Layer) => {
    const x = input([4]);
    using made = model({ inputs: x, outputs: layer([x, dense(4)(x)]) });
    made.predict([[1, 2, 3, 4]]);
    made.save();
  },
};

const l2 = ferrograd.regularizers.l2();
const unit = ferrograd.constraints.unitNorm();

const affine = {
  epsilon: 0.01,
  center: true,
  scale: true,
  betaInitializer: "zeros",
  gammaInitializer: "ones",
  betaRegularizer: l2,
  gammaRegularizer: l2,
  betaConstraint: unit,
  gammaConstraint: unit,
  name: "a",
};

const windows = {
  strides: 2,
  padding: "same",
  dilationRate: 1,
  activation: "leakyRelu",
  negativeSlope: 0.2,
  useBias: true,
  biasInitializer: "zeros",
  biasRegularizer: ferrograd.regularizers.l2(),
  biasConstraint: ferrograd.constraints.nonNeg(),
  activityRegularizer: ferrograd.regularizers.l2(),
  name: "a",
};

const withRules = (stem: string) => ({
  [`${stem}Initializer`]: "heNormal",
  [`${stem}Regularizer`]: ferrograd.regularizers.l2(),
  [`${stem}Constraint`]: ferrograd.constraints.nonNeg(),
});

/** Layers of windows along time and of images. */
const ofWindows = (name: string, first: unknown[], more: object): Record<string, Door> =>
  Object.fromEntries(
    [
      [8, 4],
      [5, 6, 4],
    ].map((row, i) => [
      `${name.replace("#", `${i + 1}d`)}`,
      door(() => [...first, { ...windows, ...more }], row),
    ]),
  );

/** Layers, each with all of its options. */
export const LAYER_DOORS: Readonly<Record<string, Door>> = {
  activityRegularization: door(() => [{ l1: 0.1, l2: 0.2, name: "a" }]),
  embedding: {
    args: () => [
      10,
      4,
      {
        embeddingsInitializer: "normal",
        embeddingsRegularizer: l2,
        embeddingsConstraint: unit,
        activityRegularizer: l2,
        name: "a",
      },
    ],
    use: (layer: ferrograd.Layer) => {
      using made = sequential([input([2], { dtype: "int32" }), layer]);
      made.predict([[0, 0]]);
      made.save();
    },
  },
  ...ofWindows("conv#", [4, 3], { groups: 2, ...withRules("kernel") }),
  ...ofWindows("conv#Transpose", [4, 3], { outputPadding: 1, ...withRules("kernel") }),
  ...ofWindows("depthwiseConv#", [3], { depthMultiplier: 2, ...withRules("depthwise") }),
  ...ofWindows("separableConv#", [4, 3], {
    ...{ depthMultiplier: 2, ...withRules("depthwise"), ...withRules("pointwise") },
  }),
  batchNormalization: door(() => [
    {
      axis: -1,
      momentum: 0.9,
      unbiased: true,
      movingMeanInitializer: "zeros",
      movingVarianceInitializer: "ones",
      ...affine,
    },
  ]),
  layerNormalization: door(() => [{ axis: -1, ...affine }]),
  rmsNormalization: door(() => [
    { axis: -1, epsilon: 0.01, scale: true, gammaInitializer: "ones", name: "a" },
  ]),
  groupNormalization: door(() => [{ groups: 2, axis: -1, ...affine }]),
  unitNormalization: door(() => [{ axis: -1, name: "a" }]),
  identity: door(() => [{ name: "a" }]),
  reshapeLayer: door(() => [[2, -1], { name: "a" }]),
  permute: door(() => [[2, 1], { name: "a" }], [2, 3]),
  repeatVector: door(() => [3, { name: "a" }]),
  addLayer: merge,
  subtractLayer: merge,
  multiplyLayer: merge,
  averageLayer: merge,
  maximumLayer: merge,
  minimumLayer: merge,
  concatenateLayer: { ...merge, args: () => [{ axis: -1, name: "a" }] },
  dotLayer: { ...merge, args: () => [{ axes: 1, normalize: true, name: "a" }] },
  gaussianNoise: door(() => [0.1, { name: "a" }]),
  gaussianDropout: door(() => [0.1, { name: "a" }]),
  alphaDropout: door(() => [0.1, { name: "a" }]),
  spatialDropout1d: door(() => [0.1, { name: "a" }], [3, 4]),
  spatialDropout2d: door(() => [0.1, { name: "a" }], [3, 3, 4]),
};
