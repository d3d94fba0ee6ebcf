import { dense, sequential } from "ferrograd";

export function predict({ units, weights, x }) {
  const layers = units.slice(1).map((out) => dense(out, { activation: "sigmoid" }));
  const model = sequential(layers, { inputShape: [units[0]] });
  model.setWeights(weights);
  return model.predict({ data: x, shape: [1, units[0]] }).data();
}
