import type {
  ActivationSpec,
  DenseSpec,
  Engine,
  Host,
  KernelSession,
  MatmulSpec,
  Peer,
  PredictSpec,
  ReduceSpec,
  Session,
  TrainSpec,
} from "../types.ts";
import { firstPrediction } from "./first-prediction.ts";
import { predictNet, trainNet } from "./jax-nets.ts";
import { array, type Jax, type JaxArray, type Unary } from "./jax-types.ts";

/** jax-js on its WebAssembly backend; in Node it has one thread. Results are read back whole. */
export const jaxJs: Peer = {
  name: "jax-js",
  installed: true,
  async load(host: Host): Promise<Engine> {
    const jax = (await host.importPackage("@jax-js/jax")) as Jax;
    await jax.init("wasm");
    jax.defaultDevice("wasm");
    return {
      version: host.versionOf?.("@jax-js/jax") ?? "",
      firstPrediction: firstPrediction(host, "jax-js"),
      matmul: (spec) => matmul(jax, spec),
      activation: (spec) => activation(jax, spec),
      reduce: (spec) => reduce(jax, spec),
      dense: (spec) => dense(jax, spec),
      predict: (spec) => predict(jax, spec),
      train: (spec) => train(jax, spec),
      predictNet: (spec) => predictNet(jax, spec),
      trainNet: (spec) => trainNet(jax, spec),
    };
  },
};

/** A jitted function of resident operands. */
function resident(
  { jit }: Jax,
  operands: readonly JaxArray[],
  body: (...operands: JaxArray[]) => JaxArray[],
): KernelSession {
  const fn = jit(body);
  const results = () => fn(...operands.map((operand) => operand.ref)).map((y) => y.dataSync());
  return {
    run: () => results()[0][0],
    values: () => Float32Array.from(results().flatMap((result) => [...result])),
    dispose() {
      for (const operand of operands) operand.dispose();
      fn.dispose?.();
    },
  };
}

function matmul(jax: Jax, { m, n, k, transA, transB, ...spec }: MatmulSpec): KernelSession {
  const { matmul: product, transpose } = jax.numpy;
  const operands = [
    array(jax, spec.a, transA ? [k, m] : [m, k]),
    array(jax, spec.b, transB ? [n, k] : [k, n]),
  ];
  return resident(jax, operands, (a, b) => [
    product(transA ? transpose(a) : a, transB ? transpose(b) : b),
  ]);
}

/** Our names where they are other than its own; not those whose defaults differ. */
function activationOf({ nn, numpy }: Jax, name: string): Unary | undefined {
  const others: Record<string, Unary | undefined> = {
    linear: (x) => x,
    tanh: numpy.tanh,
    exponential: numpy.exp,
    softsign: nn.softSign,
    gelu: undefined,
    glu: undefined,
  };
  return name in others ? others[name] : nn[name];
}

function activation(jax: Jax, spec: ActivationSpec): KernelSession | undefined {
  const f = activationOf(jax, spec.activation);
  if (f === undefined) return undefined;
  const shape = [spec.rows, spec.columns];
  const x = array(jax, spec.x, shape);
  if (spec.direction === "forward") return resident(jax, [x], (x) => [f(x)]);
  return resident(jax, [x, array(jax, spec.dy, shape)], (x, dy) => {
    const dx = jax.grad((x) => f(x).mul(dy.ref).sum())(x);
    dy.dispose();
    return [dx];
  });
}

function reduce(jax: Jax, { formula, over, rows, columns, x }: ReduceSpec): KernelSession {
  const axis = { all: [0, 1], rows: [1], columns: [0] }[over];
  const formulas: Record<ReduceSpec["formula"], Unary> = {
    sum: (x) => x.sum(axis),
    mean: (x) => x.mean(axis),
    variance(x) {
      const centered = x.ref.sub(x.mean(axis, { keepdims: true }));
      return centered.ref.mul(centered).mean(axis);
    },
  };
  return resident(jax, [array(jax, x, [rows, columns])], (x) => [formulas[formula](x)]);
}

function dense(jax: Jax, spec: DenseSpec): KernelSession | undefined {
  const f = activationOf(jax, spec.activation);
  if (f === undefined) return undefined;
  const { inputs, units, batchSize } = spec;
  const operands = [
    array(jax, spec.x, [batchSize, inputs]),
    array(jax, spec.kernel, [inputs, units]),
    array(jax, spec.bias, [units]),
    array(jax, spec.dy, [batchSize, units]),
  ];
  const layer = (x: JaxArray, kernel: JaxArray, bias: JaxArray) =>
    f(jax.numpy.matmul(x, kernel).add(bias));
  return resident(jax, operands, (x, kernel, bias, dy) => {
    const y = layer(x.ref, kernel.ref, bias.ref);
    const loss = ([x, kernel, bias]: JaxArray[]) => layer(x, kernel, bias).mul(dy.ref).sum();
    const [value, gradients] = jax.valueAndGrad(loss)([x, kernel, bias]);
    value.dispose();
    dy.dispose();
    return [y, ...gradients];
  });
}

function weightArrays(jax: Jax, { units, weights }: PredictSpec): JaxArray[] {
  return weights.map((values, index) => {
    const out = units[(index >> 1) + 1];
    return array(jax, values, index % 2 === 0 ? [units[index >> 1], out] : [out]);
  });
}

function logits({ nn, numpy }: Jax, weights: readonly JaxArray[], x: JaxArray): JaxArray {
  let h = x;
  for (let i = 0; i < weights.length; i += 2) {
    h = numpy.matmul(h, weights[i]).add(weights[i + 1]);
    if (i + 2 < weights.length) h = nn.relu(h);
  }
  return h;
}

function predict(jax: Jax, spec: PredictSpec): KernelSession {
  const weights = weightArrays(jax, spec);
  const fn = jax.jit((weights: JaxArray[], x: JaxArray) => logits(jax, weights, x));
  const shape = [spec.batchSize, spec.units[0]];
  const values = () => {
    const x = array(jax, spec.x, shape);
    return fn(
      weights.map((weight) => weight.ref),
      x,
    ).dataSync();
  };
  return {
    run: () => values()[0],
    values,
    dispose() {
      for (const weight of weights) weight.dispose();
    },
  };
}

/** A jitted step over parameters that are given back new; x and one-hot labels are resident. */
function train(jax: Jax, spec: TrainSpec): Session | undefined {
  if (spec.optimizer !== "sgd") return undefined;
  const { units, batchSize, learningRate } = spec;
  const classes = units[units.length - 1];
  const hot = new Float32Array(batchSize * classes);
  spec.labels.forEach((label, row) => {
    hot[row * classes + label] = 1;
  });
  const x = array(jax, spec.x, [batchSize, units[0]]);
  const y = array(jax, hot, [batchSize, classes]);
  let weights = weightArrays(jax, spec);
  const step = jax.jit((weights: JaxArray[], x: JaxArray, y: JaxArray): JaxArray[] => {
    const lossOf = (weights: JaxArray[]) =>
      jax.nn
        .logSoftmax(logits(jax, weights, x))
        .mul(y)
        .sum()
        .mul(-1 / batchSize);
    const [loss, gradients] = jax.valueAndGrad(lossOf)(weights.map((weight) => weight.ref));
    return [loss, ...weights.map((weight, i) => weight.sub(gradients[i].mul(learningRate)))];
  });
  return {
    run() {
      const [loss, ...next] = step(weights, x.ref, y.ref);
      weights = next;
      return loss.dataSync()[0];
    },
    dispose() {
      for (const owner of [x, y, ...weights]) owner.dispose();
      step.dispose?.();
    },
  };
}
