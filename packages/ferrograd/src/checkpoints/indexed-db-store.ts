import { StateError } from "../errors.ts";
import { text } from "../options/index.ts";
import type { Store } from "./store.ts";

/** The only object store of the database. */
const FILES = "files";

/**
 * Files in a database of the browser, for pages and workers of one origin. Each write is one transaction: there is always
 * the old file or the new one, whole, also where the page is closed in its midst.
 *
 * @example
 * const store = indexedDbStore("my training");
 * await model.fit(x, y, { epochs: 3, callbacks: backupAndRestore(store) });
 *
 * @param database its name (default "ferrograd")
 * @throws StateError where there is no IndexedDB, as in Node, and from its functions for what the browser refuses, such as
 * a full disk, with its error as `cause`
 */
export function indexedDbStore(database = "ferrograd"): Store {
  const where = "indexedDbStore()";
  text(where, "database", database);
  if (typeof indexedDB === "undefined") {
    throw new StateError(
      `${where}: expected a host with IndexedDB, got one without; fileStore() is for Node`,
    );
  }
  let opened: Promise<IDBDatabase> | undefined;
  const open = () => {
    opened ??= openDatabase(database).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const asked = async <T>(
    mode: IDBTransactionMode,
    ask: (files: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    try {
      const transaction = (await open()).transaction(FILES, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(FILES));
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? request.error);
      });
      return request.result;
    } catch (error) {
      const refusal = new StateError(`${where}: the browser refused: ${(error as Error)?.message}`);
      refusal.cause = error;
      throw refusal;
    }
  };

  const named = (name: unknown) => text(where, "name", name);
  return {
    read: async (name) =>
      asked("readonly", (files): IDBRequest<Uint8Array | undefined> => files.get(named(name))),
    write: async (name, bytes) => asked("readwrite", (files) => files.put(bytes, named(name))),
    delete: async (name) => asked("readwrite", (files) => files.delete(named(name))),
  };
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(FILES);
    request.onsuccess = () => {
      // Another tab that wants to remove the database need not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}
