import {
  type ActivationName,
  activation,
  adam,
  dense,
  dropout,
  jit,
  type Layer,
  loadModel,
  memory,
  OutOfMemoryError,
  sequential,
  sum,
  type Tensor,
  tensor,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { blobs, classifier, failure, flatWeights } from "./support/model.ts";
import { ours } from "./support/shares.ts";

const { x, y } = blobs();
const ROUNDS = import.meta.env.FERROGRAD_LONG ? 1000 : 20;

/** Bytes that stay after a function. */
function left(body: () => unknown): number {
  const before = memory().bytes;
  body();
  return memory().bytes - before;
}

describe("memory()", () => {
  test("counts live bytes by owner", () => {
    const before = memory();
    const model = sequential([dense(10)], { inputShape: [64] });
    const { owners, bytes } = memory();
    // Kernel, bias, and the counter of steps.
    expect(owners.variables - before.owners.variables).toBe((640 + 10 + 1) * 4);
    expect(bytes - before.bytes).toBe((640 + 10 + 1) * 4);
    expect(bytes).toBe(owners.variables + owners.optimizers + owners.programs);
    model.dispose();
    expect(memory().bytes).toBe(before.bytes);
  });

  test(`is exactly the baseline after ${ROUNDS} rounds of create, fit and dispose`, () => {
    const round = (seed: number) => {
      using model = classifier({ learningRate: 0.01 }, seed);
      model.fitSync(x, y, { batchSize: 32, validationSplit: 0.2 });
      model.predict(x);
    };
    round(0);
    const before = memory();
    for (let seed = 1; seed <= ROUNDS; seed++) round(seed);
    const after = memory();
    expect(after.bytes).toBe(before.bytes);
    expect(after.owners).toEqual(before.owners);
    expect(after.heapBytes).toBe(before.heapBytes);
  });

  test("is the baseline again for every owner of memory", () => {
    const data = [x, y] as const;
    const owners: Record<string, () => void> = {
      variable: () => variable([1, 2, 3]).dispose(),
      using: () => {
        using w = variable([1, 2, 3]);
        expect(w.size).toBe(3);
      },
      jit: () => {
        using f = jit((t: Tensor) => sum(t));
        expect(f([1, 2]).item()).toBe(3);
      },
      optimizer: () => {
        using optimizer = adam();
        using w = variable([1, 2, 3]);
        optimizer.minimize(sum(w), [w]);
      },
      lazy: () => sum(tensor([1, 2])).item(),
      "model compiled twice": () => {
        using model = classifier();
        model.fitSync(...data);
        model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
        model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
        model.fitSync(...data);
      },
      "loaded model": () => {
        using model = classifier();
        model.fitSync(...data);
        using loaded = loadModel(model.save({ includeOptimizer: true }));
        loaded.fitSync(...data);
      },
      "model that cannot be built": () => {
        expect(() =>
          sequential([dense(5), dense(5), () => 1 as never], { inputShape: [4] }),
        ).toThrow("sequential(): function: expected a function that returns a float32 tensor");
      },
    };
    for (const [name, body] of Object.entries(owners)) expect(left(body), name).toBe(0);
  });

  test("a layer whose model could not be built builds in another", () => {
    const layer = dense(3);
    expect(() => sequential([layer, () => 1 as never], { inputShape: [4] })).toThrow();
    using model = sequential([layer], { inputShape: [5] });
    expect(model.parameterCount).toBe(18);
  });

  test("dispose twice is dispose once", () => {
    expect(
      left(() => {
        const model = classifier();
        const w = variable([1]);
        const f = jit((t: Tensor) => sum(t));
        for (let i = 0; i < 2; i++) for (const owner of [model, w, f]) owner.dispose();
      }),
    ).toBe(0);
  });
});

describe("a training step", () => {
  const shapes = [
    [4, 8, 3],
    [64, 64, 64, 64, 10],
    [784, 128, 10],
    [784, 512, 10],
    [256, 512, 512, 512, 10],
  ];
  const optimizers = { sgd: 0, momentum: 1, adam: 2 } as const;

  test("needs at most 1.25 times parameters, slots, gradients and activations, and 1 MiB", () => {
    for (const units of ours(shapes)) {
      for (const [optimizer, slots] of Object.entries(optimizers)) {
        for (const rows of [1, 32, 256]) {
          const before = memory();
          const layers = units.slice(1).map((n, i) => {
            return dense(n, { activation: i === units.length - 2 ? "linear" : "tanh" });
          });
          using model = sequential(layers, { inputShape: [units[0]!] }).compile({
            optimizer: optimizer as keyof typeof optimizers,
            loss: "sparseCategoricalCrossentropy",
          });
          const data = new Float32Array(rows * units[0]!);
          model.trainOnBatch({ data, shape: [rows, units[0]!] }, new Int32Array(rows));
          const { bytes, scratchBytes } = memory();
          const parts = model.parameterCount * (2 + slots) + rows * units.reduce((a, b) => a + b);
          const used = bytes - before.bytes + scratchBytes;
          expect(used, `${units.join("-")} ${optimizer}, ${rows} rows`).toBeLessThanOrEqual(
            1.25 * 4 * parts + 2 ** 20,
          );
          expect(used).toBeGreaterThan(4 * parts * 0.9);
        }
      }
    }
  });

  const deep = [64, ...Array<number>(12).fill(128), 10];
  const nets = [[784, 512, 10], [256, 512, 512, 512, 10], deep, [32, 32, 1024]];
  const act = (units: number, name: ActivationName) => [dense(units, { activation: name })];
  /** The layers of one hidden width, and how many tensors of that width backward reads. */
  const hidden: Record<string, [tensors: number, make: (units: number) => Layer[]]> = {
    relu: [1, (units) => act(units, "relu")],
    "gelu, from its input": [2, (units) => act(units, "gelu")],
    "tanh apart": [2, (units) => [dense(units), activation("tanh")]],
    dropout: [2, (units) => [...act(units, "relu"), dropout(0.3)]],
    "dropout of gelu": [3, (units) => [...act(units, "gelu"), dropout(0.3)]],
  };

  /**
   * Floats of a row that live at one time, from the shapes alone: while a layer goes backward, its
   * output and all before it, and the gradients of its output and of its input.
   */
  function live(widths: readonly number[]): number {
    const moments = widths.slice(1).map((width, i) => {
      const values = widths.slice(0, i + 2).reduce((a, b) => a + b);
      return values + width + (i > 0 ? widths[i]! : 0);
    });
    return Math.max(...moments);
  }

  test.each(Object.entries(hidden))("needs no more in large batches: %s", (_, [tensors, make]) => {
    const rows = 1024;
    for (const units of ours(nets)) {
      for (const [optimizer, slots] of [
        ["sgd", 0],
        ["adam", 2],
      ] as const) {
        const before = memory();
        const inner = units.slice(1, -1);
        const layers = [...inner.flatMap(make), dense(units.at(-1)!)];
        using model = sequential(layers, { inputShape: [units[0]!] }).compile({
          optimizer,
          loss: "sparseCategoricalCrossentropy",
        });
        const data = new Float32Array(rows * units[0]!);
        model.trainOnBatch({ data, shape: [rows, units[0]!] }, new Int32Array(rows));
        const { bytes, scratchBytes } = memory();
        const inside = inner.flatMap((width) => Array<number>(tensors).fill(width));
        const widths = [units[0]!, ...inside, units.at(-1)!];
        const parts = model.parameterCount * (2 + slots) + rows * live(widths);
        expect(
          bytes - before.bytes + scratchBytes,
          `${units.join("-")} ${optimizer}`,
        ).toBeLessThanOrEqual(1.25 * 4 * parts + 2 ** 20);
      }
    }
  });

  test("has its parts in the summary", () => {
    const count = (words: number) => (4 * words).toLocaleString("en-US");
    for (const units of shapes) {
      for (const [optimizer, slots] of Object.entries(optimizers)) {
        const layers = units.slice(1).map((n) => dense(n, { activation: "relu" }));
        using model = sequential(layers, { inputShape: [units[0]!] }).compile({
          optimizer: optimizer as keyof typeof optimizers,
          loss: "sparseCategoricalCrossentropy",
        });
        const parameters = units.slice(1).reduce((sum, n, i) => sum + n * (units[i]! + 1), 0);
        const activations = 32 * units.reduce((a, b) => a + b);
        expect(model.summary()).toContain(
          `a training step of 32 rows needs about ${count(parameters * (2 + slots) + activations)} bytes: ` +
            `parameters ${count(parameters)}, optimizer ${count(parameters * slots)}, ` +
            `gradients ${count(parameters)}, activations ${count(activations)}`,
        );
      }
    }
  });
});

describe("more memory than there is", () => {
  const huge = (units: number) => sequential([dense(4), dense(units)], { inputShape: [64] });

  test("is an OutOfMemoryError that names the remedy, and the next call works", async () => {
    using model = classifier();
    model.trainOnBatch(x, y);
    const before = flatWeights(model);
    for (const units of [2 ** 28, 2 ** 31, 2 ** 50]) {
      expect(() => huge(units)).toThrow(OutOfMemoryError);
    }
    expect(await failure(() => huge(2 ** 28))).toBe(
      "OutOfMemoryError: ferrograd: expected room for 4096 MiB more in WebAssembly's memory (4 GiB at most), got none; " +
        "models that are no longer needed are freed by `using model = ...` or `model.dispose()`; " +
        "a synchronous loop gives the garbage collector no chance to do it",
    );
    expect(flatWeights(model)).toEqual(before);
    expect(model.trainOnBatch(x, y).loss).toBeGreaterThan(0);
    using next = classifier();
    expect(next.fitSync(x, y).steps).toBe(2);
  });

  test("a batch too large for it is refused, and a smaller one trains", async () => {
    using model = sequential([dense(2 ** 15), dense(3)], { inputShape: [4] }).compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
    });
    const rows = 2 ** 15;
    const wide = { data: new Float32Array(rows * 4), shape: [rows, 4] };
    const before = flatWeights(model);
    expect(await failure(() => model.trainOnBatch(wide, new Int32Array(rows)))).toMatch(
      /^OutOfMemoryError: ferrograd: expected room for /,
    );
    expect(flatWeights(model)).toEqual(before);
    expect(model.trainOnBatch(x, y).loss).toBeGreaterThan(0);
  });
});
