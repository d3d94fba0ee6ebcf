/** Nets of TensorFlow.js and PyTorch, built here by hand with their weights: outputs, and three steps of SGD. */
import {
  activation,
  add,
  addLayer,
  averageLayer,
  batchNormalization,
  clip,
  concatenate,
  concatenateLayer,
  dense,
  dotLayer,
  dropout,
  flatten,
  gaussianNoise,
  input,
  layer,
  layerNormalization,
  logSoftmax,
  maximum,
  maximumLayer,
  minimumLayer,
  model,
  mul,
  multiplyLayer,
  preluLayer,
  regularizers,
  sequential,
  sgd,
  softmaxLayer,
  type Tensor,
  tensor,
  transpose,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import torch from "./golden/interop/pytorch.json" with { type: "json" };
import tfjs from "./golden/interop/tfjs.json" with { type: "json" };
import { expectAllclose } from "./support/allclose.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Weights = Readonly<Record<string, Values>>;
interface Case {
  readonly weights: Weights;
  readonly inputs: readonly Values[];
  readonly predictions: readonly Values[];
  readonly training?: {
    readonly targets: readonly Values[];
    readonly losses: readonly number[];
    readonly weights: Weights;
    readonly predictions: readonly Values[];
  };
}

/** What is asked of a model, however many inputs and outputs it has. */
interface Net {
  predict(x: never): Tensor | readonly Tensor[];
  setWeights(weights: Record<string, Tensor>): void;
  namedWeights(): Record<string, Float32Array>;
  compile(options: never): {
    trainOnBatch(x: never, y: never): { loss: number };
  };
}

const asTensor = ({ data, shape }: Values): Tensor => tensor(Float32Array.from(data), shape);
/** A weight; slopes of TensorFlow.js that several positions share are (1, channels). */
const asWeight = ({ data, shape: [first, ...rest] }: Values): Tensor =>
  asTensor({ data, shape: first === 1 && rest.length > 0 ? rest : [first!, ...rest] });
const one = <T>(list: readonly T[]) => (list.length === 1 ? list[0] : list) as never;

/** Expects what the library that a case is of has computed. */
function follows(net: Net, { weights, inputs, predictions, training }: Case): void {
  const all = (of: Weights) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, asWeight(value)]));
  net.setWeights(all(weights));
  expect(Object.keys(net.namedWeights()).sort()).toEqual(Object.keys(weights).sort());
  const x = one(inputs.map(asTensor));
  const expectOutputs = (outputs: readonly Values[], tol: number) => {
    const got = [net.predict(x)].flat() as Tensor[];
    outputs.forEach((output, i) => {
      expect(got[i]!.shape).toEqual(output.shape);
      expectAllclose(got[i]!.data(), output.data, tol, `output ${i}`);
    });
  };
  expectOutputs(predictions, 1e-5);
  if (training === undefined) return;
  const options = { optimizer: sgd({ learningRate: 0.05 }), loss: "meanSquaredError" };
  const compiled = net.compile({ ...options, warn: () => {} } as never);
  const y = one(training.targets.map(asTensor));
  const losses = training.losses.map(() => compiled.trainOnBatch(x, y).loss);
  expectAllclose(losses, training.losses, 1e-4, "loss");
  const after = net.namedWeights();
  for (const [name, { data }] of Object.entries(training.weights)) {
    expectAllclose(after[name]!, data, 1e-4, name);
  }
  expectOutputs(training.predictions, 1e-4);
}

const softmaxed = { activation: "softmax" } as const;

/** Activations of TensorFlow.js; its hardSigmoid is steeper than ours. */
const ACTIVATIONS = [
  ..."elu selu relu relu6 linear sigmoid".split(" "),
  (x: Tensor) => clip(add(mul(x, 0.2), 0.5), 0, 1),
  ..."softplus softsign tanh softmax".split(" "),
  logSoftmax,
  ..."silu mish gelu".split(" "),
] as const;

const TFJS: Readonly<Record<keyof typeof tfjs.cases, () => Net>> = {
  activations: () => {
    const x = input([4]);
    const branches = ACTIVATIONS.map((f) => dense(3, { activation: f as "relu" })(x));
    const outputs = dense(2, { name: "out" })(concatenateLayer()(branches));
    return model({ inputs: x, outputs });
  },
  "relu-layers": () =>
    sequential(
      [
        ...[dense(6), activation("leakyRelu", { negativeSlope: 0.2 }), dense(6), preluLayer()],
        ...[dense(5), activation("elu"), dense(5), activation("threshold", { threshold: 0.1 })],
        ...[gaussianNoise(0.1), flatten(), dense(3), softmaxLayer()],
      ],
      { inputShape: [4, 4] },
    ),
  "batchnorm-dropout": () =>
    sequential(
      [
        dense(8, { activation: "relu", useBias: false }),
        ...[batchNormalization({ momentum: 0.9 }), dropout(0.25), dense(6)],
        ...[batchNormalization({ scale: false }), activation("tanh"), dense(3, softmaxed)],
      ],
      { inputShape: [6] },
    ),
  "batchnorm-training": () =>
    sequential(
      [dense(8, { activation: "relu" }), batchNormalization({ momentum: 0.9 }), dense(3)],
      {
        inputShape: [6],
      },
    ),
  layernorm: () =>
    sequential(
      [
        ...[dense(6, { activation: "gelu" }), layerNormalization({ epsilon: 1e-5 })],
        ...[dense(3, { activation: "silu" }), layerNormalization(), dense(2)],
      ],
      { inputShape: [5] },
    ),
  "functional-two-inputs": () => {
    const [a, b] = [input([4]), input([3])];
    const p = dense(5, { activation: "tanh", name: "p" })(a);
    const both = [p, dense(5, { activation: "relu", name: "q" })(b)];
    const joins = [addLayer(), multiplyLayer(), averageLayer(), maximumLayer(), minimumLayer()];
    const parts = [...joins, dotLayer({ axes: -1 })].map((join) => join(both));
    const c = concatenateLayer()(parts);
    const second = dense(1, { activation: "sigmoid", name: "second" })(c);
    return model({ inputs: [a, b], outputs: [dense(2, { name: "first" })(c), second] });
  },
  "nested-model": () => {
    const layers = [dense(5, { activation: "relu" }), dense(3)];
    const encoder = sequential(layers, { inputShape: [4], name: "encoder" });
    return sequential([encoder, dense(2)]);
  },
  "shared-layer": () => {
    const [a, b] = [input([4]), input([4])];
    // TensorFlow.js adds the penalty of 0.01 at each call of the layer, Keras and we once.
    const kernelRegularizer = regularizers.l2(2 * 0.01);
    const twin = dense(3, { activation: "tanh", name: "twin", kernelRegularizer });
    return model({ inputs: [a, b], outputs: dense(1)(concatenateLayer()([twin(a), twin(b)])) });
  },
  "three-shards": () =>
    sequential([dense(8, { activation: "relu" }), dense(3)], { inputShape: [6] }),
};

describe("nets of TensorFlow.js", () => {
  test.each(Object.keys(tfjs.cases) as (keyof typeof TFJS)[])("%s", (name) => {
    follows(TFJS[name](), tfjs.cases[name] as Case);
  });
});

/** PyTorch's activations in the order of its file; the last has a slope for each unit. */
const FUNCTIONS = [
  activation("relu"),
  activation("leakyRelu", { negativeSlope: 0.2 }),
  ...(["elu", "selu", "celu", "gelu", "geluTanh", "silu", "mish", "softplus"] as const).map((f) =>
    activation(f),
  ),
  ...(["softsign", "tanh", "sigmoid", "hardSigmoid", "hardSilu", "relu6"] as const).map((f) =>
    activation(f),
  ),
  activation("logSigmoid"),
  preluLayer({ name: "fs.17" }),
];

const normalizing = { epsilon: 1e-5, momentum: 0.9, unbiased: true };

const TORCH: Readonly<Record<keyof typeof torch.cases, () => Net>> = {
  activations: () => {
    const x = input([4]);
    const h = dense(3, { name: "linear" })(x);
    const outputs = dense(2, { name: "out" })(concatenateLayer()(FUNCTIONS.map((f) => f(h))));
    return model({ inputs: x, outputs });
  },
  "mlp-batchnorm": () =>
    sequential(
      [
        dense(8, { name: "0" }),
        batchNormalization({ ...normalizing, name: "1" }),
        ...[activation("relu"), dropout(0), dense(3, { name: "4" })],
      ],
      { inputShape: [6] },
    ),
  layernorm: () =>
    sequential(
      [
        dense(6, { activation: "gelu", name: "0" }),
        layerNormalization({ epsilon: 1e-5, name: "2" }),
        dense(2, { name: "3" }),
      ],
      { inputShape: [5] },
    ),
  "two-inputs": () => {
    const [a, b] = [input([4]), input([3])];
    const both = [
      dense(5, { activation: "tanh", name: "p" })(a),
      dense(5, { activation: "relu", name: "q" })(b),
    ];
    const joined = layer((tensors: readonly Tensor[]) => {
      const [p, q] = tensors as [Tensor, Tensor];
      return concatenate([add(p, q), mul(p, q), maximum(p, q)], { axis: -1 });
    });
    return model({ inputs: [a, b], outputs: dense(2, { name: "out" })(joined(both)) });
  },
};

/** PyTorch's names of weights, by whether what is of a layer normalizes or multiplies. */
const OURS = {
  weight: ["gamma", "kernel"],
  bias: ["beta", "bias"],
  running_mean: ["moving_mean", ""],
  running_var: ["moving_variance", ""],
} as const;

/** A state_dict by our names: kernels are (in, units) here and (units, in) there. */
function renamed(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([key, value]) => {
      const at = key.lastIndexOf(".");
      const [module, name] = [key.slice(0, at), key.slice(at + 1) as keyof typeof OURS];
      if (module.startsWith("fs.")) return [`${module}/alpha`, value];
      const isKernel = weights[`${module}.weight`]!.shape.length === 2;
      const ours = `${module}/${OURS[name][isKernel ? 1 : 0]}`;
      if (value.shape.length < 2) return [ours, value];
      const turned = transpose(asTensor(value));
      return [ours, { shape: turned.shape, data: [...turned.data()] }];
    }),
  );
}

describe("nets of PyTorch", () => {
  test.each(Object.keys(torch.cases) as (keyof typeof TORCH)[])("%s", (name) => {
    const { weights, training, ...rest } = torch.cases[name] as unknown as Case;
    follows(TORCH[name](), {
      ...rest,
      weights: renamed(weights),
      ...(training && { training: { ...training, weights: renamed(training.weights) } }),
    });
  });
});
