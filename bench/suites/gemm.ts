import { uniform } from "../random.ts";
import type { Api, Case, KernelSession, MatmulSpec, Suite } from "../types.ts";

type Layout = "NN" | "TN" | "NT" | "TT";
type Size = readonly [m: number, k: number, n: number];

const SQUARES = [128, 256, 512, 1024].map((size): Size => [size, size, size]);
/** What layers of few channels, and the gradients of kernels, are made of. */
const THIN: readonly (readonly [Layout, Size])[] = [
  ["NN", [1600, 16, 256]],
  ["NN", [2048, 200, 16]],
  ["NN", [18432, 25, 8]],
  ["NN", [64, 64, 16]],
  ["TN", [32, 8192, 64]],
];

function gemmCase(layout: Layout, [m, k, n]: Size, api: Api = "op"): Case<KernelSession> {
  const spec = (): MatmulSpec => ({
    ...{ m, n, k, transA: layout[0] === "T", transB: layout[1] === "T" },
    a: uniform(1, m * k),
    b: uniform(2, k * n),
  });
  return {
    name: `${layout}/${m}x${k}x${n}${api === "jit" ? "/jit" : ""}`,
    api,
    copies: "none",
    tolerance: 1e-4,
    flops: 2 * m * n * k,
    open: (engine) => engine.matmul?.(spec()),
    compares: "values",
  };
}

/** Matrix products of resident operands, beside the ceiling of the machine. */
export const gemm: Suite = {
  name: "gemm",
  notes: [
    "ms per product; layout/m x k x n, T: the operand is stored transposed",
    "share: of the rate of independent f32x4 multiplications and additions in registers, the best of 8, 10 and 12 accumulators in three orders, timed in turns with the products",
    "operands are resident on all sides; ours runs as a jit function and reads back the first row",
  ],
  everywhere: ["NN/512x512x512"],
  cases: [
    ...SQUARES.map((size) => gemmCase("NN", size)),
    ...SQUARES.map((size) => gemmCase("TN", size)),
    ...SQUARES.map((size) => gemmCase("NT", size)),
    gemmCase("NN", [32, 784, 128]),
    gemmCase("TN", [784, 32, 128]),
    gemmCase("NT", [32, 128, 784]),
    gemmCase("NN", [128, 512, 512]),
    gemmCase("NN", [64, 64, 64], "jit"),
    ...THIN.map(([layout, size]) => gemmCase(layout, size)),
  ],
};
