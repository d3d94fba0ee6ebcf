import { Net, Vol } from "convnetjs";

export function predict({ units, weights, x }) {
  const net = new Net();
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: units[0] },
    ...units.slice(1).map((out) => ({ type: "fc", num_neurons: out, activation: "sigmoid" })),
  ]);
  const dense = net.layers.filter(({ filters }) => filters !== undefined);
  dense.forEach(({ filters, biases }, layer) => {
    const [kernel, bias] = weights.slice(2 * layer); // (in, out), (out)
    filters.forEach(({ w }, unit) => {
      for (let i = 0; i < w.length; i++) w[i] = kernel[i * bias.length + unit];
    });
    biases.w.set(bias);
  });
  const input = new Vol(1, 1, units[0], 0);
  input.w.set(x);
  return net.forward(input).w;
}
