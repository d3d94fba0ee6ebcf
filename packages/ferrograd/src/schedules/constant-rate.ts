import { nonNegativeNumber } from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `constantRate`. */
export interface ConstantRateOptions {
  readonly learningRate: number;
}

/**
 * The same rate at every step, for what takes a schedule: `warmup`.
 *
 * @example constantRate({ learningRate: 0.1 }).rate(1000) // 0.1
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const constantRate = (options: ConstantRateOptions): Schedule =>
  scheduleFrom("constantRate", options, {
    checks: { learningRate: nonNegativeNumber },
    defaults: {},
    rate: ({ learningRate }) => learningRate,
  });
