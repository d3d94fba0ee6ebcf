let changes = 0;
let past: number | undefined;

/** Counts changes of variables, so that a lazy tensor can tell that what it read has changed. */
export function version(): number {
  return past ?? changes;
}

/** Runs `body` with nodes dated back: what stands for an old node has read what that one read. */
export function asOf<T>(version: number, body: () => T): T {
  const outer = past;
  past = version;
  try {
    return body();
  } finally {
    past = outer;
  }
}

/** Registers a change and returns its number. */
export function change(): number {
  return ++changes;
}
