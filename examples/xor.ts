// Exclusive or: the smallest problem that no network without a hidden layer can solve.
import { adam, dense, sequential } from "ferrograd";

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [0, 1, 1, 0];

const model = sequential([dense(8, { activation: "tanh" }), dense(1, { activation: "sigmoid" })], {
  inputShape: [2],
  seed: 1,
}).compile({
  optimizer: adam({ learningRate: 0.05 }),
  loss: "binaryCrossentropy",
  metrics: ["accuracy"],
});

model.fitSync(x, y, { epochs: 300, batchSize: 4 });
const p = model.predict(x).data();
x.forEach(([a, b], row) => console.log(`${a} xor ${b} = ${p[row]!.toFixed(2)}`));
