import {
  ArgumentError,
  batchNormalization,
  dense,
  dropout,
  grad,
  input,
  jit,
  loadModel,
  mean,
  model,
  sequential,
  sgd,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";
import { describe, expect, it } from "vitest";

const rows = [
  [1, 2],
  [3, 5],
  [-1, 4],
  [0, -2],
];
const targets = [[1], [0], [2], [1]];
const x = tensor(rows);
const y = tensor(targets);
const zeros = (values: Float32Array) => values.filter((v) => v === 0).length;

describe("model.call with training", () => {
  it("draws numbers of its own in each call, in jit and outside of it", () => {
    const ones = tensor(new Float32Array(400).fill(1), [4, 100]);
    const made = () => sequential([dropout(0.5)], { inputShape: [100], seed: 4 });
    using a = made();
    using b = made();
    using f = jit((t: Tensor) => [b.call(t, { training: true }), b.call(t, { training: true })]);
    const eager = Array.from({ length: 4 }, () => a.call(ones, { training: true }).data());
    const traced = [...f(ones), ...f(ones)].map((t) => t.data());
    expect(traced).toEqual(eager);
    expect(new Set(eager.map(String)).size).toBe(4);
    for (const values of eager) expect(zeros(values)).toBeGreaterThan(150);
    expect(a.call(ones).data()).toEqual(ones.data());
    expect(a.call(ones, { training: false }).data()).toEqual(ones.data());
  });

  it("has one mask forward and back", () => {
    using net = sequential([dropout(0.5)], { inputShape: [100], seed: 4 });
    using f = jit((t: Tensor) => {
      const out = net.call(t, { training: true });
      return [out, ...grad(sum(out), [t])];
    });
    const [out, slope] = f(tensor(new Float32Array(100).fill(1), [1, 100]));
    expect(slope!.data()).toEqual(out!.data());
    const given = tensor(new Float32Array(100).fill(1), [1, 100]);
    const loose = net.call(given, { training: true });
    expect(grad(sum(loose), [given])[0]!.data()).toEqual(loose.data());
  });

  it("trains as fit does: the same bits, statistics and dropout too", async () => {
    const made = () =>
      sequential(
        [
          dense(6, { activation: "relu" }),
          batchNormalization({ momentum: 0.5 }),
          dropout(0.25),
          dense(1),
        ],
        {
          ...{ inputShape: [2], seed: 3 },
        },
      );
    using theirs = made().compile({
      optimizer: sgd({ learningRate: 0.1 }),
      loss: "meanSquaredError",
    });
    using own = made();
    using optimizer = sgd({ learningRate: 0.1 });
    using step = jit((a: Tensor, b: Tensor) => {
      const loss = mean(square(sub(own.call(a, { training: true }), b)));
      optimizer.minimize(loss, own.variables);
      return loss;
    });
    for (let i = 0; i < 5; i++) {
      const { loss } = theirs.trainOnBatch(rows, targets);
      expect(step(x, y).item()).toBeCloseTo(loss, 6);
    }
    const [weights, expected] = [own.getWeights(), theirs.getWeights()];
    weights.forEach((values, i) => {
      values.forEach((v, j) => {
        expect(v).toBeCloseTo(expected[i]![j]!, 5);
      });
    });
    using again = loadModel(own.save());
    expect(again.predict(rows).data()).toEqual(own.predict(rows).data());
  });

  it("leaves all as it was where a step is refused, and what is frozen", () => {
    const normal = batchNormalization();
    using net = sequential([normal, dense(1)], { inputShape: [2], seed: 1 });
    using optimizer = sgd({ learningRate: 1e38 });
    using step = jit((a: Tensor) => {
      const loss = mean(square(net.call(a, { training: true })));
      optimizer.minimize(loss, net.variables);
      return loss;
    });
    const before = net.getWeights();
    const huge = tensor([
      [1e30, 2],
      [-1e30, 7],
    ]);
    expect(() => step(huge)).toThrow(/finite/);
    expect(net.getWeights()).toEqual(before);
    normal.trainable = false;
    using still = jit((a: Tensor) => net.call(a, { training: true }));
    still(x);
    expect(net.getWeights()).toEqual(before);
    normal.trainable = true;
    using follows = jit((a: Tensor) => net.call(a, { training: true }));
    follows(x);
    const moved = net.getWeights().map((values, i) => String(values) !== String(before[i]));
    expect(moved).toEqual([false, false, true, true, false, false]);
  });

  it("is what the call around it is, unless it says otherwise", () => {
    using inner = sequential([dropout(0.5)], { inputShape: [100], seed: 2 });
    const ones = tensor(new Float32Array(100).fill(1), [1, 100]);
    using asTold = sequential([(t) => inner.call(t)], { inputShape: [100], seed: 5 });
    using never = sequential([(t) => inner.call(t, { training: false })], {
      ...{ inputShape: [100], seed: 5 },
    });
    using always = sequential([(t) => inner.call(t, { training: true })], {
      ...{ inputShape: [100], seed: 5 },
    });
    expect(zeros(asTold.call(ones).data())).toBe(0);
    expect(zeros(asTold.call(ones, { training: true }).data())).toBeGreaterThan(20);
    expect(zeros(never.call(ones, { training: true }).data())).toBe(0);
    expect(zeros(always.predict(ones).data())).toBeGreaterThan(20);
  });

  it("refuses other options, and symbolic tensors", () => {
    using net = sequential([dense(1)], { inputShape: [2] });
    const wrong = (options: unknown) => () => net.call(x, options as never);
    expect(wrong({ training: 1 })).toThrow(ArgumentError);
    expect(wrong({ trainning: true })).toThrow('did you mean "training"');
    expect(wrong(true)).toThrow("call(): expected an object of options, got true");
    const symbol = input([2]);
    expect(() => net.call(symbol as never, { training: true })).toThrow(
      "call(): training: expected none for symbolic tensors, got true",
    );
    using whole = model({ inputs: symbol, outputs: net.call(symbol) });
    expect(whole.call(x, { training: true }).shape).toEqual([4, 1]);
  });
});
