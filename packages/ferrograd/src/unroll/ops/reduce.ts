import type { ReduceOp } from "../../engine/ops.generated.ts";
import { FLOAT } from "../code.ts";
import { sum } from "../loops.ts";
import { isSmall, type Unroller } from "./unrolling.ts";

/** Sums or means of runs, one after the other; the core performs the other reductions. */
export const reduce: Unroller<ReduceOp> = {
  fits: ({ outer, inner, n }) => isSmall(outer * inner * n),
  write(op, { code, at, perform }) {
    const { outer, n } = op;
    if (op.reduction === "max" || op.inner !== 1 || outer === 0) return perform();
    const [x, y] = [code.pointer(at(op.x)), code.pointer(at(op.y))];
    const moves = [
      [x, n * FLOAT],
      [y, FLOAT],
    ] as const;
    code.repeat(outer, 1, moves, () => {
      code.get(y);
      sum(code, { local: x, offset: 0 }, n);
      if (op.reduction === "mean") code.double(1 / n).op("f64.mul");
      code.op("f32.demote").memory("f32.store", 0);
    });
  },
};
