import { add, keep, sub } from "../graph/ops/elementwise.ts";
import type { Tensor } from "../graph/tensor.ts";

/** a where the flag is 1, b where it is 0, whatever the other is; the flag broadcasts. */
export const select = (flag: Tensor, a: Tensor, b: Tensor): Tensor =>
  add(keep(a, flag), keep(b, sub(1, flag)));
