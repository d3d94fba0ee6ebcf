import type { IncrementOp } from "../../engine/ops.generated.ts";
import type { Unroller } from "./unrolling.ts";

export const increment: Unroller<IncrementOp> = {
  fits: () => true,
  write({ counters }, { code, at }) {
    for (const { word } of counters) {
      const { local, offset } = at(word);
      code.get(local).get(local).memory("i32.load", offset);
      code.integer(1).op("i32.add").memory("i32.store", offset);
    }
  },
};
