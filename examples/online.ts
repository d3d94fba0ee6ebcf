// Online learning: rows are seen once, as they come, while what they follow changes.
import { dense, sequential, sgd } from "ferrograd";

/** Sixteen readings at a time, without end: y = 2x + 1 at first, then y = -3x. */
function* readings() {
  for (let at = 0; ; at++) {
    const x = Array.from({ length: 16 }, (_, i) => (((at * 16 + i) * 0.618) % 2) - 1);
    const y = x.map((v) => (at < 200 ? 2 * v + 1 : -3 * v));
    yield [x.map((v) => [v]), y] as const;
  }
}

const model = sequential([dense(1)], { inputShape: [1], seed: 1 }).compile({
  optimizer: sgd({ learningRate: 0.1 }),
  loss: "meanSquaredError",
});

// The loss of a batch is taken before its update: an honest test of what was learned until then.
for await (const { event, step, logs } of model.train(readings(), { stepsPerEpoch: 400 })) {
  if (event === "batch" && [1, 200, 201, 400].includes(step)) {
    console.log(`batch ${step}: loss ${logs.loss.toFixed(4)}`);
  }
}
const [kernel, bias] = model.getWeights();
console.log(`learned: y = ${kernel![0]!.toFixed(2)}x + ${Math.abs(bias![0]!).toFixed(2)}`);
