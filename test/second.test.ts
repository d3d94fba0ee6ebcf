import {
  type ActivationName,
  abs,
  activation,
  adam,
  add,
  averagePooling2d,
  binaryCrossentropy,
  broadcastTo,
  categoricalCrossentropy,
  conv,
  conv2d,
  cos,
  dense,
  div,
  dropout,
  exp,
  flatten,
  gather,
  glu,
  grad,
  huber,
  jit,
  klDivergence,
  layerNormalization,
  log,
  log1p,
  logCosh,
  logSoftmax,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  poisson,
  pow,
  prelu,
  preluLayer,
  reciprocal,
  rescaling,
  reshape,
  sequential,
  sigmoid,
  sign,
  sin,
  softmax,
  softmaxLayer,
  sparseCategoricalCrossentropy,
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
import { checkGradients } from "ferrograd/check";
import { activations as ACTIVATIONS, losses } from "ferrograd/tables";
import { describe, expect, test } from "vitest";
import { allOps } from "../packages/ferrograd/src/graph/ops/all.ts";
import { expectAllclose, expectSameBits } from "./support/allclose.ts";
import { FUNCTIONS } from "./support/functions.ts";
import { integers, random } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

type F = (...inputs: Tensor[]) => Tensor;

/** Σ weights·x, so that every element has a share of its own. */
const weighted = (x: Tensor, seed: number): Tensor => sum(mul(x, random(x.shape, seed, 0.5, 1.5)));

/** The gradients of Σ weights·f by each input, each weighted and summed: one number to differentiate. */
function slopeOf(f: F, seed = 5): F {
  return (...inputs) =>
    grad(weighted(f(...inputs), seed), inputs)
      .map((d, i) => weighted(d, seed + 1 + i))
      .reduce((total, part) => add(total, part));
}

/** The ops of all graphs that were differentiated twice. */
const seen = new Set<string>();

function noteOps(tensor: Tensor): void {
  const { source } = tensor;
  if (source.kind !== "node" || visited.has(source.node)) return;
  visited.add(source.node);
  seen.add(source.node.op.name);
  source.node.inputs.forEach((input) => noteOps(input as Tensor));
}
const visited = new Set<object>();

/** The gradient of the gradient against differences of the gradient in float64. */
function expectSecond(f: F, ...inputs: Tensor[]): void {
  noteOps(slopeOf(f)(...inputs));
  const { maxError, worst } = checkGradients(slopeOf(f), ...inputs);
  expect(maxError, JSON.stringify(worst)).toBeLessThan(1e-5);
}

/** Where a row has its kinks with the default parameters; finite differences keep away from them. */
const KINKS = [-3, -1, -0.5, 0, 0.5, 1, 3, 6];
const away = (v: number) => KINKS.every((kink) => Math.abs(v - kink) > 0.02);
const smooth = tensor(random([60], 3, -8, 8).data().filter(away));
const rows = (Object.keys(ACTIVATIONS) as ActivationName[]).filter((name) => name !== "linear");

describe.each(ours(rows))("%s", (name) => {
  const layer = activation(name);

  test("has the second derivative that its slope has", () => {
    expectSecond((x) => layer(x!), smooth);
  });

  test("has it at kinks and at the infinities, and is 0 at the infinities", () => {
    const x = tensor([...KINKS, 1e-30, -1e-30, 40, -40, -Infinity, Infinity]);
    const [d] = grad(sum(layer(x)), [x]);
    const d2 = grad(sum(d!), [x])[0]!.data();
    const ends = name === "exponential" ? [0, Infinity] : [0, 0];
    expectAllclose(d2.slice(-2), ends);
    expect(d2.slice(0, -2).every((v) => Math.abs(v) <= 2 || name === "exponential")).toBe(true);
  });

  test("in a dense layer, by inputs, weights and bias", () => {
    const [x, w, b] = [random([3, 4], 1), random([4, 5], 2, -0.7, 0.7), random([5], 3)];
    const apart = (z: Tensor) => Array.from(z.data()).every((v) => away(v));
    expect(apart(add(matmul(x, w), b))).toBe(true);
    expectSecond((x, w, b) => layer(add(matmul(x!, w!), b!)), x, w, b);
    expectSecond(
      (x, w) => square(layer(matmul(transpose(x!), w!))),
      random([3, 3], 4, -0.7, 0.7),
      random([3, 2], 5, -0.7, 0.7),
    );
  });

  test("is the same in one program as step by step", () => {
    const second = (x: Tensor) => grad(slopeOf((x) => layer(x!))(x), [x])[0]!;
    expectSameBits(jit(second)(smooth).data(), second(smooth).data());
  });

  test("and has a third one", () => {
    const x = tensor([-2.2, -0.7, 0.3, 1.7]);
    const { maxError } = checkGradients(
      slopeOf((x) => square(slopeOf((x) => mul(layer(x!), x!), 9)(x!))),
      x,
    );
    expect(maxError).toBeLessThan(1e-4);
  });
});

describe("ops", () => {
  const [a, b] = [random([2, 3], 1, 0.5, 2), random([2, 3], 2, 0.6, 2.1)];
  const unary = { neg, abs, exp, sin, cos, sqrt, square, log, log1p, reciprocal, sigmoid, sign };
  test.each(Object.entries(unary))("%s", (_name, f) => {
    expectSecond((x) => mul(f(x!), square(x!)), a);
  });

  const binary = { add, sub, mul, div, maximum, minimum, squaredDifference };
  test.each(Object.entries(binary))("%s, with broadcasting", (_name, f) => {
    expectSecond((x, y) => square(f(x!, y!)), a, b);
    expectSecond((x, y) => square(f(x!, y!)), a, random([3], 2, 0.6, 2.1));
    expectSecond((x, y) => square(f(x!, y!)), random([2, 1], 1, 0.5, 2), b);
  });

  test("products: transposed, in batches, through an activation", () => {
    const [x, w] = [random([2, 3, 4], 1), random([2, 4, 2], 2)];
    expectSecond((x, w) => square(matmul(x!, w!)), x, w);
    expectSecond((x, w) => square(matmul(x!, w!)), x, random([4, 2], 3));
    expectSecond((x, w) => tanh(matmul(x!, transpose(w!, [0, 2, 1]))), x, random([2, 2, 4], 2));
    expectSecond(
      (x, w) => tanh(matmul(transpose(x!), transpose(w!))),
      random([4, 3]),
      random([2, 4], 2),
    );
  });

  test("reductions, reshapes, copies", () => {
    for (const reduce of [sum, mean, max]) {
      expectSecond((x) => square(reduce(square(x!), { axis: 1 })), a);
    }
    expectSecond((x) => square(reshape(transpose(x!), [2, 3])), a);
    expectSecond((x) => square(broadcastTo(x!, [4, 2, 3])), a);
    expectSecond((x) => square(dropout(square(x!), 0.4, { seed: 5 })), random([4, 9]));
  });

  test("softmax and log softmax along any axis", () => {
    for (const f of [softmax, logSoftmax]) {
      expectSecond((x) => square(f(x!)), random([3, 5]));
      expectSecond((x) => f(x!, { axis: 0 }), random([3, 5]));
    }
  });

  test("gather, glu, prelu", () => {
    const at = tensor([2, 0, 2, 2], [4], "int32");
    expectSecond((x) => square(gather(x!, at)), random([3, 2]));
    expectSecond((x) => square(gather(square(x!), at)), random([3, 2]));
    expectSecond((x) => glu(x!), random([3, 6]));
    expectSecond((x) => glu(x!, { axis: 0 }), random([4, 3]));
    expectSecond((x, alpha) => square(prelu(x!, alpha!)), random([3, 4]), random([4], 2, 0.1, 0.4));
  });
});

describe("losses", () => {
  const shape = [4, 3];
  const scores = random(shape, 1);
  const rates = random(shape, 2, 0.1, 0.9);
  /** Predictions that a loss by name takes. */
  const predictions: Readonly<Record<string, Tensor>> = { klDivergence: rates, poisson: rates };
  const rowsOfLosses = Object.values(losses).map(({ row }) => row);
  const said = new Map([["klDivergence", klDivergence({ fromLogits: false }).row]]);

  test.each(rowsOfLosses.map(({ name }) => name))("%s", (name) => {
    const row = said.get(name) ?? rowsOfLosses.find((row) => row.name === name)!;
    const targets = row.labels === "int32" ? integers([4], 3) : softmax(random(shape, 7));
    const p = predictions[name] ?? scores;
    expectSecond((p) => row.call(targets as Tensor, p!), p);
    expectSecond(
      (p, scale) => square(row.call(targets as Tensor, mul(p!, scale!))),
      p,
      tensor([0.9]),
    );
  });

  const t = softmax(random(shape, 7));
  const labels = integers([4], 3);
  const options: Readonly<Record<string, F>> = {
    "labels, smoothed": (p) => sparseCategoricalCrossentropy(labels, p!, { labelSmoothing: 0.1 }),
    "labels, some ignored": (p) => sparseCategoricalCrossentropy(labels, p!, { ignoreIndex: 1 }),
    "labels, of probabilities": (p) =>
      sparseCategoricalCrossentropy(labels, p!, { fromLogits: false }),
    "labels, after a softmax": (p) => sparseCategoricalCrossentropy(labels, softmax(p!)),
    "rows, smoothed": (p) => categoricalCrossentropy(t, p!, { labelSmoothing: 0.1 }),
    "rows, of probabilities": (p) => categoricalCrossentropy(t, p!, { fromLogits: false }),
    "binary, smoothed": (p) => binaryCrossentropy(t, p!, { labelSmoothing: 0.2 }),
    "binary, of probabilities": (p) => binaryCrossentropy(t, p!, { fromLogits: false }),
    "binary, after a sigmoid": (p) => binaryCrossentropy(t, sigmoid(p!)),
    "huber, narrow": (p) => huber(t, p!, { delta: 0.3 }),
    "divergence of logarithms": (p) => klDivergence(t, log(p!), { fromLog: true }),
    "divergence of logits": (p) => klDivergence(t, p!, { fromLogits: true }),
    "poisson of logarithms": (p) => poisson(t, log(p!), { fromLog: true }),
  };
  test.each(Object.entries(options))("with options: %s", (_name, f) => expectSecond(f, rates));

  test("of regression curve where they are met exactly", () => {
    const hit = tensor([0, 0]);
    const curvature = (loss: (t: Tensor, p: Tensor) => Tensor) => {
      const [d] = grad(sum(loss(tensor([0, 0]), hit)), [hit]);
      return grad(sum(d!), [hit])[0]!.array();
    };
    expect(curvature((t, p) => huber(t, p))).toEqual([1, 1]);
    expect(curvature((t, p) => logCosh(t, p))).toEqual([1, 1]);
  });
});

test("through layers of images, by the inputs", () => {
  const net = sequential(
    [
      conv2d(3, 2, { activation: "tanh" }),
      layerNormalization(),
      activation("tanh"),
      averagePooling2d(2),
      flatten(),
    ],
    { inputShape: [5, 3, 2], seed: 3 },
  );
  expectSecond((x) => net.call(x!), random([2, 5, 3, 2]));
});

test("every op was differentiated twice, but for those that are cut or come last", () => {
  // What functions.test.ts differentiates twice.
  for (const { call, shapes } of FUNCTIONS.filter(({ steps }) => !steps)) {
    const inputs = shapes.map((shape) => random(shape));
    const whole = (...xs: Tensor[]) =>
      ([call(...xs)].flat() as Tensor[]).map((y) => sum(mul(y, y))).reduce((a, b) => add(a, b));
    noteOps(slopeOf(whole)(...inputs));
  }
  noteOps(slopeOf((x) => pow(x!, 2))(random([3], 1, 1, 2)));
  noteOps(slopeOf((x, k) => conv(x!, k!))(random([1, 3, 3, 1]), random([2, 2, 1, 2])));
  const names = new Set(allOps.map(({ name }) => name).filter((name) => !seen.has(name)));
  // Of integers, with jumps, with slopes made of others, or a program's last form; scatterAdd is in the gradients.
  const cut = [
    "argmax",
    "copy",
    "erf",
    "expm1",
    "floor",
    "mod",
    "onePass",
    "random",
    "reduceIntegers",
    "round",
  ];
  expect([...names].sort()).toEqual(cut);
});

describe("of nets", () => {
  const model = (act: ActivationName) =>
    sequential([dense(6, { activation: act }), dense(5, { activation: act }), dense(3)], {
      inputShape: [4],
      seed: 3,
    });
  const labels = integers([5], 3);
  const x = random([5, 4]);

  test.each(ours(rows))("the Hessian of a net with %s is symmetric", (act) => {
    const net = model(act);
    const w = net.variables[2]!; // the kernel of the second layer
    const loss = mean(sparseCategoricalCrossentropy(labels, net.call(x)));
    const [d] = grad(loss, [w]);
    const [u, v] = [random(w.shape, 8), random(w.shape, 9)];
    const product = (direction: Tensor) => grad(sum(mul(d!, direction)), [w])[0]!;
    const [uHv, vHu] = [sum(mul(u, product(v))).item(), sum(mul(v, product(u))).item()];
    expect(Number.isFinite(uHv)).toBe(true);
    expect(Math.abs(uHv - vHu)).toBeLessThan(1e-5 * Math.max(1, Math.abs(vHu)));
  });

  test("what lies between may be the target of the next grad, however the core computes it", () => {
    const [x, w, b] = [random([3, 4]), random([4, 5], 2, -0.5, 0.5), random([5], 3)];
    const slopes = (z: Tensor) => matmul(grad(sum(square(tanh(z))), [z])[0]!, transpose(w));
    const z = add(matmul(x, w), b);
    const [dx] = grad(sum(square(tanh(z))), [x]);
    const [d2] = grad(add(sum(square(dx!)), sum(z)), [z]);
    const alone = tensor(add(matmul(x, w), b).data(), [3, 5]);
    const [expected] = grad(add(sum(square(slopes(alone))), sum(alone)), [alone]);
    expectAllclose(d2!.data(), expected!.data(), 1e-6);
  });

  test("a loss that holds a gradient trains the same in one program as step by step", () => {
    const train = (wrap: (step: (x: Tensor) => void) => (x: Tensor) => void) => {
      const [w1, b1] = [variable(random([2, 6])), variable(random([6], 2))];
      const w2 = variable(random([6, 1], 3));
      const optimizer = adam({ learningRate: 0.01 });
      const step = wrap((x) => {
        const y = matmul(tanh(add(matmul(x, w1), b1)), w2);
        const [dx] = grad(sum(y), [x]);
        const penalty = mean(square(sub(sum(square(dx!), { axis: -1 }), 1)));
        optimizer.minimize(add(mean(square(y)), penalty), [w1, b1, w2]);
      });
      for (const seed of [1, 2, 3, 4]) step(random([5, 2], seed));
      return [w1, b1, w2].flatMap((w) => [...w.data()]);
    };
    expect(train(jit)).toEqual(train((step) => step));
  });

  test("through every layer, by the inputs", () => {
    const net = sequential(
      [
        rescaling({ scale: 0.5 }),
        flatten(),
        dense(6, { activation: "gelu" }),
        preluLayer(),
        dropout(0.3),
        dense(4),
        softmaxLayer(),
      ],
      { inputShape: [2, 2], seed: 3 },
    );
    expectSecond((x) => net.call(x!), random([3, 2, 2]));
  });

  test("of no rows there is nothing, of one row what there is of many", () => {
    const w = random([4, 5], 2);
    const none = zeros([0, 4]);
    const [d] = grad(sum(tanh(matmul(none, w))), [none]);
    expect(grad(sum(square(d!)), [none])[0]!.array()).toEqual([]);
    expectSecond((x) => softmax(tanh(matmul(x!, w))), random([1, 4]));
  });
});
