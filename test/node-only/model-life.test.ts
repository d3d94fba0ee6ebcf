import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dense, type Model, sequential, tensor } from "ferrograd";
import { describe, expect, it } from "vitest";
import { blobs, classifier, failure, flatWeights } from "../support/model.ts";

const page = readFileSync(
  fileURLToPath(new URL("../../docs/model-life.md", import.meta.url)),
  "utf8",
);
const [head, , ...rows] = [...page.matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row!.split(" | "));
const { x, y } = blobs();
const compiling = { optimizer: "adam", loss: "sparseCategoricalCrossentropy" } as const;

/** Each call of the table. */
const calls: Record<string, (model: Model<"accuracy">) => unknown> = {
  fit: (model) => model.fit(x, y),
  fitSync: (model) => model.fitSync(x, y),
  train: async (model) => {
    for await (const _ of model.train(x, y)) break;
  },
  trainOnBatch: (model) => model.trainOnBatch(x, y),
  compileTrainOnBatch: (model) => model.compileTrainOnBatch()(x.data.slice(0, 4), y.slice(0, 1)),
  compile: (model) => model.compile(compiling),
  evaluate: (model) => model.evaluate(x, y),
  predict: (model) => model.predict(x),
  compilePredict: (model) => model.compilePredict()(x.data.slice(0, 4), new Float32Array(3)),
  call: (model) => model.call(tensor(x.data, x.shape)).data(),
  outputsOf: (model) => model.outputsOf(model.layers[0]!).predict(x),
  getLayer: (model) => model.getLayer(model.layers[0]!).getWeights(),
  getWeights: (model) => model.getWeights(),
  namedWeights: (model) => model.namedWeights(),
  setWeights: (model) => model.setWeights(model.getWeights()),
  save: (model) => model.save({ includeOptimizer: true }),
  summary: (model) => model.summary(),
  optimizer: (model) => model.optimizer.learningRate,
  epochs: (model) => model.epochs,
  variables: (model) => model.variables.length,
  stop: (model) => model.stop(),
  dispose: (model) => model.dispose(),
};

/** What a call comes to. */
async function outcome(body: () => unknown): Promise<string> {
  return (await failure(body)).split(":", 1)[0]!.replace("no error", "works");
}

/** What a call comes to in a callback of `fit`, and while `fit` waits for one; then what became of `fit`. */
async function inFit(call: (model: Model<"accuracy">) => unknown) {
  const seen: string[] = [];
  for (const waiting of [false, true]) {
    const model = classifier();
    let asked: Promise<string> | undefined;
    let begun = () => {};
    const ask = () => {
      asked ??= outcome(() => call(model));
      return asked;
    };
    const first = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const onBatchEnd = async () => {
      begun();
      await (waiting ? new Promise((resolve) => setTimeout(resolve)) : ask());
    };
    const options = { epochs: 2, batchSize: 30, callbacks: { onBatchEnd } };
    const fit = model.fit(x, y, options).then(
      ({ stopReason }) => stopReason,
      (error: Error) => error.name,
    );
    await first;
    const said = await ask();
    const end = await fit;
    seen.push(`${said}, fit ${end}`);
    model.dispose();
  }
  return [...new Set(seen)];
}

/** A cell as `inFit` says it. */
const ENDS: Record<string, string> = {
  stop: "works, fit stopped",
  dispose: "works, fit DisposedError",
};

describe("docs/model-life.md", () => {
  it("has a row for every call", () => {
    expect(head).toEqual(["call", "not compiled", "idle", "in `fit`", "disposed"]);
    expect(rows.map(([name]) => name)).toEqual(Object.keys(calls).map((name) => `\`${name}\``));
  });

  it.each(rows)("%s: not compiled %s, idle %s, in fit %s, disposed %s", async (...row) => {
    const [name, fresh, idle, fitting, disposed] = row.map((cell) => cell!.replaceAll("`", ""));
    const call = calls[name!]!;
    const made = sequential([dense(3)], { inputShape: [4] }) as unknown as Model<"accuracy">;
    expect(await outcome(() => call(made))).toBe(fresh);
    made.dispose();
    const model = classifier();
    expect(await outcome(() => call(model))).toBe(idle);
    const end = fitting === "ends fit" ? ENDS[name!] : `${fitting}, fit completed`;
    expect(await inFit(call)).toEqual([end]);
    model.dispose();
    expect(await outcome(() => call(model))).toBe(disposed);
  });
});

describe("what is refused in fit", () => {
  it("leaves the bits of the training as they are", async () => {
    const train = async (callbacks: { onBatchEnd?: () => unknown }, model = classifier()) => {
      await model.fit(x, y, { epochs: 3, batchSize: 16, callbacks });
      const weights = flatWeights(model);
      model.dispose();
      return weights;
    };
    const alone = await train({});
    const harmless = rows.filter(([, , , fitting]) => fitting !== "ends `fit`");
    for (const [name] of harmless) {
      const model = classifier();
      const onBatchEnd = () => outcome(() => calls[name!.replaceAll("`", "")]!(model));
      expect([name, await train({ onBatchEnd }, model)]).toEqual([name, alone]);
    }
  });

  it("says how to go on", async () => {
    const model = classifier();
    const first = model.fit(x, y, { epochs: 2 });
    const said = await failure(() => model.fit(x, y));
    expect(said).toBe(
      "StateError: fit(): expected a model that is not training, got one in fit(); await that call, or end it with model.stop()",
    );
    expect((await first).stopReason).toBe("completed");
    model.dispose();
  });
});
