// How far are two clouds of points apart? A critic with slope 1 tells (Wasserstein distance, as in
// WGAN-GP, Gulrajani et al. 2017): its penalty is a loss of a gradient, so that training takes a second one.
import {
  adam,
  add,
  grad,
  jit,
  leakyRelu,
  matmul,
  mean,
  mul,
  randomNormal,
  randomUniform,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "ferrograd";

const width = 32;
const w1 = variable(randomNormal([2, width], { seed: 1, stddev: 0.7 }));
const b1 = variable(zeros([width]));
const w2 = variable(randomNormal([width, width], { seed: 2, stddev: 0.2 }));
const b2 = variable(zeros([width]));
const w3 = variable(randomNormal([width, 1], { seed: 3, stddev: 0.2 }));

/** A score for each point, (batch, 2) → (batch, 1). */
function critic(x: Tensor): Tensor {
  const hidden = leakyRelu(add(matmul(x, w1), b1), { negativeSlope: 0.2 });
  return matmul(leakyRelu(add(matmul(hidden, w2), b2), { negativeSlope: 0.2 }), w3);
}

/** |∇ critic| at each point: (batch) */
const steepness = (x: Tensor): Tensor =>
  sqrt(add(sum(square(grad(sum(critic(x)), [x])[0]!), { axis: -1 }), 1e-12));

const optimizer = adam({ learningRate: 2e-3, beta1: 0.5 });
const step = jit((real: Tensor, fake: Tensor, share: Tensor) => {
  const distance = sub(mean(critic(real)), mean(critic(fake)));
  const between = add(fake, mul(share, sub(real, fake))); // on the lines from one cloud to the other
  const norm = steepness(between);
  const penalty = mean(square(sub(norm, 1)));
  optimizer.minimize(sub(mul(penalty, 100), distance), [w1, b1, w2, b2, w3]);
  return { distance, norm: mean(norm) };
});

// Two clouds of the same form, 3 and 4 apart along the axes: the distance is 5.
for (let i = 1; i <= 300; i++) {
  const real = add(randomNormal([64, 2], { seed: 4, stream: i, stddev: 0.5 }), tensor([3, 4]));
  const fake = randomNormal([64, 2], { seed: 5, stream: i, stddev: 0.5 });
  const { distance, norm } = step(real, fake, randomUniform([64, 1], { seed: 6, stream: i }));
  const [apart, slope] = [distance.item().toFixed(2), norm.item().toFixed(3)];
  if (i % 100 === 0) console.log(`step ${i}: distance ${apart}, slope ${slope}`);
}
