import type { KernelSession, NetSpec, Session } from "../types.ts";
import { array, type Jax, type JaxArray } from "./jax-types.ts";
import { channelsFirst, imagesFirst, type Part, partsOf } from "./nets.ts";

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Kernel and bias of each layer in turn, the biases as images take them. */
function weightsOf(jax: Jax, parts: readonly Part[]): JaxArray[] {
  return parts.flatMap((part) => {
    if (part.kernel.data.length === 0) return [];
    const { data, shape } = channelsFirst(part);
    const pixels = part.layer.kind === "dense" ? [] : part.sizes.map(() => 1);
    const bias = array(jax, part.bias.data, [part.bias.data.length, ...pixels]);
    return [array(jax, data, shape), bias];
  });
}

function layerOf({ lax, numpy }: Jax, part: Part, x: JaxArray, kernel: JaxArray | undefined) {
  const { layer, sizes, channels } = part;
  const each = (value: number) => sizes.map(() => value);
  const [batchSize] = x.shape;
  if (layer.kind === "maxPool") {
    const halves = sizes.flatMap((size) => [size >> 1, 2]);
    const axes = sizes.map((_, axis) => 3 + 2 * axis);
    return numpy.max(x.reshape([batchSize, channels, ...halves]), axes);
  }
  if (layer.kind === "globalMean") return x.mean(sizes.map((_, axis) => axis + 2));
  if (kernel === undefined) return x;
  if (layer.kind === "conv") {
    const padding = layer.padding === "same" ? "SAME" : "VALID";
    return lax.convGeneralDilated(x, kernel, each(1), padding, { featureGroupCount: 1 });
  }
  if (layer.kind === "depthwise") {
    const groups = { featureGroupCount: channels };
    return lax.convGeneralDilated(x, kernel, each(layer.strides), "SAME", groups);
  }
  const flat = sizes.length === 0 ? x : x.reshape([batchSize, kernel.shape[0]]);
  return numpy.matmul(flat, kernel);
}

function logits(jax: Jax, parts: readonly Part[], weights: readonly JaxArray[], x: JaxArray) {
  let [h, next] = [x, 0];
  for (const part of parts) {
    const [kernel, bias] = part.kernel.data.length > 0 ? weights.slice(next, next + 2) : [];
    h = layerOf(jax, part, h, kernel);
    if (bias === undefined) continue;
    next += 2;
    h = h.add(bias);
    if (part.relu) h = jax.nn.relu(h);
  }
  return h;
}

const refs = (arrays: readonly JaxArray[]) => arrays.map((x) => x.ref);

export function predictNet(jax: Jax, spec: NetSpec): KernelSession {
  const parts = partsOf(spec);
  const weights = weightsOf(jax, parts);
  const { data, shape } = imagesFirst(spec);
  const fn = jax.jit((weights: JaxArray[], x: JaxArray) => logits(jax, parts, weights, x));
  const values = () => fn(refs(weights), array(jax, data, shape)).dataSync();
  return {
    run: () => values()[0],
    values,
    dispose() {
      for (const weight of weights) weight.dispose();
    },
  };
}

/** A jitted step of Adam over weights and moments that are given back new; x and one-hot labels are resident. */
export function trainNet(jax: Jax, spec: NetSpec): Session {
  const { batchSize, labels, learningRate } = spec;
  const parts = partsOf(spec);
  const images = imagesFirst(spec);
  const classes = spec.weights[spec.weights.length - 1].data.length;
  const hot = new Float32Array(batchSize * classes);
  labels.forEach((label, row) => {
    hot[row * classes + label] = 1;
  });
  const x = array(jax, images.data, images.shape);
  const y = array(jax, hot, [batchSize, classes]);
  const weights = weightsOf(jax, parts);
  const count = weights.length;
  const zeros = () => weights.map(({ shape, ref }) => ref.mul(0).reshape(shape));
  let state = [...weights, ...zeros(), ...zeros()];
  const { beta1, beta2, epsilon } = ADAM;
  const step = jax.jit(
    (state: JaxArray[], rate: JaxArray, scale: JaxArray, x: JaxArray, y: JaxArray): JaxArray[] => {
      const [weights, m, v] = [0, 1, 2].map((i) => state.slice(i * count, (i + 1) * count));
      const lossOf = (weights: JaxArray[]) =>
        jax.nn
          .logSoftmax(logits(jax, parts, weights, x))
          .mul(y)
          .sum()
          .mul(-1 / batchSize);
      const [loss, gradients] = jax.valueAndGrad(lossOf)(refs(weights));
      const means = gradients.map((g, i) => m[i].mul(beta1).add(g.ref.mul(1 - beta1)));
      const squares = gradients.map((g, i) => v[i].mul(beta2).add(g.ref.mul(g).mul(1 - beta2)));
      const next = weights.map((w, i) => {
        const spread = jax.numpy.sqrt(squares[i].ref.mul(scale.ref)).add(epsilon);
        return w.sub(means[i].ref.mul(rate.ref).div(spread));
      });
      return [loss, ...next, ...means, ...squares];
    },
  );
  let steps = 0;
  return {
    run() {
      steps++;
      const rate = jax.numpy.array(learningRate / (1 - beta1 ** steps));
      const scale = jax.numpy.array(1 / (1 - beta2 ** steps));
      const [loss, ...next] = step(state, rate, scale, x.ref, y.ref);
      state = next;
      return loss.dataSync()[0];
    },
    dispose() {
      for (const owner of [x, y, ...state]) owner.dispose();
      step.dispose?.();
    },
  };
}
