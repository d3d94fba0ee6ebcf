import type { ReductionName } from "../engine/ops.generated.ts";
import type { ReduceAttrs } from "../graph/ops/reduce.ts";
import { sizeOf } from "../values/shape.ts";
import { broadcastIndex, type References } from "./reference.ts";

const reductions: {
  readonly [name in ReductionName]: { start: number; step(a: number, b: number): number };
} = {
  sum: { start: 0, step: (a, b) => a + b },
  mean: { start: 0, step: (a, b) => a + b },
  max: { start: -Infinity, step: Math.max },
};

/** Ops that move values, and reductions. */
export const shapeReferences: References = {
  reshape: ([x]) => [x!.data.slice()],
  viewAs: ([x]) => [x!.data.slice()],
  copy: ([x]) => [x!.data.slice()],
  broadcastTo: ([x], _attrs, [y]) => {
    const from = broadcastIndex(x!.shape, y!.shape);
    return [Float64Array.from({ length: sizeOf(y!.shape) }, (_, i) => x!.data[from(i)]!)];
  },
  transpose: ([x], { axes }: { axes: readonly number[] }, [y]) => {
    const strides = axes.map((axis) => sizeOf(x!.shape.slice(axis + 1)));
    const at = (i: number): number => {
      let rest = i;
      let from = 0;
      for (let axis = axes.length - 1; axis >= 0; axis--) {
        const size = y!.shape[axis]!;
        from += (rest % size) * strides[axis]!;
        rest = Math.floor(rest / size);
      }
      return from;
    };
    return [Float64Array.from({ length: sizeOf(y!.shape) }, (_, i) => x!.data[at(i)]!)];
  },
  reduce: ([x], { reduction }: ReduceAttrs) => {
    const [outer, n, inner] = x!.shape as readonly [number, number, number];
    const { start, step } = reductions[reduction];
    const y = new Float64Array(outer * inner).fill(start); // (outer, 1, inner)
    for (let i = 0; i < outer * n * inner; i++) {
      const at = Math.floor(i / (n * inner)) * inner + (i % inner);
      y[at] = step(y[at]!, x!.data[i]!);
    }
    return [reduction === "mean" ? y.map((total) => total / n) : y];
  },
};
