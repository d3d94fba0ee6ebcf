/** Of a table of which a batch takes some rows, lazyAdam and sgd change these alone: with the bits that they give where they go through all. */
import {
  addLayer,
  chain,
  checkpoint,
  clipByNorm,
  clipByValue,
  dense,
  embedding,
  flatten,
  gather,
  input,
  type Layer,
  lazyAdam,
  loadModel,
  memory,
  model,
  mul,
  type Optimizer,
  resume,
  sequential,
  sgd,
  stepDecay,
  sum,
  tensor,
  transform,
  variable,
} from "ferrograd";
import { describe, expect, test } from "vitest";
import { failure, flatWeights } from "./support/model.ts";
import { AFTER, counting, unrollInTests } from "./support/unrolled.ts";

const ROWS = 40;
/** Batches of 4 rows of 3 ids, some of which are in them more than once. */
const batches = [3, 7, 5].map((step) =>
  Array.from({ length: 4 }, (_, i) =>
    [0, 1, 2].map((j) => (i * step + (i % 2 === 0 ? j * j : 0)) % ROWS),
  ),
);
const targets = [[1], [-1], [0.5], [2]];

const net = (optimizer: Optimizer, layer: Layer = embedding(ROWS, 5)) =>
  sequential(
    [input([3], { dtype: "int32" }), layer, flatten(), dense(4, { activation: "tanh" }), dense(1)],
    {
      seed: 1,
    },
  ).compile({ optimizer, loss: "meanSquaredError" });

/** It may change what has no gradient, for all that is known of it: whole tables go through. */
const asIs = () => transform({ name: "asIs", update: (update) => ({ update }) });
const options = { learningRate: 0.1 };

const falling = () => ({
  learningRate: stepDecay({ initialLearningRate: 0.2, stepSize: 2, gamma: 0.5 }),
});

type Trained = ReturnType<typeof net>;

function trained(one: Trained, rounds = 2): number[] {
  const losses = Array.from({ length: rounds }, () =>
    batches.map((batch) => one.trainOnBatch(batch, targets).loss),
  );
  return [...losses.flat(), ...flatWeights(one)];
}

/** More steps than it takes until programs are unrolled. */
const ROUNDS = AFTER;
const plain = trained(net(lazyAdam(options)), ROUNDS);

describe("rows used", () => {
  test.each<[string, () => Optimizer, () => Optimizer]>([
    ["lazyAdam", () => lazyAdam(options), () => chain(asIs(), lazyAdam(options))],
    ["sgd", () => sgd(options), () => sgd({ ...options, clipValue: 3e38 })],
    [
      "sgd with a rate of each step",
      () => sgd(falling()),
      () => sgd({ ...falling(), clipValue: 3e38 }),
    ],
    [
      "sgd with weight decay, which is of all rows",
      () => sgd({ ...options, weightDecay: 0.1 }),
      () => chain(asIs(), sgd({ ...options, weightDecay: 0.1 })),
    ],
    [
      "sgd with momentum, which moves all rows",
      () => sgd({ ...options, momentum: 0.5 }),
      () => chain(asIs(), sgd({ ...options, momentum: 0.5 })),
    ],
    [
      "lazyAdam with a clip of numbers",
      () => chain(clipByValue(0.05), lazyAdam(options)),
      () => chain(asIs(), clipByValue(0.05), lazyAdam(options)),
    ],
    [
      "lazyAdam with a clip by the norm, which is of all rows",
      () => lazyAdam({ ...options, clipNorm: 0.1 }),
      () => chain(asIs(), clipByNorm(0.1), lazyAdam(options)),
    ],
    [
      "lazyAdam with weight decay, which is of all rows",
      () => lazyAdam({ ...options, weightDecay: 0.1 }),
      () => chain(asIs(), lazyAdam({ ...options, weightDecay: 0.1 })),
    ],
  ])("%s has the bits of all rows", (_name, some, all) => {
    using one = net(some());
    using other = net(all());
    expect(trained(one)).toEqual(trained(other));
  });

  test.each([
    ["lazyAdam", () => lazyAdam(options)],
    ["sgd", () => sgd(options)],
  ])(
    "of %s may be of a table that is used in two places, frozen, or smaller than the batch",
    (_name, made) => {
      const shared = (optimizer: Optimizer) => {
        const [a, b] = ["a", "b"].map((name) => input([3], { dtype: "int32", name }));
        const table = embedding(ROWS, 5);
        const both = addLayer()([table(a!), table(b!)]);
        return model({ inputs: [a!, b!], outputs: dense(1)(flatten()(both)), seed: 1 }).compile({
          ...{ optimizer, loss: "meanSquaredError" },
        });
      };
      using one = shared(made());
      using other = shared(chain(asIs(), made()));
      for (const batch of batches) {
        const given = { a: batch, b: batches[0]! };
        expect(one.trainOnBatch(given, targets)).toEqual(other.trainOnBatch(given, targets));
      }
      expect(flatWeights(one)).toEqual(flatWeights(other));

      const table = embedding(ROWS, 5);
      table.trainable = false;
      using frozen = net(made(), table);
      const before = table.getWeights();
      trained(frozen);
      expect(table.getWeights()).toEqual(before);

      const few = () => embedding(12, 5);
      const small = batches.map((batch) => batch.map((ids) => ids.map((id) => id % 12)));
      using little = net(made(), few());
      using like = net(chain(asIs(), made()), few());
      for (const batch of small) {
        expect(little.trainOnBatch(batch, targets)).toEqual(like.trainOnBatch(batch, targets));
      }
    },
  );

  test("stay as they were where an id is none, and where a step would make what is not finite", async () => {
    using one = net(lazyAdam(options));
    trained(one, 1);
    const before = flatWeights(one);
    const bad = batches[0]!.with(1, [1, ROWS, 2]);
    expect(await failure(() => one.trainOnBatch(bad, targets))).toMatch(
      /^DataError: embedding: .*expected an index from 0 to 39, got 40$/,
    );
    const far = [[3e38], [-3e38], [3e38], [3e38]];
    expect(await failure(() => one.trainOnBatch(batches[0]!, far))).toMatch(/^NumericError/);
    expect(flatWeights(one)).toEqual(before);

    using table = variable([[3e38], [1], [2], [3]], { name: "table" });
    using optimizer = lazyAdam({ learningRate: 3e38 });
    const loss = () => sum(mul(gather(table, tensor(Int32Array.of(0, 0))), -1e-3));
    expect(await failure(() => optimizer.minimize(loss(), [table]))).toMatch(
      /^NumericError: .*"table" \(element 0 of the rows used\)/,
    );
    expect([table.array(), optimizer.steps]).toEqual([
      [[3e38], [1], [2], [3]].map(([x]) => [Math.fround(x!)]),
      0,
    ]);
  });

  test.each([
    ["lazyAdam", () => lazyAdam(options)],
    ["sgd", () => sgd(falling())],
  ])("of %s go on from a file with the same bits", (_name, made) => {
    using whole = net(made());
    using half = net(made());
    trained(half, 1);
    using loaded = loadModel(half.save({ includeOptimizer: true })) as unknown as Trained;
    trained(whole, 1);
    expect(trained(loaded, 1)).toEqual(trained(whole, 1));
  });

  test("are no longer all where a checkpoint brings weight decay", async () => {
    using one = net(sgd(options));
    using other = net(sgd({ ...options, weightDecay: 0.1 }));
    for (const each of [one, other]) each.trainOnBatch(batches[0]!, targets);
    resume(one, checkpoint(other));
    expect(await failure(() => one.trainOnBatch(batches[0]!, targets))).toBe(
      "StateError: sgd: weightDecay: expected 0, as when its step was made, got 0.1; compile the model anew",
    );
  });

  test("are what a step takes memory for", () => {
    // All programs have one scratch, which others may have made large: the table is larger.
    const left = memory().scratchBytes;
    const rows = 5000 + Math.ceil(left / (64 * Float32Array.BYTES_PER_ELEMENT));
    const taken = (optimizer: Optimizer) => {
      using one = net(optimizer, embedding(rows, 64));
      const before = memory().scratchBytes;
      one.trainOnBatch(batches[0]!, targets);
      return memory().scratchBytes - before;
    };
    const table = rows * 64 * Float32Array.BYTES_PER_ELEMENT;
    expect(taken(lazyAdam(options))).toBeLessThan(table / 4);
    expect(taken(sgd(options))).toBeLessThan(table / 4);
    expect(taken(chain(asIs(), lazyAdam(options)))).toBeGreaterThan(table - left);
  });
});

describe("unrolled", () => {
  unrollInTests();

  test("rows used have the same bits", () => {
    using one = net(lazyAdam(options));
    const { result, modules } = counting(() => trained(one, ROUNDS));
    expect(result).toEqual(plain);
    expect(modules).toBeGreaterThan(0);
  });
});
