import { ArgumentError } from "../errors.ts";
import { listOf, nonNegativeInteger, nonNegativeNumber } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `piecewiseConstant`. */
export interface PiecewiseConstantOptions {
  /** The last step of each rate but the last, in ascending order. */
  readonly boundaries: readonly number[];
  /** The rates: one more than boundaries. */
  readonly values: readonly number[];
}

/**
 * Steps up to and with `boundaries[0]` have the rate `values[0]`, those after it up to `boundaries[1]` the next, and so
 * on (keras.optimizers.schedules.PiecewiseConstantDecay; the milestones of torch.optim.lr_scheduler.MultiStepLR are the
 * first steps of the next rate).
 *
 * @example piecewiseConstant({ boundaries: [999], values: [0.1, 0.01] }).rate(1000) // 0.01
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const piecewiseConstant = (options: PiecewiseConstantOptions): Schedule =>
  scheduleFrom("piecewiseConstant", options, {
    checks: {
      boundaries: (where, name, value) =>
        ascending(where, name, listOf(where, name, value, nonNegativeInteger)),
      values(where, name, value) {
        const values = listOf(where, name, value, nonNegativeNumber);
        const count = options.boundaries.length + 1;
        if (values.length === count) return values;
        throw new ArgumentError(
          `${where}: ${name}: expected ${count}, one more than boundaries, got ${values.length}`,
        );
      },
    },
    defaults: {},
    rate({ boundaries, values }, step) {
      const at = boundaries.findIndex((last) => step <= last);
      return values.at(at)!;
    },
  });

function ascending(where: string, name: string, numbers: number[]): number[] {
  const at = numbers.findIndex((number, i) => i > 0 && number <= numbers[i - 1]!);
  if (at < 0) return numbers;
  throw new ArgumentError(
    `${where}: ${name}: expected steps in ascending order, got ${numbers[at]} after ${numbers[at - 1]}`,
  );
}
