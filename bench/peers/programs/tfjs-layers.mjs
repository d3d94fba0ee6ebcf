import { tensor } from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

export function predictWithLayers({ units, weights, x }) {
  const model = sequential();
  units.slice(1).forEach((out, i) => {
    const inputShape = i === 0 ? { inputShape: [units[0]] } : {};
    model.add(layers.dense({ units: out, activation: "sigmoid", ...inputShape }));
  });
  model.setWeights(
    weights.map((values, i) => {
      const out = units[(i >> 1) + 1];
      return tensor(values, i % 2 === 0 ? [units[i >> 1], out] : [out]);
    }),
  );
  return model.predict(tensor(x, [1, units[0]])).dataSync();
}
