import type { ActivationName } from "ferrograd";
import type { Engine, KernelSession, LayerSpec, Session } from "../types.ts";
import type { Core, Tensor } from "./tfjs-types.ts";

type On = <T, S extends Session>(
  open: (spec: T) => S | undefined,
) => (spec: T) => Promise<S | undefined>;

/** Those with an op of their own. */
function activations(tf: Core): Partial<Record<string, (x: Tensor) => Tensor>> {
  return {
    linear: (x) => x,
    relu: (x) => tf.relu(x),
    relu6: (x) => tf.relu6(x),
    sigmoid: (x) => tf.sigmoid(x),
    tanh: (x) => tf.tanh(x),
    elu: (x) => tf.elu(x),
    selu: (x) => tf.selu(x),
    softplus: (x) => tf.softplus(x),
    exponential: (x) => tf.exp(x),
    leakyRelu: (x) => tf.leakyRelu(x, 0.01),
  };
}

/** One element per result is read; for `values` all of them. */
function session(tf: Core, operands: readonly Tensor[], body: () => Tensor[]): KernelSession {
  const first = ({ dataId }: Tensor) => tf.backend().readSync(dataId, 0, 1)[0];
  return {
    run: () => tf.tidy(() => body().reduce((sum, result) => sum + first(result), 0)),
    values: () => tf.tidy(() => Float32Array.from(body().flatMap((x) => [...x.dataSync()]))),
    dispose() {
      for (const operand of operands) operand.dispose();
    },
  };
}

export function kernels(tf: Core, on: On, slow: boolean): Partial<Engine> {
  const activationOf = (name: ActivationName) => activations(tf)[name];
  return {
    matmul: on(({ m, n, k, transA, transB, ...spec }) => {
      if (slow && m * n * k > 128 ** 3) return undefined; // seconds per product
      const a = tf.tensor(spec.a, transA ? [k, m] : [m, k]);
      const b = tf.tensor(spec.b, transB ? [n, k] : [k, n]);
      return session(tf, [a, b], () => [tf.matMul(a, b, transA, transB)]);
    }),
    activation: on((spec) => {
      const f = activationOf(spec.activation);
      if (f === undefined) return undefined;
      const shape = [spec.rows, spec.columns];
      const x = tf.tensor(spec.x, shape);
      const dy = tf.tensor(spec.dy, shape);
      const backward = () => tf.grads(f)([x], dy);
      return session(tf, [x, dy], spec.direction === "forward" ? () => [f(x)] : backward);
    }),
    reduce: on(({ formula, over, rows, columns, ...spec }) => {
      const x = tf.tensor(spec.x, [rows, columns]);
      const axis = { all: [0, 1], rows: [1], columns: [0] }[over];
      const formulas = {
        sum: () => tf.sum(x, axis),
        mean: () => tf.mean(x, axis),
        variance: () => tf.mean(tf.square(tf.sub(x, tf.mean(x, axis, true))), axis),
      };
      return session(tf, [x], () => [formulas[formula]()]);
    }),
    layer: on(({ layer, direction, rows, columns, ids, ...spec }) => {
      if (layer === "copy") return undefined; // it copies nothing until it is written to
      const x = tf.tensor(spec.x, [rows, columns]);
      const numbers = tf.tensor1d(ids, "int32");
      const factors = [1, 0].map((value) =>
        tf.tensor(new Float32Array(columns).fill(value), [columns]),
      );
      const normalize = (axis: number) => (x: Tensor, gamma: Tensor, beta: Tensor) => {
        const mean = tf.mean(x, [axis], true);
        const from = tf.sub(x, mean);
        const spread = tf.mean(tf.square(from), [axis], true);
        return tf.add(tf.mul(tf.div(from, tf.sqrt(tf.add(spread, 1e-3))), gamma), beta);
      };
      const layers: {
        [name in Exclude<LayerSpec["layer"], "copy">]: (...own: Tensor[]) => Tensor;
      } = {
        batchNormalization: normalize(0),
        layerNormalization: normalize(1),
        embedding: (x) => tf.gather(x, numbers),
        concatenate: (x) => tf.concat([x, tf.mul(x, 2)], 1),
        where(x) {
          const bent = tf.where(tf.greater(x, 0.5), tf.mul(x, 2), tf.square(x));
          return tf.where(tf.less(x, 0), tf.mul(bent, 0.1), tf.add(bent, 1));
        },
      };
      const f = layers[layer];
      const own = layer.endsWith("Normalization") ? [x, ...factors] : [x];
      const width = layer === "concatenate" ? 2 * columns : columns;
      const all = Float32Array.from(
        { length: rows * width },
        (_, i) => spec.dy[i % spec.dy.length],
      );
      const dy = tf.tensor(all, [rows, width]);
      const body = direction === "forward" ? () => [f(...own)] : () => tf.grads(f)(own, dy);
      return session(tf, [x, numbers, dy, ...factors], body);
    }),
    dense: on((spec) => {
      const f = activationOf(spec.activation);
      if (f === undefined) return undefined;
      const { inputs, units, batchSize } = spec;
      const x = tf.tensor(spec.x, [batchSize, inputs]);
      const kernel = tf.tensor(spec.kernel, [inputs, units]);
      const bias = tf.tensor(spec.bias, [units]);
      const dy = tf.tensor(spec.dy, [batchSize, units]);
      let y: Tensor | undefined;
      const layer = (x: Tensor, kernel: Tensor, bias: Tensor) => {
        y?.dispose(); // of the last call
        y = tf.keep(f(tf.add(tf.matMul(x, kernel, false, false), bias)));
        return y;
      };
      return session(tf, [x, kernel, bias, dy], () => {
        const gradients = tf.grads(layer)([x, kernel, bias], dy);
        return y === undefined ? gradients : [y, ...gradients];
      });
    }),
  };
}
