import { adam, dense, type Layer, type Model, sequential, sgd } from "ferrograd";
import { digits, iris } from "ferrograd/datasets";
import {
  diagnose,
  type FindingCode,
  health,
  type LayerHealth,
  whyStuck,
} from "ferrograd/diagnostics";
import { expect, test } from "vitest";

const { train } = iris();
const pictures = digits().train;

function network(layers: Layer[], optimizer = adam(), data = train): Model {
  const inputShape = data.x.shape.slice(1);
  return sequential(layers, { inputShape, seed: 1 }).compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
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
    expect(finding.sentence).toContain(finding.remedy.text);
    const { unchanged, remedied } = finding.tryRemedy();
    expect([unchanged.loss.length, remedied.loss.length]).toEqual([200, 200]);
    expect(remedied.value).toBeLessThan(unchanged.value);
    expect(model.getWeights()).toEqual(before);
  },
);

test("the callback leaves the bits, remembers when units died, and knows the updates", () => {
  const build = () =>
    network([dense(32, { activation: "relu" }), dense(3)], adam({ learningRate: 0.3 }));
  using alone = build();
  alone.fitSync(train, { epochs: 6 });
  for (const every of ["epoch", 4] as const) {
    using watched = build();
    const watch = health({ every });
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
    for (const [unit, step] of deaths) {
      const first = watch.history.find((record) => record.step === step)!;
      expect(first.layers[0]!.dead.units).toContain(unit);
    }
  }
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
