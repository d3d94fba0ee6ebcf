/** A function that `dense` takes as its activation, and files know by this name. */
export const known = <F extends object>(name: string, f: F): F =>
  Object.assign(f, { activation: name });

/** The name that files know a function by. */
export const knownName = (f: unknown): string | undefined =>
  typeof f === "function" && "activation" in f ? String(f.activation) : undefined;
