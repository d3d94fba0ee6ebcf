let changes = 0;

/** Counts changes of variables, so that a lazy tensor can tell that what it read has changed. */
export function version(): number {
  return changes;
}

/** Registers a change and returns its number. */
export function change(): number {
  return ++changes;
}
