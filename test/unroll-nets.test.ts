import {
  type ActivationName,
  adam,
  add,
  dense,
  dropout,
  gelu,
  grad,
  jit,
  matmul,
  mean,
  NumericError,
  type OptimizerName,
  preluLayer,
  relu,
  rmsprop,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  square,
  squareplus,
  sum,
  type Tensor,
  tanh,
  variable,
} from "ferrograd";
import { activations, optimizers } from "ferrograd/tables";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { flatWeights } from "./support/model.ts";
import { floats, integers, random, sequence } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";
import { CASES, counting, STEPS, unrollInTests } from "./support/unrolled.ts";

const NAMES = Object.keys(activations) as ActivationName[];
const CLASSES = "sparseCategoricalCrossentropy" as const;
const LOSSES = [
  ...(["meanSquaredError", "meanAbsoluteError", "huber", "logCosh", "poisson", "hinge"] as const),
  ...(["squaredHinge", "binaryCrossentropy", "cosineSimilarity", "klDivergence"] as const),
];
const OPTIMIZERS = [
  ...(Object.keys(optimizers) as OptimizerName[]).map((name) => ({ name, make: () => name })),
  {
    name: "nesterov",
    make: () => sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true }),
  },
  { name: "clipped sgd", make: () => sgd({ learningRate: 0.01, clipNorm: 0.1 }) },
  { name: "decayed sgd", make: () => sgd({ learningRate: 0.01, weightDecay: 0.01 }) },
  {
    name: "centered rmsprop",
    make: () => rmsprop({ learningRate: 0.001, momentum: 0.9, centered: true }),
  },
];

/** A net, its data and what it trains with, by the number of a case. */
function specOf(seed: number) {
  const next = sequence(seed + 1);
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const hidden = Array.from({ length: 1 + below(3) }, (_, i) => ({
    units: 1 + below(40),
    activation: NAMES[(seed + i * 7) % NAMES.length]!, // each comes up
    useBias: below(4) > 0,
    after: pick([() => [], () => [], () => [dropout(0.2)], () => [preluLayer()]]),
  }));
  const loss = below(2) === 0 ? CLASSES : LOSSES[seed % LOSSES.length]!;
  const classes = loss === CLASSES;
  return {
    seed,
    hidden,
    loss,
    inputs: 1 + below(20),
    outputs: classes
      ? 2 + below(19)
      : (loss === "klDivergence" || loss === "cosineSimilarity" ? 2 : 1) + below(3),
    rows: 1 + below(32),
    last: classes ? ("linear" as const) : ("sigmoid" as const),
    optimizer: OPTIMIZERS[seed % OPTIMIZERS.length]!,
  };
}
type Spec = ReturnType<typeof specOf>;
const specs = ours(CASES).map(specOf);
const nameOf = ({ inputs, hidden, outputs, rows, loss, optimizer }: Spec): string => {
  const layers = hidden.map(({ units, activation }) => `${units} ${activation}`).join(", ");
  return `${inputs}, ${layers}, ${outputs}; ${rows} rows, ${loss}, ${optimizer.name}`;
};

function modelOf({ seed, hidden, loss, inputs, outputs, last, optimizer }: Spec) {
  const layers = hidden.flatMap(({ units, after, ...options }) => [
    dense(units, options),
    ...after(),
  ]);
  const all = [...layers, dense(outputs, { activation: last })];
  return sequential(all, { inputShape: [inputs], seed }).compile({
    optimizer: optimizer.make(),
    loss,
    warn() {},
  });
}

function dataOf({ seed, loss, inputs, outputs, rows }: Spec) {
  const x = { data: floats(rows * inputs, seed), shape: [rows, inputs] };
  const shares = floats(rows * outputs, seed + 1, 0, 1);
  const sides = loss === "hinge" || loss === "squaredHinge";
  const data = sides ? shares.map((share) => (share < 0.5 ? -1 : 1)) : shares;
  const y =
    loss === CLASSES ? integers([rows], outputs, seed).data() : { data, shape: [rows, outputs] };
  return { x, y };
}

/** Predictions and losses of some steps, NaN for those that were refused, and the weights after them. */
function trained(spec: Spec): number[] {
  using model = modelOf(spec);
  const { x, y } = dataOf(spec);
  const numbers: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    numbers.push(...model.predict(x).data());
    try {
      numbers.push(model.trainOnBatch(x, y).loss);
    } catch (error) {
      if (!(error instanceof NumericError)) throw error;
      numbers.push(Number.NaN);
    }
  }
  return [...numbers, ...flatWeights(model)];
}

/** The weights after some steps against a loss that holds a gradient. */
function penalized(f: (x: Tensor) => Tensor): number[] {
  const [w1, b1] = [variable(random([2, 6])), variable(random([6], 2))];
  const w2 = variable(random([6, 3], 3));
  const optimizer = adam({ learningRate: 0.01 });
  const labels = integers([5], 3);
  using step = jit((x: Tensor) => {
    const logits = matmul(f(add(matmul(x, w1), b1)), w2);
    const [slopes] = grad(sum(square(logits)), [x]);
    const loss = mean(sparseCategoricalCrossentropy(labels, logits));
    optimizer.minimize(add(loss, mean(square(slopes!))), [w1, b1, w2]);
  });
  for (let i = 0; i < STEPS; i++) step(random([5, 2], i));
  return [w1, b1, w2].flatMap((w) => [...w.data()]);
}

const plain = specs.map(trained);
const penalties = { relu, tanh, gelu, squareplus };
const plainPenalties = Object.values(penalties).map(penalized);
unrollInTests();

describe("unrolled nets", () => {
  test.each(specs.map((spec, i) => [nameOf(spec), spec, i] as const))(
    "%s: the same bits",
    (_, spec, i) => {
      const { result, modules } = counting(() => trained(spec));
      expectSameBits(result, plain[i]!);
      expect(modules).toBe(2); // the step, the prediction
    },
  );

  test.each(Object.entries(penalties))(
    "a gradient penalty through %s: the same bits",
    (name, f) => {
      const { result, modules } = counting(() => penalized(f));
      expectSameBits(result, plainPenalties[Object.keys(penalties).indexOf(name)]!);
      expect(modules).toBe(1);
    },
  );
});
