// What the guide of activations draws, from the table itself. Bundled and run by activations.mjs.
import { type ActivationName, activation, grad, sum, tensor } from "ferrograd";
import { activations } from "ferrograd/tables";

const X = Array.from({ length: 161 }, (_, i) => (i - 80) / 20);

export const curves = Object.entries(activations).map(([name, row]) => {
  const x = tensor(X);
  const y = activation(name as ActivationName)(x);
  const [slope] = grad(sum(y), [x]);
  return { name, row, x: X, y: [...y.data()], slope: [...slope!.data()] };
});
