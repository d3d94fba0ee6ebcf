import { ArgumentError } from "../errors.ts";
import {
  boolean,
  finiteNumber,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
} from "../options/index.ts";
import { scheduleFrom } from "./define.ts";
import { cosPi } from "./math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of `oneCycle`, with PyTorch's defaults. */
export interface OneCycleOptions {
  /** The highest rate. */
  readonly maxLearningRate: number;
  /** Steps of the whole cycle; after it the last rate stays. */
  readonly totalSteps: number;
  /** The share of the steps in which the rate rises (default 0.3). */
  readonly pctStart?: number;
  /** Along half a cosine (default), or along a line. */
  readonly annealStrategy?: "cos" | "linear";
  /** The first rate is maxLearningRate / divFactor (default 25). */
  readonly divFactor?: number;
  /** The last rate is the first / finalDivFactor (default 1e4). */
  readonly finalDivFactor?: number;
  /** Fall to the first rate in as many steps as it rose, then on to the last (default false: at once to the last). */
  readonly threePhase?: boolean;
}

const positive = (where: string, name: string, value: unknown): number => {
  const number = finiteNumber(where, name, value);
  if (number > 0) return number;
  throw new ArgumentError(`${where}: ${name}: expected a number above 0, got ${number}`);
};

const share = (where: string, name: string, value: unknown): number => {
  const number = nonNegativeNumber(where, name, value);
  if (number <= 1) return number;
  throw new ArgumentError(`${where}: ${name}: expected a number from 0 to 1, got ${number}`);
};

/**
 * Up to a high rate, then down to almost nothing (Smith & Topin 2018; torch.optim.lr_scheduler.OneCycleLR, without its
 * cycle of the momentum).
 *
 * @example oneCycle({ maxLearningRate: 0.1, totalSteps: 1000 }).rate(299) // 0.1
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export const oneCycle = (options: OneCycleOptions): Schedule =>
  scheduleFrom("oneCycle", options, {
    checks: {
      maxLearningRate: nonNegativeNumber,
      totalSteps: positiveInteger,
      pctStart: share,
      annealStrategy: (where, name, value) => oneOf(where, name, value, ["cos", "linear"]),
      divFactor: positive,
      finalDivFactor: positive,
      threePhase: boolean,
    },
    defaults: {
      pctStart: 0.3,
      annealStrategy: "cos",
      divFactor: 25,
      finalDivFactor: 1e4,
      threePhase: false,
    },
    rate(all, step) {
      let [start, from] = [0, all.maxLearningRate / all.divFactor];
      for (const { end, to } of phases(all)) {
        if (step <= end) return between(from, to, (step - start) / (end - start), all);
        [start, from] = [end, to];
      }
      return from;
    },
  });

/** The last step of each phase and its rate. */
function phases({ maxLearningRate: max, ...all }: Required<OneCycleOptions>) {
  const first = max / all.divFactor;
  const up = all.pctStart * all.totalSteps - 1;
  const middle = all.threePhase ? [{ end: 2 * up, to: first }] : [];
  const last = { end: all.totalSteps - 1, to: first / all.finalDivFactor };
  return [{ end: up, to: max }, ...middle, last];
}

const between = (
  from: number,
  to: number,
  done: number,
  { annealStrategy }: Required<OneCycleOptions>,
): number => {
  if (!(done >= 0)) return to; // a phase without steps
  return annealStrategy === "cos"
    ? to + 0.5 * (from - to) * (1 + cosPi(done))
    : from + (to - from) * done;
};
