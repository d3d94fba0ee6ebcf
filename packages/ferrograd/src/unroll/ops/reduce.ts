import type { ReduceOp } from "../../engine/ops.generated.ts";
import { sum } from "../loops.ts";
import { isSmall, type Unroller } from "./unrolling.ts";

/** The sum of one run, or its mean; the core performs the others. */
export const reduce: Unroller<ReduceOp> = {
  fits: ({ outer, inner, n }) => isSmall(outer * inner * n),
  write(op, { code, at, perform }) {
    if (op.reduction !== "sum" || op.outer !== 1 || op.inner !== 1) return perform();
    const { local, offset } = at(op.y);
    code.get(local);
    sum(code, at(op.x), op.n);
    if (op.scale !== 1) code.float(op.scale).op("f32.mul");
    code.memory("f32.store", offset);
  },
};
