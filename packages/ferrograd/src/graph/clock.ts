import { shared } from "../copies/shared.ts";

const clock = shared("clock", (): { changes: number; past: number | undefined } => ({
  changes: 0,
  past: undefined,
}));

/** Counts changes of variables, so that a lazy tensor can tell that what it read has changed. */
export function version(): number {
  return clock.past ?? clock.changes;
}

/** Runs `body` with nodes dated back: what stands for an old node has read what that one read. */
export function asOf<T>(version: number, body: () => T): T {
  const outer = clock.past;
  clock.past = version;
  try {
    return body();
  } finally {
    clock.past = outer;
  }
}

/** Number of the last change of all. */
export const lastChange = (): number => clock.changes;

/** Registers a change, or that a tensor was disposed, and returns its number. */
export function change(): number {
  return ++clock.changes;
}
