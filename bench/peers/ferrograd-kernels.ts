import {
  type ActivationName,
  activation,
  add,
  batchNormalization,
  concatenate,
  div,
  exp,
  gather,
  grad,
  greater,
  jit,
  type Layer,
  layerNormalization,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  sequential,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  variable,
  where,
} from "ferrograd";
import type {
  ActivationSpec,
  ChainSpec,
  DenseSpec,
  KernelSession,
  LayerSpec,
  MatmulSpec,
  ReduceSpec,
} from "../types.ts";

const FIRST = tensor([0], [1], "int32");

/** Operands are variables, so they stay in the core; of each result only the first row comes out. */
export function resident(
  operands: readonly (readonly [values: Float32Array, shape: readonly number[]])[],
  body: (operands: readonly Tensor[]) => readonly Tensor[],
): KernelSession {
  const variables = operands.map(([values, shape]) => variable(tensor(values, shape)));
  const all = jit(() => body(variables));
  const timed = jit(() => body(variables).map((result) => gather(result, FIRST)));
  return {
    run: () => timed()[0].data()[0],
    values: () => Float32Array.from(all().flatMap((result) => [...result.data()])),
    dispose() {
      for (const owner of [all, timed, ...variables]) owner.dispose();
    },
  };
}

/** A row of the table as a function; a layer is built at a call outside of a trace. */
function activationOf(name: ActivationName): (x: Tensor) => Tensor {
  const layer = activation(name);
  layer(tensor([[0]]));
  return layer;
}

export function residentMatmul({ m, n, k, transA, transB, a, b }: MatmulSpec): KernelSession {
  const shapeA = transA ? [k, m] : [m, k];
  const shapeB = transB ? [n, k] : [k, n];
  return resident(
    [
      [a, shapeA],
      [b, shapeB],
    ],
    ([x, y]) => [matmul(transA ? transpose(x) : x, transB ? transpose(y) : y)],
  );
}

export function residentActivation(spec: ActivationSpec): KernelSession {
  const f = activationOf(spec.activation);
  const shape = [spec.rows, spec.columns];
  if (spec.direction === "forward") return resident([[spec.x, shape]], ([x]) => [f(x)]);
  return resident(
    [
      [spec.x, shape],
      [spec.dy, shape],
    ],
    ([x, dy]) => [grad(sum(mul(f(x), dy)), [x])[0]],
  );
}

/** The intermediate results of each formula, the result last. */
const formulas: { readonly [formula in ChainSpec["formula"]]: (x: Tensor) => Tensor[] } = {
  sigmoid: (x) => {
    const minus = neg(x);
    const e = exp(minus);
    const s = add(e, 1);
    return [minus, e, s, div(1, s)];
  },
  silu: (x) => {
    const s = sigmoid(x);
    return [s, mul(x, s)];
  },
  cubic: (x) => {
    const results: Tensor[] = [];
    const keep = (y: Tensor) => {
      results.push(y);
      return y;
    };
    let y = keep(add(keep(mul(x, 0.1)), 0.2));
    for (const c of [-0.3, 0.4]) y = keep(add(keep(mul(y, x)), c));
    return results;
  },
};

export function residentChain({ formula, form, rows, columns, x }: ChainSpec): KernelSession {
  return resident([[x, [rows, columns]]], ([input]) => {
    if (form === "row") return [sigmoid(input)];
    const results = formulas[formula](input);
    return form === "composed" ? results.slice(-1) : results.reverse();
  });
}

const axes = { all: [0, 1], rows: [1], columns: [0] } as const;

export function residentReduce({ formula, over, rows, columns, x }: ReduceSpec): KernelSession {
  const axis = axes[over];
  const formulas = {
    sum: (x: Tensor) => sum(x, { axis }),
    mean: (x: Tensor) => mean(x, { axis }),
    variance: (x: Tensor) => mean(square(sub(x, mean(x, { axis, keepDims: true }))), { axis }),
  };
  return resident([[x, [rows, columns]]], ([input]) => [reshape(formulas[formula](input), [-1])]);
}

export function residentDense(spec: DenseSpec): KernelSession {
  const { inputs, units, batchSize } = spec;
  const f = activationOf(spec.activation);
  return resident(
    [
      [spec.x, [batchSize, inputs]],
      [spec.kernel, [inputs, units]],
      [spec.bias, [units]],
      [spec.dy, [batchSize, units]],
    ],
    ([x, kernel, bias, dy]) => {
      const y = f(add(matmul(x, kernel), bias));
      return [y, ...grad(sum(mul(y, dy)), [x, kernel, bias])];
    },
  );
}

/** A function on x, with what it learns. */
interface Call {
  (x: Tensor): Tensor;
  readonly weights?: readonly Tensor[];
}

/** What each layer computes while training. */
function layerOf({ layer, rows, columns, ids }: LayerSpec): Call {
  const numbers = tensor(ids, [rows], "int32");
  const trained = (normal: Layer): Call => {
    const net = sequential([normal], { inputShape: [columns] });
    const call = (x: Tensor) => net.call(x, { training: true });
    return Object.assign(call, { weights: net.variables as readonly unknown[] as Tensor[] });
  };
  const layers: Readonly<Record<LayerSpec["layer"], () => Call>> = {
    batchNormalization: () => trained(batchNormalization({ epsilon: 1e-3 })),
    layerNormalization: () => trained(layerNormalization({ epsilon: 1e-3 })),
    embedding: () => (x: Tensor) => gather(x, numbers),
    concatenate: () => (x: Tensor) => concatenate([x, mul(x, 2)], { axis: 1 }),
    where: () => (x: Tensor) => {
      const bent = where(greater(x, 0.5), mul(x, 2), square(x));
      return where(greater(0, x), mul(bent, 0.1), add(bent, 1));
    },
    copy: () => (x: Tensor) => x,
  };
  return layers[layer]();
}

/** A copy is an assignment, from one variable to another. */
function residentCopy({ rows, columns, x }: LayerSpec): KernelSession {
  const [from, to] = [x, new Float32Array(x.length)].map((values) =>
    variable(tensor(values, [rows, columns])),
  );
  const copy = jit(() => {
    to.assign(from);
    return gather(from, FIRST);
  });
  return {
    run: () => copy().data()[0],
    values: () => to.data(),
    dispose() {
      for (const owner of [copy, from, to]) owner.dispose();
    },
  };
}

export function residentLayer(spec: LayerSpec): KernelSession {
  const { layer, direction, rows, columns, x, dy } = spec;
  if (layer === "copy") return residentCopy(spec);
  const f = layerOf(spec);
  const width = layer === "concatenate" ? 2 * columns : columns;
  const gradient = Float32Array.from({ length: rows * width }, (_, i) => dy[i % dy.length]);
  const { weights = [] } = f;
  return resident(
    [
      [x, [rows, columns]],
      [gradient, [rows, width]],
    ],
    ([given, slope]) => {
      if (direction === "forward") return [f(given)];
      const all = grad(sum(mul(f(given), slope)), [given, ...weights]);
      return all.map((one) => reshape(one, [-1, columns]));
    },
  );
}

export function residentTinyOps(count: number): KernelSession {
  const rotation = Float32Array.of(Math.cos(0.1), -Math.sin(0.1), Math.sin(0.1), Math.cos(0.1));
  const operands = [
    [rotation, [2, 2]],
    [Float32Array.of(1, 2, 3, 4), [2, 2]],
  ] as const;
  return resident(operands, ([turn, start]) => {
    let x = start;
    for (let i = 0; i < count; i++) x = matmul(turn, x);
    return [x];
  });
}
