import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  add,
  dense,
  lion,
  loadModel,
  momentum,
  mul,
  nadam,
  type Optimizer,
  type OptimizerOptions,
  radam,
  rmsprop,
  sequential,
  sgd,
  square,
  sum,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { expectAllclose } from "./support/allclose.ts";
import { blobs, failure, flatWeights } from "./support/model.ts";
import { random } from "./support/numbers.ts";
import { ours } from "./support/shares.ts";

// Longer than a block of the kernel and no multiple of four; and short.
const starts = [random([523], 1).data(), random([3], 2).data()] as const;
const gradients = [random([523], 3, -2, 2).data(), random([3], 4, -2, 2).data()] as const;

/** Two variables after steps with these gradients. */
function stepped(optimizer: Optimizer, steps = 1): Float32Array[] {
  const [a, b] = [variable(starts[0]), variable(starts[1])];
  for (let i = 0; i < steps; i++) {
    optimizer.minimize(add(sum(mul(a, gradients[0])), sum(mul(b, gradients[1]))), [a, b]);
  }
  const values = [a.data(), b.data()];
  for (const owner of [a, b, optimizer]) owner.dispose();
  return values;
}

/** The same for each number alone, by its gradient after clipping. */
function expected(
  rule: () => (w: number, g: number) => number,
  clip = (g: number, _variable: number) => g,
  steps = 1,
): number[][] {
  return starts.map((start, variable) =>
    Array.from(start, (w0, i) => {
      const update = rule();
      let w = w0;
      for (let t = 0; t < steps; t++) w = update(w, clip(gradients[variable]![i]!, variable));
      return w;
    }),
  );
}

function expectVariables(found: Float32Array[], reference: number[][], tol = 1e-6): void {
  found.forEach((values, i) => {
    expectAllclose(values, reference[i]!, tol);
  });
}

const norm = (values: Iterable<number>): number => Math.hypot(...values);
const descent = () => (w: number, g: number) => w - 0.1 * g;

describe("clipping", () => {
  test("by value", () => {
    const clip = (g: number) => Math.min(Math.max(g, -0.5), 0.5);
    expectVariables(stepped(sgd({ learningRate: 0.1, clipValue: 0.5 })), expected(descent, clip));
  });

  test("by the norm of each variable; a smaller one stays", () => {
    const norms = gradients.map(norm);
    const limit = norms[1]! + 1;
    const clip = (g: number, i: number) => g * Math.min(1, limit / (norms[i]! + 1e-6));
    expectVariables(stepped(sgd({ learningRate: 0.1, clipNorm: limit })), expected(descent, clip));
  });

  test("by the norm of all variables", () => {
    const all = norm(gradients.flatMap((g) => Array.from(g)));
    expectVariables(
      stepped(sgd({ learningRate: 0.1, globalClipNorm: 2 })),
      expected(descent, (g) => (g * 2) / (all + 1e-6)),
    );
  });

  test("that has nothing to clip changes no bit", () => {
    const plain = stepped(adam(), 3);
    const clips: OptimizerOptions[] = [
      { clipValue: 9 },
      { clipNorm: 1e4 },
      { globalClipNorm: 1e4 },
    ];
    for (const options of clips) expect(stepped(adam(options), 3)).toEqual(plain);
  });

  test("in two ways is refused, and a bad number too", async () => {
    expect(await failure(() => sgd({ clipValue: 1, clipNorm: 1 }))).toBe(
      "ArgumentError: sgd(): clipNorm: expected one clip at most, got clipValue and clipNorm",
    );
    expect(await failure(() => lion({ globalClipNorm: -1 }))).toBe(
      "ArgumentError: lion(): globalClipNorm: expected a finite number of 0 or more that float32 holds, got -1",
    );
    expect(await failure(() => nadam({ amsgrad: true } as never))).toMatch(
      /^ArgumentError: nadam\(\): unknown option "amsgrad"/,
    );
  });
});

describe("weight decay", () => {
  test("joins the gradient of sgd", () => {
    const rule = () => (w: number, g: number) => w - 0.1 * (g + 0.3 * w);
    const optimizer = sgd({ learningRate: 0.1, weightDecay: 0.3 });
    expectVariables(stepped(optimizer, 4), expected(rule, undefined, 4));
  });

  test("of adam joins the gradient, of adamW shrinks the weights", () => {
    const adamRule = (decay: number, shrink: number) => () => {
      let [m, v, t] = [0, 0, 0];
      return (w: number, g: number) => {
        const seen = g + decay * w;
        t++;
        m = 0.9 * m + 0.1 * seen;
        v = 0.999 * v + 0.001 * seen * seen;
        const root = Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8;
        return w * shrink - (0.01 * m) / (1 - 0.9 ** t) / root;
      };
    };
    const options = { learningRate: 0.01, weightDecay: 0.2 };
    expectVariables(stepped(adam(options), 5), expected(adamRule(0.2, 1), undefined, 5), 1e-5);
    const shrink = 1 - 0.01 * 0.2;
    expectVariables(stepped(adamW(options), 5), expected(adamRule(0, shrink), undefined, 5), 1e-5);
  });
});

test("lion steps by the sign of a mean", () => {
  const rule = () => {
    let m = 0;
    return (w: number, g: number) => {
      const direction = Math.sign(0.9 * m + 0.1 * g);
      m = 0.99 * m + 0.01 * g;
      return w * (1 - 0.01 * 0.1) - 0.01 * direction;
    };
  };
  const optimizer = lion({ learningRate: 0.01, weightDecay: 0.1 });
  expectVariables(stepped(optimizer, 5), expected(rule, undefined, 5));
});

describe("every optimizer", () => {
  const makers: Record<string, (options: OptimizerOptions) => Optimizer> = {
    ...{ sgd, momentum, adam, adamW, adamax, nadam, radam, rmsprop, adagrad, adadelta, lion },
    nesterov: (options) => momentum({ ...options, nesterov: true }),
    amsgrad: (options) => adam({ ...options, amsgrad: true }),
  };
  const decoupled = ["adamW", "lion"];

  /** A variable after some steps against g, to which 0.1 w may be added by way of the loss. */
  function moved(optimizer: Optimizer, g: Float32Array, decay = 0): Float32Array {
    const w = variable(starts[0]);
    for (let i = 0; i < 5; i++) {
      const loss = sum(mul(w, g));
      optimizer.minimize(decay === 0 ? loss : add(loss, sum(mul(square(w), decay / 2))), [w]);
    }
    const values = w.data();
    for (const owner of [w, optimizer]) owner.dispose();
    return values;
  }

  test.each(ours(Object.entries(makers)))("%s clips and decays", (name, make) => {
    const [g] = gradients;
    const clipped = g.map((v) => Math.min(Math.max(v, -0.5), 0.5));
    const none = { weightDecay: 0 };
    const plain = moved(make(none), g);
    expect(moved(make({ ...none, clipValue: 0.5 }), g)).toEqual(moved(make(none), clipped));
    const scaled = g.map((v) => v / (norm(g) + 1e-6));
    for (const clip of [{ clipNorm: 1 }, { globalClipNorm: 1 }]) {
      expectAllclose(moved(make({ ...none, ...clip }), g), moved(make(none), scaled), 1e-5);
    }
    const decayed = moved(make({ weightDecay: 0.1 }), g);
    expect(decayed).not.toEqual(plain);
    if (!decoupled.includes(name)) expectAllclose(decayed, moved(make(none), g, 0.1), 1e-5);
  });
});

describe("a saved optimizer", () => {
  const { x, y } = blobs();
  const makers: Record<string, () => Optimizer> = {
    sgd: () => sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    amsgrad: () => adam({ amsgrad: true, clipNorm: 0.5 }),
    adamW: () => adamW(),
    adamax: () => adamax(),
    nadam: () => nadam({ globalClipNorm: 1 }),
    radam: () => radam(),
    rmsprop: () => rmsprop({ centered: true, momentum: 0.5 }),
    lion: () => lion(),
  };

  test.each(ours(Object.entries(makers)))("%s trains on as if never interrupted", (_name, make) => {
    using model = sequential([dense(5, { activation: "tanh" }), dense(3)], {
      inputShape: [4],
      seed: 3,
    }).compile({ optimizer: make(), loss: "sparseCategoricalCrossentropy" });
    for (let i = 0; i < 4; i++) model.trainOnBatch(x, y);
    using loaded = loadModel(model.save({ includeOptimizer: true }));
    for (let i = 0; i < 4; i++) {
      model.trainOnBatch(x, y);
      (loaded as typeof model).trainOnBatch(x, y);
    }
    expect(flatWeights(loaded as typeof model)).toEqual(flatWeights(model));
    expect(loaded.optimizer.name).toBe(model.optimizer.name);
  });
});
