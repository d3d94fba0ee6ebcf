// A layer and a loss of one's own are plain functions: their gradients follow from the operations.
import {
  abs,
  add,
  dense,
  matmul,
  maximum,
  mean,
  minimum,
  mul,
  randomNormal,
  relu,
  sequential,
  sigmoid,
  square,
  sub,
  type Tensor,
  variable,
  zeros,
} from "ferrograd";
import { checkGradients } from "ferrograd/check";

const kernel = variable(mul(randomNormal([16, 16], { seed: 1 }), 0.2), { name: "gate/kernel" });
const bias = variable(zeros([16]), { name: "gate/bias" });

/** A highway layer (Srivastava et al. 2015): g·relu(x) + (1 − g)·x with the gate g = sigmoid(xW + b). */
function highway(x: Tensor): Tensor {
  const gate = sigmoid(add(matmul(x, kernel), bias));
  return add(mul(gate, relu(x)), mul(sub(1, gate), x));
}

/** Huber's loss with delta 1: ½e² up to |e| = 1, then |e| − ½. */
function huber(yTrue: Tensor, yPred: Tensor): Tensor {
  const error = abs(sub(yTrue, yPred));
  const inside = minimum(error, 1);
  return add(mul(0.5, square(inside)), maximum(sub(error, 1), 0));
}

const inputs = randomNormal([4, 16], { seed: 2 });
const { maxError } = checkGradients((x) => mean(huber(zeros([4, 16]), highway(x))), inputs);
console.log(`gradients agree with finite differences: ${maxError < 1e-4}`);

// One wave, 4t(1 − |t|) for t from −1 to 1.
const t = Array.from({ length: 64 }, (_, i) => i / 32 - 1);
const x = t.map((value) => [value]);
const y = t.map((value) => [4 * value * (1 - Math.abs(value))]);

const model = sequential([dense(16, { activation: "tanh" }), highway, dense(1)], {
  inputShape: [1],
  seed: 1,
}).compile({ optimizer: "adam", loss: huber });

const { history } = model.fitSync(x, y, { epochs: 400, batchSize: 16 });
console.log(`loss ${history.loss[0]!.toFixed(4)} -> ${history.loss.at(-1)!.toFixed(4)}`);
console.log(model.summary());
