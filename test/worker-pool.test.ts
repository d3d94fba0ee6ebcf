import { adam, DisposedError, dense, loadModel, sequential } from "ferrograd";
import { fromArrays, kFold } from "ferrograd/data";
import { wine } from "ferrograd/datasets";
import { type RunPlan, WorkerError, WorkerPool, workerPool } from "ferrograd/worker";
import { afterAll, describe, expect, test, vi } from "vitest";
import { moduleOf } from "./support/worker-files.ts";

const { train: rows, test: held } = wine();
const build = (learningRate = 0.01, seed = 1) =>
  sequential([dense(8, { activation: "tanh" }), dense(3)], { inputShape: [13], seed }).compile({
    optimizer: adam({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
const plan = (learningRate: number): RunPlan => ({
  model: build(learningRate),
  data: rows,
  fit: { epochs: 2 },
  test: { data: held },
});

async function all<T>(runs: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const run of runs) found.push(run);
  return found;
}

describe("a pool of workers", () => {
  const pool = workerPool({ size: 2 });
  afterAll(() => pool.dispose());

  test("runs folds: in their order, with the bits of this thread", async () => {
    const folds = kFold(rows.length, { folds: 5, seed: 2 });
    const runs = pool.runs(folds, (fold) => ({
      model: build(),
      data: rows,
      rows: fold.train,
      fit: { epochs: 3 },
      test: { rows: Array.from(fold.test) },
    }));
    const found = await all(runs);
    expect(found.map(({ config, index }) => [config, index])).toEqual(
      folds.map((fold, i) => [fold, i]),
    );
    for (const [i, fold] of folds.entries()) {
      using model = build();
      const { history } = await model.fit(rows.rows(fold.train), { epochs: 3 });
      expect(found[i]!.history).toEqual(history);
      expect(found[i]!.evaluated).toEqual(model.evaluate(rows.rows(fold.test)));
      using loaded = loadModel(found[i]!.model);
      expect([loaded.getWeights(), loaded.epochs]).toEqual([model.getWeights(), 3]);
    }
  });

  test("runs over one pipeline: each as if it were alone", async () => {
    const made = () => fromArrays(rows).shuffle(2).batch(16);
    const epochs = [1, 2, 2];
    const shared = made();
    const found = await all(
      pool.runs(epochs, (each) => ({ model: build(), data: shared, fit: { epochs: each } })),
    );
    for (const [i, each] of epochs.entries()) {
      using model = build();
      const { history } = await model.fit(made(), { epochs: each });
      expect(found[i]!.history).toEqual(history);
    }
    expect(shared.state()).toMatchObject({ pass: 2, taken: 0 });
  });

  test("measures on batches, and lets go of them", async () => {
    const batches = () =>
      [0, 10]
        .map((at) => [held.x.data, at] as const)
        .map(([data, at]) => {
          const x = { data: data.slice(at * 13, (at + 10) * 13), shape: [10, 13] };
          return [x, held.y.data.slice(at, at + 10)] as const;
        });
    let walks = 0;
    const data = () => {
      walks++;
      return batches();
    };
    const [run] = await all(
      pool.runs([1], () => ({ model: build(), data: rows, fit: { epochs: 1 }, test: { data } })),
    );
    using model = build();
    await model.fit(rows, { epochs: 1 });
    expect([run!.evaluated, walks]).toEqual([model.evaluate(batches()), 1]);
  });

  test("calls callbacks here, and takes bytes of a model as often as one likes", async () => {
    using model = build();
    const bytes = model.save({ includeOptimizer: true });
    const epochs: string[] = [];
    const runs = pool.runs(["a", "b", "c"], async (name) => ({
      model: bytes,
      data: { x: rows.x, y: rows.y },
      fit: { epochs: 2, callbacks: { onEpochEnd: (epoch) => void epochs.push(`${name}${epoch}`) } },
    }));
    const found = await all(runs);
    expect(epochs.sort()).toEqual(["a1", "a2", "b1", "b2", "c1", "c2"]);
    expect(new Set(found.map(({ history }) => JSON.stringify(history))).size).toBe(1);
    expect(found[0]!.evaluated).toBeUndefined();
  });

  test("ends with the first that fails, and goes on with the next runs", async () => {
    const seen: number[] = [];
    const failing = async () => {
      for await (const { index } of pool.runs([0.1, 0.2, 0.3, 0.4], (rate) => ({
        ...plan(rate),
        ...(rate === 0.3 && { fit: { epochs: 0 } }),
      })))
        seen.push(index);
    };
    await expect(failing()).rejects.toThrow("fit(): epochs: expected a positive integer, got 0");
    expect(seen).toEqual([0, 1]);
    await expect(
      all(
        pool.runs([1], () => {
          throw new RangeError("own");
        }),
      ),
    ).rejects.toThrow("own");
    const wrong = [
      [() => 1, "runs(): plan of configuration 0: expected an object, got 1"],
      [() => ({ ...plan(1), row: [] }), 'unknown option "row"; did you mean "rows"?'],
      [
        () => ({ ...plan(1), data: { x: 1, y: 1 }, rows: [0] }),
        "rows: expected positions in a Dataset, got other data",
      ],
      [
        () => ({ ...plan(1), rows: [-1] }),
        "runs(): rows[0]: expected an integer of 0 or more, got -1",
      ],
      [() => ({ ...plan(1), fit: { signal: 5 } }), "fit(): signal: expected an AbortSignal, got 5"],
      [() => ({ ...plan(1), rows: [1e6] }), "rows(): position 0: expected a row from 0 to"],
    ] as const;
    for (const [make, message] of wrong)
      await expect(all(pool.runs([1], make as never))).rejects.toThrow(message);
    expect((await all(pool.runs([0.1], plan))).length).toBe(1);
  });

  test("ends what is under way where a loop is left, or a signal says so", async () => {
    const long = (rate: number) => ({ ...plan(rate), fit: { epochs: rate > 0.1 ? 1e7 : 1 } });
    for await (const { index } of pool.runs([0.1, 0.2, 0.3], long)) {
      expect(index).toBe(0);
      break;
    }
    const signal = AbortSignal.abort("no");
    await expect(
      all(pool.runs([0.1], (rate) => ({ ...plan(rate), fit: { signal } }))),
    ).rejects.toBe("no");
    expect((await all(pool.runs([0.1, 0.2], plan))).length).toBe(2);
  });
});

describe("pools", () => {
  test("go on with another worker where one ends", async () => {
    const dies = moduleOf("setTimeout(() => { throw new Error('late'); }, 200);");
    await using pool = workerPool({ size: 1, modules: [dies] });
    const forever = (rate: number) => ({ ...plan(rate), fit: { epochs: 1e7 } });
    await expect(all(pool.runs([0.1], forever))).rejects.toThrow(WorkerError);
    await expect(all(pool.runs([0.1], forever))).rejects.toThrow(/an error: .*late/);
  });

  test("go on with another worker where one ended while it had nothing to do", async () => {
    const dies = moduleOf(
      'new BroadcastChannel("pool").onmessage = () => setTimeout(() => { throw new Error("late"); });',
    );
    await using pool = workerPool({ size: 1, modules: [dies] });
    await all(pool.runs([0.1], plan));
    const [first] = (pool as unknown as { all: Set<{ alive: boolean }> }).all;
    const channel = new BroadcastChannel("pool");
    channel.postMessage("end");
    await vi.waitFor(() => expect(first!.alive).toBe(false), { interval: 2 });
    channel.close();
    expect((await all(pool.runs([0.1], plan))).length).toBe(1);
  });

  test("hear of an abort while a worker starts, also of one that never does", async () => {
    const never = moduleOf("await new Promise(() => {})");
    await using pool = workerPool({ size: 2, modules: [never] });
    const aborted = new AbortController();
    const { signal } = aborted;
    const running = all(
      pool.runs([0.1], (rate) => ({ ...plan(rate), fit: { epochs: 1e7, signal } })),
    );
    setTimeout(() => aborted.abort("no"), 5);
    await expect(running).rejects.toBe("no");
    const failing = pool.runs([0.1, 0.2], (rate) => {
      if (rate === 0.1) throw new RangeError("own");
      return plan(rate);
    });
    await expect(all(failing)).rejects.toThrow("own");
    await using good = workerPool({ size: 1 });
    const soon = new AbortController();
    const starting = good.runs([0.1], (rate) => {
      setTimeout(() => soon.abort("soon"));
      return { ...plan(rate), fit: { epochs: 1e7, signal: soon.signal } };
    });
    await expect(all(starting)).rejects.toBe("soon");
    expect((await all(good.runs([0.1], plan))).length).toBe(1);
  });

  test("wait for a plan no longer than for the rest", async () => {
    const pool = workerPool({ size: 2 });
    const never = (rate: number) => {
      if (rate === 0.1) throw new RangeError("own");
      return new Promise<RunPlan>(() => {});
    };
    await expect(all(pool.runs([0.1, 0.2], never))).rejects.toThrow("own");
    const running = all(pool.runs([0.3], never));
    setTimeout(() => pool.dispose());
    await expect(running).rejects.toThrow("runs(): the pool was disposed");
  });

  test("that are disposed end their runs", async () => {
    const pool = workerPool({ size: 1 });
    const running = all(pool.runs([0.1, 0.2], (rate) => ({ ...plan(rate), fit: { epochs: 1e7 } })));
    const disposed = new Promise((resolve) => setTimeout(() => resolve(pool.dispose())));
    await expect(running).rejects.toThrow(DisposedError);
    await disposed;
    await expect(all(pool.runs([0.1], plan))).rejects.toThrow("runs(): the pool was disposed");
  });

  test("have a size", () => {
    expect(workerPool().size).toBeGreaterThan(0);
    expect(() => workerPool({ size: 0 })).toThrow(
      "workerPool(): size: expected a positive integer, got 0",
    );
    expect(() => new WorkerPool({ sizes: 1 } as never)).toThrow('unknown option "sizes"');
    expect(() => workerPool({ worker: 1 as never })).toThrow(
      "workerPool(): worker: expected a function, got 1",
    );
  });
});
