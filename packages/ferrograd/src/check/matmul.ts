import type { ActivationAttrs } from "../graph/ops/elementwise.ts";
import type { MatmulAttrs } from "../graph/ops/matmul.ts";
import { sizeOf } from "../graph/tensor.ts";
import { activations } from "./elementwise.ts";
import type { References } from "./reference.ts";

export const matmulReferences: References = {
  matmul: ([a, b, bias], { transA, transB, activation, p0, p1 }: MatmulAttrs, [c]) => {
    const [m, n] = c!.shape.slice(-2) as readonly number[] as readonly [number, number];
    const k = a!.shape[a!.shape.length - (transA ? 2 : 1)]!;
    return [
      Float64Array.from({ length: sizeOf(c!.shape) }, (_, at) => {
        const [item, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
        // a single matrix serves the whole batch
        const [left, right] = [(item * m * k) % a!.data.length, (item * k * n) % b!.data.length];
        let total = 0;
        for (let p = 0; p < k; p++) {
          const x = a!.data[left + (transA ? p * m + i : i * k + p)]!;
          total += x * b!.data[right + (transB ? j * k + p : p * n + j)]!;
        }
        return activations[activation].f(total + (bias?.data[j] ?? 0), p0, p1);
      }),
    ];
  },
  denseBackward: ([xy, dy], { activation, p0, p1 }: ActivationAttrs, [, bias]) => {
    const n = bias!.shape[0]!;
    const dz = dy!.data.map((d, i) => d * activations[activation].df(xy!.data[i]!, p0, p1));
    const db = new Float64Array(n);
    for (const [i, d] of dz.entries()) db[i % n]! += d;
    return [dz, db];
  },
};
