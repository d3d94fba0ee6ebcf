import type { ActivationAttrs } from "../graph/ops/elementwise.ts";
import type { MatmulAttrs } from "../graph/ops/matmul.ts";
import { activations } from "./elementwise.ts";
import type { References } from "./reference.ts";

export const matmulReferences: References = {
  matmul: ([a, b, bias], { transA, transB, activation, p0, p1 }: MatmulAttrs, [c]) => {
    const [m, n] = c!.shape as readonly [number, number];
    const k = a!.shape[transA ? 0 : 1]!;
    const y = new Float64Array(m * n); // (m, n)
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let p = 0; p < k; p++) {
          const left = a!.data[transA ? p * m + i : i * k + p]!;
          total += left * b!.data[transB ? j * k + p : p * n + j]!;
        }
        y[i * n + j] = activations[activation].f(total + (bias?.data[j] ?? 0), p0, p1);
      }
    }
    return [y];
  },
  denseBackward: ([xy, dy], { activation, p0, p1 }: ActivationAttrs, [, bias]) => {
    const n = bias!.shape[0]!;
    const dz = dy!.data.map((d, i) => d * activations[activation].df(xy!.data[i]!, p0, p1));
    const db = new Float64Array(n);
    for (const [i, d] of dz.entries()) db[i % n]! += d;
    return [dz, db];
  },
};
