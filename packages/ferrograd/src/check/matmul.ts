import type { MatmulAttrs, MatmulBackwardAttrs } from "../graph/ops/matmul.ts";
import { sizeOf } from "../values/shape.ts";
import { activationsF64 } from "./activations.ts";
import type { Reference, References } from "./reference.ts";

/** dz, and from it the sums of products that define the gradients, element by element. */
const backward: Reference = ([a, b, y, dy], attrs: MatmulBackwardAttrs) => {
  const { transA, transB, activation, p0, p1, want } = attrs;
  const [m, n] = dy!.shape as readonly [number, number];
  const k = a!.shape[transA ? 0 : 1]!;
  const dz = dy!.data.map((d, i) => d * activationsF64[activation].df(y!.data[i]!, p0, p1));
  const dA = new Float64Array(m * k); // as A is stored
  const dB = new Float64Array(k * n); // as B is stored
  const dBias = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const d = dz[i * n + j]!;
      dBias[j]! += d;
      for (let p = 0; p < k; p++) {
        const [atA, atB] = [transA ? p * m + i : i * k + p, transB ? j * k + p : p * n + j];
        dA[atA]! += d * b!.data[atB]!;
        dB[atB]! += d * a!.data[atA]!;
      }
    }
  }
  return [dA, dB, dBias].filter((_, i) => want[i]);
};

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
        return activationsF64[activation].f(total + (bias?.data[j] ?? 0), p0, p1);
      }),
    ];
  },
  matmulBackward: backward,
  denseBackward: backward,
};
