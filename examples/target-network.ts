// A network trained against a slow copy of itself, as in deep Q-learning (Mnih et al. 2015). It learns what the
// places of a corridor are worth: the last has the reward, and each step to it costs a tenth.
import {
  adam,
  add,
  dense,
  jit,
  mean,
  mul,
  sequential,
  squaredDifference,
  type Tensor,
} from "ferrograd";

const places = 6;
const worth = 0.9; // of a reward that is one step away
const make = (seed: number) =>
  sequential([dense(24, { activation: "tanh" }), dense(1)], { inputShape: [places], seed });
const online = make(1);
const target = make(2);
target.setWeights(online.getWeights());

const optimizer = adam({ learningRate: 5e-3 });
const step = jit((now: Tensor, next: Tensor, reward: Tensor, goesOn: Tensor) => {
  const wanted = add(reward, mul(worth, mul(goesOn, target.call(next))));
  const loss = mean(squaredDifference(online.call(now), wanted));
  optimizer.minimize(loss, online.variables);
  target.variables.forEach((slow, i) => {
    slow.assign(add(mul(slow, 0.95), mul(online.variables[i]!, 0.05)));
  });
  return loss;
});

const place = (i: number) => Array.from({ length: places }, (_, j) => (j === i ? 1 : 0));
const all = Array.from({ length: places }, (_, i) => i);
const last = places - 1;
const now = all.map(place);
const next = all.map((i) => place(Math.min(i + 1, last)));
const reward = all.map((i) => [i === last ? 1 : 0]);
const goesOn = all.map((i) => [i === last ? 0 : 1]);
let loss = Number.NaN;
for (let i = 0; i < 1500; i++) loss = step(now, next, reward, goesOn).item();

const values = [...online.predict(now).data()];
console.log(`after 1500 steps: loss ${loss.toExponential(0)}`);
console.log(`worth of each place: ${values.map((v) => v.toFixed(2)).join(" ")}`);
console.log(`right would be:      ${all.map((i) => (worth ** (last - i)).toFixed(2)).join(" ")}`);
