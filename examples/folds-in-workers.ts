// Cross-validation: five folds over as many workers as there are cores, each with the bits it has alone.
import { adam, dense, normalizationOf, sequential } from "ferrograd";
import { stratifiedKFold } from "ferrograd/data";
import { wine } from "ferrograd/datasets";
import { workerPool } from "ferrograd/worker";

const { train: rows } = wine();
const folds = stratifiedKFold(rows.y.data, { folds: 5, seed: 1 });
const build = (x: Parameters<typeof normalizationOf>[0]) =>
  sequential([normalizationOf(x), dense(16, { activation: "tanh" }), dense(3)], {
    inputShape: [13],
    seed: 1,
  }).compile({
    optimizer: adam({ learningRate: 0.01 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

const pool = workerPool({ size: 2 });
const accuracies: number[] = [];
const runs = pool.runs(folds, (fold) => ({
  model: build(rows.rows(fold.train).x), // scaled by what trains, never by what tests
  data: rows, // sent to each worker once
  rows: fold.train,
  fit: { epochs: 20 },
  test: { rows: fold.test },
}));
for await (const { index, config, evaluated } of runs) {
  accuracies.push(evaluated!.accuracy!);
  console.log(
    `fold ${index + 1}: ${config.test.length} rows, accuracy ${accuracies.at(-1)!.toFixed(3)}`,
  );
}
const mean = accuracies.reduce((sum, one) => sum + one) / accuracies.length;
console.log(`mean accuracy ${mean.toFixed(3)}`);

// The same fold, trained in this thread.
const first = folds[0]!;
const model = build(rows.rows(first.train).x);
await model.fit(rows.rows(first.train), { epochs: 20 });
console.log(
  `the same bits here: ${model.evaluate(rows.rows(first.test)).accuracy === accuracies[0]}`,
);
await pool.dispose();
