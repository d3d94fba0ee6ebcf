import { constantRate } from "./constant-rate.ts";
import { cosineDecay, cosineDecayRestarts } from "./cosine-decay.ts";
import { exponentialDecay } from "./exponential-decay.ts";
import { inverseTimeDecay } from "./inverse-time-decay.ts";
import { oneCycle } from "./one-cycle.ts";
import { piecewiseConstant } from "./piecewise-constant.ts";
import { polynomialDecay } from "./polynomial-decay.ts";
import type { Schedule } from "./schedule.ts";
import { stepDecay } from "./step-decay.ts";
import { warmup } from "./warmup.ts";

type Config = Readonly<Record<string, unknown>>;

/** Every schedule by its name, from its saved options, which it checks; only `loadModel` imports this. */
export const scheduleRegistry = new Map<string, (options: never) => Schedule>([
  ["constantRate", constantRate],
  ["piecewiseConstant", piecewiseConstant],
  ["stepDecay", stepDecay],
  ["exponentialDecay", exponentialDecay],
  ["inverseTimeDecay", inverseTimeDecay],
  ["polynomialDecay", polynomialDecay],
  ["cosineDecay", cosineDecay],
  ["cosineDecayRestarts", cosineDecayRestarts],
  ["oneCycle", oneCycle],
  ["warmup", warmup],
]) as unknown as ReadonlyMap<string, (options: Config) => Schedule>;
