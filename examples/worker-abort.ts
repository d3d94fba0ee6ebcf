// A training that goes on in a worker while this thread is free, and is aborted from here.
import { adam, dense, sequential } from "ferrograd";
import { digits } from "ferrograd/datasets";
import { inWorker } from "ferrograd/worker";

const { train, test } = digits();
const model = sequential([dense(32, { activation: "relu" }), dense(10)], {
  inputShape: [64],
  seed: 1,
}).compile({
  optimizer: adam(),
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
});

const remote = await inWorker(model);
const controller = new AbortController();
let ticks = 0;
const clock = setInterval(() => ticks++, 1);
try {
  await remote.fit(train, {
    epochs: 1_000_000,
    signal: controller.signal,
    callbacks: {
      onEpochEnd(epoch, { loss }) {
        if (epoch % 5 === 0) console.log(`epoch ${epoch}: loss ${loss!.toFixed(3)}`);
        if (epoch === 20) controller.abort(); // a button, in a page
      },
    },
  });
} catch (error) {
  if (!controller.signal.aborted) throw error;
  console.log(
    `aborted: ${(error as Error).name}, while this thread did ${ticks > 0 ? "other things" : "nothing"}`,
  );
}
clearInterval(clock);

// The worker has what the last step left, and goes on from it.
const { accuracy } = await remote.evaluate(test);
console.log(`test accuracy ${accuracy.toFixed(3)}`);
model.setWeights(await remote.getWeights());
await remote.dispose();
console.log(`the same here: ${model.evaluate(test).accuracy === accuracy}`);
