import { abs, log, mul, tensor } from "ferrograd";

/** ln 10 */
const LN10 = Math.LN10;

/** Logarithms to the base of ten of magnitudes; of 0 it is -infinity. */
export const log10 = (values: ArrayLike<number>): Float32Array =>
  mul(
    log(abs(tensor(Float32Array.from(values), [values.length]))),
    1 / LN10,
  ).data() as Float32Array;
