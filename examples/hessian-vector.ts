// How sharply does a loss bend? Its Hessian times a vector is the gradient of (gradient · vector): no matrix
// is ever written down, and repeated products lead to the direction that bends most.
import {
  add,
  div,
  grad,
  jit,
  matmul,
  mean,
  mul,
  randomNormal,
  sparseCategoricalCrossentropy,
  sqrt,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  variable,
} from "ferrograd";
import { iris } from "ferrograd/datasets";

const { train } = iris();
const x = tensor(train.x.data, train.x.shape);
const y = tensor(train.y.data, train.y.shape, "int32");
const w1 = variable(randomNormal([4, 8], { seed: 1, stddev: 0.5 }));
const w2 = variable(randomNormal([8, 3], { seed: 2, stddev: 0.5 }));

const loss = () => mean(sparseCategoricalCrossentropy(y, matmul(tanh(matmul(x, w1)), w2)));
const dot = (a: Tensor[], b: Tensor[]): Tensor =>
  a.map((part, i) => sum(mul(part, b[i]!))).reduce((total, part) => add(total, part));

/** H·v, for v in two parts as the weights are. */
const product = jit((v1: Tensor, v2: Tensor) =>
  grad(dot(grad(loss(), [w1, w2]), [v1, v2]), [w1, w2]),
);
const slopes = jit(() => grad(loss(), [w1, w2]));

let [v, bend] = [[randomNormal([4, 8], { seed: 3 }), randomNormal([8, 3], { seed: 4 })], 0];
for (let i = 0; i < 60; i++) {
  const length = sqrt(dot(v, v));
  const unit = v.map((part) => div(part, length));
  v = product(unit[0]!, unit[1]!);
  bend = dot(unit, v).item();
}
const stable = (2 / bend).toFixed(3);
console.log(`the loss bends most by ${bend.toFixed(3)}: descent is stable up to rate ${stable}`);

// The same product from two gradients, on both sides.
const h = 1e-2;
const direction = v.map((part) => div(part, sqrt(dot(v, v))));
const at = [w1, w2].map((w) => tensor(w.data(), w.shape));
const slopesAt = (sign: number) => {
  [w1, w2].forEach((w, i) => w.assign(add(at[i]!, mul(direction[i]!, sign * h))));
  return slopes();
};
const below = slopesAt(-1);
const difference = slopesAt(1).map((part, i) => div(sub(part, below[i]!), 2 * h));
console.log(`by differences of gradients ${dot(direction, difference).item().toFixed(3)}`);
