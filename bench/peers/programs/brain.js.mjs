import { NeuralNetwork } from "brain.js";

export function predict({ units, weights, x }) {
  const net = new NeuralNetwork();
  const layers = units.map((count, layer) => {
    const units = Array.from({ length: count }, (_, unit) => {
      if (layer === 0) return [unit, {}];
      const [kernel, bias] = weights.slice(2 * layer - 2); // (in, out), (out)
      const links = Array.from(
        { length: kernel.length / count },
        (_, from) => kernel[from * count + unit],
      );
      return [unit, { bias: bias[unit], weights: { ...links } }];
    });
    return Object.fromEntries(units);
  });
  net.fromJSON({ sizes: units, layers, activation: "sigmoid" });
  return net.run(Array.from(x));
}
