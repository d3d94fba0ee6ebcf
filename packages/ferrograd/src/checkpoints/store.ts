import { ArgumentError } from "../errors.ts";
import { isCallable, show } from "../options/index.ts";

/** Where files are kept by their names; what a function returns to be waited for is waited for. */
export interface Store {
  /** A file, undefined where there is none of this name. */
  read(name: string): Uint8Array | undefined | PromiseLike<Uint8Array | undefined>;
  /** Puts a file in the place of one of this name, as a whole: whatever happens, there is the old one or the new one. */
  write(name: string, bytes: Uint8Array): unknown;
  /** Takes a file away, if it is there. */
  delete(name: string): unknown;
}

const FUNCTIONS = ["read", "write", "delete"] as const;

/** A store that someone gave. */
export function storeOf(where: string, store: unknown): Store {
  const given = Object(store) as Partial<Store>;
  if (FUNCTIONS.every((name) => isCallable(given[name]))) return given as Store;
  throw new ArgumentError(
    `${where}: store: expected read, write and delete, as fileStore() and indexedDbStore() have, got ${show(store)}`,
  );
}
