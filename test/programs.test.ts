import {
  add,
  dense,
  jit,
  layer,
  mean,
  memory,
  sequential,
  sum,
  type Tensor,
  type Variable,
  zeros,
} from "ferrograd";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { random } from "./support/numbers.ts";
import { isOurs } from "./support/shares.ts";

const MIB = 2 ** 20;
/** Numbers of half of what is kept, and a few. */
const HALF = 129 * (MIB / 4);
/** Numbers of 1 MiB. */
const WIDTH = MIB / 4;
const programs = () => memory().owners.programs;

/** What is warned of on the console until the test ends. */
function warnings() {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  return warn.mock.calls;
}

describe("programs that are kept", () => {
  test.runIf(isOurs(0))("of a function: those of as many shapes as fit into 256 MiB", () => {
    let traced = 0;
    const f = jit((x: Tensor) => {
      traced++;
      return sum(x);
    });
    const before = programs();
    for (let round = 0; round < 2; round++) for (let n = 1; n <= 60; n++) f(zeros([n]));
    expect(traced).toBe(60);
    const [said, large] = [warnings(), [zeros([HALF]), zeros([HALF + 1])]];
    for (let call = 0; call < 8; call++) {
      f(large[call % 2]!);
      expect(programs() - before).toBeLessThanOrEqual(256 * MIB);
      expect(programs() - before).toBeGreaterThan(128 * MIB);
    }
    expect(traced).toBe(60 + 8);
    f(large[1]!);
    expect(traced).toBe(60 + 8);
    expect(said).toEqual([
      [
        "jit(): expected programs that fit into 256 MiB, got the same ones made again and again; " +
          "use smaller or fewer sizes of batches",
      ],
    ]);
    f.dispose();
    expect(programs()).toBe(before);
  });

  test.runIf(isOurs(1))(
    "of a model: one that is larger than all of that still runs, and its own `warn` hears of it",
    () => {
      const said: string[] = [];
      const net = layer((x: Tensor) => sum(x, { axis: 1, keepDims: true }));
      using model = sequential([net, dense(1)], { inputShape: [WIDTH], seed: 1 }).compile({
        optimizer: "sgd",
        loss: "meanSquaredError",
        warn: (message) => said.push(message),
      });
      const before = programs();
      const data = new Float32Array((260 * MIB) / 4);
      const step = (rows: number) =>
        model.trainOnBatch(
          { data: data.subarray(0, rows * WIDTH), shape: [rows, WIDTH] },
          zeros([rows, 1]),
        );
      for (let call = 0; call < 3; call++) {
        step(260);
        expect(programs() - before).toBeGreaterThan(260 * MIB);
        step(1);
        expect(programs() - before).toBeLessThan(2 * MIB);
      }
      expect(said.filter((message) => message.startsWith("model: expected programs"))).toHaveLength(
        1,
      );
    },
  );
});

describe("rows at a time", () => {
  /** What each row is multiplied out to, and the sum of it: 1 MiB for each row in between. */
  const wide = (warn = (_: string) => {}) =>
    sequential(
      [
        dense(WIDTH, { activation: "relu" }),
        layer((x: Tensor) => mean(x, { axis: 1, keepDims: true })),
      ],
      {
        inputShape: [2],
        seed: 1,
      },
    ).compile({ optimizer: "sgd", loss: "meanSquaredError", warn });

  test("of predict and evaluate are fewer where activations are large, with the same bits", () => {
    using model = wide();
    const [x, y] = [random([300, 2], 1), random([300, 1], 2)];
    const before = memory();
    const all = model.predict(x).data();
    const { loss } = model.evaluate(x, y);
    expect(memory().scratchBytes).toBeLessThanOrEqual(Math.max(before.scratchBytes, 64 * MIB));
    expect(programs() - before.owners.programs).toBeLessThan(MIB);
    let total = 0;
    for (let row = 0; row < 300; row += 75) {
      const one = model.predict([[x.data()[2 * row]!, x.data()[2 * row + 1]!]]);
      expect(one.data()[0]).toBe(all[row]);
    }
    for (let row = 0; row < 300; row++) total += (all[row]! - y.data()[row]!) ** 2;
    expect(Math.abs(loss - total / 300)).toBeLessThan(1e-6);
  });

  test("are as many as there are where a prediction changes variables: none is made up", () => {
    let seen!: Variable;
    const counting = () =>
      layer({
        type: "counting",
        build(_shape, add) {
          seen = add("seen", [1], "zeros", { trainable: false });
        },
        call(x, { training, update }) {
          // Each row counts 1, were it made up of zeros too.
          const ones = add(sum(x, { axis: 1 }), 1);
          if (!training) update(seen, (now) => add(now, sum(ones)));
          return x;
        },
      });
    using model = sequential([counting()], { inputShape: [3] }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      warn() {},
    });
    const count = () => seen.data()[0];
    model.predict(zeros([1, 3]));
    expect(count()).toBe(1);
    model.predict(zeros([5, 3]));
    expect(count()).toBe(6);
    model.predict(zeros([300, 3]));
    expect(count()).toBe(306);
    model.evaluate(zeros([33, 3]), zeros([33, 3]));
    expect(count()).toBe(339);
  });

  test("are looked at by fit without a change of what predictions change", async () => {
    let seen!: Variable;
    const counting = layer({
      type: "counting",
      build(_shape, add) {
        seen = add("seen", [1], "zeros", { trainable: false });
      },
      call(x, { training, update }) {
        if (!training) update(seen, (now) => add(now, 1));
        return x;
      },
    });
    const said: string[] = [];
    using model = sequential([counting, dense(1)], { inputShape: [1], seed: 1 }).compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      warn: (message) => said.push(message),
    });
    const far = { data: new Float32Array([1000, 1001]), shape: [2, 1] };
    await model.fit(zeros([2, 1]), far, { epochs: 1 });
    expect(said.join()).toContain("far from the outputs");
    expect([...seen.data()]).toEqual([0]);
  });
});
