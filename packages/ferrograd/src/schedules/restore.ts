import { ArgumentError } from "../errors.ts";
import { isPlain } from "../options/index.ts";
import { isSchedule, type Schedule, type ScheduleConfig } from "./schedule.ts";

/** Schedules in schedules of a file. */
const DEEPEST = 16;

/**
 * A rate as a file has it: a number, or a schedule by its name and its options, among which there may be more of them.
 *
 * @throws ArgumentError for what nobody can make
 */
export function restoredRate(
  value: unknown,
  make: (name: string, options: ScheduleConfig, about: { readonly own: boolean }) => Schedule,
  depth = 0,
): unknown {
  if (isSchedule(value) || !isPlain(value)) return value;
  const { name, options, own } = value as Record<string, unknown>;
  if (typeof name !== "string" || !isPlain(options)) return value;
  if (depth > DEEPEST) throw new ArgumentError("expected schedules at most 16 deep, got more");
  const inner = Object.entries(options).map(([option, part]) => [
    option,
    restoredRate(part, make, depth + 1),
  ]);
  return make(name, Object.fromEntries(inner) as ScheduleConfig, { own: own === true });
}
