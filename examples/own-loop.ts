// A loop of one's own, one call into the core for each step: a rate that warms up and decays, clipped gradients, and a moving
// average of the weights, which is measured in their place.
import {
  adam,
  averageWeights,
  chain,
  clipByGlobalNorm,
  cosineDecay,
  dense,
  jit,
  mean,
  sequential,
  sparseCategoricalCrossentropy,
  swapAverages,
  type Tensor,
  tensor,
  warmup,
} from "ferrograd";
import { digits } from "ferrograd/datasets";

const { train, test } = digits();
const model = sequential([dense(32, { activation: "relu" }), dense(10)], {
  inputShape: [64],
  seed: 1,
});

const steps = 300;
const decay = cosineDecay({ initialLearningRate: 0.02, decaySteps: steps - 30 });
const learningRate = warmup({ warmupSteps: 30, learningRate: decay });
const optimizer = chain(
  clipByGlobalNorm(1),
  adam({ learningRate }),
  averageWeights({ decay: 0.95 }),
);
const { variables } = model;

const step = jit((x: Tensor, y: Tensor<readonly number[], "int32">) => {
  const loss = mean(sparseCategoricalCrossentropy(y, model.call(x)));
  optimizer.minimize(loss, variables);
  return loss;
});

for (let epoch = 1, done = 0; done < steps; epoch++) {
  for (const [x, y] of train.shuffle(epoch).batch(32)) {
    if (done++ === steps) break;
    const rate = optimizer.learningRate;
    const loss = step(x, y);
    if (done % 100 === 0) {
      console.log(`step ${done}: loss ${loss.item().toFixed(3)}, rate ${rate.toFixed(5)}`);
    }
  }
}

const x = tensor(test.x.data, test.x.shape);
const loss = () => mean(sparseCategoricalCrossentropy(test.y, model.call(x))).item();
console.log(`test loss of the last weights ${loss().toFixed(4)}`);
swapAverages({ optimizer, variables });
console.log(`test loss of their averages   ${loss().toFixed(4)}`);
