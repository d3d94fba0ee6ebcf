import { provideUnroll } from "../engine/program.ts";
import { checkOptions, positiveInteger } from "../options/index.ts";
import { unroll } from "./unroll.ts";

/** Options of `unrollPrograms`. */
export interface UnrollOptions {
  /** Runs after which a program is unrolled (default 2000: making a function takes about 10 ms). */
  readonly after?: number;
}

/**
 * From now on, programs of small nets that are run often become WebAssembly functions of their own,
 * with sizes and addresses in their instructions. `fit`, `trainOnBatch`, `predict` and jitted
 * functions take 0.2 to 0.7 of the time then, and give the same bits. It pays where a net of some
 * thousand weights trains for long; programs with larger products stay as they are. An entry of its
 * own, so that other bundles do not grow by its 10 KB.
 *
 * @example
 * unrollPrograms();
 * const model = sequential([dense(8, { activation: "relu" }), dense(2)], { inputShape: [2] });
 * @throws ArgumentError for unknown options, or `after` that is no positive integer
 */
export function unrollPrograms(options: UnrollOptions = {}): void {
  checkOptions("unrollPrograms()", options, ["after"]);
  provideUnroll(unroll, positiveInteger("unrollPrograms()", "after", options.after ?? 2000));
}
