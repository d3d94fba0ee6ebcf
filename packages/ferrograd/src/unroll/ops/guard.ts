import type { GuardOp } from "../../engine/ops.generated.ts";
import { each } from "../loops.ts";
import { isSmall, type Unroller } from "./unrolling.ts";

/** x - x is 0 where x is finite, NaN elsewhere; where it is the core says. */
export const guard: Unroller<GuardOp> = {
  fits: ({ ranges }) => ranges.every(({ len }) => isSmall(len)),
  write({ ranges }, { code, at, perform }) {
    const [x, sum] = [code.local("v128"), code.local("v128")];
    code.vector(0).set(sum);
    for (const range of ranges) {
      each(code, range.len, { x: at(range.x) }, (places, lanes) => {
        code.load(places.x, lanes).tee(x).get(x).simd("sub");
        code.get(sum).simd("add").set(sum);
      });
    }
    code.get(sum).get(sum).simd("eq").simd("allTrue").op("i32.eqz").if(perform);
  },
};
