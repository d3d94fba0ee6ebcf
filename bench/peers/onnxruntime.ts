import { BenchError } from "../error.ts";
import type {
  ActivationSpec,
  Engine,
  FirstSpec,
  Host,
  KernelSession,
  MatmulSpec,
  Peer,
  PredictSpec,
  ReduceSpec,
} from "../types.ts";
import { firstPrediction } from "./first-prediction.ts";
import { imagesFirst } from "./nets.ts";
import {
  floatInput,
  floatValues,
  intValues,
  node,
  type OnnxFormat,
  onnxModel,
} from "./onnx-model.ts";
import { netGraph } from "./onnx-nets.ts";

interface OrtTensor {
  readonly data: Float32Array;
}
interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}
interface Ort {
  readonly env: {
    readonly versions: { readonly common: string };
    readonly wasm: { numThreads?: number };
  };
  Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OrtSession>;
  };
}

const NATIVE = "onnxruntime-node";

/** ONNX Runtime on WebAssembly: SIMD, one thread. It copies operands in and results out at each run. */
export const onnxruntimeWeb = createPeer("onnxruntime-web", "wasm");
/** ONNX Runtime's native build, one thread. */
export const onnxruntimeNode = createPeer(NATIVE, "cpu");

function createPeer(name: string, provider: string): Peer {
  return {
    name,
    installed: true,
    ...(name === NATIVE && { isNative: true }),
    async load(host: Host): Promise<Engine> {
      // Both register "cpu" in one table, where the first stays: the native one must be it.
      await host.importPackage(NATIVE).catch(() => undefined);
      const ort = (await host.importPackage(name)) as Ort;
      const { onnx } = (await host.importPackage("onnx-proto")) as { onnx: OnnxFormat };
      ort.env.wasm.numThreads = 1;
      const open: Open = (graph, feeds) => openSession(ort, onnx, provider, graph, feeds);
      return {
        version: ort.env.versions.common,
        matmul: (spec) => matmul(open, spec),
        activation: (spec) => activation(open, spec),
        reduce: (spec) => reduce(open, spec),
        predict: (spec) => predict(open, spec),
        predictNet(spec) {
          const { data, shape } = imagesFirst(spec);
          return open(netGraph(spec), { x: [data, shape] });
        },
        ...(provider === "wasm" && {
          firstPrediction: firstPrediction(host, name, (spec) => ({
            onnx: onnxModel(onnx, {
              ...network(spec, "Sigmoid", "Sigmoid")(onnx),
              inputs: [floatInput("x", [1, spec.units[0]])],
            }),
          })),
        }),
      };
    },
  };
}

type Values = readonly [data: Float32Array, dims: readonly number[]];
type Graph = (onnx: OnnxFormat) => { node: object[]; initializer: object[] };
type Open = (graph: Graph, feeds: Record<string, Values>) => Promise<KernelSession>;

async function openSession(
  { Tensor, InferenceSession }: Ort,
  onnx: OnnxFormat,
  provider: string,
  graph: Graph,
  feeds: Record<string, Values>,
): Promise<KernelSession> {
  const inputs = Object.entries(feeds).map(([name, [, dims]]) => floatInput(name, dims));
  const session = await InferenceSession.create(onnxModel(onnx, { ...graph(onnx), inputs }), {
    executionProviders: [provider],
    ...{ intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 },
  });
  const tensors = Object.entries(feeds).map(([name, [data, dims]]) => {
    return [name, new Tensor("float32", data, dims)] as const;
  });
  const given = Object.fromEntries(tensors);
  const values = async () => {
    const { y } = await session.run(given);
    if (y === undefined) throw new BenchError("onnxruntime: expected an output y, got none");
    return y.data;
  };
  return {
    run: async () => (await values())[0],
    values,
    dispose: () => void session.release(),
  };
}

function matmul(open: Open, { m, n, k, transA, transB, a, b }: MatmulSpec): Promise<KernelSession> {
  const attributes = { transA: Number(transA), transB: Number(transB) };
  const graph: Graph = (onnx) => ({
    node: [node(onnx, "Gemm", ["a", "b"], "y", attributes)],
    initializer: [],
  });
  return open(graph, { a: [a, transA ? [k, m] : [m, k]], b: [b, transB ? [n, k] : [k, n]] });
}

/** Ops of their own, with the attributes that make them ours. */
const ACTIVATIONS: Partial<Record<string, readonly [op: string, attributes?: object]>> = {
  relu: ["Relu"],
  leakyRelu: ["LeakyRelu", { alpha: 0.01 }],
  elu: ["Elu"],
  selu: ["Selu"],
  celu: ["Celu"],
  sigmoid: ["Sigmoid"],
  hardSigmoid: ["HardSigmoid", { alpha: 1 / 6, beta: 0.5 }],
  hardSilu: ["HardSwish"],
  tanh: ["Tanh"],
  gelu: ["Gelu"],
  geluTanh: ["Gelu", { approximate: "tanh" }],
  mish: ["Mish"],
  softplus: ["Softplus"],
  softsign: ["Softsign"],
  exponential: ["Exp"],
};

function activation(open: Open, spec: ActivationSpec): Promise<KernelSession> | undefined {
  const row = ACTIVATIONS[spec.activation];
  if (row === undefined || spec.direction === "backward") return undefined;
  const [op, attributes = {}] = row;
  const graph: Graph = (onnx) => ({
    node: [node(onnx, op, ["x"], "y", attributes)],
    initializer: [],
  });
  return open(graph, { x: [spec.x, [spec.rows, spec.columns]] });
}

function reduce(
  open: Open,
  { formula, over, rows, columns, x }: ReduceSpec,
): Promise<KernelSession> {
  const axes = { all: [0, 1], rows: [1], columns: [0] }[over];
  const graph: Graph = (onnx) => {
    const reduction = (op: string, from: string, to: string, keepdims: number) =>
      node(onnx, op, [from, "axes"], to, { keepdims });
    const variance = [
      reduction("ReduceMean", "x", "mean", 1),
      node(onnx, "Sub", ["x", "mean"], "centered", {}),
      node(onnx, "Mul", ["centered", "centered"], "squares", {}),
      reduction("ReduceMean", "squares", "y", 0),
    ];
    const one = reduction(formula === "sum" ? "ReduceSum" : "ReduceMean", "x", "y", 0);
    return {
      node: formula === "variance" ? variance : [one],
      initializer: [intValues("axes", axes)],
    };
  };
  return open(graph, { x: [x, [rows, columns]] });
}

function predict(open: Open, spec: PredictSpec): Promise<KernelSession> {
  return open(network(spec, "Relu", undefined), { x: [spec.x, [spec.batchSize, spec.units[0]]] });
}

/** Dense layers whose weights are part of the model, with an activation in all and in the last. */
function network({ units, weights }: FirstSpec, hidden: string, last: string | undefined): Graph {
  const end = units.length - 2;
  const output = (i: number) => (i === end ? "y" : `h${i}`);
  return (onnx) => ({
    node: units.slice(1).flatMap((_, i) => {
      const from = i === 0 ? "x" : output(i - 1);
      const f = i === end ? last : hidden;
      const sum = f === undefined ? output(i) : `z${i}`;
      const product = node(onnx, "Gemm", [from, `w${2 * i}`, `w${2 * i + 1}`], sum, {});
      return f === undefined ? [product] : [product, node(onnx, f, [sum], output(i), {})];
    }),
    initializer: weights.map((values, i) => {
      const out = units[(i >> 1) + 1];
      return floatValues(`w${i}`, values, i % 2 === 0 ? [units[i >> 1], out] : [out]);
    }),
  });
}
