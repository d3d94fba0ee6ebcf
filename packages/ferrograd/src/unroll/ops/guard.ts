import type { GuardOp } from "../../engine/ops.generated.ts";
import { each } from "../loops.ts";
import { isSmall, type Unroller } from "./unrolling.ts";

/** Without their sign floats are ordered as integers are, NaN last; which one is not finite the core says. */
export const guard: Unroller<GuardOp> = {
  fits: ({ ranges }) => ranges.every(({ len }) => isSmall(len)),
  write(op, { code, at, perform }) {
    const peak = code.local("v128");
    code.vector(0).set(peak);
    for (const range of op.ranges) {
      each(code, range.len, { x: at(range.x) }, (places, lanes) => {
        code.load(places.x, lanes).simd("abs").get(peak).simd("imax").set(peak);
      });
    }
    code.store(at(op.peak), peak, 4);
    code.get(peak).vector(Number.POSITIVE_INFINITY).simd("lt").simd("allTrue").op("i32.eqz");
    code.if(perform);
  },
};
