import { defaultDevice, init, nn, numpy } from "@jax-js/jax";

export async function predict({ units, weights, x }) {
  await init("wasm");
  defaultDevice("wasm");
  let h = numpy.array(x).reshape([1, units[0]]);
  for (let i = 0; i < weights.length; i += 2) {
    const kernel = numpy.array(weights[i]).reshape([units[i >> 1], units[(i >> 1) + 1]]);
    h = nn.sigmoid(numpy.matmul(h, kernel).add(numpy.array(weights[i + 1])));
  }
  return h.dataSync();
}
