import { ArgumentError } from "../errors.ts";
import { boolean, checkOptions, fraction, nonNegativeFloat32 } from "../options/index.ts";
import { isSchedule, type Rate, rateOf } from "../schedules/schedule.ts";
import { Optimizer } from "./optimizer.ts";
import { type CoreRule, slotsOf, Update } from "./update.ts";

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** Length of a step, 0 or more; or a schedule, such as `cosineDecay`, that says it step by step. */
  readonly learningRate?: Rate;
  /**
   * Pull of the weights towards 0: weightDecay·w joins the gradient (L2), or, in `adamW` and `lion`,
   * w shrinks by the factor 1 − learningRate·weightDecay. Default 0; 0.01 in `adamW`.
   */
  readonly weightDecay?: number;
  /** Clips each number of the gradient to ±clipValue; at most one of the three clips (default none). */
  readonly clipValue?: number;
  /** Scales the gradient of each variable to this norm where it is larger (default none). */
  readonly clipNorm?: number;
  /** Scales all gradients together to this norm where theirs is larger (default none). */
  readonly globalClipNorm?: number;
}

const CLIPS = ["clipValue", "clipNorm", "globalClipNorm"];

/** How each number is checked, under whichever optimizer it stands. */
const checks = {
  learningRate: (where: string, name: string, value: unknown) =>
    rateOf(where, name, value) as number,
  weightDecay: nonNegativeFloat32,
  clipValue: nonNegativeFloat32,
  clipNorm: nonNegativeFloat32,
  globalClipNorm: nonNegativeFloat32,
  momentum: fraction,
  beta1: fraction,
  beta2: fraction,
  rho: fraction,
  epsilon: nonNegativeFloat32,
  momentumDecay: nonNegativeFloat32,
} as const;

type Numbers = { readonly [name in keyof typeof checks]?: number };

/** What an optimizer's file says: defaults of its options, and which rule of the core they ask for. */
interface Definition<Flags extends Readonly<Record<string, boolean>>> {
  /** The rate and, where it is not 0, the weight decay. */
  readonly common: Pick<OptimizerOptions, "weightDecay"> & { readonly learningRate: number };
  /** The rule's own numbers, in its order. */
  readonly own: Numbers;
  readonly flags: Flags;
  readonly decoupled?: boolean;
  rule(flags: Flags, own: Numbers): Omit<CoreRule, "decoupled">;
}

/**
 * An optimizer from its definition and the user's options.
 *
 * @internal
 * @throws ArgumentError when an option is unknown or out of range
 */
export function optimizerFrom<Flags extends Readonly<Record<string, boolean>>>(
  name: string,
  options: OptimizerOptions,
  { common, own, flags, decoupled = false, rule }: Definition<Flags>,
  where = `${name}()`,
): Optimizer {
  const clips = Object.fromEntries(CLIPS.map((clip) => [clip, 0]));
  const defaults: Record<string, number> = { weightDecay: 0, ...common, ...clips, ...own };
  checkOptions(where, options, Object.keys({ ...common, ...defaults, ...flags }));
  const { learningRate: rate } = options;
  const given: Readonly<Record<string, unknown>> = {
    ...options,
    ...(isSchedule(rate) && { learningRate: 0 }),
  };

  const check = (option: string, value: unknown) =>
    checks[option as keyof typeof checks](where, option, value);
  const numbersOf = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, check(name, given[name] ?? defaults[name])]));
  const hyper = {
    ...numbersOf(["learningRate", "weightDecay", ...CLIPS]),
    ...numbersOf(Object.keys(own)),
  };
  const set = CLIPS.filter((clip) => hyper[clip]! > 0);
  if (set.length > 1) {
    throw new ArgumentError(
      `${where}: ${set[1]}: expected one clip at most, got ${set.join(" and ")}`,
    );
  }
  const fixed = Object.fromEntries(
    Object.keys(flags).map((flag) => [flag, boolean(where, flag, given[flag] ?? flags[flag])]),
  );
  const core = { ...rule(fixed as Flags, hyper as Numbers), decoupled };
  const made = new Optimizer({
    ...{ name, hyper, check, fixed, core },
    slots: (variable) => slotsOf(core, variable),
    effect: (...step) => new Update(core, ...step),
  });
  if (isSchedule(rate)) made.learningRate = rate;
  return made;
}
