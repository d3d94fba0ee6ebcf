// Two models in one loop: a generator learns to draw like a distribution that it never sees, from a critic that
// learns to tell its draws from real ones (Goodfellow et al. 2014).
import {
  adam,
  add,
  binaryCrossentropy,
  dense,
  jit,
  mean,
  ones,
  randomNormal,
  sequential,
  type Tensor,
  tensor,
  zeros,
} from "ferrograd";

const rows = 64;
const generator = sequential([dense(16, { activation: "tanh" }), dense(1)], {
  inputShape: [4],
  seed: 1,
});
const critic = sequential([dense(32, { activation: "leakyRelu", negativeSlope: 0.2 }), dense(1)], {
  inputShape: [1],
  seed: 2,
});
const forGenerator = adam({ learningRate: 2e-3, beta1: 0.5 });
const forCritic = adam({ learningRate: 5e-3, beta1: 0.5 });

/** Both improve in one call into the core, each by what the other was at its start. */
const step = jit((real: Tensor, noise: Tensor) => {
  const drawn = critic.call(generator.call(noise)); // logits
  const told = mean(
    add(
      binaryCrossentropy(ones([rows, 1]), critic.call(real)),
      binaryCrossentropy(zeros([rows, 1]), drawn),
    ),
  );
  forCritic.minimize(told, critic.variables);
  forGenerator.minimize(mean(binaryCrossentropy(ones([rows, 1]), drawn)), generator.variables);
});

const steps = 1500;
const reals = randomNormal([steps * rows], { seed: 3, mean: 3, stddev: 0.5 }).data();
const noises = randomNormal([steps * rows * 4], { seed: 4 }).data();
for (let i = 0; i < steps; i++) {
  step(
    tensor(reals.subarray(i * rows, (i + 1) * rows), [rows, 1]),
    tensor(noises.subarray(i * rows * 4, (i + 1) * rows * 4), [rows, 4]),
  );
}
const all = [...generator.predict(randomNormal([2000, 4], { seed: 5 })).data()];
const center = all.reduce((sum, v) => sum + v, 0) / all.length;
const spread = Math.sqrt(all.reduce((sum, v) => sum + (v - center) ** 2, 0) / all.length);
console.log(`real: mean 3.00, deviation 0.50`);
console.log(`drawn: mean ${center.toFixed(2)}, deviation ${spread.toFixed(2)}`);
