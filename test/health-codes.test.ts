import {
  addDecayedWeights,
  chain,
  customLoss,
  dense,
  initializers,
  input,
  type Layer,
  type Logs,
  type Model,
  mean,
  model as modelOf,
  mul,
  rescaling,
  sequential,
  sgd,
  square,
  stepDecay,
  sub,
  type Tensor,
} from "ferrograd";
import { diagnose, type FindingCode } from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";
import { centered, sum } from "./support/own-layers.ts";
import { isOurs, ours } from "./support/shares.ts";
import { NETWORKS, network, pictures, train } from "./support/troubled.ts";

test.each(ours(Object.keys(NETWORKS) as FindingCode[]))(
  "%s is raised by a network built to have it, and its remedy helps",
  (code) => {
    const data = code === "vanishing" ? pictures : train;
    using model = NETWORKS[code]();
    const before = model.getWeights();
    const finding = diagnose(model, data).findings.find((finding) => finding.code === code)!;
    expect(finding).toMatchObject({ code, severity: expect.any(String), step: expect.any(Number) });
    expect(finding.value).toBeGreaterThan(finding.threshold);
    expect(finding.remedies).toContain(finding.remedy);
    for (const { text } of finding.remedies) expect(finding.sentence).toContain(text);
    expect(finding.page).toBe(`docs/findings/${code}.md`);
    const { unchanged, remedied } = finding.tryRemedy();
    expect([unchanged.loss.length, remedied.loss.length]).toEqual([200, 200]);
    expect([unchanged.measure.length, remedied.measure.length]).toEqual([11, 11]);
    expect(remedied.value).toBeLessThan(unchanged.value);
    for (const { kind } of finding.remedies) {
      expect(finding.tryRemedy({ kind, steps: 3 }).remedied.loss).toHaveLength(3);
    }
    expect(model.getWeights()).toEqual(before);
  },
);

describe("where a remedy starts", () => {
  const rates = { epochs: 2, batchSize: 32 };
  const build = () =>
    network([dense(16, { activation: "tanh" }), dense(3)], sgd({ learningRate: 5 }));
  const first = (model: Model, epoch: number) => {
    const watched: number[] = [];
    model.fitSync(train, {
      ...rates,
      epochs: epoch,
      callbacks: { onBatchEnd: (_step, { loss }) => void watched.push(loss!) },
    });
    return watched;
  };
  const trained = (code: FindingCode, make = build) => {
    const model = make();
    first(model, 2);
    const thresholds = { [code]: 0 };
    const { findings } = diagnose(model, train, { thresholds });
    return { model, finding: findings.find((finding) => finding.code === code)! };
  };

  test.each(ours(["learningRate", "clip"] as const))("%s: in the model's state", (kind) => {
    const { model, finding } = trained("updateTooLarge");
    const { unchanged, remedied } = finding.tryRemedy({ kind, steps: 4 });
    // The batches and the optimizer are those of a third epoch.
    using on = build();
    const losses = first(on, 3);
    expect(unchanged.loss).toEqual(losses.slice(8));
    expect(remedied.loss[0]).toBe(unchanged.loss[0]);
    expect(remedied.loss[1]).not.toBe(unchanged.loss[1]);
    model.dispose();
  });

  test.each([
    ["changes what it does with large gradients", 100, true],
    ["goes on with its state, and changes nothing of small ones", 1e-3, false],
  ])("clip of a chain: %s", (_what, scale, changes) => {
    const make = () => {
      const optimizer = chain(sgd({ learningRate: 0.05, momentum: 0.9 }), addDecayedWeights(1e-4));
      return network([rescaling({ scale }), dense(3, { useBias: false })], optimizer);
    };
    const { model, finding } = trained("updateTooLarge", make);
    const { unchanged, remedied } = finding.tryRemedy({ kind: "clip", steps: 4 });
    using on = make();
    expect(unchanged.loss).toEqual(first(on, 3).slice(8));
    expect(remedied.loss[0]).toBe(unchanged.loss[0]);
    if (changes) expect(remedied.loss[1]).not.toBe(unchanged.loss[1]);
    else expect(remedied.loss).toEqual(unchanged.loss);
    model.dispose();
  });

  test("a schedule goes along, and a remedy scales it", () => {
    const rates = stepDecay({ initialLearningRate: 5, stepSize: 9, gamma: 0 });
    const make = () =>
      network([dense(16, { activation: "tanh" }), dense(3)], sgd({ learningRate: rates }));
    const { model, finding } = trained("updateTooLarge", make);
    const { unchanged, remedied } = finding.tryRemedy({ kind: "learningRate", steps: 5 });
    using on = make();
    expect(unchanged.loss.slice(0, 4)).toEqual(first(on, 3).slice(8));
    expect(remedied.loss[1]).not.toBe(unchanged.loss[1]);
    const slow = rates.rate(9); // 0: nothing changes any more
    expect([slow, model.optimizer.learningRate]).toEqual([0, 5]);
    model.dispose();
  });

  test("optimizer: in the model's state", () => {
    const { model, finding } = trained("updateTooSmall");
    const { unchanged, remedied } = finding.tryRemedy({ kind: "optimizer", steps: 4 });
    expect(remedied.loss[0]).toBe(unchanged.loss[0]);
    expect(remedied.loss[1]).not.toBe(unchanged.loss[1]);
    model.dispose();
  });

  test.each(
    ours([
      ["activation", "notZeroCentered"],
      ["initialize", "nan"],
      ["width", "lossStuckAtChance"],
    ] as const),
  )("%s: at step 0, with the seed's weights", (kind, code) => {
    const layers = () => [
      dense(16, { activation: "relu", kernelInitializer: initializers.normal({ stddev: 0.2 }) }),
      dense(3),
    ];
    const finding = (model: Model) => {
      const found = diagnose(model, train, { step: 100, thresholds: { [code]: -1 } }).findings;
      return found.find((one) => one.code === code && ["dense", undefined].includes(one.layer))!;
    };
    using model = network(layers(), sgd());
    using fresh = network(layers(), sgd());
    first(model, 2);
    const { unchanged, remedied } = finding(model).tryRemedy({ kind, steps: 8 });
    expect(unchanged.loss).toEqual(first(fresh, 2));
    expect(remedied.loss[0]).not.toBe(unchanged.loss[0]);
  });

  const squares = (yTrue: Tensor, yPred: Tensor) => mean(square(sub(yTrue, yPred)), { axis: 1 });
  test.each(
    ours<readonly [string, typeof squares]>([
      ["without a name", squares],
      ["with a name", customLoss(squares, { name: "squares" })],
    ]),
  )("a loss of one's own goes along: %s", (_, loss) => {
    const y = { data: train.x.data.slice(0, 3 * train.length), shape: [train.length, 3] };
    using model = sequential([dense(8, { activation: "relu" }), dense(3)], {
      inputShape: train.x.shape.slice(1),
    }).compile({ optimizer: sgd({ learningRate: 0.1 }), loss });
    const losses: number[] = [];
    const callbacks = { onBatchEnd: (_: number, logs: Logs) => void losses.push(logs.loss!) };
    model.fitSync(train.x, y, { callbacks });
    for (const code of ["updateTooLarge", "dying"] as const) {
      const { findings } = diagnose(model, train.x, y, { thresholds: { [code]: -1 } });
      const finding = findings.find((one) => one.code === code)!;
      for (const { kind } of finding.remedies) {
        const { unchanged, remedied } = finding.tryRemedy({ kind, steps: 4 });
        const anew = kind === "activation" || kind === "initialize";
        if (anew) expect(unchanged.loss, kind).toEqual(losses.slice(0, 4));
        // The network has the default initializers already.
        if (kind === "initialize") expect(remedied.loss).toEqual(unchanged.loss);
        else expect(remedied.loss[1], kind).not.toBe(unchanged.loss[1]);
      }
    }
  });

  test("a model that cannot be saved cannot be copied", () => {
    using model = network([
      dense(8, { activation: "relu" }),
      (z: Tensor) => mul(z, 2),
      dense(3),
    ] as unknown as Layer[]);
    const { findings, layers } = diagnose(model, train, { thresholds: { dying: -1 } });
    expect(layers.every(({ updateRatio }) => updateRatio === undefined)).toBe(true);
    const dying = findings.find(({ code }) => code === "dying")!;
    expect(() => dying.tryRemedy()).toThrow(
      /^tryRemedy\(\): a copy: layer "function": expected built-in/,
    );
  });

  test.runIf(isOurs(1))(
    "a model with layers of one's own is copied with what makes them again",
    () => {
      using model = network([
        dense(8, { activation: "relu" }),
        centered({}),
        dense(8, { activation: "relu" }),
        dense(3),
      ]);
      model.fitSync(train, { epochs: 2 });
      const before = model.getWeights();
      const thresholds = { dying: -1, updateTooLarge: -1 };
      const alone = diagnose(model, train, { thresholds });
      expect(alone.layers.every(({ updateRatio }) => updateRatio === undefined)).toBe(true);
      const [first] = alone.findings;
      expect(() => first!.tryRemedy()).toThrow('unknown layer "centered"');
      const { layers, findings } = diagnose(model, train, { thresholds, layers: { centered } });
      const updated = layers.filter(({ updateRatio }) => updateRatio! > 0).map(({ name }) => name);
      expect(updated).toEqual(["dense", "dense_1", "dense_2"]);
      for (const code of ["dying", "updateTooLarge"]) {
        const finding = findings.find((one) => one.code === code)!;
        for (const { kind } of finding.remedies) {
          const { unchanged, remedied } = finding.tryRemedy({ kind, steps: 4 });
          expect([...unchanged.loss, ...remedied.loss].every(Number.isFinite), kind).toBe(true);
        }
      }
      expect(model.getWeights()).toEqual(before);
      // @ts-expect-error: no function
      expect(() => diagnose(model, train, { layers: { centered: 3 } })).toThrow(
        "diagnose(): layers: centered: expected a function, got 3",
      );
    },
  );

  test("updates of a model with several inputs and outputs are measured, and remedies tried", () => {
    const [left, right] = [input([4]), input([4])];
    const sums = sum({})([
      dense(8, { activation: "relu" })(left),
      dense(8, { activation: "relu" })(right),
    ]);
    using two = modelOf({
      inputs: { left, right },
      outputs: { kind: dense(3)(sums), size: dense(1)(sums) },
    });
    const compiled = two.compile({
      optimizer: "sgd",
      loss: { kind: "sparseCategoricalCrossentropy", size: "meanSquaredError" },
    });
    const x = { left: train.x, right: train.x };
    const y = {
      kind: train.y,
      size: { data: Float32Array.from(train.y.data), shape: [train.length, 1] },
    };
    const options = { thresholds: { dying: -1 }, layers: { sum } };
    const { layers, findings } = diagnose(compiled, x, y, options);
    const dense4 = layers.filter(({ name }) => name.startsWith("dense"));
    expect(dense4.map(({ updateRatio }) => updateRatio! > 0)).toEqual([true, true, true, true]);
    const { unchanged } = findings.find(({ code }) => code === "dying")!.tryRemedy({ steps: 3 });
    expect(unchanged.loss.every(Number.isFinite)).toBe(true);
  });

  test("a kind that the finding does not name is refused", () => {
    const { model, finding } = trained("updateTooLarge");
    expect(() => finding.tryRemedy({ kind: "width" })).toThrow(/"learningRate"/);
    model.dispose();
  });
});

test("chance is the loss of the best answer that ignores the inputs", () => {
  const rows = 40;
  const x = { data: new Float32Array(rows).map((_, i) => i / rows), shape: [rows, 1] };
  const classes: number[] = Array.from({ length: rows }, (_, i) =>
    i % 4 === 0 ? 1 : i % 5 === 0 ? 2 : 0,
  );
  const share = (label: number) => classes.filter((c) => c === label).length / rows;
  const entropy = -[0, 1, 2].reduce((sum, c) => sum + share(c) * Math.log(share(c)), 0);
  const oneHot = {
    data: classes.flatMap((c) => [0, 1, 2].map((k) => Number(k === c))),
    shape: [rows, 3],
  };
  const ones = { data: classes.map((c) => Number(c === 1)), shape: [rows, 1] };
  const binary = -(share(1) * Math.log(share(1)) + (1 - share(1)) * Math.log(1 - share(1)));
  const mean = classes.reduce((sum, c) => sum + c, 0) / rows;
  const variance = classes.reduce((sum, c) => sum + (c - mean) ** 2, 0) / rows;
  const numbers = { data: classes, shape: [rows, 1] };
  const cases = [
    [
      "sparseCategoricalCrossentropy",
      3,
      { data: Int32Array.from(classes), shape: [rows] },
      entropy,
    ],
    ["categoricalCrossentropy", 3, oneHot, entropy],
    ["binaryCrossentropy", 1, ones, binary],
    ["meanSquaredError", 1, numbers, variance],
    ["meanAbsoluteError", 1, numbers, undefined],
  ] as const;
  for (const [loss, units, y, expected] of cases) {
    using model = sequential([dense(units)], { inputShape: [1] }).compile({
      optimizer: "sgd",
      loss,
    });
    const { chance } = diagnose(model, x, { ...y, data: Float32Array.from(y.data) });
    if (expected === undefined) expect(chance).toBeUndefined();
    else expect(Math.abs(chance! - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
  }
});
