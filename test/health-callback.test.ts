import { adam, dense, type Model, sgd } from "ferrograd";
import { diagnose, health, type LayerHealth, whyStuck } from "ferrograd/diagnostics";
import { expect, test } from "vitest";
import { NETWORKS, network, pictures, train } from "./support/troubled.ts";

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
