// What the guide of activations draws, from the table itself. Bundled and run by activations.mjs.
import { activation, grad, sum, tensor } from "ferrograd";
import { ACTIVATIONS, type ActivationName } from "../../ferrograd/src/engine/ops.generated.ts";

const X = Array.from({ length: 161 }, (_, i) => (i - 80) / 20);

export const curves = Object.entries(ACTIVATIONS).map(([name, row]) => {
  const x = tensor(X);
  const y = activation(name as ActivationName)(x);
  const [slope] = grad(sum(y), [x]);
  return { name, row, x: X, y: [...y.data()], slope: [...slope!.data()] };
});
