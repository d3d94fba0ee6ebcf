// Real handwritten digits: train, watch, test, save, load.
import { adam, dense, loadModel, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";

const { train, test } = digits();
const model = sequential([dense(128, { activation: "relu" }), dense(10)], {
  inputShape: [64],
  seed: 1,
}).compile({
  optimizer: adam({ learningRate: 1e-3 }),
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
});
console.log(model.summary());

await model.fit(train, {
  epochs: 10,
  validationSplit: 0.1,
  callbacks: {
    onEpochEnd: (epoch, { loss, val_accuracy }) =>
      console.log(
        `epoch ${epoch}: loss ${loss!.toFixed(3)}, validation ${val_accuracy!.toFixed(3)}`,
      ),
  },
});

const loaded = loadModel(model.save());
console.log(`test accuracy ${loaded.evaluate(test).accuracy.toFixed(3)}`);
model.dispose();
loaded.dispose();
