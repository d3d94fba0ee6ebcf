import { uniform } from "../random.ts";
import type { Case, KernelSession, ReduceSpec, Suite } from "../types.ts";

function reduceCase(
  formula: ReduceSpec["formula"],
  over: ReduceSpec["over"],
  [rows, columns]: readonly [number, number],
): Case<KernelSession> {
  const spec = (): ReduceSpec => ({
    ...{ formula, over, rows, columns },
    x: uniform(1, rows * columns).map((v) => v + 2),
  });
  return {
    name: `${formula}/${over}/${rows}x${columns}`,
    api: "op",
    copies: "none",
    tolerance: 1e-3,
    open: (engine) => engine.reduce?.(spec()),
    compares: "values",
  };
}

/** Sums, means and what is made of them, along each axis. */
export const reduce: Suite = {
  name: "reduce",
  notes: [
    "x is uniform in [1, 3) and resident, the first number is read back",
    "rows: one number for each row; columns: one for each column",
    "variance: mean(square(x - mean(x))), as each library composes it",
    "peers may be off by 1e-3: those that add in float32 one after the other are",
  ],
  everywhere: ["sum/all/256x1024"],
  cases: [
    reduceCase("sum", "all", [256, 1024]),
    reduceCase("sum", "rows", [256, 1024]),
    reduceCase("sum", "columns", [256, 1024]),
    reduceCase("sum", "all", [4096, 1024]),
    reduceCase("sum", "rows", [10_000, 10]),
    reduceCase("sum", "columns", [10_000, 10]),
    reduceCase("sum", "columns", [10_000, 64]),
    reduceCase("sum", "columns", [128, 512]),
    reduceCase("mean", "all", [32, 1]),
    reduceCase("mean", "columns", [4096, 1024]),
    reduceCase("variance", "columns", [10_000, 64]),
  ],
};
