import type { KernelSession, OnlineSpec } from "../types.ts";

/** Loops over typed arrays: a step after each row, mean squared error. `values` are the outputs for each row. */
export function plainOnline(spec: OnlineSpec): KernelSession & { predict(): number } {
  const { units, batchSize, learningRate, x, y } = spec;
  const last = units.length - 1;
  const isSigmoid = spec.activation === "sigmoid";
  const slope = (y: number) => (isSigmoid ? y * (1 - y) : y > 0 ? 1 : 0);
  const weights = spec.weights.map((values) => values.slice());
  const outputs = units.map((count) => new Float32Array(count));
  const deltas = units.map((count) => new Float32Array(count));

  function forward(row: number): void {
    for (let i = 0; i < units[0]; i++) outputs[0][i] = x[row * units[0] + i];
    for (let layer = 1; layer <= last; layer++) {
      const [kernel, bias] = [weights[2 * layer - 2], weights[2 * layer - 1]];
      const [from, to] = [outputs[layer - 1], outputs[layer]];
      for (let j = 0; j < to.length; j++) {
        let sum = bias[j];
        for (let k = 0; k < from.length; k++) sum += from[k] * kernel[k * to.length + j];
        to[j] = isSigmoid ? 1 / (1 + Math.exp(-sum)) : Math.max(sum, 0);
      }
    }
  }

  /** The row's loss; leaves the gradient of each layer's sums in `deltas`. */
  function backward(row: number): number {
    const end = outputs[last];
    let loss = 0;
    for (let j = 0; j < end.length; j++) {
      const error = end[j] - y[row * end.length + j];
      loss += error * error;
      deltas[last][j] = ((2 * error) / end.length) * slope(end[j]);
    }
    for (let layer = last - 1; layer > 0; layer--) {
      const [kernel, above, h] = [weights[2 * layer], deltas[layer + 1], outputs[layer]];
      for (let j = 0; j < h.length; j++) {
        let sum = 0;
        for (let k = 0; k < above.length; k++) sum += kernel[j * above.length + k] * above[k];
        deltas[layer][j] = sum * slope(h[j]);
      }
    }
    return loss / end.length;
  }

  function descend(): void {
    for (let layer = 1; layer <= last; layer++) {
      const [kernel, bias] = [weights[2 * layer - 2], weights[2 * layer - 1]];
      const [from, delta] = [outputs[layer - 1], deltas[layer]];
      for (let j = 0; j < delta.length; j++) {
        const step = learningRate * delta[j];
        bias[j] -= step;
        for (let k = 0; k < from.length; k++) kernel[k * delta.length + j] -= step * from[k];
      }
    }
  }

  return {
    predict() {
      let sum = 0;
      for (let row = 0; row < batchSize; row++) {
        forward(row);
        sum += outputs[last][0];
      }
      return sum;
    },
    run() {
      let loss = 0;
      for (let row = 0; row < batchSize; row++) {
        forward(row);
        loss += backward(row);
        descend();
      }
      return loss / batchSize;
    },
    values() {
      return Array.from({ length: batchSize }, (_, row) => {
        forward(row);
        return [...outputs[last]];
      }).flat();
    },
    dispose() {},
  };
}
