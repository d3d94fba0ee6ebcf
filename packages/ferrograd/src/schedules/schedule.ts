import { Brand } from "../copies/shared.ts";
import { ArgumentError } from "../errors.ts";
import {
  callable,
  checkConfig,
  isPlain,
  nonNegativeFloat32,
  requireOptions,
  savedName,
} from "../options/index.ts";

/** Options as a file holds them: what JSON has, and schedules. */
export type ScheduleConfig = Readonly<Record<string, unknown>>;

/**
 * A learning rate that is a function of the step. What takes a `learningRate` takes one; files hold its name and its
 * options, and of an optimizer how many steps are done.
 */
export interface Schedule {
  /** What files and `loadModel(bytes, { schedules })` know it by. */
  readonly name: string;
  /** What it is made of again. */
  readonly options: ScheduleConfig;
  /** @internal Is it one's own, made again by what `loadModel` is given? */
  readonly own?: true;
  /** The rate of a step, by how many were done before it: that of the first is `rate(0)`. */
  rate(step: number): number;
}

/** A rate that stays, or one that changes. */
export type Rate = number | Schedule;

const brand = new Brand("schedule");

/** @internal */
export const isSchedule = (value: unknown): value is Schedule => brand.has(value);

/** Marks what is one. @internal */
export const branded = (parts: Schedule): Schedule => Object.freeze(brand.on({ ...parts }));

/** What a schedule says, which is anyone's function, checked. @internal */
export function rateAt({ name, rate }: Schedule, step: number): number {
  const value = rate(step);
  if (value >= 0 && Math.fround(value) < Number.POSITIVE_INFINITY) return value;
  return nonNegativeFloat32(`${name}()`, `rate at step ${step}`, value);
}

/** A rate as an option: a number, or a schedule, which is one of its first step at least. @internal */
export function rateOf(where: string, name: string, value: unknown): Rate {
  if (typeof value === "function") {
    throw new ArgumentError(
      `${where}: ${name}: expected a number or a schedule, got a function; schedule({ name, rate }) makes one of it`,
    );
  }
  if (!isSchedule(value)) return nonNegativeFloat32(where, name, value);
  rateAt(value, 0);
  return value;
}

/** What a schedule of one's own is made of. */
export interface ScheduleParts {
  readonly name: string;
  /** The options that make it again, which files hold: what JSON has, and schedules (default none). */
  readonly options?: ScheduleConfig;
  /**
   * The rate of a step, by how many were done before it: finite, 0 or more, the same for the same step. It is called
   * before each step of the optimizer. `Math.exp` and its kin differ in the last bit between engines.
   */
  readonly rate: (step: number) => number;
}

/**
 * A schedule of one's own, with the rights of ours: it is saved with the optimizer, and `loadModel(bytes, { schedules })`
 * takes what makes it again (keras.optimizers.schedules.LearningRateSchedule, torch.optim.lr_scheduler.LambdaLR).
 *
 * @example
 * const halving = ({ first }: { first: number }) =>
 *   schedule({ name: "halving", options: { first }, rate: (step) => first / (1 + Math.floor(step / 100)) });
 * adam({ learningRate: halving({ first: 0.01 }) }).learningRate // 0.01
 * @throws ArgumentError for parts that are not there, or of the wrong kind, and for options that JSON cannot hold
 */
export function schedule(parts: ScheduleParts): Schedule {
  const where = "schedule()";
  requireOptions(where, parts, ["name", "options", "rate"]);
  const { options = {}, rate } = parts;
  const name = savedName(where, parts.name);
  checkConfig(`${where}: options`, withoutSchedules(options));
  callable(where, "rate", rate);
  return branded({ name, options: { ...options }, own: true, rate });
}

/** Options with nothing in the place of schedules, which are more than JSON holds. */
const withoutSchedules = (options: unknown): unknown =>
  isPlain(options)
    ? Object.fromEntries(
        Object.entries(options).map(([name, value]) => [name, isSchedule(value) ? {} : value]),
      )
    : options;
