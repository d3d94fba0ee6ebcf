import { dense, jit, matmul, relu, sequential, sgd, type Tensor, variable, zeros } from "ferrograd";
import { unrollPrograms } from "ferrograd/unroll";
import { describe, expect, test } from "vitest";
import { expectSameBits } from "./support/allclose.ts";
import { failure, flatWeights } from "./support/model.ts";
import { floats, integers, random } from "./support/numbers.ts";
import { counting, STEPS, unrollInTests } from "./support/unrolled.ts";

/** A classifier that has run often enough, and its batch. */
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

/** Losses and weights of its next steps, after what happens meanwhile. */
function trained(meanwhile = () => {}): number[] {
  const { model, step } = running();
  meanwhile();
  const losses = Array.from({ length: 5 }, step);
  const weights = flatWeights(model);
  model.dispose();
  return [...losses, ...weights];
}

const plain = trained();
unrollInTests();

describe("unrollPrograms", () => {
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
    const grown = trained(() => {
      const large = variable(zeros([1 << 22]));
      const product = jit((x: Tensor) => relu(matmul(x, zeros([400, 400]))));
      product(zeros([300, 400]));
      product.dispose();
      large.dispose();
    });
    expectSameBits(grown, plain);
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
    const { Module } = WebAssembly;
    WebAssembly.Module = class extends Module {
      constructor(bytes: BufferSource) {
        super(bytes);
        throw new WebAssembly.CompileError("not in this thread");
      }
    };
    try {
      expectSameBits(trained(), plain);
    } finally {
      WebAssembly.Module = Module;
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
