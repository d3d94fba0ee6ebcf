import {
  abs,
  add,
  cos,
  dense,
  div,
  dropout,
  elu,
  exp,
  gelu,
  grad,
  jit,
  log,
  log1p,
  matmul,
  maximum,
  mean,
  minimum,
  mish,
  mul,
  NumericError,
  neg,
  preluLayer,
  reciprocal,
  relu,
  rmsprop,
  sequential,
  sgd,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
  variable,
  zeros,
} from "ferrograd";
import { unrollPrograms } from "ferrograd/unroll";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { failure, flatWeights } from "./support/model.ts";
import { floats, integers, random, sequence } from "./support/numbers.ts";

/** Runs after which programs are unrolled here. */
const AFTER = 3;
const STEPS = 3 * AFTER;

const ACTIVATIONS = [
  ...(["sigmoid", "tanh", "relu", "leakyRelu", "relu6", "elu", "selu", "celu", "gelu"] as const),
  ...(["geluTanh", "hardSigmoid", "hardTanh", "silu", "hardSilu", "mish", "softplus"] as const),
  ...(["softsign", "softShrink", "hardShrink", "tanhShrink", "threshold", "logSigmoid"] as const),
  ...(["exponential", "squareplus", "sparsePlus", "sparseSigmoid"] as const),
];
const CLASSES = "sparseCategoricalCrossentropy" as const;
const LOSSES = [
  ...(["meanSquaredError", "meanAbsoluteError", "huber", "logCosh", "poisson", "hinge"] as const),
  ...(["squaredHinge", "binaryCrossentropy", "cosineSimilarity", "klDivergence"] as const),
];
const NAMES = [
  ...(["sgd", "adam", "adamW", "nadam", "radam", "adamax", "rmsprop", "adagrad"] as const),
  ...(["adadelta", "lion"] as const),
];
const OPTIMIZERS = [
  ...NAMES.map((name) => ({ name, make: () => name })),
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
  const hidden = Array.from({ length: 1 + below(3) }, () => ({
    units: 1 + below(40),
    activation: pick(ACTIVATIONS),
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
    outputs: classes ? 2 + below(19) : 1 + below(3),
    rows: 1 + below(32),
    last: classes ? ("linear" as const) : ("sigmoid" as const),
    optimizer: OPTIMIZERS[seed % OPTIMIZERS.length]!,
  };
}
type Spec = ReturnType<typeof specOf>;
const NETS = import.meta.env.FERROGRAD_LONG ? 1500 : 60;
const specs = Array.from({ length: NETS }, (_, seed) => specOf(seed));
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
  });
}

function dataOf({ seed, loss, inputs, outputs, rows }: Spec) {
  const x = { data: floats(rows * inputs, seed), shape: [rows, inputs] };
  const y =
    loss === CLASSES
      ? integers([rows], outputs, seed).data()
      : { data: floats(rows * outputs, seed + 1, 0, 1), shape: [rows, outputs] };
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

/** Products of operands stored either way, with a bias that many rows share, and their gradients. */
function products(seed: number): number[] {
  const next = sequence(seed);
  const [m, n, k] = [0, 0, 0].map(() => 1 + Math.floor(next() * 21)) as [number, number, number];
  const numbers: number[] = [];
  for (const [turnA, turnB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const a = variable(random(turnA ? [k, m] : [m, k], seed));
    const b = variable(random(turnB ? [n, k] : [k, n], seed + 1));
    const bias = variable(random([n], seed + 2));
    const x = random([m, n], seed + 3);
    const gradients = jit((weights: Tensor) => {
      const product = matmul(turnA ? transpose(a) : a, turnB ? transpose(b) : b);
      const y = mul(tanh(add(product, bias)), weights);
      return [mean(y), ...grad(sum(y), [a, b, bias])];
    });
    for (let run = 0; run < STEPS; run++) {
      for (const result of gradients(x)) numbers.push(...result.data());
    }
    gradients.dispose();
  }
  return numbers;
}

const UNARY = [
  ...[neg, abs, sign, sqrt, square, reciprocal, exp, log, log1p, sin, cos, relu, tanh, gelu],
  ...[sigmoid, mish, softplus, elu],
];
const BINARY = [add, sub, mul, div, maximum, minimum, squaredDifference];
/** Numbers that formulas treat apart. */
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-42,
];

/** Chains of elementwise ops on a matrix, a row, a column and a number, and a mean along an axis. */
function chains(seed: number): number[] {
  const next = sequence(seed);
  const below = (n: number) => Math.floor(next() * n);
  const [rows, columns] = [1 + below(9), 1 + below(9)];
  const chain = jit((x: Tensor, row: Tensor, column: Tensor, number: Tensor) => {
    const values = [x, row, column, number];
    const pick = () => values[below(values.length)]!;
    for (let step = 0; step < 8; step++) {
      const value =
        below(2) === 0
          ? UNARY[below(UNARY.length)]!(pick())
          : BINARY[below(BINARY.length)]!(pick(), pick());
      values.push(below(3) === 0 ? add(mul(value, 0.5), -1.25) : value);
    }
    const all = values.slice(4).reduce((total, value) => add(total, value));
    return [all, values.at(-1)!, values.at(-2)!, mean(x, { axis: 1 }), sum(x), sum(x, { axis: 0 })];
  });
  const inputs = [[rows, columns], [columns], [rows, 1], []].map((shape, i) => {
    const data = floats(
      shape.reduce((size, n) => size * n, 1),
      seed + i,
    );
    for (let at = below(4); at < data.length; at += 3 + below(9)) data[at] = SPECIAL[below(8)]!;
    return tensor(data, shape);
  }) as unknown as [Tensor, Tensor, Tensor, Tensor];
  const numbers: number[] = [];
  for (let run = 0; run < STEPS; run++) {
    for (const result of chain(...inputs)) numbers.push(...result.data());
  }
  chain.dispose();
  return numbers;
}

const PRODUCTS = Array.from({ length: 12 }, (_, seed) => seed);
const CHAINS = Array.from({ length: NETS }, (_, seed) => seed);
const plain = {
  nets: specs.map(trained),
  products: PRODUCTS.map(products),
  chains: CHAINS.map(chains),
};

/** Modules compiled since the start. */
let compiled = 0;
const { Module } = WebAssembly;
/** What `body` gives, and how many modules were compiled meanwhile. */
function counting<T>(body: () => T): { result: T; modules: number } {
  const before = compiled;
  const result = body();
  return { result, modules: compiled - before };
}

beforeAll(() => {
  WebAssembly.Module = class extends Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      compiled++;
    }
  };
  unrollPrograms({ after: AFTER });
});
afterAll(() => {
  WebAssembly.Module = Module;
});

describe("unrollPrograms", () => {
  test.each(specs.map((spec) => [nameOf(spec), spec] as const))("%s: the same bits", (_, spec) => {
    const { result, modules } = counting(() => trained(spec));
    expectSameBits(result, plain.nets[spec.seed]!);
    expect(modules).toBe(2); // the step, the prediction
  });

  test.each(PRODUCTS)("products stored either way: the same bits (%i)", (seed) => {
    const { result, modules } = counting(() => products(seed));
    expectSameBits(result, plain.products[seed]!);
    expect(modules).toBe(4);
  });

  test("chains of elementwise ops, and reductions: the same bits", () => {
    for (const seed of CHAINS) {
      const { result, modules } = counting(() => chains(seed));
      expectSameBits(result, plain.chains[seed]!, `chain ${seed}`);
      expect(modules).toBe(1);
    }
  });

  /** A classifier that has been unrolled, and its batch. */
  function running(optimizer = sgd({ learningRate: 0.05 })) {
    const layers = [dense(8, { activation: "relu" }), dense(8, { activation: "relu" }), dense(3)];
    const model = sequential(layers, { inputShape: [2], seed: 1 }).compile({
      optimizer,
      loss: "sparseCategoricalCrossentropy",
    });
    const x = { data: floats(20, 5), shape: [10, 2] };
    const y = integers([10], 3, 6).data();
    const step = () => model.trainOnBatch(x, y).loss;
    for (let i = 0; i < STEPS; i++) step();
    return { model, optimizer, x, y, step };
  }

  test("a label out of range is refused as before, and nothing changes", async () => {
    const { model, x, y, step } = running();
    const before = flatWeights(model);
    const bad = y.slice();
    bad[7] = 3;
    expect(await failure(() => model.trainOnBatch(x, bad))).toBe(
      "DataError: trainOnBatch(): y: row 7: expected a class from 0 to 2, got 3",
    );
    expectSameBits(flatWeights(model), before);
    expect(step()).toBeGreaterThan(0);
    model.dispose();
  });

  test("a step that is not finite is refused as before, and nothing changes", async () => {
    const { model, optimizer, step } = running();
    optimizer.learningRate = 1e30;
    step();
    const before = flatWeights(model);
    expect(await failure(step)).toMatch(/^NumericError: trainOnBatch/);
    expectSameBits(flatWeights(model), before);
    model.dispose();
  });

  test("what is set between steps holds from the next one on", () => {
    const { model, optimizer, step } = running();
    optimizer.learningRate = 0;
    const before = flatWeights(model);
    step();
    expectSameBits(flatWeights(model), before);
    optimizer.learningRate = 0.05;
    step();
    expect(flatWeights(model)).not.toEqual(before);
    model.dispose();
  });

  test("memory may grow, and larger programs move the scratch", () => {
    const steps = (meanwhile: () => void) => {
      const { model, step } = running();
      meanwhile();
      const losses = Array.from({ length: 5 }, step);
      const weights = flatWeights(model);
      model.dispose();
      return [...losses, ...weights];
    };
    const grown = steps(() => {
      const large = variable(zeros([1 << 22]));
      const product = jit((x: Tensor) => relu(matmul(x, zeros([400, 400]))));
      product(zeros([300, 400]));
      product.dispose();
      large.dispose();
    });
    expectSameBits(
      grown,
      steps(() => {}),
    );
  });

  test("a program with a large product is left to the core", () => {
    const [a, b] = [variable(random([64, 64])), random([64, 64], 2)];
    const product = jit((x: Tensor) => matmul(x, a));
    const { modules } = counting(() => {
      for (let run = 0; run < STEPS; run++) product(b);
    });
    expect(modules).toBe(0);
    product.dispose();
  });

  test("where a thread may not compile, the core goes on", () => {
    const counts = WebAssembly.Module;
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        throw new WebAssembly.CompileError("not in this thread");
      }
    };
    try {
      expectSameBits(trained(specs[0]!), plain.nets[0]!);
    } finally {
      WebAssembly.Module = counts;
    }
  });

  test("a disposed model says so", async () => {
    const { model, step } = running();
    model.dispose();
    expect(await failure(step)).toMatch(/^DisposedError: /);
  });

  test("options are checked", async () => {
    expect(await failure(() => unrollPrograms({ after: 0 }))).toMatch(/^ArgumentError: .*after/);
    const misspelt = { aftr: 5 } as object;
    expect(await failure(() => unrollPrograms(misspelt))).toMatch(/^ArgumentError: .*"aftr"/);
  });
});
