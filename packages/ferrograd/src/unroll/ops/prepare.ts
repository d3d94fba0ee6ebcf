import { OVERFLOW_LIMIT, type PrepareUpdateOp, type RuleName } from "../../engine/ops.generated.ts";
import { after, FLOAT } from "../code.ts";
import type { Unroller, Unrolling } from "./unrolling.ts";
import { PLAIN } from "./update.ts";

/** Where weight decay and the three clips stand, two and two of them, in bytes behind the rate. */
const CHANGES = [8, 24];
/** The bits of 1. */
const ONE = 0x3f80_0000;

/** Pushes whether a step was made ready. */
type Ready = (op: PrepareUpdateOp, unrolling: Unrolling) => void;

/** Rules that need no call of the core where nothing changes the gradients and bounds exclude an overflow. */
const ready: { readonly [rule in RuleName]?: Ready } = {
  /** |rate·g| is below the limit, and so is |g|. */
  sgd(op, { code, at }) {
    const [hyper, peak, numbers] = [at(op.hyper), at(op.peak), at(op.numbers)];
    const [rate, g] = [code.local("f32"), code.local("v128")];
    code.get(hyper.local).memory("f64.load", hyper.offset).op("f32.demote").set(rate);
    code.get(numbers.local).get(rate).memory("f32.store", numbers.offset);
    code.get(numbers.local).integer(ONE);
    code.memory("i32.store", after(numbers, PLAIN * FLOAT).offset);
    code.load(peak, 4).tee(g).vector(OVERFLOW_LIMIT).simd("lt");
    code.get(rate).simd("splat").get(g).simd("mul").simd("abs").vector(OVERFLOW_LIMIT).simd("lt");
    code.simd("and").simd("allTrue");
    for (const bytes of CHANGES) code.load(after(hyper, bytes), 4);
    code.simd("or").simd("anyTrue").op("i32.eqz").op("i32.and");
  },
};

/** By magnitudes, where the rule has a way; the core makes all other steps ready. */
export const prepareUpdate: Unroller<PrepareUpdateOp> = {
  fits: () => true,
  write(op, unrolling) {
    const { code, perform } = unrolling;
    const write = ready[op.rule];
    if (write === undefined) return perform();
    write(op, unrolling);
    code.op("i32.eqz").if(perform);
  },
};
