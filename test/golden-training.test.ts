import {
  type ActivationName,
  conv2d,
  dense,
  flatten,
  type Layer,
  maxPooling2d,
  mul,
  sequential,
  sum,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import {
  asTensor,
  camel,
  golden,
  names,
  optimizerOf,
  supported,
  type TrainingCase,
  values,
} from "./support/golden.ts";
import { ours } from "./support/shares.ts";

const TOL = 1e-5;

describe("optimizers", () => {
  const { initial, gradients } = golden.optimizers;
  const n = initial.shape[0]!;

  for (const c of ours(supported("optimizers"))) {
    test(`${c.name} ${JSON.stringify(c.hyper)}`, () => {
      const w = variable(asTensor(initial));
      const optimizer = optimizerOf(c.name, c.hyper);
      const expected = values(c.params);
      for (let step = 1; step <= c.checkpoints.at(-1)!; step++) {
        const g = tensor(values(gradients).slice((step - 1) * n, step * n));
        optimizer.minimize(sum(mul(w, g)), [w]);
        const at = c.checkpoints.indexOf(step);
        if (at < 0) continue;
        expectAllclose(w.data(), expected.slice(at * n, (at + 1) * n), TOL, `after ${step} steps`);
      }
      expect(optimizer.steps).toBe(c.checkpoints.at(-1));
    });
  }
});

function mlp(model: { readonly layers: readonly number[]; readonly activation: string }): Layer[] {
  const units = model.layers.slice(1);
  const activation = camel(model.activation) as ActivationName;
  return units.map((n, i) => dense(n, i < units.length - 1 ? { activation } : {}));
}

const convnet = (model: {
  readonly conv: readonly number[];
  readonly dense: readonly number[];
  readonly activation: "relu";
}) => [
  conv2d(model.conv[3]!, model.conv.slice(0, 2), { activation: model.activation }),
  maxPooling2d(2),
  flatten(),
  dense(model.dense[1]!),
];

/** The model of a case with its first weights, compiled. */
function modelOf({ model, dataset, optimizer, initial }: TrainingCase) {
  const { name, ...hyper } = optimizer;
  const layers = "conv" in model ? convnet(model) : mlp(model);
  const inputShape = golden.training.datasets[dataset]!.x.shape.slice(1);
  const made = sequential(layers, { inputShape }).compile({
    optimizer: optimizerOf(name, hyper),
    loss: dataset === "regression" ? "meanSquaredError" : "sparseCategoricalCrossentropy",
  });
  made.setWeights(Object.values(initial).map(values));
  return made;
}

describe("training", () => {
  for (const c of supported("training")) {
    test(c.name, () => {
      const { x, target } = golden.training.datasets[c.dataset]!;
      const model = modelOf(c);
      const rows = x.shape[0]!;
      const slice = (t: typeof x, from: number) => {
        const width = t.data.length / rows;
        const data = values(t).slice(from * width, (from + c.batch) * width);
        return { data, shape: [c.batch, ...t.shape.slice(1)] };
      };
      const losses = Array.from({ length: c.steps }, (_, step) => {
        const from = (step * c.batch) % rows;
        return model.trainOnBatch(slice(x, from), slice(target, from)).loss;
      });
      expectAllclose(losses, values(c.losses), TOL, "loss");
      const weights = model.getWeights();
      for (const [i, [name, final]] of Object.entries(c.final).entries()) {
        expectAllclose(weights[i]!, values(final), TOL, name);
      }
      model.dispose();
    });
  }
});

test("a gradient of 0 leaves a weight where it is", () => {
  const w = variable(tensor([1, 2]));
  for (const make of Object.values(names.optimizers)) {
    using optimizer = make({ weightDecay: 0 });
    optimizer.minimize(sum(mul(w, [0, 0])), [w]);
  }
  expect(w.array()).toEqual([1, 2]);
  w.dispose();
});
