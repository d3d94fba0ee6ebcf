import {
  customLoss,
  dense,
  input,
  type LossFunction,
  loadModel,
  maximum,
  model,
  mul,
  readSafetensors,
  sequential,
  square,
  sub,
  type Tensor,
  writeSafetensors,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";

/** The quantile loss: as a user would write it, with an option. */
const pinball = ({ share }: { share: number }) =>
  customLoss((y, p) => maximum(mul(sub(y, p), share), mul(sub(p, y), 1 - share)), {
    name: "pinball",
    config: { share },
  });

const x = [[0], [1], [2], [3]];
const y = [[1], [3], [5], [9]];

const net = (loss: LossFunction = pinball({ share: 0.75 })) =>
  sequential([dense(3, { activation: "tanh" }), dense(1)], { inputShape: [1], seed: 2 }).compile({
    optimizer: "adam",
    loss,
    metrics: ["meanAbsoluteError"],
  });

describe("a loss of one's own with a name", () => {
  test("is saved with its options, and made again by what loadModel is given", async () => {
    using whole = net();
    await whole.fit(x, y, { epochs: 6, batchSize: 2 });
    using half = net();
    await half.fit(x, y, { epochs: 3, batchSize: 2 });
    const asked: unknown[] = [];
    const losses = {
      pinball: (options: { share: number }) => {
        asked.push(options);
        return pinball(options);
      },
    };
    using loaded = loadModel(half.save({ includeOptimizer: true }), { losses });
    await loaded.fit(x, y, { epochs: 3, batchSize: 2 });
    expect(flatWeights(loaded)).toEqual(flatWeights(whole));
    expect(loaded.evaluate(x, y)).toEqual(whole.evaluate(x, y));
    expect(asked).toEqual([{ share: 0.75 }]);
    using again = loadModel(loaded.save(), { losses });
    expect(again.evaluate(x, y)).toEqual(whole.evaluate(x, y));
  });

  test("of one output among several", () => {
    const a = input([1], { name: "a" });
    const outputs = { near: dense(1)(a), far: dense(1)(a) };
    using two = model({ inputs: a, outputs }).compile({
      optimizer: "sgd",
      loss: { near: "huber", far: pinball({ share: 0.9 }) },
    });
    using loaded = loadModel(two.save(), { losses: { pinball } });
    const targets = { near: y, far: y };
    expect(loaded.evaluate(x, targets)).toEqual(two.evaluate(x, targets));
  });

  test("that is not given leaves the model uncompiled, which then says what to give", async () => {
    using trained = net();
    const bytes = trained.save({ includeOptimizer: true });
    using loaded = loadModel(bytes, { losses: { pinbal: pinball } });
    expect(loaded.predict(x).data()).toEqual(trained.predict(x).data());
    expect(await failure(() => loaded.fit(x, y))).toBe(
      'StateError: fit(): expected a compiled model; the file names an unknown loss "pinball"; did you mean "pinbal"?; ' +
        'losses of your own are given to loadModel(bytes, { losses: { ... } }); or call model.compile({ optimizer: "adam", loss: "..." }) first',
    );
    loaded.compile({ optimizer: "adam", loss: pinball({ share: 0.75 }) });
    expect(loaded.evaluate(x, y).loss).toBe(trained.evaluate(x, y).loss);
  });

  test("is never taken for one of ours of the same name", async () => {
    const huber = () => customLoss((t, p) => square(square(sub(t, p))), { name: "huber" });
    using own = net(huber());
    const bytes = own.save();
    expect(await failure(() => loadModel(bytes).evaluate(x, y))).toContain("unknown loss");
    using loaded = loadModel(bytes, { losses: { huber } });
    expect(loaded.evaluate(x, y)).toEqual(own.evaluate(x, y));
  });

  test("without a name is told of when the model is to train", async () => {
    using own = net((t: Tensor, p: Tensor) => square(sub(t, p)));
    expect(await failure(() => loadModel(own.save({ includeOptimizer: true })).fit(x, y))).toBe(
      "StateError: fit(): expected a compiled model; it was saved with a loss of its own without a name, which a file cannot hold; " +
        'or call model.compile({ optimizer: "adam", loss: "..." }) first',
    );
  });

  test("is refused where a file could not name it", async () => {
    const loss = (t: Tensor, p: Tensor) => sub(t, p);
    const refusals = [
      () => customLoss(loss, { name: "" }),
      () => customLoss(loss, { name: "a/b" }),
      () => customLoss(loss, { name: "a", config: { f: (() => 1) as never } }),
      () => customLoss(loss, { name: "a", config: { far: Number.POSITIVE_INFINITY } }),
    ];
    expect(await Promise.all(refusals.map(failure))).toEqual([
      'ArgumentError: customLoss(): name: expected text without "/", got ""',
      'ArgumentError: customLoss(): name: expected text without "/", got "a/b"',
      "ArgumentError: customLoss(): config.f: expected options that JSON holds, got a function",
      "ArgumentError: customLoss(): config.far: expected options that JSON holds, got Infinity",
    ]);
  });
});

describe("what loadModel is given", () => {
  const bytes = () => net().save();

  test.each([
    [
      { losses: { pinball: () => customLoss(() => sub(1, 1), { name: "other" }) } },
      'got one of type "other"',
    ],
    [{ losses: { pinball: () => (() => 1) as never } }, "got a function"],
    [{ losses: { pinball: 3 as never } }, "losses: pinball: expected a function, got 3"],
    [{ losses: [] as never }, "losses: expected an object of options, got an array of length 0"],
    [{ loses: {} } as object, 'unknown option "loses"; did you mean "losses"?'],
  ])("is refused where it is no such thing: %o", async (options, message) => {
    expect(await failure(() => loadModel(bytes(), options))).toContain(message);
  });

  test("is refused where its options are others than the file's", async () => {
    const strict = ({ share }: { share: number }) => {
      if (share > 1) throw new RangeError("share");
      return pinball({ share });
    };
    const { tensors, metadata } = readSafetensors(bytes());
    const architecture = metadata.get("model")!.replace("0.75", "7.5");
    const hostile = writeSafetensors(tensors, new Map(metadata).set("model", architecture));
    expect(await failure(() => loadModel(hostile, { losses: { pinball: strict } }))).toBe(
      "RangeError: share",
    );
  });
});
