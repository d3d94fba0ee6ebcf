import {
  adam,
  dense,
  jit,
  matmul,
  mean,
  memory,
  momentum,
  mul,
  type Optimizer,
  sequential,
  sgd,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";

const START = [1, -2, 0.5];
const C = [1, 0.5, 3];

/** Variables after steps on Σ c·w², whose gradient is 2·c·w. */
function descend(optimizer: Optimizer, steps: number): Float32Array {
  const w = variable(START);
  for (let i = 0; i < steps; i++) optimizer.minimize(sum(mul(C, square(w))), [w]);
  const values = w.data();
  w.dispose();
  optimizer.dispose();
  return values;
}

/** The same by a rule for one number in float64. */
function reference(rule: () => (w: number, g: number, t: number) => number, steps: number) {
  return START.map((start, i) => {
    const update = rule();
    let w = start;
    for (let t = 1; t <= steps; t++) w = update(w, 2 * C[i]! * w, t);
    return w;
  });
}

describe("formulas", () => {
  test("sgd: w − rate·g", () => {
    expectAllclose(
      descend(sgd({ learningRate: 0.1 }), 5),
      reference(() => (w, g) => w - 0.1 * g, 5),
    );
  });

  test.each([false, true])("momentum, nesterov %s", (nesterov) => {
    const rule = () => {
      let v = 0;
      return (w: number, g: number) => {
        v = 0.8 * v + g;
        return w - 0.05 * (nesterov ? g + 0.8 * v : v);
      };
    };
    const optimizer = sgd({ learningRate: 0.05, momentum: 0.8, nesterov });
    expectAllclose(descend(optimizer, 7), reference(rule, 7), 2e-6);
  });

  test("momentum() is sgd with 0.9", () => {
    const a = descend(momentum({ learningRate: 0.02 }), 6);
    expect(a).toEqual(descend(sgd({ learningRate: 0.02, momentum: 0.9 }), 6));
    const b = descend(momentum({ learningRate: 0.02, momentum: 0.5 }), 6);
    expect(b).toEqual(descend(sgd({ learningRate: 0.02, momentum: 0.5 }), 6));
    expect(b).not.toEqual(a);
  });

  test.each([
    [0.9, 0.999, 1e-8],
    [0.5, 0.9, 1e-3],
  ])("adam with %f, %f, %f", (beta1, beta2, epsilon) => {
    const rule = () => {
      let [m, v] = [0, 0];
      return (w: number, g: number, t: number) => {
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const root = Math.sqrt(v / (1 - beta2 ** t));
        return w - (0.01 * (m / (1 - beta1 ** t))) / (root + epsilon);
      };
    };
    const optimizer = adam({ learningRate: 0.01, beta1, beta2, epsilon });
    expectAllclose(descend(optimizer, 20), reference(rule, 20), 1e-5);
  });

  test("the defaults are those of the documentation", () => {
    const explicit = adam({ learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect(descend(adam(), 5)).toEqual(descend(explicit, 5));
    expect(descend(sgd(), 5)).toEqual(descend(sgd({ learningRate: 0.01, momentum: 0 }), 5));
  });
});

describe("minimize", () => {
  test("does in jit what it does at once", () => {
    const results = [false, true].map((jitted) => {
      const w = variable(random([4, 2], 1));
      const optimizer = adam({ learningRate: 0.05 });
      const step = (x: Tensor, y: Tensor) => {
        const loss = mean(square(sub(matmul(x, w), y)));
        optimizer.minimize(loss, [w]);
        return loss;
      };
      const fast = jit(step);
      const [x, y] = [random([8, 4], 2), random([8, 2], 3)];
      for (let i = 0; i < 10; i++) jitted ? fast(x, y) : step(x, y);
      const result = w.data();
      fast.dispose();
      for (const owner of [w, optimizer]) owner.dispose();
      return result;
    });
    expect(results[1]).toEqual(results[0]);
  });

  test("counts its steps", () => {
    using optimizer = adam();
    const w = variable([1]);
    expect(optimizer.steps).toBe(0);
    for (let i = 0; i < 3; i++) optimizer.minimize(sum(square(w)), [w]);
    expect(optimizer.steps).toBe(3);
    w.dispose();
  });

  test("changes only the variables named: all others are frozen", () => {
    const [w, b] = [variable([1, 2]), variable([3])];
    using optimizer = sgd({ learningRate: 0.1 });
    optimizer.minimize(mean(square(sub(mul(w, 2), b))), [w]);
    expect(b.array()).toEqual([3]);
    expect(w.array()).not.toEqual([1, 2]);
    for (const v of [w, b]) v.dispose();
  });

  test("a loss that is not finite changes nothing", async () => {
    const w = variable([0, 1]);
    using optimizer = adam();
    expect(await failure(() => optimizer.minimize(sum(mul(w, Infinity)), [w]))).toMatch(
      /^NumericError: /,
    );
    expect(w.array()).toEqual([0, 1]);
    expect(optimizer.steps).toBe(0);
    w.dispose();
  });

  test("refuses no variables, and an optimizer made inside jit", async () => {
    using optimizer = sgd();
    expect(await failure(() => optimizer.minimize(tensor(1), []))).toBe(
      "ArgumentError: minimize(): variables: expected at least one, got 0",
    );
    expect(await failure(() => jit(() => void sgd())())).toBe(
      "StateError: sgd(): expected to be called outside the function that jit traces; create the optimizer once, outside",
    );
  });

  test("after dispose is refused", async () => {
    const optimizer = adam();
    optimizer.dispose();
    const w = variable([1]);
    expect(await failure(() => optimizer.minimize(sum(square(w)), [w]))).toBe(
      "DisposedError: adam: the optimizer was disposed",
    );
    expect(await failure(() => optimizer.learningRate)).toBe(
      "DisposedError: adam: the optimizer was disposed",
    );
    w.dispose();
  });
});

describe("the learning rate", () => {
  const { x, y } = blobs();

  test("set between steps takes effect without compiling again", () => {
    using model = classifier({ learningRate: 0.01 });
    model.trainOnBatch(x, y);
    const { bytes } = memory();
    const before = flatWeights(model);
    model.optimizer.learningRate = 0;
    expect(model.optimizer.learningRate).toBe(0);
    model.trainOnBatch(x, y);
    expect(flatWeights(model)).toEqual(before);
    model.optimizer.learningRate = 0.5;
    model.trainOnBatch(x, y);
    expect(flatWeights(model)).not.toEqual(before);
    expect(memory().bytes).toBe(bytes);
  });

  test("set is as given at the start", () => {
    const set = adam({ learningRate: 5 });
    set.learningRate = 0.02;
    expect(descend(set, 4)).toEqual(descend(adam({ learningRate: 0.02 }), 4));
  });

  test("that is no rate is refused, and the old one stays", async () => {
    using optimizer = sgd({ learningRate: 0.3 });
    for (const [rate, shown] of [
      [-1, "-1"],
      [Number.NaN, "NaN"],
      [Infinity, "Infinity"],
      [1e39, "1e+39"],
      ["0.1", '"0.1"'],
    ] as const) {
      const set = () => {
        optimizer.learningRate = rate as number;
      };
      expect(await failure(set)).toBe(
        `ArgumentError: sgd(): learningRate: expected a finite number of 0 or more that float32 holds, got ${shown}`,
      );
    }
    expect(optimizer.learningRate).toBe(0.3);
  });
});

describe("options", () => {
  test("that are wrong are refused by name", async () => {
    const bad: [() => unknown, string][] = [
      [
        () => adam({ lr: 0.1 } as never),
        'adam(): unknown option "lr"; did you mean "learningRate"?',
      ],
      [
        () => adam({ learning_rate: 0.1 } as never),
        'adam(): unknown option "learning_rate"; did you mean "learningRate"?',
      ],
      [
        () => adam({ learningRate: -1 }),
        "adam(): learningRate: expected a finite number of 0 or more that float32 holds, got -1",
      ],
      [
        () => sgd({ learningRate: 1e39 }),
        "sgd(): learningRate: expected a finite number of 0 or more that float32 holds, got 1e+39",
      ],
      [() => adam({ beta1: 1 }), "adam(): beta1: expected a number from 0 to below 1, got 1"],
      [() => adam({ beta2: -0.1 }), "adam(): beta2: expected a number from 0 to below 1, got -0.1"],
      [
        () => adam({ epsilon: Number.NaN }),
        "adam(): epsilon: expected a finite number of 0 or more that float32 holds, got NaN",
      ],
      [() => sgd({ momentum: 1 }), "sgd(): momentum: expected a number from 0 to below 1, got 1"],
      [() => sgd({ nesterov: 1 as never }), "sgd(): nesterov: expected true or false, got 1"],
      [
        () => momentum({ learningRate: Infinity }),
        "momentum(): learningRate: expected a finite number of 0 or more that float32 holds, got Infinity",
      ],
    ];
    for (const [call, message] of bad) {
      expect(await failure(call)).toBe(`ArgumentError: ${message}`);
    }
  });
});

describe("an optimizer and its models", () => {
  const { x, y } = blobs();
  const model = (optimizer: Optimizer | "sgd" | "momentum" | "adam") =>
    sequential([dense(3)], { inputShape: [4] }).compile({
      optimizer,
      loss: "sparseCategoricalCrossentropy",
    });

  test.each([
    ["sgd", sgd],
    ["momentum", momentum],
    ["adam", adam],
  ] as const)("the name %s stands for its default options", (name, make) => {
    using a = model(name);
    using b = model(make());
    for (const m of [a, b]) m.fitSync(x, y, { epochs: 2 });
    expect(flatWeights(a)).toEqual(flatWeights(b));
  });

  test("its memory goes with the models that it trained", () => {
    const { bytes } = memory();
    const optimizer = adam({ learningRate: 0.5 });
    for (let i = 0; i < 3; i++) {
      const [a, b] = [model(optimizer), model(optimizer)];
      for (const m of [a, b]) m.trainOnBatch(x, y);
      expect(optimizer.steps).toBe(2);
      a.dispose();
      b.trainOnBatch(x, y);
      b.dispose();
      expect(memory().bytes).toBe(bytes);
    }
    expect(optimizer.learningRate).toBe(0.5);
    optimizer.dispose();
    expect(memory().bytes).toBe(bytes);
  });
});
