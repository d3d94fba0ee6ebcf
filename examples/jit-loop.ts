// One level below models: variables, gradients and a training step that is one call into the core.
import {
  add,
  grad,
  jit,
  matmul,
  mean,
  memory,
  mul,
  randomNormal,
  sgd,
  sparseCategoricalCrossentropy,
  square,
  sum,
  type Tensor,
  variable,
  zeros,
} from "ferrograd";
import { iris } from "ferrograd/datasets";

const { train } = iris();
const w = variable(randomNormal([4, 3], { seed: 1 }), { name: "w" });
const b = variable(zeros([3]), { name: "b" });
const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });

/** Cross-entropy of a linear classifier, with a penalty on large weights. */
function lossOf(x: Tensor, y: Tensor<readonly number[], "int32">): Tensor {
  const logits = add(matmul(x, w), b); // (batch, 3)
  return add(mean(sparseCategoricalCrossentropy(y, logits)), mul(1e-3, sum(square(w))));
}

const step = jit((x: Tensor, y: Tensor<readonly number[], "int32">) => {
  const loss = lossOf(x, y);
  optimizer.minimize(loss, [w, b]);
  const [dw] = grad(loss, [w]); // the same nodes that minimize uses, computed once
  return { loss, slope: sum(square(dw!)) };
});

const calls = memory().calls;
let steps = 0;
for (let epoch = 1; epoch <= 20; epoch++) {
  let line = "";
  for (const [x, y] of train.shuffle(epoch).batch(30)) {
    const { loss, slope } = step(x, y);
    line = `epoch ${epoch}: loss ${loss.item().toFixed(3)}, |dw|² ${slope.item().toFixed(4)}`;
    steps++;
  }
  if (epoch % 10 === 0) console.log(line);
}
console.log(`${steps} steps, ${memory().calls - calls} calls into the core`);
