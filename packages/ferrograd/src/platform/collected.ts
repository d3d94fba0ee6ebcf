/** Frees what things had that were collected without `dispose`. */
export type Net<T> = Pick<FinalizationRegistry<T>, "register" | "unregister">;

/** Older settings of workerd have neither finalizers nor weak references: there only `dispose` frees. */
const hasNone = typeof FinalizationRegistry === "undefined";

export const net = <T>(free: (held: T) => void): Net<T> =>
  hasNone ? { register() {}, unregister: () => false } : new FinalizationRegistry(free);

/** A reference that does not keep what it refers to. */
export const weakly = <T extends object>(thing: T): Pick<WeakRef<T>, "deref"> =>
  hasNone ? { deref: () => thing } : new WeakRef(thing);
