// A net that is never shown a solution, only the equation: u'' + u = 0 on [0, π], u(0) = 0, u'(0) = 1.
import {
  adam,
  add,
  grad,
  jit,
  matmul,
  mean,
  randomNormal,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  variable,
  zeros,
} from "ferrograd";

const width = 16;
const w1 = variable(randomNormal([1, width], { seed: 1 }));
const b1 = variable(zeros([width]));
const w2 = variable(randomNormal([width, width], { seed: 2, stddev: 0.3 }));
const b2 = variable(zeros([width]));
const w3 = variable(randomNormal([width, 1], { seed: 3, stddev: 0.3 }));
const b3 = variable(zeros([1]));

/** u(x), (points, 1) → (points, 1). */
function u(x: Tensor): Tensor {
  const hidden = tanh(add(matmul(tanh(add(matmul(x, w1), b1)), w2), b2));
  return add(matmul(hidden, w3), b3);
}

/** u′(x): each point's value hangs on that point alone, so the gradient of the sum has all slopes. */
const derivative = (u: Tensor, x: Tensor): Tensor => grad(sum(u), [x])[0]!;

const optimizer = adam({ learningRate: 5e-3 });
const start = tensor([[0]]);
const step = jit((x: Tensor) => {
  const y = u(x);
  const residual = add(derivative(derivative(y, x), x), y); // u″ + u
  const y0 = u(start);
  const slope = sub(derivative(y0, start), 1);
  const loss = add(mean(square(residual)), sum(add(square(y0), square(slope))));
  optimizer.minimize(loss, [w1, b1, w2, b2, w3, b3]);
  return loss;
});

const points = Array.from({ length: 33 }, (_, i) => [(i / 32) * Math.PI]);
const x = tensor(points);
for (let i = 1; i <= 3000; i++) {
  if (i === 2000) optimizer.learningRate = 5e-4;
  const loss = step(x).item();
  if (i % 1000 === 0) console.log(`step ${i}: loss ${loss.toExponential(1)}`);
}
const between = Array.from({ length: 100 }, (_, i) => [((i + 0.5) / 100) * Math.PI]);
const errors = Array.from(u(tensor(between)).data(), (y, i) => y - Math.sin(between[i]![0]!));
console.log(`largest error ${Math.max(...errors.map(Math.abs)).toFixed(5)}`);
