// Three rows in a hundred are positive. Trained as they are, a net hardly ever says so; with weights by class it finds
// most of them, and says so too often: which of the two costs less is for who uses it to decide.
import { adam, dense, metrics, randomNormal, sequential } from "ferrograd";

/** Two clouds of points that overlap: every 33rd is of the other one. */
function points(rows: number, seed: number) {
  const y = Array.from({ length: rows }, (_, row) => Number(row % 33 === 0));
  const noise = randomNormal([rows, 2], { seed }).array() as number[][];
  const x = noise.map(([a, b], row) => [a! + 1.5 * y[row]!, b! + 1.5 * y[row]!]);
  return { x, y };
}

const [train, test] = [points(2000, 1), points(4000, 2)];
console.log(`positive: ${train.y.filter((label) => label === 1).length} of ${train.y.length} rows`);

for (const classWeight of [undefined, { 0: 1, 1: 5 }, "balanced"] as const) {
  using model = sequential([dense(8, { activation: "tanh" }), dense(1)], {
    inputShape: [2],
    seed: 1,
  }).compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "binaryCrossentropy",
    metrics: [metrics.recall(), metrics.precision(), metrics.auc()],
  });
  await model.fit(train, { epochs: 10, batchSize: 64, ...(classWeight && { classWeight }) });
  const { recall, precision, auc } = model.evaluate(test);
  const [found, right, area] = [recall, precision, auc].map((share) => share.toFixed(2));
  const how = classWeight === undefined ? "none" : JSON.stringify(classWeight);
  console.log(`class weight ${how}: recall ${found}, precision ${right}, auc ${area}`);
}
