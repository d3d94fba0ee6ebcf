import { requireOptions } from "../options/index.ts";
import { branded, type Schedule } from "./schedule.ts";

type Check<T> = (where: string, name: string, value: unknown) => T;

/** What a schedule's file says of it. */
interface Definition<O extends object> {
  /** How each option is checked. */
  readonly checks: { readonly [option in keyof O]-?: Check<NonNullable<O[option]>> };
  /** Of the options that need not be given. */
  readonly defaults: Partial<O>;
  /** The rate of a step, counted from 0. */
  readonly rate: (options: Required<O>, step: number) => number;
}

/**
 * A schedule of ours from its definition and the user's options.
 *
 * @throws ArgumentError when an option is unknown, missing or out of range
 */
export function scheduleFrom<O extends object>(
  name: string,
  given: O,
  { checks, defaults, rate }: Definition<O>,
): Schedule {
  const where = `${name}()`;
  const names = Object.keys(checks) as (keyof O & string)[];
  requireOptions(where, given, names);
  const entries = names.map((option) => [
    option,
    checks[option](where, option, given[option] ?? defaults[option]),
  ]);
  const options = Object.freeze(Object.fromEntries(entries)) as Required<O>;
  return branded({ name, options: { ...options }, rate: (step) => rate(options, step) });
}
