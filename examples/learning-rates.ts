// A search over learning rates: each gets a few epochs, and what has learned most on rows held out wins.
import { dense, earlyStopping, sequential, sgd, stratified, terminateOnNaN } from "ferrograd";
import { iris } from "ferrograd/datasets";

const { train, test } = iris();
const compiled = (learningRate: number) =>
  sequential([dense(16, { activation: "relu" }), dense(3)], { inputShape: [4], seed: 1 }).compile({
    optimizer: sgd({ learningRate }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

const tried: { rate: number; loss: number }[] = [];
for (const rate of [1e-4, 1e-3, 1e-2, 1e-1, 1e38]) {
  using model = compiled(rate);
  const nan = terminateOnNaN(); // a rate that is too large is a result too
  const { history } = await model.fit(train, {
    epochs: 20,
    validationSplit: stratified(0.2),
    callbacks: nan,
  });
  const loss = nan.error === undefined ? Math.min(...history.val_loss) : Number.POSITIVE_INFINITY;
  tried.push({ rate, loss });
  console.log(`rate ${rate}: ${nan.error === undefined ? loss.toFixed(3) : "diverged"}`);
}
const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));

const model = compiled(best.rate);
const stopping = earlyStopping({ patience: 20 });
await model.fit(train, { epochs: 300, validationSplit: stratified(0.2), callbacks: stopping });
console.log(`best ${best.rate}: test accuracy ${model.evaluate(test).accuracy.toFixed(3)}`);
