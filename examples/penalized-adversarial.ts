// A generator against a critic of slope 1 (WGAN-GP, Gulrajani et al. 2017): it learns to draw from two heaps that it never
// sees, and forgets neither. The penalty is a loss of a gradient, so that training takes a second one.
import {
  abs,
  adam,
  add,
  dense,
  grad,
  jit,
  mean,
  mul,
  randomNormal,
  randomUniform,
  sequential,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from "ferrograd";

const net = (inputs: number, seed: number) =>
  sequential(
    [dense(24, { activation: "leakyRelu" }), dense(24, { activation: "leakyRelu" }), dense(1)],
    { inputShape: [inputs], seed },
  );
const [generator, critic] = [net(2, 1), net(1, 2)];
const forGenerator = adam({ learningRate: 2e-3, beta1: 0, beta2: 0.9 });
const forCritic = adam({ learningRate: 4e-3, beta1: 0, beta2: 0.9 });

const improveCritic = jit((real: Tensor, noise: Tensor, share: Tensor) => {
  const drawn = generator.call(noise);
  const between = add(drawn, mul(share, sub(real, drawn)));
  const distance = sub(mean(critic.call(real)), mean(critic.call(drawn)));
  const slopes = grad(sum(critic.call(between)), [between])[0]!;
  const penalty = mul(10, mean(square(sub(abs(slopes), 1))));
  forCritic.minimize(sub(penalty, distance), critic.variables);
  return distance;
});
const improveGenerator = jit((noise: Tensor) => {
  forGenerator.minimize(sub(0, mean(critic.call(generator.call(noise)))), generator.variables);
});
/** Half at -2, half at 2: (64, 1). */
const sides = tensor(Array.from({ length: 64 }, (_, i) => [i % 2 === 0 ? 2 : -2]));
for (let i = 0, draw = 0; i < 300; i++) {
  let distance = 0;
  for (let k = 0; k < 5; k++) {
    const real = add(sides, randomNormal([64, 1], { seed: 3, stream: ++draw, stddev: 0.3 }));
    const share = randomUniform([64, 1], { seed: 5, stream: draw });
    distance = improveCritic(real, randomNormal([64, 2], { seed: 4, stream: draw }), share).item();
  }
  improveGenerator(randomNormal([64, 2], { seed: 6, stream: i }));
  if (i % 100 === 99) console.log(`step ${i + 1}: distance ${distance.toFixed(2)}`);
}
const drawn = [...generator.predict(randomNormal([1000, 2], { seed: 7 })).data()];
for (const heap of [-2, 2]) {
  const near = drawn.filter((v) => Math.abs(v - heap) < 0.9);
  console.log(`at ${heap}: ${(near.length / 10).toFixed(0)} % of what is drawn`);
}
