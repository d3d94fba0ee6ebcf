import { expect, test } from "vitest";

/** Calls of the core that allocate. */
const ALLOCATES = ["alloc", "room", "load", "survey", "histogram", "columnSigns"];

// The core, whose memory grows after each of them: views of what it was before are then empty.
const { Instance } = WebAssembly;
let grows = 0;
let growing = false;
WebAssembly.Instance = new Proxy(Instance, {
  construct(target, args: ConstructorParameters<typeof Instance>) {
    const instance = new target(...args);
    const memory = instance.exports.memory as WebAssembly.Memory;
    const calls = Object.entries(instance.exports).map(([name, call]) => {
      if (typeof call !== "function" || !ALLOCATES.includes(name)) return [name, call] as const;
      const growingAfter = (...numbers: unknown[]) => {
        const result = call(...numbers);
        if (growing && grows < 2000) {
          memory.grow(1);
          grows++;
        }
        return result;
      };
      return [name, growingAfter] as const;
    });
    return { exports: Object.fromEntries(calls) };
  },
});
const { dense, dropout, sequential } = await import("ferrograd");
const { diagnose, health, whyStuck } = await import("ferrograd/diagnostics");

const x = Array.from({ length: 20 }, (_, row) => [0, 1, 2, 3].map((i) => Math.sin(7 * row + i)));
const labels = x.map((_, row) => row % 3);

/** Everything that reads what lies in the core, of one training. */
function everything(grow: boolean): string {
  growing = grow;
  const layers = [dense(8, { activation: "sigmoid" }), dropout(0.2), dense(3)];
  using model = sequential(layers, { inputShape: [4], seed: 1 }).compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const { history } = model.fitSync(x, labels, { epochs: 3, batchSize: 8, callbacks: [health()] });
  const found = {
    history,
    diagnosis: diagnose(model, x, labels),
    stuck: String(whyStuck(model, x, labels, { layer: "dense", unit: 1 })),
    measured: model.evaluate(x, labels),
    scores: model.predict(x).data(),
    saved: [...model.save({ includeOptimizer: true })],
  };
  growing = false;
  return JSON.stringify(found);
}

test("the memory may grow at every call that allocates", () => {
  const still = everything(false);
  expect(everything(true)).toBe(still);
  expect(grows).toBeGreaterThan(100);
});
