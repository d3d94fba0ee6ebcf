import {
  type Batches,
  type Callbacks,
  dense,
  type FerrogradError,
  type FitOptions,
  memory,
  sequential,
  sgd,
} from "ferrograd";
import { inWorker } from "ferrograd/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobs, failure } from "./support/model.ts";
import { ours } from "./support/shares.ts";

/** Callbacks and batches that do what they should not: the error is typed, the weights are those of the steps taken, the model trains on. */

const { x, y } = blobs();
const [STEPS, ROWS] = [3, 20];
const options = { epochs: 2, batchSize: ROWS, shuffle: false } as const;
/** Of the second batch numbers are so large that a step would overflow. */
const large = {
  data: x.data.map((value, at) => (at >= 4 * ROWS && at < 8 * ROWS ? 3e38 : value)),
  shape: x.shape,
};
const build = () =>
  sequential([dense(8, { activation: "relu" }), dense(3)], { inputShape: [4], seed: 1 }).compile({
    optimizer: sgd({ learningRate: 0.1 }), // without a state: with other weights it begins anew
    loss: "sparseCategoricalCrossentropy",
  });
type Net = ReturnType<typeof build>;
type Driver = (model: Net, of: object, given?: FitOptions) => Promise<unknown>;
type Hook = Exclude<keyof Callbacks, "state" | "restore">;

const HOOKS: readonly Hook[] = [
  ...(["onTrainBegin", "onEpochBegin", "onBatchBegin", "onBatchEnd", "onTestBegin"] as const),
  ...(["onTestEnd", "onEpochEnd", "onTrainEnd", "onNumericError"] as const),
];

/** Weights after each number of steps. */
const after: Float32Array[][] = [];
beforeAll(async () => {
  using model = build();
  after.push(model.getWeights());
  await model.fit(x, y, {
    ...options,
    callbacks: { onBatchEnd: () => void after.push(model.getWeights()) },
  });
});

const boom = new RangeError("boom");
const NEVER = new Promise<never>(() => {});
const gone = new Error("gone");
const TYPED = "RangeError: boom";
/** Behind a "…" is what was called. */
const DISPOSED = "DisposedError: …(): the model was disposed";

/** What a callback is up to. */
interface Deed {
  /** What it does when it is first called. */
  act(model: Net, abort: () => void): unknown;
  /** How the training ends: with an error, "stopped" or "completed". */
  ends: string;
  /** Where that differs. */
  but?: { readonly [hook in Hook]?: string };
  /** Does it give something to wait for? */
  waits?: boolean;
  /** Is there no model left? */
  isEnd?: boolean;
}

const OVERFLOW = "NumericError: …()";

const deeds: Readonly<Record<string, Deed>> = {
  throws: {
    act: () => {
      throw boom;
    },
    ends: TYPED,
  },
  rejects: { act: () => Promise.reject(boom), ends: TYPED, waits: true },
  "hangs until an abort": {
    act: (_, abort) => {
      queueMicrotask(abort);
      return NEVER;
    },
    ends: "Error: gone",
    waits: true,
  },
  "hangs until the model is disposed": {
    act: (model) => {
      queueMicrotask(() => model.dispose());
      return NEVER;
    },
    ends: DISPOSED,
    waits: true,
    isEnd: true,
  },
  aborts: { act: (_, abort) => abort(), ends: "Error: gone" },
  "disposes the model": { act: (model) => model.dispose(), ends: DISPOSED, isEnd: true },
  "calls fit": {
    act: (model) => model.fit(x, y),
    ends: "StateError: fit(): expected a model that is not training",
    waits: true,
  },
  stops: { act: () => "stop", ends: "stopped", but: { onTrainEnd: "completed" } },
  "calls stop": {
    act: (model) => model.stop(),
    ends: "stopped",
    but: { onTrainEnd: "completed" },
  },
  "gives what is nothing": {
    act: () => ({ stop: true }),
    ends: "completed",
    but: { onNumericError: OVERFLOW },
  },
};

/** What came of a training: "completed", "stopped" or its error. */
async function endOf(training: () => unknown): Promise<string> {
  let reason = "";
  const said = await failure(async () => {
    ({ stopReason: reason } = (await training()) as { stopReason: string });
  });
  return said === "no error" ? reason : said.replace(/epoch \d+/, "epoch n");
}

/** One training with a callback that misbehaves, and what the model is like after it. */
async function misbehaves(model: Net, hook: Hook, { act }: Deed, drive: Driver) {
  const controller = new AbortController();
  let [steps, hasActed] = [0, false];
  const callbacks: Callbacks[] = [
    {
      onBatchEnd(step) {
        steps = step;
      },
    },
    {
      [hook]: () => {
        if (hasActed) return undefined;
        hasActed = true;
        return act(model, () => controller.abort(gone));
      },
    },
  ];
  const of = hook === "onNumericError" ? large : x;
  const given = {
    ...options,
    validationData: [x, y],
    callbacks,
    signal: controller.signal,
  } as const;
  const end = await endOf(() => drive(model, of, given as FitOptions));
  return { end, steps, hasActed };
}

const drivers: Readonly<Record<string, Driver>> = {
  fit: (model, of, given) => model.fit(of as typeof x, y, given),
  fitSync: async (model, of, given) => model.fitSync(of as typeof x, y, given),
  train: async (model, of, given) => {
    const steps = model.train(of as typeof x, y, given);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
    }
  },
};

describe.each(Object.keys(drivers))("a callback of %s", (name) => {
  const drive = drivers[name]!;
  let kept: Net;
  beforeAll(() => {
    kept = build();
  });
  afterAll(() => kept.dispose());

  test.each(ours(Object.keys(deeds)))("that %s", async (deed) => {
    const { ends, but, waits = false, isEnd = false } = deeds[deed]!;
    for (const hook of HOOKS) {
      const before = memory().bytes;
      const isUnwaited = waits && name === "fitSync";
      const model = isEnd ? build() : kept;
      model.setWeights(after[0]!);
      const { end, steps, hasActed } = await misbehaves(model, hook, deeds[deed]!, drive);
      const expected = isUnwaited
        ? `StateError: fitSync(): ${hook}: expected`
        : (but?.[hook] ?? ends).replace("…", name);
      expect(`${hook} ${end}`).toContain(`${hook} ${expected}`);
      expect(hasActed).toBe(true);
      if (isEnd) {
        if (!isUnwaited) expect(await failure(() => model.predict(x))).toMatch(/^DisposedError/);
        model.dispose();
        expect(memory().bytes).toBe(before);
        continue;
      }
      expect([hook, model.getWeights()]).toEqual([hook, after[steps]]);
      const next = await model.fit(x, y, options);
      expect(next).toMatchObject({ stopReason: "completed", epochs: 2, steps: 2 * STEPS });
    }
  });
});

/** Rows of a step. */
const batch = (step: number, of = x, width = 4) => {
  const [begin, end] = [(step % STEPS) * ROWS, ((step % STEPS) + 1) * ROWS];
  return [
    { data: of.data.slice(begin * 4, begin * 4 + ROWS * width), shape: [ROWS, width] },
    y.slice(begin, end),
  ] as const;
};
const NAN = { data: x.data.map(() => Number.NaN), shape: x.shape };

/** What an iterator gives in the place of its second batch, and what is said of it. */
const wrong: Readonly<Record<string, readonly [next: () => unknown, says: string]>> = {
  "ends early": [
    () => ({ done: true }),
    "DataError: fit(): data: epoch n: expected 3 batches, got 1",
  ],
  "changes its shape": [
    () => ({ value: batch(1, x, 3) }),
    "ShapeError: fit(): data: batch 2 of epoch n: x",
  ],
  "gives NaN": [
    () => ({ value: batch(1, NAN) }),
    "DataError: fit(): data: batch 2 of epoch n: x: row 0",
  ],
  "gives an unknown class": [
    () => ({ value: [batch(1)[0], Int32Array.from(y.slice(0, ROWS), () => 3)] }),
    "DataError: fit(): data: batch 2 of epoch n: y: row 0: expected a class from 0 to 2, got 3",
  ],
  "gives other rows of x than of y": [
    () => ({ value: [batch(1)[0], y.slice(0, 7)] }),
    "DataError: fit(): data: batch 2 of epoch n: x has 20 rows but y has 7",
  ],
  "gives no batch": [
    () => ({ value: 7 }),
    "DataError: fit(): data: batch 2 of epoch n: expected [x, y]",
  ],
  throws: [
    () => {
      throw boom;
    },
    "DataError: fit(): data: epoch n: expected batch 2, got an error: boom",
  ],
  "makes a step overflow": [() => ({ value: batch(1, large) }), "NumericError: fit()"],
};

/** Batches of which the second is wrong; to close them fails too. */
function batches(next: () => unknown, isAsync: boolean) {
  let [asked, closed] = [0, 0];
  const giving = () => (asked++ === 1 ? next() : { done: false, value: batch(asked - 1) });
  const iterator = {
    next: isAsync ? async () => giving() : giving,
    return() {
      closed++;
      throw new Error("cannot be closed");
    },
  };
  const key = isAsync ? Symbol.asyncIterator : Symbol.iterator;
  const source = { [key]: () => iterator } as unknown as Batches;
  return { source, closed: () => closed };
}

describe.each([false, true])("batches, waited for: %s", (isAsync) => {
  let model: Net;
  beforeAll(() => {
    model = build();
  });
  afterAll(() => model.dispose());

  test.each(Object.keys(wrong))("of an iterator that %s", async (name) => {
    const [next, says] = wrong[name]!;
    model.setWeights(after[0]!);
    const { source, closed } = batches(next, isAsync);
    const end = await endOf(() => model.fit(source, { epochs: 2, stepsPerEpoch: STEPS }));
    expect(end).toContain(says);
    expect(model.getWeights()).toEqual(after[1]);
    expect(closed()).toBe(name === "throws" || name === "ends early" ? 0 : 1);
    expect((await model.fit(x, y, options)).steps).toBe(2 * STEPS);
  });

  test("of an iterator that hangs until an abort", async () => {
    model.setWeights(after[0]!);
    const controller = new AbortController();
    const hangs = () => {
      queueMicrotask(() => controller.abort(gone));
      return NEVER;
    };
    const { source, closed } = batches(hangs, isAsync);
    const { signal } = controller;
    expect(await endOf(() => model.fit(source, { stepsPerEpoch: STEPS, signal }))).toBe(
      "Error: gone",
    );
    expect([model.getWeights(), closed()]).toEqual([after[1], 1]);
    expect((await model.fit(x, y, options)).steps).toBe(2 * STEPS);
  });
});

describe("in a worker", () => {
  let remote: Awaited<ReturnType<typeof inWorker>>;
  beforeAll(async () => {
    remote = (await inWorker(build())) as never;
  });
  afterAll(() => remote.dispose());
  const driven: Driver = (model, of, given) => model.fit(of as typeof x, y, given);

  test.each(["throws", "rejects", "hangs until an abort", "aborts", "calls fit", "stops"])(
    "a callback that %s",
    async (deed) => {
      const { ends, but } = deeds[deed]!;
      for (const hook of HOOKS) {
        await remote.setWeights(after[0]!);
        const { end, steps } = await misbehaves(remote as never, hook, deeds[deed]!, driven);
        const expected = but?.[hook] ?? ends;
        expect(`${hook} ${end}`).toContain(`${hook} ${expected}`);
        expect([hook, await remote.getWeights()]).toEqual([hook, after[steps]]);
      }
      expect((await remote.fit(x, y, options)).stopReason).toBe("completed");
    },
  );

  test.each(Object.keys(wrong))("batches of an iterator that %s", async (name) => {
    const [next, says] = wrong[name]!;
    await remote.setWeights(after[0]!);
    const { source } = batches(next, true);
    expect(await endOf(() => remote.fit(source, { stepsPerEpoch: STEPS }))).toContain(says);
    expect(await remote.getWeights()).toEqual(after[1]);
    expect((await remote.fit(x, y, options)).stopReason).toBe("completed");
  });

  test("a callback that ends the model's worker", async () => {
    const other = await inWorker(build());
    const callbacks = { onBatchEnd: () => void other.dispose() };
    const ended = await other.fit(x, y, { ...options, callbacks }).catch((error: unknown) => error);
    expect((ended as FerrogradError).name).toBe("DisposedError");
    expect(await failure(() => other.getWeights())).toMatch(/^DisposedError/);
  });
});
