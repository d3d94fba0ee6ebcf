import { outcomeOf } from "../experiment.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { curve } from "../live/tasks/curve.ts";
import { duel } from "../live/tasks/duel.ts";
import { filters } from "../live/tasks/filters.ts";
import { graveyard } from "../live/tasks/graveyard.ts";
import { layers } from "../live/tasks/layers.ts";
import { paths } from "../live/tasks/paths.ts";

/** One experiment from a seed. */
function* experiment({ id, seed }: { readonly id: string; readonly seed: number }) {
  const found = EXPERIMENTS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`experiment: expected one of the lesson's, got ${id}`);
  yield outcomeOf(found, seed);
}

/** What the worker can be asked for: a task is a generator of frames, a file in live/tasks. */
export const TASKS = { experiment, curve, layers, graveyard, filters, paths, duel };

type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
export type InputOf<T extends TaskName> = Parameters<Tasks[T]>[0];
export type FrameOf<T extends TaskName> =
  ReturnType<Tasks[T]> extends Iterable<infer Frame> ? Frame : never;
