import { adam, dense, initializers, type Layer, type Model, mul, sequential, sgd } from "ferrograd";
import { digits, iris } from "ferrograd/datasets";
import {
  diagnose,
  type FindingCode,
  health,
  type LayerHealth,
  whyStuck,
} from "ferrograd/diagnostics";
import { describe, expect, test } from "vitest";

const { train } = iris();
const pictures = digits().train;

function network(layers: Layer[], optimizer = adam(), data = train): Model {
  const inputShape = data.x.shape.slice(1);
  return sequential(layers, { inputShape, seed: 1 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    warn: () => {}, // of layers without an activation, which one of them is to have
  });
}

/** The model with its first kernel and bias replaced. */
function withFirst(
  model: Model,
  kernel: (w: number) => number,
  bias: (b: number) => number,
): Model {
  const [w, b, ...rest] = model.getWeights();
  model.setWeights([w!.map(kernel), b!.map(bias), ...rest]);
  return model;
}

/** A network built to have the trouble. */
const NETWORKS: Record<FindingCode, () => Model> = {
  saturated: () => {
    const model = network([dense(32, { activation: "sigmoid" }), dense(3)]);
    return withFirst(
      model,
      (w) => 50 * w,
      (b) => b,
    );
  },
  dying: () => {
    const model = network([dense(32, { activation: "relu" }), dense(3)]);
    const [w, b, ...rest] = model.getWeights();
    model.setWeights([w!, b!.map((_, unit) => (unit < 12 ? -100 : 0)), ...rest]);
    return model;
  },
  dead: () =>
    withFirst(
      network([dense(32, { activation: "relu" }), dense(3)]),
      (w) => w,
      () => -100,
    ),
  notZeroCentered: () =>
    network([dense(16, { activation: "sigmoid" }), dense(16, { activation: "sigmoid" }), dense(3)]),
  vanishing: () =>
    network(
      [...Array.from({ length: 9 }, () => dense(64, { activation: "sigmoid" })), dense(10)],
      adam(),
      pictures,
    ),
  exploding: () => {
    const model = network([
      ...Array.from({ length: 8 }, () => dense(16, { activation: "relu" })),
      dense(3),
    ]);
    model.setWeights(model.getWeights().map((values) => values.map((value) => 4 * value)));
    return model;
  },
  updateTooLarge: () =>
    network([dense(16, { activation: "relu" }), dense(3)], adam({ learningRate: 1 })),
  updateTooSmall: () =>
    network([dense(16, { activation: "relu" }), dense(3)], adam({ learningRate: 1e-7 })),
  initMismatch: () =>
    network([dense(32, { activation: "relu", kernelInitializer: "zeros" }), dense(3)]),
  collapsed: () => network([dense(32), dense(3)]),
  nan: () =>
    withFirst(
      network([dense(32, { activation: "relu" }), dense(3)]),
      () => 3e38,
      () => 3e38,
    ),
  lossStuckAtChance: () => {
    const zero = { kernelInitializer: "zeros" } as const;
    const model = network(
      [dense(16, { activation: "relu", ...zero }), dense(3, zero)],
      sgd({ learningRate: 0.01 }),
    );
    model.fitSync(train, { epochs: 40 });
    return model;
  },
};

test.each(Object.keys(NETWORKS) as FindingCode[])(
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

  test.each(["learningRate", "clip"] as const)("%s: in the model's state", (kind) => {
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

  test("optimizer: in the model's state", () => {
    const { model, finding } = trained("updateTooSmall");
    const { unchanged, remedied } = finding.tryRemedy({ kind: "optimizer", steps: 4 });
    expect(remedied.loss[0]).toBe(unchanged.loss[0]);
    expect(remedied.loss[1]).not.toBe(unchanged.loss[1]);
    model.dispose();
  });

  test.each([
    ["activation", "notZeroCentered"],
    ["initialize", "nan"],
    ["width", "lossStuckAtChance"],
  ] as const)("%s: at step 0, with the seed's weights", (kind, code) => {
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

  test("a model that cannot be saved cannot be copied", () => {
    using model = network([
      dense(8, { activation: "relu" }),
      (z) => mul(z, 2),
      dense(3),
    ] as Layer[]);
    const { findings, layers } = diagnose(model, train, { thresholds: { dying: -1 } });
    expect(layers.every(({ updateRatio }) => updateRatio === undefined)).toBe(true);
    const dying = findings.find(({ code }) => code === "dying")!;
    expect(() => dying.tryRemedy()).toThrow(
      /^tryRemedy\(\): a copy: layer "function": expected built-in/,
    );
  });

  test("a kind that the finding does not name is refused", () => {
    const { model, finding } = trained("updateTooLarge");
    expect(() => finding.tryRemedy({ kind: "width" })).toThrow(/"learningRate"/);
    model.dispose();
  });
});

test("the callback leaves the bits, remembers when units died, and knows the updates", () => {
  const build = () =>
    network([dense(32, { activation: "relu" }), dense(3)], adam({ learningRate: 0.3 }));
  using alone = build();
  alone.fitSync(train, { epochs: 6 });
  for (const every of ["epoch", 4] as const) {
    using watched = build();
    const watch = health({ every, thresholds: { dying: 0 } });
    const { steps } = watched.fitSync(train, { epochs: 6, callbacks: watch });
    expect(watched.getWeights()).toEqual(alone.getWeights());
    expect(watch.history.length).toBe(every === "epoch" ? 6 : Math.floor(steps / every));
    const last = watch.history.at(-1)!;
    expect(last.layers).toEqual(diagnosisAfter(watched, last));
    expect(last.updateCosine).toBeGreaterThanOrEqual(-1);
    expect(last.updateCosine).toBeLessThanOrEqual(1);
    const deaths = last.deaths.get("dense")!;
    expect([...deaths.keys()]).toEqual(last.layers[0]!.dead.units);
    expect(deaths.size).toBeGreaterThan(0);
    const [finding] = last.findings.filter(({ code }) => code === "dead" || code === "dying");
    expect(finding!.sentence).toMatch(
      `${Math.round(100 * (deaths.size / 32))} % of the 32 relu units have been dead since step ${Math.max(...deaths.values())}; lower the learning rate, use leakyRelu, or He initialization`,
    );
    for (const [unit, step] of deaths) {
      const first = watch.history.find((record) => record.step === step)!;
      expect(first.layers[0]!.dead.units).toContain(unit);
    }
  }
});

test("the callback's sizes and angle of updates are those of the weights", () => {
  const states: Float32Array[][] = [];
  using model = network([dense(8, { activation: "tanh" }), dense(3)]);
  const watch = health({ every: 4 });
  const remember = { onBatchEnd: () => void states.push(model.getWeights()) };
  model.fitSync(train, { epochs: 2, callbacks: [remember, watch] });
  const flat = (values: readonly Float32Array[]) => values.flatMap((array) => [...array]);
  const minus = (a: number[], b: number[]) => a.map((value, i) => value - b[i]!);
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const size = (a: number[]) => Math.sqrt(dot(a, a));
  expect(watch.history).toHaveLength(2);
  for (const { step, updateCosine, layers } of watch.history) {
    const [first, second, third] = states.slice(step - 3, step) as [
      Float32Array[],
      Float32Array[],
      Float32Array[],
    ];
    const one = minus(flat(second), flat(first));
    const two = minus(flat(third), flat(second));
    expect(Math.abs(updateCosine! - dot(one, two) / (size(one) * size(two)))).toBeLessThan(1e-6);
    layers.forEach(({ updateRatio }, i) => {
      const [old, now] = [second, third].map((state) => flat(state.slice(2 * i, 2 * i + 2)));
      const expected = size(minus(now!, old!)) / size(old!);
      expect(Math.abs(updateRatio! - expected)).toBeLessThan(1e-6);
    });
  }
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

test("NaN and infinity: the first layer, and the first step at which they were seen", () => {
  using model = network([
    dense(8, { activation: "relu" }),
    dense(8, { activation: "relu" }),
    dense(3),
  ]);
  const [w, b, ...rest] = model.getWeights();
  model.setWeights([w!, b!, rest[0]!.map(() => 3e38), ...rest.slice(1)]);
  const { firstNonFinite, findings, layers } = diagnose(model, train);
  expect(firstNonFinite).toEqual({ layer: "dense_1", step: 0 });
  expect(layers.map(({ nonFinite }) => nonFinite > 0)).toEqual([false, true, true]);
  const found = findings.filter(({ code }) => code === "nan");
  expect(found.map(({ layer }) => layer)).toEqual(["dense_1"]);
  expect(found[0]!.sentence).toContain("first seen here, at step 0");
});

/** `diagnose` of the same state, with the updates that the callback saw. */
function diagnosisAfter(model: Model, { layers }: { layers: readonly LayerHealth[] }) {
  const own = diagnose(model, train).layers;
  return own.map((layer, i) => ({ ...layer, updateRatio: layers[i]!.updateRatio }));
}

test("whyStuck: three factors per row whose sum is the gradient, and where it vanished", () => {
  using dead = NETWORKS.dead();
  expect(whyStuck(dead, train, { layer: "dense", unit: 0 })).toMatchObject({
    culprit: "slope",
    gradient: 0,
  });

  using deep = NETWORKS.vanishing();
  const stuck = whyStuck(deep, pictures, { layer: "dense", unit: 3, probeRows: 64 });
  expect(stuck).toMatchObject({
    culprit: "upstream",
    vanishedAt: expect.stringMatching(/^dense_/),
  });
  expect(stuck.text).toContain(`it vanished at ${stuck.vanishedAt}`);
  expect(stuck.rows.every(({ tiny }) => tiny.includes("upstream"))).toBe(true);
  expect(stuck.path.map(({ layer }) => layer)).toEqual([...deep.layers].reverse());
  const norms = new Map(
    diagnose(deep, pictures, { probeRows: 64 }).layers.map((at) => [at.name, at.gradientNorm]),
  );
  for (const { layer, gradientNorm } of stuck.path) expect(gradientNorm).toBe(norms.get(layer));
  const before = stuck.path[stuck.path.findIndex((at) => at.layer === stuck.vanishedAt) - 1]!;
  expect(before.gradientNorm).toBeGreaterThanOrEqual(1e-3 * stuck.path[0]!.gradientNorm);

  using model = network([dense(8, { activation: "tanh" }), dense(3)]);
  const { layers } = model;
  for (const layer of layers) {
    const { rows, gradient, input, unit } = whyStuck(model, train, {
      layer,
      unit: 1,
      input: 2,
      probeRows: 1000,
    });
    for (const row of rows) expect(row.product).toBe(row.input * row.slope * row.upstream);
    using copy = network([dense(8, { activation: "tanh" }), dense(3)], sgd({ learningRate: 1 }));
    const at = 2 * layers.indexOf(layer);
    const width = layer === "dense" ? 8 : 3;
    const before = copy.getWeights()[at]![input * width + unit]!;
    copy.trainOnBatch(train.x, train.y);
    const moved = before - copy.getWeights()[at]![input * width + unit]!;
    expect(Math.abs(gradient - moved)).toBeLessThan(1e-6);
  }
  expect(() => whyStuck(model, train, { layer: "dense", unit: 8 })).toThrow(
    /unit: expected one of the 8/,
  );
});
